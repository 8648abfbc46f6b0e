"""How the objects of the public interface show themselves: a short line, and in a notebook a small table."""

from __future__ import annotations

import html
import unicodedata

_LONGEST, _LONGEST_FACT = 480, 160


class Shown:
    """Shows an object by its facts: on a line of less than 500 characters, and as HTML of about ten rows.

    A class gives `_facts`: pairs of a label and a value, the first with the object's name.
    """

    def _facts(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def __repr__(self) -> str:
        said = ", ".join(f"{label}: {_short(value)}" for label, value in self._facts())
        line = f"<{type(self).__name__} {said}"
        return (line if len(line) < _LONGEST else line[: _LONGEST - 1] + "…") + ">"

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{html.escape(label)}</th>'
            f'<td style="text-align:left">{html.escape(_short(value))}</td></tr>'
            for label, value in self._facts()
        )
        return f"<table><caption>{type(self).__name__}</caption><tbody>{rows}</tbody></table>"


def listed(names: list[str], most: int = 6) -> str:
    """Return names in a line; of more than `most` the first, and how many there are."""
    if len(names) <= most:
        return ", ".join(names) or "none"
    return f"{', '.join(names[:most])} … ({len(names)} in all)"


def _short(value: str) -> str:
    """Return a value on one line of at most 160 characters, without characters that steer a terminal."""
    line = " ".join(value.split())
    line = "".join(one for one in line if unicodedata.category(one)[0] != "C")
    return line if len(line) <= _LONGEST_FACT else line[: _LONGEST_FACT - 1] + "…"
