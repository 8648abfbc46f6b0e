"""Show service against cost: each rule's paired differences from the baseline, and the Pareto front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import page
from sim.report.all_rules import PAY
from sim.report.figures import WIDTH
from sim.report.labels import plain_numbers, told_apart
from sim.report.markup import Html
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.style import PALETTE, colour_of, marker_of
from sim.report.words import pick
from sim.scenario.currency import words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.report.findings import Choice

_HEIGHT = 3.0  # inches
_NAMES = 30  # columns of a rule's name beside the panel
_LINE = 0.062  # of the panel's height, between two names
_BESIDE = 1.04  # of its width: where names begin


def front(results: Results, found: Choice) -> Html | None:
    """Show the Pareto front of service and pay; None where one was not measured, or nothing differs."""
    table = points(results, found)
    if table is None or (table[["cost", "service"]] == 0).all(axis=None):
        return None
    names = [name for name in table.index if table["undominated"][name]]
    beaten = [name for name in table.index if name not in names]
    base = results.quoted(results.baseline)
    return page.figure(
        draw(results, found, table),
        caption=results.text(
            f"Service against cost: differences from {base}, paired, with 95% intervals. The line joins the "
            "rules that no other beats in both (the Pareto front); an empty mark is beaten. Whether it is "
            "may be luck.",
            f"服务与成本：各方案与{base}之差（配对），附95%区间。虚线连接两方面均不被其他方案超过的方案（帕累托前沿），"
            "空心点为被超过的方案；是否被超过也受偶然因素影响。",
        )
        + results.by_own_limit([found.outcome]),
        alt=results.text(
            f"On the front: {results.listed(names)}. Beaten: {results.listed(beaten) or 'none'}.",
            f"前沿上的方案：{results.listed(names)}。被超过的方案：{results.listed(beaten) or '无'}。",
        ),
    )


def points(results: Results, found: Choice) -> pd.DataFrame | None:
    """Return the points by rule; None where one cannot be drawn.

    Columns ``cost`` and ``service`` are differences from the baseline, as printed, ``cost_low`` and so on the
    bounds of their 95 % intervals; ``undominated``: by the means no other rule serves better and costs less.
    """
    import numpy as np
    import pandas as pd

    from sim.evaluate.goals import dominates

    outcomes = {"cost": PAY, "service": found.outcome}
    rows = {}
    for name in results.policies:
        row: dict[str, float] = {}
        for axis, outcome in outcomes.items():
            one, scale = results.difference(name, outcome), _scale(results, outcome)
            if one is None and name != results.baseline:
                break
            values = (0.0, 0.0, 0.0) if one is None else (one["difference"], one["low"], one["high"])
            keys = (axis, f"{axis}_low", f"{axis}_high")
            row |= {key: scale * float(value) for key, value in zip(keys, values, strict=True)}
        else:
            rows[name] = row
    table = pd.DataFrame.from_dict(rows, orient="index")
    if len(table) < 2 or not np.isfinite(table.to_numpy()).all():
        return None
    better = 1.0 if outcome_of(found.outcome).better == "higher" else -1.0
    ways = np.array([-1.0, better])
    beats = np.asarray(dominates(ways * table[["cost", "service"]].to_numpy()))
    return table.assign(undominated=np.array([not column.any() for column in beats.T]))


def _scale(results: Results, outcome: str) -> float:
    """Return the factor by which a difference is drawn: pay in thousands, in Chinese in 万."""
    if outcome == PAY:
        return 1e-4 if results.lang == "zh" else 1e-3
    return outcome_of(outcome).scale


def draw(results: Results, found: Choice, table: pd.DataFrame) -> Figure:
    """Draw the rules as points with intervals, their names beside the panel, and the front as a line."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(WIDTH, _HEIGHT))
    colours, markers = colour_of(results.policies), marker_of(results.policies)
    axis.axhline(0, color=PALETTE[0], linewidth=0.7)
    axis.axvline(0, color=PALETTE[0], linewidth=0.7)
    edge = table[table["undominated"]].sort_values(["cost", "service"])
    axis.plot(edge["cost"], edge["service"], color="#9a9a9a", linewidth=1.2, linestyle="--", zorder=1)
    for name, row in table.iterrows():
        reach: dict[str, Any] = {
            f"{way}err": [[row[side] - row[f"{side}_low"]], [row[f"{side}_high"] - row[side]]]
            for way, side in (("x", "cost"), ("y", "service"))
        }
        fill = colours[str(name)] if row["undominated"] else "white"
        axis.errorbar(
            row["cost"], row["service"], color=colours[str(name)], marker=markers[str(name)], mfc=fill,
            markersize=6, elinewidth=0.9, zorder=3, **reach,
        )  # fmt: skip
    axis.margins(0.08)
    _name(axis, results, table, colours, markers)
    money = pick(words(results.study.scenario.currency), results.lang)
    way = "↑" if outcome_of(found.outcome).better == "higher" else "↓"
    axis.set_xlabel(
        results.text(
            f"pay a year, difference (1,000 {money}); better ←", f"年工资支出之差（万{money}），←为优"
        )
    )
    unit = results.measure(found.outcome, difference=True)
    label = results.outcome(found.outcome)
    axis.set_ylabel(
        results.text(f"{label}, difference\n({unit}); better {way}", f"{label}之差（{unit}），{way}为优")
    )
    for one in (axis.xaxis, axis.yaxis):
        plain_numbers(one)
    return figure


def _name(
    axis: Axes, results: Results, table: pd.DataFrame, colours: dict[str, str], markers: dict[str, str]
) -> None:
    """Name the rules beside the panel, each with a line to its point."""
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    axis.set_xlim(left, right)
    axis.set_ylim(low, high)
    at = {
        str(name): ((row["cost"] - left) / (right - left), (row["service"] - low) / (high - low))
        for name, row in table.iterrows()
    }
    heights = dict(zip(at, beside(list(at.values()), _BESIDE, _LINE), strict=True))
    order = sorted(heights, key=lambda name: -heights[name])
    labels = told_apart([results.policy(name) for name in order], _NAMES)
    for name, label in zip(order, labels, strict=True):
        height = heights[name]
        axis.annotate(
            label, xy=(table["cost"][name], table["service"][name]), xycoords="data",
            xytext=(_BESIDE, height), textcoords="axes fraction", fontsize=7.5, va="center", color="black",
            arrowprops={
                "arrowstyle": "-", "color": colours[name], "linewidth": 0.5, "alpha": 0.6,
                "shrinkB": 4, "shrinkA": 9, "relpos": (0.0, 0.5),  # else the line would cross other names
            },
        )  # fmt: skip
        axis.plot(
            1.03, height, transform=axis.transAxes, clip_on=False, color=colours[name], marker=markers[name],
            mfc=colours[name] if table["undominated"][name] else "white", markersize=4.5,
        )  # fmt: skip


def beside(points: list[tuple[float, float]], x: float, apart: float) -> list[float]:
    """Return the heights at `x` of names of points, such that no line from a name to its point crosses
    another.

    The heights are those of the points, moved so that neighbours are `apart` or more and none is under 0. Of
    all ways to share them, that with the least length of lines in all has none that cross: two that do are
    longer than the two that swap their ends.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    heights = np.array(_apart(sorted((y for _, y in points), reverse=True)))
    across, up = np.array(points).T
    lengths = np.hypot(x - across[:, None], heights[None, :] - up[:, None])
    return [float(heights[place]) for place in linear_sum_assignment(lengths)[1]]


def _apart(heights: list[float]) -> list[float]:
    """Return falling heights, moved so that neighbours are `_LINE` apart or more and none is under 0."""
    found: list[float] = []
    for height in heights:
        found.append(height if not found else min(height, found[-1] - _LINE))
    lifted: list[float] = []
    for height in reversed(found):
        lifted.append(max(height, lifted[-1] + _LINE if lifted else 0.0))
    return lifted[::-1]
