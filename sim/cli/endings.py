"""End a command that stops early: one message, an exit code, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import NoReturn

FAILED, MISTAKE, UNREAD = 1, 2, 128 + signal.SIGPIPE
GRACE_S = 1.5  # to put things in order after a signal; then the process ends whatever it is at
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_stopped_by = 0  # the signal that asked this process to end


def stop_code() -> int:
    """Return the exit code of an interrupted command: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_stopped_by or signal.SIGINT)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Raise KeyboardInterrupt once on Ctrl-C, SIGTERM or a closed terminal.

    Compiled code does not hear of it before it returns, so that a thread ends the process `GRACE_S` later.
    """
    global _stopped_by
    _stopped_by = 0
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [one for one in _SIGNALS if signal.getsignal(one) != signal.SIG_IGN]  # as nohup has it
    before = {one: signal.signal(one, _stop) for one in heard}
    unraisable = sys.unraisablehook
    sys.unraisablehook = lambda swallowed: None if swallowed.exc_type is Stop else unraisable(swallowed)
    bell, rung = socket.socketpair()
    rung.setblocking(False)
    wakeup = signal.set_wakeup_fd(rung.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_end_late, args=(bell, set(heard)), daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        sys.unraisablehook = unraisable
        rung.close()
        for one, handler in before.items():
            signal.signal(one, handler)


class Stop(KeyboardInterrupt):
    """Ctrl-C or an equivalent signal.

    Not KeyboardInterrupt itself: where that passes through ``exec`` of a text, as when a dataclass is made,
    Python ends itself by SIGINT, whatever the exit code was to be.
    """


def _stop(number: int, _: object) -> NoReturn:
    global _stopped_by
    _stopped_by = number
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)  # one is enough
    raise Stop


def _end_late(bell: socket.socket, heard: set[int]) -> None:
    """Wait for a signal, and end the process if it still runs `GRACE_S` later."""
    with bell:
        while (rung := bell.recv(1)) and rung[0] not in heard:  # of other signals
            pass
        if not rung:
            return  # it ended by itself
        bell.settimeout(GRACE_S)
        with contextlib.suppress(TimeoutError):
            while bell.recv(1):
                pass
            return
    complain("interrupted in the midst of a computation; what was finished is kept")
    os._exit(128 + rung[0])


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Report any error from inside in one message, and exit with its code."""
    try:
        yield
    except KeyboardInterrupt as stop:
        fail(str(stop) or "interrupted", stop_code())
    except SystemExit:
        if _stopped_by:  # Typer makes of it what it likes
            sys.exit(stop_code())
        raise
    except Exception as error:
        if (
            _stopped_by
        ):  # a library that is cut off tells it as a fault of its own, or as a mistake of the user's
            fail("interrupted", stop_code())
        _end_with(error)
        raise


def _end_with(error: Exception) -> None:
    """Exit with a message for a user's mistake or an environment fault; return for a bug of ours."""
    if isinstance(error, ValueError):
        from sim.scenario.errors import InputError

        if isinstance(error, InputError):
            fail(str(error), MISTAKE)
    elif isinstance(error, BrokenPipeError):
        _drop_output()
        sys.exit(UNREAD)
    elif isinstance(error, OSError):
        _drop_output()
        fail(_told(error), MISTAKE)
    elif isinstance(error, MemoryError):
        fail(f"out of memory ({error})" if str(error) else "out of memory", FAILED)


def _told(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename is None:
        return f"the output cannot be written ({reason})"
    name = error.filename
    return f"{os.fsdecode(name) if isinstance(name, str | bytes) else name}: {reason}"


def _drop_output() -> None:
    """Discard unwritten output: writing it has failed once."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def complain(text: str) -> None:
    """Print `text` on stderr, without terminal control characters."""
    with contextlib.suppress(OSError):  # nobody listens
        for line in text.splitlines():
            if not line.isprintable() or len(line) > 2000:  # else the import is spared: it may be urgent
                from sim.scenario.errors import printable

                line = printable(line, 2000)
            print(line, file=sys.stderr, flush=True)


def fail(text: str, code: int) -> NoReturn:
    """Print the reason and exit. Report an error after a signal as interrupted, because the signal caused
    it.
    """
    if _stopped_by and code != stop_code():
        text, code = "interrupted", stop_code()
    complain(text)
    sys.exit(code)
