"""The look of the small figures of rule pages: axes in both languages, told apart by line and marker as well
as by colour, so that they are read in grey too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.style import PALETTE, use_house_style
from sim.scenario.part import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 6.4, 2.6  # inches
LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
WITHOUT, WITH = ("without", "无此制度"), ("with", "有此制度")
SCORE = ("score (points)", "得分（分）")

Pair = tuple[str, str]  # English, Chinese


def panels(columns: int = 1, height: float = HEIGHT) -> tuple[Figure, list[Axes]]:
    """A figure of so many panels side by side. It belongs to no window: nothing has to be closed."""
    from matplotlib.figure import Figure

    use_house_style()
    figure = Figure(figsize=(WIDTH if columns > 1 else 4.6, height), layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def labelled(axis: Axes, x: Pair, y: Pair | None = None, title: Pair | None = None) -> None:
    """Axis labels and title, English over Chinese."""
    axis.set_xlabel(f"{x[0]}\n{x[1]}")
    if y is not None:
        axis.set_ylabel(f"{y[0]}\n{y[1]}")
    if title is not None:
        axis.set_title(f"{title[0]} {title[1]}", fontsize=8.5)


def lines(axis: Axes, x: np.ndarray, curves: Sequence[tuple[Pair | str, np.ndarray]]) -> None:
    """Curves over one x, with a legend; places where a curve jumps by much are left open."""
    for place, (label, y) in enumerate(curves):
        axis.plot(x, y, color=PALETTE[place], linestyle=LINES[place % len(LINES)], label=named(label))
    legend(axis)


def legend(axis: Axes) -> None:
    """A legend where it hides least; none for a single curve without a name."""
    if any(text for text in axis.get_legend_handles_labels()[1]):
        axis.legend(fontsize=7, handlelength=2.4)


def named(label: Pair | str) -> str:
    """``English 中文``."""
    return label if isinstance(label, str) else f"{label[0]} {label[1]}"


def dumbbells(
    axis: Axes,
    rows: Sequence[str],
    without: Sequence[float] | np.ndarray,
    with_: Sequence[float] | np.ndarray,
    names: tuple[Pair, Pair] = (WITHOUT, WITH),
) -> None:
    """A row for each thing: a hollow mark without the rule, a filled one with it, a line between them."""
    place = np.arange(len(rows))
    axis.hlines(place, without, with_, color="#b9b9c4", linewidth=2.5)
    hollow: dict[str, Any] = {"mfc": "white", "mec": PALETTE[0], "markersize": 6.5}
    axis.plot(without, place, "o", **hollow, label=named(names[0]), zorder=3)
    axis.plot(with_, place, "D", color=PALETTE[1], markersize=4.5, label=named(names[1]), zorder=4)
    axis.set_yticks(place, list(rows), fontsize=7)
    axis.set_ylim(len(rows) - 0.4, -0.6)


def below(figure: Figure, axis: Axes, columns: int = 2) -> None:
    """One legend for all panels, under them."""
    handles, texts = axis.get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=columns, fontsize=7)


def mark(axis: Axes, at: float, text: str, *, across: bool = False) -> None:
    """A thin line at a threshold, with its value."""
    look: dict[str, Any] = {"color": PALETTE[2], "linewidth": 0.9, "linestyle": (0, (2, 2))}
    place: tuple[float, float]
    above: dict[str, Any]
    if across:
        axis.axhline(at, **look)
        place, above = (1, at), {"xycoords": ("axes fraction", "data"), "ha": "right", "va": "bottom"}
    else:
        axis.axvline(at, **look)
        place, above = (at, 1), {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
    axis.annotate(text, place, **above, fontsize=7, color=PALETTE[2])


def two(text: Text) -> str:
    """A title of the scenario in both languages."""
    return f"{text.en} {text.zh}"
