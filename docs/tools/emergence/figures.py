"""The figures of the notebook `emergence`: each draws one and returns it.

They are read in grey as well: what differs has another marker, shade or dash, not colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.evaluate.estimate import Interval
from sim.report.figures import WIDTH, panels
from sim.report.labels import wrapped
from sim.report.style import MARKERS, PALETTE
from sim.report.words import pick
from sim.rules.outcomes import OUTCOMES
from sim.scenario.currency import USUAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from docs.tools.emergence.numbers import Emergence

_BAR, _BUNCH = "#c9c9d2", PALETTE[1]
_BESIDE = 0.16  # of a row, by which two marks of it are apart


def measure(e: Emergence, outcome: str, difference: bool = False) -> str:
    """An outcome with its unit; differences of shares are in percentage points."""
    one = OUTCOMES[outcome]
    unit = pick(one.unit_in(USUAL), e.lang)
    if difference and unit == "%":
        unit = e.text("percentage points", "百分点")
    return f"{getattr(one, e.lang)}{e.text(', ', '，')}{unit}"


def distributions(
    e: Emergence, parts: Sequence[pd.DataFrame], titles: Sequence[str], at: float, above: float
) -> Figure:
    """Histograms side by side, the bins from `at` to `at + above` darker, and the threshold as a line."""
    figure, axes = panels(1, len(parts), len(parts), 2.7, share_x=True, share_y=True)
    for axis, part, title in zip(axes, parts, titles, strict=True):
        middle, share = (part["left"] + part["right"]) / 2, 100 * part["share"]
        inside = (part["left"] >= at) & (part["left"] < at + above)
        axis.bar(middle, share, 0.9, color=np.where(inside, _BUNCH, _BAR))
        whisker = [share - 100 * part["low"], 100 * part["high"] - share]
        axis.errorbar(middle, share, yerr=whisker, fmt="none", ecolor=PALETTE[0], elinewidth=0.9, capsize=2)
        axis.axvline(at, color=PALETTE[2], linestyle="--", linewidth=1.2)
        axis.set_title(title)
        axis.set_xlabel(measure(e, "score"))
    axes[0].set_ylabel(e.text("% of office-years, by point", "占“所·年”的%（每分）"))
    axes[0].set_ylim(bottom=0)
    return figure


def by_kind(
    e: Emergence, found: Mapping[tuple[str, str, str], Interval], kinds: Sequence[str], titles: Sequence[str]
) -> Figure:
    """Differences by kind, a panel an outcome, a marker for each behaviour."""
    outcomes = list(dict.fromkeys(outcome for _, outcome, _ in found))
    named = {
        "responsive": e.text("people answer", "有反应"),
        "mechanical": e.text("nobody answers", "无人反应"),
    }
    figure, axes = panels(1, len(outcomes), len(outcomes), 2.9, share_y=True)
    for axis, outcome in zip(axes, outcomes, strict=True):
        for number, who in enumerate(named):
            values = [found[who, outcome, kind] for kind in kinds]
            _row(axis, values, number, len(named), named[who] if axis is axes[0] else None)
        _zero(axis)
        axis.set_xlabel(measure(e, outcome, difference=True))
    axes[0].set_yticks(range(len(kinds)), [wrapped(title, 22) for title in titles])
    axes[0].invert_yaxis()
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def changes(
    e: Emergence,
    found: Mapping[tuple[str, str], Interval],
    outcomes: Sequence[str],
    named: Mapping[str, str],
) -> Figure:
    """Differences from mechanical behaviour, a panel an outcome, a row for each trial."""
    figure, axes = panels(1, len(outcomes), len(outcomes), 1.7, share_y=True)
    for axis, outcome in zip(axes, outcomes, strict=True):
        for place, trial in enumerate(named):
            one = found[trial, outcome]
            _mark(axis, one, place, place)
        _zero(axis)
        axis.margins(x=0.15)
        axis.set_xlabel(wrapped(measure(e, outcome, difference=True), 26))
    axes[0].set_yticks(range(len(named)), [wrapped(name, 18) for name in named.values()])
    axes[0].set_ylim(len(named) - 0.5, -0.5)
    return figure


def audits(
    e: Emergence,
    rates: Sequence[float],
    true: Sequence[Interval],
    recorded: Sequence[Interval],
    gaps: Sequence[Interval],
) -> Figure:
    """On-time rates as recorded and in truth, and their gap, against the share of records audited."""
    figure, (left, right) = panels(1, 2, 2, 2.6)
    at = np.arange(len(rates))
    sides = ((recorded, e.text("as recorded", "记录"), "--"), (true, e.text("in truth", "实际"), "-"))
    for number, (values, label, dash) in enumerate(sides):
        _curve(left, at + (number - 0.5) * _BESIDE, values, number + 1, label, dash)
    _curve(right, at, gaps, 1, e.text("people answer", "有反应"), "-")
    right.axhline(0, color=PALETTE[0], linestyle=":", label=e.text("nobody answers", "无人反应"))
    for axis in (left, right):
        axis.set_xticks(at, [f"{100 * rate:g}" for rate in rates])
        axis.set_xlabel(e.text("records audited, %", "稽核比例，%"))
        axis.legend()
    left.set_ylabel(measure(e, "on_time_rate"))
    right.set_ylabel(wrapped(measure(e, "on_time_gap", difference=True), 34))
    return figure


def efforts(e: Emergence, curves: Mapping[str, pd.DataFrame], named: Mapping[str, str], at: float) -> Figure:
    """Effort against the distance of the true score from the threshold."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(WIDTH, 2.7))
    for number, (trial, curve) in enumerate(curves.items(), start=1):
        whisker = [curve["mean"] - curve["low"], curve["high"] - curve["mean"]]
        look: dict[str, Any] = {
            "color": PALETTE[number],
            "marker": MARKERS[number],
            "linestyle": ("-", "--")[number - 1],
        }
        axis.errorbar(curve["at"], curve["mean"], yerr=whisker, label=named[trial], **look)
    axis.axhline(1, color=PALETTE[0], linestyle=":", label=e.text("nobody answers", "无人反应"))
    axis.axvline(0, color=PALETTE[0], linewidth=0.9)
    axis.set_xlabel(
        e.text(f"true score where nobody answers, less {at:g}, points", f"无反应时真实得分减{at:g}，分")
    )
    axis.set_ylabel(e.text("effort, 1 = standard", "努力程度，1为标准"))
    axis.legend()
    return figure


def _row(axis: Axes, values: Sequence[Interval], number: int, of: int, label: str | None) -> None:
    shift = (number - (of - 1) / 2) * 2 * _BESIDE
    for place, one in enumerate(values):
        _mark(axis, one, place + shift, number, label if place == 0 else None)


def _mark(axis: Axes, one: Interval, place: float, number: int, label: str | None = None) -> None:
    whisker = [[one.estimate - one.low], [one.high - one.estimate]]
    look: dict[str, Any] = {"color": PALETTE[number + 1], "marker": MARKERS[number], "linestyle": "none"}
    fill = "white" if one.low == one.high else PALETTE[number + 1]
    axis.errorbar(one.estimate, place, xerr=whisker, label=label, mfc=fill, **look)


def _curve(
    axis: Axes, at: np.ndarray, values: Sequence[Interval], number: int, label: str, dash: str
) -> None:
    mean = np.array([one.estimate for one in values])
    whisker = [mean - [one.low for one in values], [one.high for one in values] - mean]
    look: dict[str, Any] = {"color": PALETTE[number], "marker": MARKERS[number], "linestyle": dash}
    axis.errorbar(at, mean, yerr=whisker, label=label, **look)


def _zero(axis: Axes) -> None:
    axis.axvline(0, color=PALETTE[0], linewidth=0.9)
