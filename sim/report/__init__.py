"""Reports: from a study's results to pages that a leader can read.

A report is a notebook. `batch` runs it, `export` makes of it one HTML file that needs nothing else, and
a PDF. Inside the notebook, `page` and `tables` make what is shown, `words` says it in English or
Chinese, and `style` gives figures their look. `markup` keeps what scenario files say from becoming code,
`glyphs` knows what the shipped fonts can draw, `files` names what is written.

The modules are imported by name (`from sim.report import page`), so that nothing heavy loads before it
is needed.
"""
