"""Report a wrong file or flag to the user: what is wrong, where, and how to correct it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .renamed import RENAMED

EXIT_CODE = 2  # of the command line, for the user's mistakes


class InputError(ValueError):
    """A mistake in what the user gave: what is wrong, where, and what would be right.

    Parameters
    ----------
    message : str
        What is wrong: one sentence without a full stop.
    file : str or Path, optional
        The file with the mistake.
    line : int, optional
        The line in the file, from 1.
    path : str, optional
        The dotted path inside the file or the data.
    remedy : str, optional
        What would be right.
    others : iterable of InputError, optional
        Further problems of the same file.

    Notes
    -----
    ``str(error)`` is ``file:line: path: message. remedy``, with the parts that are known. Each further
    problem follows on a line of its own.

    Examples
    --------
    >>> import sim
    >>> try:
    ...     sim.simulate("one-office", policy={"pay.flor": 0.5})
    ... except sim.InputError as error:
    ...     print(error.remedy)
    Did you mean 'pay.floor'? See: sim parameters pay
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        path: str | None = None,
        remedy: str | None = None,
        others: Iterable[InputError] = (),
    ) -> None:
        self.message = message
        self.file = file
        self.line = line
        self.path = path
        self.remedy = remedy
        self.others = tuple(others)
        super().__init__(message)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        where = printable(self.path, 200) if self.path else None
        text = ": ".join(part for part in (printable(place), where, printable(self.message, 300)) if part)
        if self.remedy:
            text = f"{text.rstrip('.')}. {printable(self.remedy)}"
        return "\n".join([text, *(str(other) for other in self.others)])

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows: the sentence alone, for where it was raised is of no use to the user."""
        return [f"{type(self).__name__}: {self}"]

    def __reduce__(self):  # so that it crosses from a worker process whole
        return _rebuild, (self.message, self.file, self.line, self.path, self.remedy, self.others)


def _rebuild(message, file, line, path, remedy, others):
    return InputError(message, file=file, line=line, path=path, remedy=remedy, others=others)


def printable(text: str, limit: int = 600) -> str:
    """Remove control characters from `text` (a hostile file cannot drive the terminal); cut it at `limit`."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def see(remedy: str, path: str) -> str:
    """Extend a remedy by the command that lists what may stand under `path`."""
    stop = "" if remedy.endswith(("?", ".")) else "."
    return f"{remedy}{stop} See: sim parameters {path}".rstrip()


class Lookalike(NamedTuple):
    """A character that looks like one that YAML knows, and what to write."""

    what: str
    remedy: str


_LOOKALIKES = {
    "：": ("a full-width colon", "':' and a blank"),
    "，": ("a full-width comma", "',' and a blank"),
    "、": ("an enumeration comma", "',' and a blank"),
    "；": ("a full-width semicolon", "','"),
    "“": ("a curly quotation mark", "'\"'"),
    "”": ("a curly quotation mark", "'\"'"),
    "‘": ("a curly quotation mark", '"\'"'),
    "’": ("a curly quotation mark", '"\'"'),
    "－": ("a full-width dash", "'-'"),
    "–": ("a dash that is no hyphen", "'-'"),
    "—": ("a dash that is no hyphen", "'-'"),
    "～": ("a full-width tilde", "'-'"),
    "（": ("a full-width bracket", "'('"),
    "）": ("a full-width bracket", "')'"),
    "［": ("a full-width bracket", "'['"),
    "］": ("a full-width bracket", "']'"),
    "【": ("a full-width bracket", "'['"),
    "】": ("a full-width bracket", "']'"),
    "｛": ("a full-width brace", "'{'"),
    "｝": ("a full-width brace", "'}'"),
    "．": ("a full-width point", "'.'"),
    "％": ("a full-width per cent sign", "a share, as 0.5 for 50 per cent"),
    "\u00a0": ("a blank that does not break (NBSP)", "an ordinary blank, or delete it"),
    "\u3000": ("a full-width blank", "an ordinary blank, or delete it"),
    "\u202f": ("a narrow blank that does not break", "an ordinary blank, or delete it"),
    "\u2009": ("a thin blank", "an ordinary blank, or delete it"),
    "\u200b": ("an invisible character (zero-width blank)", "nothing: delete it"),
    "\ufeff": ("an invisible character (byte order mark)", "nothing: delete it"),
    "\t": ("a tab", "blanks"),
} | {chr(0xFF10 + digit): ("a full-width digit", f"'{digit}'") for digit in range(10)}


def lookalike(text: str) -> Lookalike | None:
    """The first character of `text` that looks like another one, as input methods and word processors write
    them; None if there is none."""
    for character in text:
        if character in _LOOKALIKES:
            name, instead = _LOOKALIKES[character]
            shown = f" '{character}'" if character.isprintable() else ""
            return Lookalike(f"{name}{shown} (U+{ord(character):04X})", f"Write {instead}")
    return None


def nearest(name: str, names: Iterable[str]) -> str:
    """Suggest the nearest name, ``Did you mean 'threshold'?``, or list the choices.

    An old name is told with the new one: ``It is called 'pay_total' now``.
    """
    if mistyped := lookalike(name[:100]):
        return f"It holds {mistyped.what}. {mistyped.remedy}"
    choices = sorted({str(choice) for choice in names})
    block, dot, last = name.rpartition(".")
    if (now := f"{block}{dot}{RENAMED.get(last, last)}") != name and now in choices:
        return f"It is called '{now}' now"
    close = difflib.get_close_matches(name[:100], choices, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    return f"Known here: {shown}" if choices else "Nothing may stand here"
