"""Command line: ``sim run``, ``sim report``, ``sim check``, …

Exit codes: 0 done; 1 a replication or a report failed; 2 the user's mistake, or a place that cannot be read
or written (reported in one message, without traceback); 130 interrupted; 143 terminated; 141, silently, when
the output pipe is closed (``sim parameters | head -1``), as other tools of the system do.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Callable

from .endings import MISTAKE, complain, fail, in_order, stoppable


def main(app: Callable[[], object] | None = None) -> None:
    """Run the command ``sim``, or another `app`. Ends the process in any case: raises SystemExit."""
    with in_order(), stoppable():  # the outer tells also of a signal that comes while the inner is set up
        _open_streams()
        _check_working_folder()
        if app is None:
            from . import commands  # takes a moment, in which Ctrl-C is heard already

            app = commands.app

        with warnings.catch_warnings():
            warnings.showwarning = _told
            try:
                app()
            finally:
                sys.stdout.flush()  # report a failed write


def _open_streams() -> None:
    """Have the three standard streams: a file that is opened later must not take a closed one's number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (until the process ends)
    if sys.stdout is None:
        fail("the standard output is closed; send it to a file, or to /dev/null", MISTAKE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show Chinese gets question marks


def _check_working_folder() -> None:
    try:
        os.getcwd()
    except OSError as error:
        fail(f"the working folder cannot be used ({error.strerror}); change to another one (cd)", MISTAKE)


def _told(message: Warning | str, *_: object, **__: object) -> None:
    complain(f"note: {message}")
