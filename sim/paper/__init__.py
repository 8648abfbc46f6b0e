"""Turn a study into what researchers publish: a paper with its tables and figures, an archive, an event log.

`write` makes the folder of a study's paper. `methods`, `odd` and `stress` write its text from what was
run, `contents` its tables and figures, and `authors` reads what only the authors can say. `crate` describes
the folder as an RO-Crate, `reproduce` makes a table anew and compares. `event_log` writes the cases of one
run as CSV and XES.

The modules are imported by name, so that nothing heavy loads before it is needed.
"""
