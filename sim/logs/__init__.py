"""From an office's own records to a scenario: read an event log, fit it, write it, say what it is fit for.

`read_log` reads a log and reports what it found.
"""

from .found import Finding, told
from .read import Log, Origin, read_log

__all__ = ["Finding", "Log", "Origin", "read_log", "told"]
