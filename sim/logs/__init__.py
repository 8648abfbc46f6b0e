"""From an office's own records to a scenario: read an event log, fit it, write it, say what it is fit for.

`read_log` reads a log and reports what it found. `fit_log` fits arrivals, hours, work, routes, waits, people
and limits. `write_scenario` writes an ordinary scenario folder. `validate` holds a fit of the first part of
the log against the second.
"""

from .fit import Fit, fit_log
from .found import Finding, told
from .read import Log, Origin, read_log
from .validate import Validation, validate
from .write import scenario_of, write_scenario

__all__ = [
    "Finding",
    "Fit",
    "Log",
    "Origin",
    "Validation",
    "fit_log",
    "read_log",
    "scenario_of",
    "told",
    "validate",
    "write_scenario",
]
