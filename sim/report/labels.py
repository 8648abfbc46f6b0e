"""Fit names and numbers into a figure: panels keep their space whatever the titles."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.words import MINUS, line_width

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LONGEST_ROW = 46  # columns that the name of a row may take beside its panel
_LONGEST_KEY, _LEGEND_COLUMNS = 100, 108  # of a name in a legend; of a legend's line
_MOST_LINES = 3


def wrapped(text: str, width: int, lines: int = _MOST_LINES) -> str:
    """`text` in `lines` of `width` columns at most, the middle left out of what is longer.

    Chinese, which takes two columns a character, breaks anywhere.
    """
    room = width * lines
    if line_width(text) == len(text):
        found = textwrap.wrap(shortened(text, room), width)
        while len(found) > lines:  # lines that end early at a word hold less
            room -= 1
            found = textwrap.wrap(shortened(text, room), width)
        return "\n".join(found)
    text = shortened(text, room - lines)  # a wide character may leave the last column of a line empty
    found, used = [""], 0
    for character in text:
        wide = line_width(character)
        if used + wide > width:
            found.append("")
            used = 0
        found[-1] += character
        used += wide
    return "\n".join(found)


def shortened(text: str, width: int) -> str:
    """Shorten `text` to `width` columns, keeping its beginning and end, where titles often differ."""
    if line_width(text) <= width:
        return text
    return _within(text, width - 1 - width // 3) + "…" + _within(text[::-1], width // 3)[::-1]


def _within(text: str, width: int) -> str:
    """Return the beginning of `text` that fits into `width` columns."""
    used = 0
    for place, character in enumerate(text):
        used += line_width(character)
        if used > width:
            return text[:place]
    return text


def told_apart(names: Iterable[str], width: int = LONGEST_ROW) -> list[str]:
    """Return the names `shortened`; number those that would be the same: ``… (2)``."""
    found: list[str] = []
    for name in names:
        label, number = shortened(name, width), 1
        while label in found:
            number += 1
            label = f"{shortened(name, width - 4)} ({number})"
        found.append(label)
    return found


def legend(figure: Figure, handles: Mapping[str, Artist], names: Sequence[str]) -> None:
    """Add a legend under the panels: `handles`, called `names`, in as many columns as fit."""
    if not handles:
        return
    labels = [wrapped(name, _LEGEND_COLUMNS - 8) for name in told_apart(names, _LONGEST_KEY)]
    longest = max(line_width(line) for label in labels for line in label.split("\n"))
    columns = max(1, min(4, len(labels), _LEGEND_COLUMNS // (longest + 6)))
    numbers = [str(number) for number in range(len(labels))]
    made = figure.legend(list(handles.values()), numbers, loc="outside lower center", ncols=columns)
    for text, label in zip(made.get_texts(), labels, strict=True):
        text.set_text(label)  # as a label, a name that begins with "_" would be left out


def plain_numbers(axis: Axis) -> None:
    """Format ticks as full numbers with a true minus; show rounding error around zero as 0.

    Call it when all is drawn: an axis along which nothing differs gets a unit on either side.
    """
    from matplotlib.axis import XAxis

    low, high = axis.get_view_interval()
    if abs(high - low) < 1e-9 * max(1.0, abs(low), abs(high)):
        limits = axis.axes.set_xlim if isinstance(axis, XAxis) else axis.axes.set_ylim
        limits(round(low, 6) - 1, round(high, 6) + 1)

    def printed(value: float, _: float | None = None) -> str:
        low, high = axis.get_view_interval()
        value = 0.0 if abs(value) < 1e-9 * abs(high - low) else value
        return f"{value:,.10g}".replace("-", MINUS)

    axis.set_major_formatter(printed)
