"""Tell in one page, in both languages, where a fitted scenario comes from and what it is fit for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.counts import number_of

from .distances import DISTANCES
from .fit.model import Fit
from .found import told
from .names import title_of
from .verdict import figure

if TYPE_CHECKING:
    from .validate import Validation

REPORT = "log.md"
OUTCOMES = {
    "cases": ("cases", "案件数"),
    "mean_cycle_hours": ("mean cycle time, hours", "平均办理周期（小时）"),
    "median_cycle_hours": ("median cycle time, hours", "办理周期中位数（小时）"),
    "mean_hours_since_receipt": (
        "mean time from receipt to the last step, hours",
        "自收件至末环节平均用时（小时）",
    ),
    "late_share": ("share of closed cases after their deadline", "办结案件超期比例"),
}


def report(fit: Fit, validation: Validation | None) -> str:
    """The page: the verdict first, then distances, outcomes, what was found, and the origin."""
    return "\n".join(_lines(fit, validation)) + "\n"


def _lines(fit: Fit, validation: Validation | None) -> Iterator[str]:
    origin = fit.log.origin
    yield "# Where the numbers come from · 数据来源"
    yield ""
    if validation is not None:
        yield from _validation(validation)
    else:
        yield "Not validated. · 未作验证。"
        yield ""
    yield "## What was found · 日志情况"
    yield ""
    for english, chinese in zip(told(fit.log.findings), told(fit.log.findings, "zh"), strict=True):
        yield f"- {escaped(english.strip())} · {escaped(chinese.split('  ', 1)[1])}"
    yield from _fitted(fit)
    yield ""
    yield "## Origin · 出处"
    yield ""
    yield f"- File 文件: {escaped(origin.file)}, {origin.size:,} bytes, SHA-256 `{origin.sha256}`"
    columns = ", ".join(f"{field} = {escaped(one)}" for field, one in origin.columns.items())
    yield f"- Rows 行数: {origin.rows:,}. Columns 列: {columns}"
    yield f"- Moments 时间: {escaped(origin.clock)}"
    yield f"- Left out 剔除: {escaped('; '.join(origin.filters)) or 'nothing 无'}"


def _validation(one: Validation) -> Iterator[str]:
    yield "## What it is fit for · 适用范围"
    yield ""
    yield (
        f"Fitted to the {number_of(one.trained, 'case')} before {one.split:%Y-%m-%d}, and held against the "
        f"{number_of(one.held_out, 'case')} after, simulated {number_of(len(one.fitted), 'time')}. "
        "The scenario itself is fitted to all cases."
    )
    yield (
        f"以{one.split:%Y-%m-%d}之前的{one.trained:,}件拟合，与之后的{one.held_out:,}件比较，模拟{len(one.fitted)}次。"
        "情景本身以全部案件拟合。"
    )
    yield ""
    for question in one.verdict:
        yield f"- **{'fit 适用' if question.fit else 'unfit 不适用'}**: {question.en} · {question.zh}. "
        yield f"  {question.why_en}. {question.why_zh}。"
    yield ""
    yield "| distance 距离 | fitted 拟合 | replayed 重放 | naive 简单模型 | unit 单位 |"
    yield "|---|--:|--:|--:|---|"
    for name, (english, chinese, unit) in DISTANCES.items():
        mean = f"{figure(one.fitted[name].mean())} ± {figure(one.fitted[name].std())}"
        yardsticks = f"{figure(one.replayed[name])} | {figure(one.naive[name])}"
        yield f"| {english} {chinese} | {mean} | {yardsticks} | {unit} |"
    yield ""
    yield "Means and standard deviations of the simulations."
    yield "Cycle time: from the first start to the last end of a case's steps."
    yield "Replayed: the first part, moved on by whole weeks."
    yield "Naive: the fitted model without the waits that people do not explain."
    yield "均值与标准差。重放：前段日志按整周平移。简单模型：不含人员无法解释的等待。"
    yield ""
    yield "| outcome 结果 | real 实际 | foretold [95 %] 95%预测区间 |"
    yield "|---|--:|--:|"
    for name, (english, chinese) in OUTCOMES.items():
        if name not in one.outcomes.index:
            continue
        real, low, high = (figure(float(one.outcomes[part][name])) for part in ("real", "low", "high"))
        yield f"| {english} {chinese} | {real} | {low} – {high} |"
    yield ""
    yield "The interval holds the luck of a period and the errors of the fitted numbers."
    yield "区间包括期间的偶然性与拟合数值的误差。"
    drawn = len(one.cycles) - 1
    if drawn < len(one.fitted):
        yield f"The log is large: the interval rests on {drawn} simulations, and is wider for it."
        yield f"日志较大，区间仅依据{drawn}次模拟，因而较宽。"
    yield ""
    if len(one.months):
        covered, count = int(one.months["covered"].sum()), len(one.months)
        yield f"Months whose mean cycle time it covers 月平均办理周期落入区间的月份: {covered} / {count}."
        yield ""


def _fitted(fit: Fit) -> Iterator[str]:
    yield (
        f"- People and their hours explain {fit.waits_for_people:.0%} of all waiting; delays are the rest. "
        f"· 人员及其工作时间解释等待的{fit.waits_for_people:.0%}，其余写为等待环节。"
    )
    yield (
        f"- {fit.shared:.0%} of the work was done on several cases at once; each has its part of the time. "
        f"· {fit.shared:.0%}的工作为同时办理数件，用时已分摊。"
    )
    if fit.starts:
        yield "- Starts are estimated from people's sequences. · 开始时间由人员的办件次序估计。"
    if fit.day_only:
        yield "- The log knows days: work and hours of the day are assumed. · 日志只到日：用时与时段为假定。"
    if fit.drift.since is not None:
        yield (
            f"- The process changed: routes and waits are those of cases from {fit.drift.since:%Y-%m-%d} on "
            f"(mean cycle time {fit.drift.earlier_hours:.0f} h before, {fit.drift.later_hours:.0f} h after). "
            f"· 流程有变化：路径与等待取自{fit.drift.since:%Y-%m-%d}起的案件。"
        )
    units = fit.log.cases["unit"].nunique()
    if units > 1:
        yield f"- Units taken together as one: {units}. · {units}个单位合为一个。"
    if fit.limits.moved:
        moved = f"{fit.limits.moved:,}"
        yield f"- Cases under a limit near their own: {moved}. · {moved}件取相近时限。"


def escaped(text: str) -> str:
    """A text of a log in Markdown: no markup of its own."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>|#" else one for one in title_of(text)) if text else ""
