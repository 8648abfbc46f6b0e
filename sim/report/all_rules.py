"""The table of all rules on a leader's page: service, cost, fairness and heads, a row for each rule.

A difference is *clear* if Holm's test over all rules and behaviours finds it at 5 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.exhibits import text_table
from sim.report.labels import LONGEST_ROW, shortened
from sim.report.outcomes import BY_LIMIT, outcome_of
from sim.report.results import NO_CHANGE, Results
from sim.report.words import MISSING, exact, number, pick, signed, standard_error
from sim.scenario.calendar import span_of
from sim.scenario.counts import number_of
from sim.scenario.currency import words
from sim.scenario.part import Text

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.findings import Choice
    from sim.report.markup import Html

PAY = "pay_total"
UNCLEAR = Text(en="unclear", zh="不明显")
LEAST = 0.005  # a smaller share of people prints as 0 %


def is_clear(row: pd.Series) -> bool:
    """Return whether a row of `Results.differences` differs from zero by Holm's test at 5 %."""
    return bool(not row["exact_zero"] and row["p_holm"] < 0.05)


def percent_of_people(share: float) -> str:
    """Format a share of people: whole percents, ``<1%`` for a few of many."""
    return "<1%" if 0 < share < LEAST else f"{100 * share:.0f}%"


def all_rules(results: Results, found: Choice) -> Html:
    """Tabulate all rules by service, cost, fairness and heads: the baseline's levels, then changes."""
    r, columns = results, _columns(results, found)
    losing = any(r.moved(name, "loss") is not None for name in r.alternatives)
    labels = [r.text("Rule", "方案"), *(_head(r, name) for name in columns)]
    labels += [r.text("Paid\u00a0less (%)", "减收人员（%）")] if losing else []
    labels += [r.text("Heads", "人数（人）")]
    rows = []
    for name in r.policies:
        base = name == r.baseline
        cells = [_level(r, one) if base else _change(r, name, one) for one in columns]
        share = r.moved(name, "loss")
        cells += (
            [MISSING if base or share is None else percent_of_people(share).removesuffix("%")]
            if losing
            else []
        )
        posts = r.study.posts
        heads = f"{posts['headcount'][name]:,.0f}" if base else signed(posts["headcount_change"][name])
        rows.append((shortened(r.policy(name), LONGEST_ROW), *cells, heads))
    caption = (
        r.text(
            f"Both rules: the baseline, and how the other differs from it ({_period(r)})",
            f"两种方案比较（首行为基准水平，次行为与基准之差，{_period(r)}）",
        )
        if len(rows) == 2
        else r.text(
            f"All {len(rows)} rules: the baseline, and how the others differ from it ({_period(r)})",
            f"全部{len(rows)}种方案比较（首行为基准水平，其余为与基准之差，{_period(r)}）",
        )
    )
    unclear = pick(UNCLEAR, r.lang)
    note = (
        r.text("Unclear: may be luck (5% level). ", "不明显：差别可能出于偶然（5%水平）。")
        if any(unclear in row for row in rows)
        else ""
    )
    note += r.text(
        "% differ in percentage points. Gini: 0 to 100. Paid less: % of people.",
        "以%计的指标，差值单位为百分点。基尼系数取0至100。",
    )
    if r.other_limits and set(columns) & set(BY_LIMIT):
        note += r.text(
            f" On time: within each rule's own limit; {r.listed(r.other_limits)} and {r.quoted(r.baseline)} "
            "differ in it.",
            f"按时办结率按各方案自身时限计算，{r.listed(r.other_limits)}与{r.quoted(r.baseline)}的时限不同。",
        )
    return text_table(rows, tuple(labels), caption, r, right=range(1, len(labels)), note=note)


def _period(r: Results) -> str:
    """Say what the numbers are means of: years, or a stretch of days, by which a whole year is paid."""
    if r.in_years:
        return r.text("yearly means", "年均值")
    first, days = span_of(r.study.scenario)
    return r.text(
        f"{number_of(days, 'day')} from {first.day} {first:%B} {first.year}; pay: yearly",
        f"模拟{first.year}年{first.month}月{first.day}日起{days}天，工资计全年",
    )


def _columns(r: Results, found: Choice) -> list[str]:
    """Return the outcomes of the table: two of service, pay, and its inequality, as far as measured."""
    wanted = dict.fromkeys([found.outcome, "on_time_rate", _times(r)])
    service = [name for name in wanted if r.has(name)]
    return [*service[:2], *(name for name in (PAY, "pay_gini") if r.has(name))]


def _times(r: Results) -> str:
    """Return how service time is told: in days, or in minutes' wait where a case takes less than one."""
    days = "mean_processing_days"
    if r.in_years and r.has(days, under=[r.baseline]) and r.bureau_mean(days, r.baseline).estimate >= 1:
        return days
    return "mean_wait_minutes"


def _head(r: Results, outcome: str) -> str:
    """Return the heading of a column: of the usual outcomes a short one."""
    money = pick(words(r.study.scenario.currency), r.lang)
    short = {
        "on_time_rate": r.text("On time (%)", "按时办结率（%）"),
        "mean_wait_minutes": r.text("Wait (minutes)", "等候时间（分钟）"),
        "mean_processing_days": r.text("Time (days)", "办理时间（天）"),
        PAY: r.text(f"Pay ('000 {money})", f"工资支出（万{money}）"),
        "pay_gini": r.text("Pay gap (Gini)", "收入基尼系数"),
    }
    return short.get(outcome, r.heading(outcome))


def _scale(r: Results, outcome: str) -> float:
    if outcome == PAY:
        return 1e-4 if r.lang == "zh" else 1e-3
    return outcome_of(outcome).scale


def _level(r: Results, outcome: str) -> str:
    found = r.bureau_mean(outcome, r.baseline)
    scale = _scale(r, outcome)
    if found.low == found.high:
        return exact(found.estimate * scale)
    return number(found.estimate * scale, se=scale * standard_error(found.low, found.high))


def _change(r: Results, policy: str, outcome: str) -> str:
    row = r.difference(policy, outcome)
    if row is None:
        return MISSING
    if row["exact_zero"]:
        return pick(NO_CHANGE, r.lang).replace(" ", "\u00a0")  # on two lines it would cost the page a line
    if not is_clear(row):
        return pick(UNCLEAR, r.lang)
    scale = _scale(r, outcome)
    size = abs(row["difference"])
    se = scale * max(standard_error(row["low"], row["high"]), size / 100)  # three digits do
    told = number(row["difference"] * scale, se=se, signed=True)
    return told if any(digit in told for digit in "123456789") else r.text("about 0", "接近0")
