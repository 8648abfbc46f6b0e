"""Show the figures of a report, drawn by `figures`, with a caption and a text alternative.

Each function returns `Html`, or None where the study has nothing of the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.evaluate.accuracy import first_highest
from sim.report import figures, findings, page
from sim.report.findings import Choice
from sim.report.markup import Html
from sim.report.outcomes import PAY, SERVICE
from sim.report.results import Results
from sim.report.words import bottom, percent_interval

if TYPE_CHECKING:
    from collections.abc import Iterable


def differences(results: Results, outcomes: Iterable[str] = ()) -> Html | None:
    """Show differences of all policies with intervals, for some outcomes, or the study's focus outcomes."""
    chosen = of_focus(results, outcomes)
    if not chosen:
        return None
    columns = 2 if len(chosen) in (2, 4) else min(3, len(chosen))
    base = results.quoted(results.baseline)
    return page.figure(
        figures.differences(results, chosen, columns),
        caption=results.text(
            f"Difference of each rule from {base} with its 95% interval, over {results.replications} "
            "replications met by "
            f"the same citizens. An empty {_mark(results)} is no change at all.",
            f"各方案与{base}之差及95%区间（同样的办事群众，重复模拟{results.replications}次）。"
            f"空心{_mark(results)}表示完全没有差别。",
        )
        + results.by_own_limit(chosen),
        alt=results.text("; ", "；").join(_said(results, outcome) for outcome in chosen),
    )


def of_focus(results: Results, outcomes: Iterable[str] = ()) -> list[str]:
    """Return which of some outcomes, or of the study's focus outcomes, were measured; else six usual ones."""
    chosen = [name for name in dict.fromkeys(outcomes or results.study.focus) if results.has(name)]
    return chosen or results.available((*SERVICE, *PAY))[:6]


def of_service(results: Results) -> list[str]:
    """Return the baseline and the policies that change service."""
    changing = (name for name in results.alternatives if "service" in results.touched(name))
    return [results.baseline, *changing]


def _mark(results: Results) -> str:
    one = len(results.sides) == 1
    return results.text("circle" if one else "mark", "圆" if one else "点")


def _said(results: Results, outcome: str) -> str:
    """Describe one panel: which policy moves the outcome most."""
    rows = results.differences().query("outcome == @outcome")
    moved = rows[~rows["exact_zero"]]
    if moved.empty:
        return results.text(
            f"{results.outcome(outcome)}: no rule changes it", f"{results.outcome(outcome)}：没有方案改变它"
        )
    largest = moved.loc[first_highest(moved["difference"].abs())]
    change = f"{results.change(largest)} {results.measure(outcome, difference=True)}"
    return results.text(
        f"{results.outcome(outcome)}: most changed by {results.quoted(largest['policy'])}, {change}",
        f"{results.outcome(outcome)}：变化最大的是{results.quoted(largest['policy'])}，{change}",
    )


def choice(results: Results, found: Choice) -> Html | None:
    """Show how far each rule is from the best of the others."""
    if found.table["n"].max() < 2:
        return None
    rivals = results.listed(found.those("may_be_best"))
    return page.figure(
        figures.choice(results, found),
        caption=results.text(
            f"{results.outcome(found.outcome)}: each rule less the best of the others, better to the right, "
            "with Hsu's intervals, which hold together with 95%. Grey: within the margin. An empty mark is "
            "ruled out as the best.",
            f"{results.outcome(found.outcome)}：各方案与其余方案中最优者之差（右为优）及同时成立的95%区间（Hsu）。"
            "灰带为显著差距以内；空心点表示不是最优。",
        ),
        alt=results.text(f"The best may be {rivals}.", f"可能最优的有{rivals}。"),
    )


def gains(results: Results) -> Html | None:
    """Show who gains and who loses pay, as shares of the people."""
    changing = results.with_pay_changed()
    if not changing:
        return None
    losing = pd.Series(
        {name: results.winners(name).loc[["loss_over_5", "loss_to_5"], "share"].sum() for name in changing}
    )
    worst = first_highest(losing)
    base = results.quoted(results.baseline)
    return page.figure(
        figures.gains(results),
        caption=results.text(
            f"People by the change of their year's pay against {base}, mean over the replications.",
            f"人员按年收入相对{base}的变化分组（各次模拟的平均）。",
        ),
        alt=results.text(
            f"Most people lose under {results.quoted(worst)}: {100 * losing[worst]:.0f}% of them.",
            f"{results.quoted(worst)}下收入减少的人最多：{100 * losing[worst]:.0f}%。",
        ),
    )


def scores(results: Results) -> Html | None:
    """Show scores by unit."""
    limit = results.study.scenario.assessment
    if limit is None or not results.has("score", "unit", under=[results.baseline]):
        return None
    table = results.means("unit", "score", results.baseline)
    under = int((table["mean"] < limit.advanced_threshold).sum())
    return page.figure(
        figures.scores(results),
        caption=results.text(
            f"Scores of the units under {results.quoted(results.baseline)}: mean with 95% interval (dot and "
            "whisker), least "
            f"and greatest simulated year (grey); lines at {limit.advanced_threshold:g} (advanced unit) and "
            f"{limit.promotion_threshold:g} (promotion of the head).",
            f"{results.quoted(results.baseline)}下各单位得分：均值与95%区间（点与须）、"
            "模拟年份中的最低与最高（灰条）；竖线为"
            f"{limit.advanced_threshold:g}分（先进单位）和{limit.promotion_threshold:g}分（负责人提拔）。",
        ),
        alt=results.text(
            f"{under} of {len(table)} units have a mean score under {limit.advanced_threshold:g}.",
            f"{len(table)}个单位中有{under}个平均得分低于{limit.advanced_threshold:g}分。",
        ),
    )


def months(results: Results) -> Html | None:
    """Show what comes, the backlog and processing time over the year."""
    if not results.has("open_at_end", "month", under=[results.baseline]):
        return None
    names = of_service(results)
    rows = results.level("month", "open_at_end")
    backlog = rows[rows["policy"] == results.baseline].groupby("month")["value"].mean()
    when = results.month_of_any_year(int(first_highest(backlog)))
    return page.figure(
        figures.months(results, names),
        caption=results.text(
            "The bureau month by month, means over the replications, the baseline's with its 95% interval "
            "(shaded): requests received, those open at the month's end, and processing time of those "
            "finished in it. Rules that leave service as it is are left out.",
            "全局逐月情况（各次模拟的平均，阴影为基准的95%区间）：来件、月末积存件，以及当月办结件的办理时间。"
            "不影响服务的方案未列出。",
        ),
        alt=results.text(
            f"Under {results.quoted(results.baseline)} the backlog is greatest in {when}: "
            f"{backlog.max():,.0f} requests.",
            f"{results.quoted(results.baseline)}下积存件在{when}最多：{backlog.max():,.0f}件。",
        ),
    )


def schedules(results: Results) -> Html | None:
    """Show the pay rules."""
    pay = results.study.scenario.pay
    if pay is None:
        return None
    return page.figure(
        figures.schedules(results),
        caption=results.text(
            "What a score pays under each pay rule; a filled dot is what the score itself pays where the "
            "line jumps. Rules not "
            "named pay as the baseline.",
            "各工资规则下得分与发放比例的关系；跳跃处实心点为该分本身的发放比例。未列出的方案与基准相同。",
        ),
        alt=results.text(
            f"Under the baseline pay is full from {pay.full_pay_threshold:g} points and falls by "
            f"{pay.deduction_per_point:g}% "
            "a point under it.",
            f"基准规则下{pay.full_pay_threshold:g}分起全额发放，每低一分下浮{pay.deduction_per_point:g}%。",
        ),
    )


def unit_pay(results: Results) -> Html | None:
    """Show pay of each bound unit under each policy."""
    drawing = figures.unit_pay(results) if results.has("pay", "unit") else None
    rows = results.differences("unit", ("pay",))
    if drawing is None or rows.empty:
        return None
    worst = rows.loc[first_highest(-rows["difference"])]
    return page.figure(
        drawing,
        caption=results.text(
            f"Mean pay of a unit's people against {results.quoted(results.baseline)}, "
            f"{results.measure('pay')} a year, with 95% intervals.",
            f"各单位人均年收入相对{results.quoted(results.baseline)}的变化（{results.measure('pay')}），附95%区间。",
        ),
        alt=results.text(
            f"The largest loss is {results.unit(worst['unit'])}'s under {results.quoted(worst['policy'])}: "
            f"{results.change(worst)} {results.measure('pay')}.",
            f"损失最大的是{results.quoted(worst['policy'])}下的{results.unit(worst['unit'])}："
            f"{results.change(worst)}{results.measure('pay')}。",
        ),
    )


def luck(results: Results) -> Html | None:
    """Show how often each unit was at the bottom."""
    count = findings.bottom_count(results)
    if not count:
        return None
    first = results.bottom_shares().iloc[0]
    name = results.unit(results.bottom_shares().index[0])
    share = percent_interval(first["share"], first["low"], first["high"], se=0.05)
    return page.figure(
        figures.luck(results),
        caption=results.text(
            f"How often each unit is {bottom(count).en} under "
            f"{results.quoted(results.baseline)}, with 95% intervals, of {results.years} simulated "
            f"years{_as_trials(results)}.",
            f"{results.quoted(results.baseline)}下各单位列入{bottom(count).zh}的频率及95%区间，"
            f"共{results.years}个模拟年{_as_trials(results)}。",
        ),
        alt=results.text(f"Most often {name}: {share}.", f"最常见的是{name}：{share}。"),
    )


def _as_trials(results: Results) -> str:
    if len(results.calendar_years) == 1:
        return ""
    return results.text(
        "; the years of a replication are not independent", "；区间按模拟次数计算，同一次模拟的各年并不独立"
    )


def queues(results: Results) -> Html | None:
    """Show simulated beside observed queues, if the scenario has them."""
    table = results.misfit
    if table is None:
        return None
    error = (table["simulated"] - table["observed"]).abs().mean()
    size = table["observed"].mean()
    said = results.text(
        f"Over all units and hours the simulated queue misses the observed one by {error:.1f} people on "
        "average, "
        f"{100 * error / size:.0f}% of the mean observed queue of {size:.1f}.",
        f"就所有单位和时段平均，模拟队长与实测相差{error:.1f}人，"
        f"为实测平均队长{size:.1f}人的{100 * error / size:.0f}%。",
    )
    caption = results.text(
        "People waiting by hour: observed (dots) and simulated (lines).",
        "各时段等候人数：实测（点）与模拟（线）。",
    )
    return page.paragraph(said) + page.figure(figures.queues(results), caption=caption, alt=said)
