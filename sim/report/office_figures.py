"""Draw an office that was simulated in memory: who works where, where requests spend their time, its year.

Each function takes an `Office` and returns a matplotlib figure. Call `style.use_house_style` first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.figures import WIDTH, height_of, panels
from sim.report.labels import legend, plain_numbers, told_apart, wrapped
from sim.report.office import PARTS, Office
from sim.report.office_words import PART_TITLES, step_title
from sim.report.outcomes import outcome_of
from sim.report.style import colour_of, marker_of
from sim.report.words import number, pick

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 0.19  # inches of a bar
_COLOURS = dict(
    zip(PARTS, ("#d24f50", "#4949b4", "#c9b458", "#1fb1cd", "#7b9a00", "#895a7a", "#9a9a9a"), strict=True)
)
_DAY_MINUTES = 1440


def organisation(office: Office) -> Figure:
    """Draw the people of each unit, by role."""
    results = office.results
    scenario = results.study.scenario
    heads = {unit: dict.fromkeys(scenario.roles, 0) for unit in scenario.units}
    for group in scenario.staff.values():
        heads[group.unit][group.role] += group.count
    units = list(heads)
    figure, (axis,) = panels(1, 1, 1, height_of(len(units), _ROW, 0.9))
    left = [0] * len(units)
    colours, handles = colour_of(scenario.roles), {}
    for role, titled in scenario.roles.items():
        widths = [heads[unit][role] for unit in units]
        if any(widths):
            handles[pick(titled.title, results.lang)] = axis.barh(
                range(len(units)), widths, left=left, height=0.7, color=colours[role]
            )[0]
        left = [one + more for one, more in zip(left, widths, strict=True)]
    _named_rows(axis, [results.unit(unit) for unit in units])
    axis.set_xlabel(results.text("people", "人"))
    legend(figure, handles, list(handles))
    return figure


def flow(office: Office) -> Figure:
    """Draw where a request of each kind spends its time from receipt to finish, a bar for each kind."""
    results = office.results
    table = office.flow.groupby("kind", sort=False)[list(PARTS)].sum()
    figure, (axis,) = panels(1, 1, 1, height_of(len(table), _ROW, 1.1))
    handles = _bars(axis, office, table)
    _named_rows(axis, [results.kind(kind) for kind in table.index])
    _legend(figure, office, handles)
    return figure


def steps(office: Office, kinds: Sequence[str]) -> Figure:
    """Draw the steps of each of these kinds in the order of its route, a panel for each kind."""
    import matplotlib.pyplot as plt

    results = office.results
    tables = {kind: office.flow[office.flow["kind"] == kind] for kind in kinds}
    sizes = [len(table) for table in tables.values()]
    figure, grid = plt.subplots(
        len(kinds), 1, squeeze=False, figsize=(WIDTH, sum(sizes) * _ROW + 0.75 * len(kinds) + 0.4),
        height_ratios=[size + 0.5 for size in sizes],
    )  # fmt: skip
    handles: dict[str, Artist] = {}
    for axis, (kind, table) in zip(grid.flat, tables.items(), strict=True):
        handles |= _bars(axis, office, table.set_index("step")[list(PARTS)])
        titles = (step_title(results, kind, step) for step in table["step"])
        _named_rows(axis, [f"{place}. {title}" for place, title in enumerate(titles, start=1)])
        axis.set_title(wrapped(results.kind(kind), 70, lines=1), fontsize=9)
    _legend(figure, office, handles)
    return figure


def months(office: Office, outcomes: Sequence[str]) -> Figure:
    """Draw outcomes of the bureau by month: the mean of the replications, of the baseline their least and
    greatest; policies that leave service as it is are left out."""
    results = office.results
    policies = [name for name in results.alternatives if "service" in results.touched(name)]
    policies = [results.baseline, *policies]
    colours, markers = colour_of(results.policies), marker_of(results.policies)
    rows = -(-len(outcomes) // 2)
    figure, axes = panels(rows, 2, len(outcomes), rows * 1.75 + 0.4)
    handles: dict[str, Artist] = {}
    for axis, outcome in zip(axes, outcomes, strict=True):
        scale = outcome_of(outcome).scale
        table = results.level("month", outcome)
        for name in policies:
            values = table[table["policy"] == name].groupby("month")["value"]
            mine = values.agg(["mean", "min", "max"]) * scale
            mine.index = [results.study.scenario.horizon.place_of(month) for month in mine.index]
            mine = mine.sort_index()
            (handles[name],) = axis.plot(
                mine.index, mine["mean"], color=colours[name], marker=markers[name], markersize=3.5
            )
            if name == results.baseline:
                axis.fill_between(mine.index, mine["min"], mine["max"], color=colours[name], alpha=0.15)
        axis.set_xticks(range(12), results.month_ticks)
        axis.set_title(wrapped(results.heading(outcome), 40, lines=2), fontsize=8.5)
        axis.set_ylim(bottom=0 if outcome_of(outcome).unit.en != "%" else None)
        plain_numbers(axis.yaxis)
    for axis in axes[-2:]:
        axis.set_xlabel(results.text("month", "月份"))
    if len(policies) > 1:
        legend(figure, handles, [results.policy(name) for name in handles])
    return figure


def in_minutes(office: Office) -> bool:
    """Return whether times are told in minutes: no kind takes half a day from receipt to finish."""
    return float(office.flow.groupby("kind")[list(PARTS)].sum().sum(axis=1).max()) < 0.5


def _bars(axis: Axes, office: Office, table: pd.DataFrame) -> dict[str, Artist]:
    """Stack `PARTS` in a bar for each row of `table`, and write the sum at its end."""
    minutes = in_minutes(office)
    table = table * (_DAY_MINUTES if minutes else 1)
    left = [0.0] * len(table)
    handles: dict[str, Artist] = {}
    for part in PARTS:
        if table[part].max() > 0:
            bars = axis.barh(range(len(table)), table[part], left=left, height=0.7, color=_COLOURS[part])
            handles[part] = bars[0]
            left = [one + more for one, more in zip(left, table[part], strict=True)]
    for place, whole in enumerate(left):
        told = number(whole, se=10 ** (whole >= 100) if whole >= 10 else 0.5)
        axis.annotate(
            f" {told}", (whole, place), va="center", fontsize=7, color="#555555", annotation_clip=False
        )
    axis.margins(x=0.09)
    axis.set_xlim(left=0)
    unit = ("minutes a request", "分钟/件") if minutes else ("days a request", "天/件")
    axis.set_xlabel(office.results.text(*unit), fontsize=8)
    plain_numbers(axis.xaxis)
    return handles


def _legend(figure: Figure, office: Office, handles: dict[str, Artist]) -> None:
    ordered = {part: handles[part] for part in PARTS if part in handles}
    legend(figure, ordered, [pick(PART_TITLES[part], office.results.lang) for part in ordered])


def _named_rows(axis: Axes, names: Sequence[str]) -> None:
    axis.set_yticks(range(len(names)), told_apart(names))
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.grid(visible=False, axis="y")
