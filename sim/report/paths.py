"""Years and months, under each behaviour side by side: the figures of `courses` with their captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.evaluate.accuracy import first_highest, levels
from sim.report import behaviours, courses, page
from sim.report.findings import Choice, judged_by, small
from sim.report.results import Results

if TYPE_CHECKING:
    from sim.report.markup import Html

MOST_DRAWN = 6  # policies in a panel, the baseline among them: more cannot be told apart
MOST_OUTCOMES = 3
MONTHLY = ("on_time_rate", "open_at_end", "mean_processing_days", "effort")


def several(results: Results) -> bool:
    """Whether there are several years, or several behaviours, to be set side by side."""
    return results.in_years and (len(results.sides) > 1 or len(results.calendar_years) > 1)


def years(results: Results, found: Choice, most: int = MOST_OUTCOMES) -> Html | None:
    """Outcomes of the focus by year: means with 95 % intervals; rows are outcomes, columns behaviours."""
    if len(results.calendar_years) < 2:
        return None
    wanted = dict.fromkeys([found.outcome, *results.study.focus])
    chosen = [name for name in wanted if results.has(name)][:most]
    drawn = _drawn(results, found)
    first, last = (results.year(results.calendar_years[end]) for end in (0, -1))
    return page.figure(
        courses.years(results, chosen, drawn),
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


def differences(results: Results, found: Choice) -> Html | None:
    """The difference of each drawn policy from the baseline by year, with paired 95 % intervals."""
    if len(results.calendar_years) < 2:
        return None
    wanted = dict.fromkeys([found.outcome, *results.study.focus])
    chosen = [name for name in wanted if results.has(name)][:MOST_OUTCOMES]
    drawn = _drawn(results, found)
    base = results.quoted(results.baseline)
    return page.figure(
        courses.differences(results, chosen, drawn),
        caption=results.text(
            f"Difference from {base} in each year, paired by replication, with its 95% interval. "
            f"{_told(results, drawn)}",
            f"各年与{base}之差（按模拟次数配对），附95%区间。{_told(results, drawn)}",
        ),
        alt=results.text("; ", "；").join(_moved(side, found.outcome, drawn) for side in results.sides),
    )


def months(results: Results, found: Choice) -> Html | None:
    """Outcomes by month over all years, means with 95 % intervals, a column for each behaviour."""
    chosen = [name for name in MONTHLY if any(side.has(name, "year_month") for side in results.sides)][:3]
    if not chosen:
        return None
    drawn = _drawn(results, found)
    return page.figure(
        courses.months(results, chosen, drawn),
        caption=results.text(
            "The bureau month by month, mean over the replications with its 95% interval (shaded): for "
            "requests open, those at the month's end; for processing time, of those finished in it. "
            f"{_told(results, drawn)}",
            "全局逐月情况，各次模拟的平均及95%区间（阴影）：积存件为月末数，办理时间为当月办结件。"
            f"{_told(results, drawn)}",
        ),
        alt=results.text("; ", "；").join(_peak(side, chosen[0]) for side in results.sides),
    )


def _drawn(results: Results, found: Choice) -> list[str]:
    """The baseline, the policy in focus, and those that move the outcome most under any behaviour."""
    size: dict[str, float] = {}
    for side in results.sides:
        for name in results.alternatives:
            row = side.difference(name, found.outcome)
            moved = 0.0 if row is None or row["exact_zero"] else abs(float(row["difference"]))
            size[name] = max(size.get(name, 0.0), moved)
    size[found.focus] = float("inf")
    place = dict(zip(size, levels(list(size.values())), strict=True))
    most = sorted(size, key=lambda name: -place[name])[: MOST_DRAWN - 1]
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
    return small(results.outcome(judged_by(results)))


def _course(side: Results, outcome: str) -> str:
    """The baseline's first and last year in words."""
    if not side.has(outcome, "year", under=[side.baseline]):
        return f"{side.outcome(outcome)}{side.text(': not measured', '：未测')}"
    table = courses.by_time(side, "year", outcome, side.baseline)["mean"]
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
    largest = last.loc[first_highest(last["difference"].abs())]
    change = f"{side.change(largest)} {side.measure(outcome, difference=True)}"
    return head + side.text(
        f"largest in {side.year(largest['year'])} for {side.quoted(largest['policy'])}, {change}",
        f"{side.year(largest['year'])}年差别最大的是{side.quoted(largest['policy'])}，{change}",
    )


def _peak(side: Results, outcome: str) -> str:
    """When the baseline's monthly value is greatest."""
    if not side.has(outcome, "year_month", under=[side.baseline]):
        return f"{behaviours.title(side)}{side.text(': not measured', '：未测')}"
    table = courses.by_time(side, "year_month", outcome, side.baseline)["mean"]
    year, month = first_highest(table)
    when = side.month(month, year)
    most = side.value(outcome, float(table.max()))
    return side.text(
        f"{behaviours.title(side)}: {side.outcome(outcome)} under {side.quoted(side.baseline)} is greatest "
        f"in {when}, {most}",
        f"{behaviours.title(side)}：{side.quoted(side.baseline)}下{side.outcome(outcome)}"
        f"在{when}最高，为{most}",
    )
