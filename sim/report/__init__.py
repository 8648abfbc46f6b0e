"""Turn a study's results into pages that a leader can read.

A report is a notebook. `batch` runs it, `export` makes of it one HTML file that needs nothing else, and
a PDF; `batch.write_reports` does this for all that a study asks for. Inside the notebook, `results` has the
study's tables, `findings` the sentences, `exhibits` the tables and `pictures` the figures that are shown
(drawn by `figures`); `assumptions` tells what a scenario rests on, `record` what made the report.

Under these, `page` and `tables` make the pieces of a page, `words` says things in English or Chinese, and
`style` gives figures their look. `markup` keeps what scenario files say from becoming code, `glyphs` knows
what the shipped fonts can draw, `files` names what is written.

The modules are imported by name (`from sim.report import page`), so that nothing heavy loads before it
is needed.
"""
