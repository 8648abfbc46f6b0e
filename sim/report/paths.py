"""The course of years and months, under each behaviour side by side: figures with their captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report import behaviours, page
from sim.report.figures import panels, wrapped
from sim.report.findings import Verdict
from sim.report.results import Results, outcome_of
from sim.report.style import PALETTE, colour_of, marker_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.report.markup import Html

MOST_DRAWN = 6  # policies in a panel, the baseline among them: more cannot be told apart
MOST_OUTCOMES = 4
MONTHLY = ("on_time_rate", "open_at_end", "mean_processing_days", "effort")


def several(results: Results) -> bool:
    """Whether there are several years, or several behaviours, to be set side by side."""
    return results.in_years and (len(results.sides) > 1 or len(results.calendar_years) > 1)


def years(results: Results, found: Verdict, outcomes: Sequence[str] = ()) -> Html | None:
    """Outcomes by year: means with 95 % intervals, a row for each outcome, a column for each behaviour."""
    if len(results.calendar_years) < 2:
        return None
    wanted = dict.fromkeys([found.outcome, *(outcomes or results.study.focus)])
    chosen = [name for name in wanted if results.has(name)][:MOST_OUTCOMES]
    drawn = _drawn(results, found)
    first, last = results.calendar_years[0], results.calendar_years[-1]
    return page.figure(
        _years(results, chosen, drawn),
        caption=results.text(
            f"The bureau from {first} to {last}: mean of each year over the replications with its 95% "
            f"interval. {_told(results, drawn)}",
            f"{first}至{last}年全局情况：各年为各次模拟的平均，附95%区间。{_told(results, drawn)}",
        ),
        alt=results.text("; ", "；").join(
            f"{behaviours.title(side)}, {_course(side, name)}"
            for side in results.sides
            for name in chosen[:1]
        ),
    )


def differences(results: Results, found: Verdict) -> Html | None:
    """The difference of each drawn policy from the baseline by year, with paired 95 % intervals."""
    if len(results.calendar_years) < 2:
        return None
    wanted = dict.fromkeys([found.outcome, *results.study.focus])
    chosen = [name for name in wanted if results.has(name)][:MOST_OUTCOMES]
    drawn = _drawn(results, found)
    base = results.quoted(results.baseline)
    return page.figure(
        _differences(results, chosen, drawn),
        caption=results.text(
            f"Difference from {base} in each year, paired by replication, with its 95% interval. "
            f"{_told(results, drawn)}",
            f"各年与{base}之差（按模拟次数配对），附95%区间。{_told(results, drawn)}",
        ),
        alt=results.text("; ", "；").join(_moved(side, found.outcome, drawn) for side in results.sides),
    )


def months(results: Results, found: Verdict) -> Html | None:
    """Outcomes by month over all years, means with 95 % intervals, a column for each behaviour."""
    chosen = [name for name in MONTHLY if any(side.has(name, "year_month") for side in results.sides)][:3]
    if not chosen:
        return None
    drawn = _drawn(results, found)
    return page.figure(
        _months(results, chosen, drawn),
        caption=results.text(
            "The bureau month by month, mean over the replications with its 95% interval (shaded): for "
            "requests open, those at the month's end; for processing time, of those finished in it. "
            f"{_told(results, drawn)}",
            "全局逐月情况，各次模拟的平均及95%区间（阴影）：积存件为月末数，办理时间为当月办结件。"
            f"{_told(results, drawn)}",
        ),
        alt=results.text("; ", "；").join(_peak(side, chosen[0]) for side in results.sides),
    )


def _drawn(results: Results, found: Verdict) -> list[str]:
    """The baseline, the policy in focus, and those that move the outcome most under any behaviour."""
    size: dict[str, float] = {}
    for side in results.sides:
        for name in results.alternatives:
            row = side.difference(name, found.outcome)
            moved = 0.0 if row is None or row["exact_zero"] else abs(float(row["difference"]))
            size[name] = max(size.get(name, 0.0), moved)
    size[found.focus] = float("inf")
    most = sorted(size, key=lambda name: -size[name])[: MOST_DRAWN - 1]
    return [results.baseline, *(name for name in results.alternatives if name in most)]


def _told(results: Results, drawn: list[str]) -> str:
    """Which policies are not drawn."""
    left = [name for name in results.policies if name not in drawn]
    if not left:
        return ""
    return results.text(
        f"Not drawn, because they move the {_judged(results)} least: {results.listed(left)}.",
        f"对该指标影响最小的{results.listed(left)}未画出。",
    )


def _judged(results: Results) -> str:
    from sim.report.findings import judged_by, small

    return small(results.outcome(judged_by(results)))


def _by_time(side: Results, level: str, outcome: str, policy: str) -> pd.DataFrame:
    """Mean with 95 % interval (t, over the replications) of each year or month: columns mean, half."""
    from sim.evaluate.compare import LEVELS
    from sim.evaluate.estimate import half_widths

    rows = side.level(level, outcome)
    grouped = rows[rows["policy"] == policy].groupby(LEVELS[level], observed=True)["value"]
    table = grouped.agg(["mean", "std", "count"]).sort_index()
    table["half"] = half_widths(table["std"].to_numpy(), table["count"].to_numpy(), 0.95)
    return table


def _years(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    figure, grid = _grid(results, outcomes)
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        for side, axis in zip(results.sides, row, strict=True):
            for place, name in enumerate(policies):
                table = _by_time(side, "year", outcome, name)
                _line(
                    axis, results, policies, place, table.index, table["mean"] * scale, table["half"] * scale
                )
            _year_ticks(axis, results)
        row[0].set_ylabel(wrapped(results.heading(outcome), 26), fontsize=8)
    _legend(figure, grid, results, policies)
    return figure


def _differences(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    figure, grid = _grid(results, outcomes)
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        for side, axis in zip(results.sides, row, strict=True):
            found = side.differences("year").query("outcome == @outcome")
            axis.axhline(0, color=PALETTE[0], linewidth=0.9)
            for place, name in enumerate(policies):
                mine = found[found["policy"] == name].set_index("year").sort_index()
                if name == results.baseline or mine.empty:
                    continue
                mean, half = mine["difference"] * scale, mine["half_width"] * scale
                _line(axis, results, policies, place, mine.index, mean, half)
            _year_ticks(axis, results)
        unit = results.measure(outcome, difference=True)
        label = results.outcome(outcome)
        head = label if unit == "1" else results.text(f"{label} ({unit})", f"{label}（{unit}）")
        row[0].set_ylabel(wrapped(head, 26), fontsize=8)
    _legend(figure, grid, results, policies[1:])
    return figure


def _line(axis: Axes, results: Results, policies: list[str], place: int, at, mean, half) -> None:
    """One policy's years: points side by side, so that their intervals stay apart."""
    shift = (place - (len(policies) - 1) / 2) * 0.11
    look = {"color": colour_of(policies)[policies[place]], "marker": marker_of(policies)[policies[place]]}
    label = results.policy(policies[place])
    axis.errorbar(at + shift, mean, yerr=half, markersize=4, linewidth=0.9, label=label, **look)


def _months(results: Results, outcomes: Sequence[str], policies: list[str]) -> Figure:
    figure, grid = _grid(results, outcomes)
    colours, markers = colour_of(policies), marker_of(policies)
    first = results.calendar_years[0]
    for outcome, row in zip(outcomes, grid, strict=True):
        scale = outcome_of(outcome).scale
        for side, axis in zip(results.sides, row, strict=True):
            for place, name in enumerate(policies):
                table = _by_time(side, "year_month", outcome, name)
                year, month = (table.index.get_level_values(key) for key in ("year", "month"))
                at = (year - first) * 12 + month - 0.5
                mean, half = table["mean"] * scale, table["half"] * scale
                axis.fill_between(at, mean - half, mean + half, color=colours[name], alpha=0.16, linewidth=0)
                axis.plot(
                    at, mean, color=colours[name], marker=markers[name], markersize=3, linewidth=1.1,
                    markevery=(place % 4, 4), label=results.policy(name),
                )  # fmt: skip
            _month_ticks(axis, results)
        row[0].set_ylabel(wrapped(results.heading(outcome), 26), fontsize=8)
    _legend(figure, grid, results, policies)
    return figure


def _grid(results: Results, outcomes: Sequence[str]) -> tuple[Figure, list[list[Axes]]]:
    """A row of panels for each outcome, on one scale; a column for each behaviour."""
    sides = results.sides
    count = len(outcomes) * len(sides)
    figure, axes = panels(len(outcomes), len(sides), count, len(outcomes) * 1.75 + 0.7, share_y=True)
    grid = [axes[start : start + len(sides)] for start in range(0, count, len(sides))]
    if len(sides) > 1:
        for side, axis in zip(sides, grid[0], strict=True):
            axis.set_title(behaviours.title(side), fontsize=9)
    return figure, grid


def _legend(figure: Figure, grid: list[list[Axes]], results: Results, policies: list[str]) -> None:
    handles: dict[str, object] = {}
    for axis in (axis for row in grid for axis in row):
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    names = [results.policy(name) for name in policies if results.policy(name) in handles]
    figure.legend([handles[name] for name in names], names, loc="outside lower center", ncols=3)


def _year_ticks(axis: Axes, results: Results) -> None:
    axis.set_xticks(results.calendar_years, [str(year) for year in results.calendar_years])
    axis.set_xlim(results.calendar_years[0] - 0.5, results.calendar_years[-1] + 0.5)
    axis.grid(visible=False, axis="x")


def _month_ticks(axis: Axes, results: Results) -> None:
    """The years along the months, or the months of a single year."""
    count = len(results.calendar_years)
    axis.set_xlim(0, 12 * count)
    if count == 1:
        axis.set_xticks([month - 0.5 for month in range(1, 13)], [str(month) for month in range(1, 13)])
        axis.set_xlabel(results.text("month", "月份"))
        return
    axis.set_xticks([12 * place for place in range(count + 1)], [""] * (count + 1))
    axis.set_xticks([12 * place + 6 for place in range(count)], minor=True)
    axis.set_xticklabels([str(year) for year in results.calendar_years], minor=True)
    axis.tick_params(axis="x", which="minor", length=0, labelsize=8)


def _course(side: Results, outcome: str) -> str:
    """The baseline's first and last year in words."""
    table = _by_time(side, "year", outcome, side.baseline)["mean"]
    before, after = (side.value(outcome, float(value)) for value in (table.iloc[0], table.iloc[-1]))
    label, rule = side.outcome(outcome), side.quoted(side.baseline)
    return side.text(
        f"{label} under {rule}: {before} in {table.index[0]}, {after} in {table.index[-1]}",
        f"{rule}下{label}：{table.index[0]}年{before}，{table.index[-1]}年{after}",
    )


def _moved(side: Results, outcome: str, drawn: list[str]) -> str:
    """The largest difference of the last year in words."""
    rows = side.differences("year").query("outcome == @outcome and policy in @drawn and not exact_zero")
    last = rows[rows["year"] == side.calendar_years[-1]]
    head = f"{behaviours.title(side)}{side.text(', ', '，')}{side.outcome(outcome)}{side.text(': ', '：')}"
    if last.empty:
        return head + side.text("no difference in the last year", "末年没有差别")
    largest = last.loc[last["difference"].abs().idxmax()]
    change = f"{side.change(largest)} {side.measure(outcome, difference=True)}"
    return head + side.text(
        f"largest in {largest['year']} for {side.quoted(largest['policy'])}, {change}",
        f"{largest['year']}年差别最大的是{side.quoted(largest['policy'])}，{change}",
    )


def _peak(side: Results, outcome: str) -> str:
    """When the baseline's monthly value is greatest."""
    if not side.has(outcome, "year_month"):
        return f"{behaviours.title(side)}{side.text(': not measured', '：未测')}"
    table = _by_time(side, "year_month", outcome, side.baseline)["mean"]
    year, month = table.idxmax()
    most = side.value(outcome, float(table.max()))
    return side.text(
        f"{behaviours.title(side)}: {side.outcome(outcome)} under {side.quoted(side.baseline)} is greatest "
        f"in month {month} of {year}, {most}",
        f"{behaviours.title(side)}：{side.quoted(side.baseline)}下{side.outcome(outcome)}"
        f"在{year}年{month}月最高，为{most}",
    )
