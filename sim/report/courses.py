"""Draw figures over time: years and months of the bureau, a row for each outcome, a column for each
behaviour.

Each function draws one from `Results`; the baseline is the first of the `policies`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report import behaviours
from sim.report.figures import panels
from sim.report.labels import legend, plain_numbers, shortened, wrapped
from sim.report.once import once
from sim.report.outcomes import outcome_of
from sim.report.results import Results
from sim.report.style import PALETTE, colour_of, marker_of
from sim.report.words import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAR = 8  # times as far from the baseline as any other policy: outside the panel, lest it flatten the others
_HEIGHT = 3.4  # inches: two fit on a page with their captions
_LABEL = {"en": 16, "zh": 14}  # columns of a line beside a panel

Line = tuple["pd.Series", "pd.Series"]  # means, and half-widths of their intervals
Lines = dict[str, dict[int, Line]]  # by policy and panel of a row; a policy may have none in some


def _kept_near(results: Results, row: list[Axes], lines: Lines) -> None:
    """Leave a single policy that is far from all others outside the panels of a row, and say so in them.

    The others stay inside with their intervals.
    """
    base = {panel: mean for panel, (mean, _) in lines.get(results.baseline, {}).items()}  # else it is zero
    gap = {
        name: max(_size(mean - base.get(panel, 0.0)) for panel, (mean, _) in mine.items())
        for name, mine in lines.items()
        if name != results.baseline
    }
    far, *others = sorted(gap, key=lambda name: -gap[name]) or [""]
    if not others or gap[others[0]] == 0 or gap[far] < FAR * gap[others[0]]:
        return
    near = [one for name, mine in lines.items() if name != far for one in mine.values()]
    low = min(float((mean - half.fillna(0.0)).min()) for mean, half in near)
    high = max(float((mean + half.fillna(0.0)).max()) for mean, half in near)
    low, high = (min(low, 0.0), max(high, 0.0)) if results.baseline not in lines else (low, high)
    room = 0.35 * (high - low) or 1.0
    low, high = low - room, high + room
    if any(float(mean.max()) >= low and float(mean.min()) <= high for mean, _ in lines[far].values()):
        return
    row[0].set_ylim(low, high)
    for panel, (mean, _) in lines[far].items():
        at, name = float(mean.mean()), shortened(results.policy(far), 40)
        told = results.text(f"{name}: mean {number(at)}", f"{name}：平均{number(at)}")
        edge = 0.03 if at < low else 0.97
        row[panel].text(
            0.02, edge, told, transform=row[panel].transAxes, fontsize=7, color="#555555",
            va="bottom" if at < low else "top", zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.9, "pad": 1.5},
        )  # fmt: skip


def _size(line: pd.Series) -> float:
    """Return the largest distance of a line from zero."""
    far = float(line.abs().max())
    return 0.0 if math.isnan(far) else far


def by_time(side: Results, level: str, outcome: str, policy: str) -> pd.DataFrame:
    """Compute mean and 95 % interval (t, over the replications) of each year or month: columns mean, half,
    low, high; a share's ends stay between 0 and 1."""
    from sim.evaluate.estimate import half_widths

    table = _of_policies(side, level, outcome)
    table = table[table.index.get_level_values("policy") == policy].droplevel("policy").sort_index()
    table["half"] = half_widths(table["std"].to_numpy(), table["count"].to_numpy(), 0.95)
    table["low"], table["high"] = table["mean"] - table["half"], table["mean"] + table["half"]
    if outcome_of(outcome).unit.en == "%":  # a share
        table[["low", "high"]] = table[["low", "high"]].clip(0.0, 1.0)
    return table


@once
def _of_policies(side: Results, level: str, outcome: str) -> pd.DataFrame:
    from sim.evaluate.compare import LEVELS

    keys = ["policy", *LEVELS[level]]
    return side.level(level, outcome).groupby(keys, observed=True)["value"].agg(["mean", "std", "count"])


def years(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    """Draw means by year: a row of panels for each outcome, a column for each behaviour."""
    figure, grid = _grid(results, outcomes)
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        lines: Lines = {}
        for panel, (side, axis) in enumerate(zip(results.sides, row, strict=True)):
            for place, name in enumerate(policies):
                table = by_time(side, "year", outcome, name)
                if table.empty:
                    continue
                mean, half = table["mean"] * scale, table["half"] * scale
                lines.setdefault(name, {})[panel] = mean, half
                _line(axis, results, policies, place, table.index, mean, half)
            _year_ticks(axis, results)
        _kept_near(results, row, lines)
        plain_numbers(row[0].yaxis)
        row[0].set_ylabel(_beside(results.heading(outcome), results.lang), fontsize=7)
    _legend(figure, grid, results, policies)
    return figure


def differences(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    """Draw paired differences from the baseline by year, in the same panels."""
    figure, grid = _grid(results, outcomes)
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        lines: Lines = {}
        for panel, (side, axis) in enumerate(zip(results.sides, row, strict=True)):
            found = side.differences("year").query("outcome == @outcome")
            axis.axhline(0, color=PALETTE[0], linewidth=0.9)
            for place, name in enumerate(policies):
                mine = found[found["policy"] == name].set_index("year").sort_index()
                if name == results.baseline or mine.empty:
                    continue
                mean, half = mine["difference"] * scale, mine["half_width"] * scale
                lines.setdefault(name, {})[panel] = mean, half
                _line(axis, results, policies, place, mine.index, mean, half)
            _year_ticks(axis, results)
        _kept_near(results, row, lines)
        plain_numbers(row[0].yaxis)
        unit = results.measure(outcome, difference=True)
        label = results.outcome(outcome)
        head = label if unit == "1" else results.text(f"{label} ({unit})", f"{label}（{unit}）")
        row[0].set_ylabel(_beside(head, results.lang), fontsize=7)
    _legend(figure, grid, results, policies[1:])
    return figure


def _line(
    axis: Axes,
    results: Results,
    policies: list[str],
    place: int,
    at: pd.Index,
    mean: pd.Series,
    half: pd.Series,
) -> None:
    """Draw one policy's years, with points side by side so that their intervals do not overlap."""
    shift = (place - (len(policies) - 1) / 2) * 0.11
    name = policies[place]
    axis.errorbar(
        at + shift, mean, yerr=half, markersize=4, linewidth=0.9, label=name,
        color=colour_of(results.policies)[name], marker=marker_of(results.policies)[name],
    )  # fmt: skip


def months(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    """Draw means by month over all years, in the same panels."""
    figure, grid = _grid(results, outcomes)
    colours, markers = colour_of(results.policies), marker_of(results.policies)
    first, horizon = results.calendar_years[0], results.study.scenario.horizon
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        lines: Lines = {}
        for panel, (side, axis) in enumerate(zip(results.sides, row, strict=True)):
            for place, name in enumerate(policies):
                table = by_time(side, "year_month", outcome, name)
                if table.empty:
                    continue
                year, month = (table.index.get_level_values(key) for key in ("year", "month"))
                place_in_year = [horizon.place_of(one) + 0.5 for one in month]
                table = table.assign(at=(year - first) * 12 + place_in_year).sort_values("at")
                at, mean, half = table["at"], table["mean"] * scale, table["half"] * scale
                lines.setdefault(name, {})[panel] = mean, half
                low, high = table["low"] * scale, table["high"] * scale
                axis.fill_between(at, low, high, color=colours[name], alpha=0.16, linewidth=0)
                axis.plot(
                    at, mean, color=colours[name], marker=markers[name], markersize=3, linewidth=1.1,
                    markevery=(place % 4, 4), label=name,
                )  # fmt: skip
            _month_ticks(axis, results)
        _kept_near(results, row, lines)
        plain_numbers(row[0].yaxis)
        row[0].set_ylabel(_beside(results.heading(outcome), results.lang), fontsize=7)
    _legend(figure, grid, results, policies)
    return figure


def _grid(results: Results, outcomes: Sequence[str]) -> tuple[Figure, list[list[Axes]]]:
    """Draw a row of panels for each outcome, on one scale; a column for each behaviour."""
    sides = results.sides
    count = len(outcomes) * len(sides)
    height = min(len(outcomes) * 1.75 + 0.7, _HEIGHT)
    figure, axes = panels(len(outcomes), len(sides), count, height, share_x=True, share_y=True)
    grid = [axes[start : start + len(sides)] for start in range(0, count, len(sides))]
    if len(sides) > 1:
        for side, axis in zip(sides, grid[0], strict=True):
            axis.set_title(behaviours.title(side), fontsize=9)
    return figure, grid


def _beside(label: str, lang: str) -> str:
    """Break the label of an axis into lines, its unit on one of its own."""
    name, bracket, unit = label.partition(" (" if lang == "en" else "（")
    parts = [name, bracket.strip() + unit] if bracket else [name]
    return "\n".join(wrapped(part, _LABEL[lang], 2) for part in parts)


def _legend(figure: Figure, grid: list[list[Axes]], results: Results, policies: list[str]) -> None:
    drawn: dict[str, Artist] = {}
    for axis in (axis for row in grid for axis in row):
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True):
            drawn.setdefault(name, handle)
    handles = {name: drawn[name] for name in policies if name in drawn}
    legend(figure, handles, [results.policy(name) for name in handles])


def _year_ticks(axis: Axes, results: Results) -> None:
    axis.set_xticks(results.calendar_years, [results.year(year) for year in results.calendar_years])
    axis.set_xlim(results.calendar_years[0] - 0.5, results.calendar_years[-1] + 0.5)
    axis.grid(visible=False, axis="x")


def _month_ticks(axis: Axes, results: Results) -> None:
    """Label the years along the months, or the months of a single year."""
    count = len(results.calendar_years)
    axis.set_xlim(0, 12 * count)
    if count == 1:
        axis.set_xticks([place + 0.5 for place in range(12)], results.month_ticks)
        axis.set_xlabel(results.text("month", "月份"))
        return
    axis.set_xticks([12 * place for place in range(count + 1)], [""] * (count + 1))
    axis.set_xticks([12 * place + 6 for place in range(count)], minor=True)
    axis.set_xticklabels([results.year(year) for year in results.calendar_years], minor=True)
    axis.tick_params(axis="x", which="minor", length=0, labelsize=8)
