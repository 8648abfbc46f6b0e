"""Show what a study's rules do beside the score: to small units, to what is not counted, and to pay.

Each function takes `Evaluated` and returns `Html`; `sim.report.evaluation` tells of luck.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.report import behaviours, page
from sim.report import evaluation_figures as figures
from sim.report.evaluated import Evaluated
from sim.report.evaluation import flagged, shown, with_interval
from sim.report.exhibits import text_table
from sim.report.markup import Html
from sim.report.outcomes import outcome_of
from sim.report.results import NO_CHANGE
from sim.report.words import MISSING, interval, number, p_value, percent_interval, pick, standard_error
from sim.scenario.part import given

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 8  # of a policy's signs in the table of harms
_LEAST_HARM = 0.001  # of the baseline's value: what is less is no harm that anyone would notice


def fairness(e: Evaluated) -> list[Html]:
    """Show whether one standard asks the same of small and large units, and remedies."""
    text = e.results.text
    pieces: list[Html] = []
    if e.loads is not None:
        pieces.append(
            shown(
                e,
                figures.handicap,
                (
                    "The load at which an office of this size does 95% of its cases within ten mean service "
                    "times (queueing theory, one queue an office), and the loads of the units.",
                    "按排队论（每所一队），各规模单位在十倍平均办理时间内办结95%时所能承受的最高负荷，以及"
                    "各单位的负荷。",
                ),
                (
                    "An office of one may be loaded to 70%, one of eight to 96%, by the same standard.",
                    "同一标准下，一人所负荷不得超过70%，八人所可达96%。",
                ),
            )
        )
    if e.sizes is not None:
        names = {"small": text("small", "小"), "middle": text("middle", "中"), "large": text("large", "大")}
        rows = [
            (
                names[row["size"]],
                str(row["units"]),
                number(row["people"], se=1),
                with_interval(row, "false_alarm"),
                *(
                    interval(row[name], row[f"{name}_low"], row[f"{name}_high"])
                    for name in ("deduction", "excess")
                ),
            )
            for _, row in e.sizes.iterrows()
        ]
        labels = (
            text("size", "规模"),
            text("units", "单位数"),
            text("people", "人数"),
            text(
                f"mean of many years {e.line:g} or more, measured below",
                f"多年平均达到{e.line:g}分而考核低于该线",
            ),
            text("deduction (%)", "下浮（%）"),
            text("beyond that of the mean score (%)", "超出多年平均得分应下浮（%）"),
        )
        caption = text("Small and large units that are paid by score", "按得分兑现的大小单位")
        note = text(
            "Thirds by number of people; % of assessment pay.", "按人数三等分；以考核工资的百分比计。"
        )
        pieces.append(text_table(rows, labels, caption, e.results, right=range(1, 6), note=note))
    if e.remedies is not None:
        best = e.remedies[e.remedies["remedy"] == "as_is"].iloc[0]
        pieces.append(
            shown(
                e,
                figures.frontier,
                (
                    "Remedies for unequal noise: how far false alarms differ between equally good units, "
                    "and how "
                    "often a weak unit is caught. Low and right is better; each line is one remedy at "
                    "several "
                    "settings.",
                    "减少误判不均的办法：同等水平单位误判率之差，与薄弱单位被识别的频率。越靠右下越好；每"
                    "条线为一种办法的不同力度。",
                ),
                (
                    f"As it is, false alarms differ by {100 * best['unequal']:.0f} percentage points between "
                    "equally good units.",
                    f"现行办法下，同等水平单位的误判率最多相差{100 * best['unequal']:.0f}个百分点。",
                ),
            )
        )
    return pieces


def alarm(found: list[Evaluated]) -> list[Html]:
    """Show the gaming gap and what gets worse outside the score, under each behaviour."""
    pieces: list[Html] = []
    for e in found:
        if e.alarm is None or e.alarm.empty:
            continue
        text, head = e.results.text, behaviours.title(e.results)
        raised = flagged(e)
        gap = e.alarm[(e.alarm["sign"] == "gap") & e.alarm["worse"].notna()]
        if len(gap):
            pieces.append(
                shown(
                    e,
                    figures.gaps,
                    (
                        f"{head}: score gained (stroke) and the gaming gap (mark with 95% interval): points "
                        "gained beyond what the service gained is worth. A square marks a rule with an "
                        "alarm.",
                        f"{head}：得分增加（竖线）与得分虚增（点及95%区间），即得分增加超出服务改善所值的部"
                        "分。方块表示报警的方案。",
                    ),
                    (
                        f"Alarms: {e.results.listed(raised) or 'none'}.",
                        f"报警方案：{e.results.listed(raised) or '无'}。",
                    ),
                )
            )
        rows = []
        for policy in dict.fromkeys(e.alarm["policy"]):
            own = e.alarm[
                (e.alarm["policy"] == policy) & (e.alarm["sign"] == "harm") & (e.alarm["worse"] > 0)
            ]
            own = own[own["worse"] >= _LEAST_HARM * own["baseline"].abs()]
            own = own.sort_values("p_holm", kind="stable").head(_MOST_ROWS)
            for _, row in own[own["low"] > 0].iterrows():
                rows.append(_harm(e, row))
        if rows:
            labels = (
                text("rule", "方案"),
                text("what gets worse", "恶化的方面"),
                text("from", "由"),
                text("to", "变为"),
                text("worse by [95%]", "恶化 [95%]"),
                text("alarm", "报警"),
            )
            note = text(
                "Each interval by itself. An alarm asks for Holm's test at 5% over all rules and signs, "
                "and for a hundredth of the baseline's value; what is under a thousandth is left out. Where "
                "the score surely falls, it shows the harm by itself.",
                "各区间单独计算。报警须在全部方案与迹象中经Holm校正达到5%水平，且超过基准值的百分之一，不足千分之一的"
                "未列出；得分确定下降时，得分本身已有反映，不报警。",
            )
            caption = text(f"{head}: worse outside the score", f"{head}：考核未计而恶化的方面")
            pieces.append(text_table(rows, labels, caption, e.results, right=(2, 3, 4), note=note))
        if not rows and not raised:
            pieces.append(
                page.paragraph(
                    text(
                        f"{head}: nothing outside the score gets worse for certain.",
                        f"{head}：考核未计的方面没有确定的恶化。",
                    )
                )
            )
    return pieces


def _harm(e: Evaluated, row: pd.Series) -> tuple[str, ...]:
    outcome = row["outcome"]
    scale, unit = outcome_of(outcome).scale, e.results.measure(outcome, difference=True)
    what = e.results.heading(outcome)
    if row["kind"]:
        what = e.results.text(
            f"{e.results.kind(row['kind'])}: {what}", f"{e.results.kind(row['kind'])}：{what}"
        )
    worse = interval(row["worse"] * scale, row["low"] * scale, row["high"] * scale)
    se = standard_error(row["low"], row["high"])
    return (
        e.results.policy(row["policy"]),
        what,
        e.results.value(outcome, row["baseline"], se),
        e.results.value(outcome, row["policy_mean"], se),
        worse if unit == "1" else f"{worse} {unit}",
        e.results.text("yes", "是") if row["alarm"] else MISSING,
    )


def bunching(found: list[Evaluated]) -> list[Html]:
    """Tabulate whether scores bunch at the corners of the pay rules."""
    pieces = []
    for e in found:
        if e.corners is None or e.corners.empty:
            continue
        text = e.results.text
        kinds = {"kink": text("kink", "折点"), "notch": text("jump", "跳跃")}
        rows = [
            (
                e.results.policy(row["policy"]),
                f"{row['threshold']:g}",
                kinds[row["kind"]],
                str(row["n"]),
                percent_interval(row["excess"], row["low"], row["high"])
                if not row["why"]
                else text("too few to say", "样本不足"),
                p_value(row["p"]),
                p_value(row["p_break"]),
                number(row["implied_cost"], se=math.nan),
            )
            for _, row in e.corners.iterrows()
        ]
        labels = (
            text("rule", "方案"),
            text("threshold", "门槛"),
            text("of pay", "工资形状"),
            text("scores near it", "附近得分数"),
            text("excess [95%]", "超额聚集 [95%]"),
            "p",
            text("p, break of the density", "密度断点p值"),
            text("implied cost of a point²", "隐含成本系数"),
        )
        head = behaviours.title(e.results)
        note = text(
            "Excess: share of the scores that are just at the threshold and would not be. Implied cost: the "
            "curvature c of a cost of c/2 × points², in % of full pay, where the excess is sure. Scores of a "
            "replication are resampled together.",
            "超额聚集：恰在门槛之上而按平滑分布不应出现的得分比例。隐含成本：成本c/2×分数²中的c（占全额工"
            "资的百分比），"
            "仅在聚集确定时给出。同一次模拟的得分一并重抽样。",
        )
        caption = text(f"{head}: bunching of scores at thresholds of pay", f"{head}：得分在工资门槛处的聚集")
        pieces.append(text_table(rows, labels, caption, e.results, right=range(3, 8), note=note))
    return pieces


def distribution(e: Evaluated) -> list[Html]:
    """Show who gains and loses under each rule that changes pay, how unequal pay is, who is at the line."""
    text = e.results.text
    pieces: list[Html] = []
    drawn: list[Html] = []
    if e.gains is not None and not e.gains.empty:
        ranks_ = e.gains[e.gains["by"] == "rank"]
        by = "rank" if len(ranks_) else "grade"
        own = e.gains[e.gains["by"] == by]
        weight = own["people"] * own["losing"]
        losing = weight.groupby(own["policy"]).sum()
        policy = str(losing.idxmax())
        which = (
            text("the rule under which most lose", "减收人数最多的方案")
            if losing.max() > 0
            else text("where nobody loses", "无人减收")
        )
        mine = e.gains[(e.gains["policy"] == policy) & (e.gains["by"] == "unit")]
        worst = next(row for _, row in mine.sort_values("change", kind="stable").iterrows())
        drawn = [
            page.figure(
                figures.gains(e, policy),
                caption=text(
                    f"People by the change of their year's pay under {e.results.quoted(policy)}, {which}, "
                    f"against {e.results.quoted(e.results.baseline)}; mean over the replications.",
                    f"{e.results.quoted(policy)}（{which}）下人员按年收入相对"
                    f"{e.results.quoted(e.results.baseline)}的变化分组（各次模拟的平均）。",
                ),
                alt=text(
                    f"The largest loss is in {e.results.unit(worst['group'])}: "
                    f"{100 * worst['change']:+.1f}%.",
                    f"损失最大的是{e.results.unit(worst['group'])}：{100 * worst['change']:+.1f}%。",
                ),
            )
        ]
        if len(ranks_):
            labels = (text("rule", "方案"), *(figures.group_name(e, "rank", str(n)) for n in range(1, 6)))
            rows = []
            for name, part in ranks_.groupby("policy", sort=False):
                changes = {row["group"]: row for _, row in part.iterrows()}
                cells = [
                    _hundredths(e, row["change"], row["change_low"], row["change_high"], signed=True)
                    if (row := changes.get(str(n))) is not None
                    else MISSING
                    for n in range(1, 6)
                ]
                rows.append((e.results.policy(str(name)), *cells))
            caption = text(
                "Change of pay by rank of the person's unit under the baseline, %",
                "按基准下所在单位名次分组的收入变化（%）",
            )
            pieces.append(text_table(rows, labels, caption, e.results, right=range(1, 6)))
    if e.inequality is not None:
        pieces.append(_inequality(e))
    pieces += drawn  # a page high: after the tables, which fill the page before it
    if e.sides is not None and float((e.sides["under"] + e.sides["joins"]).max()) > 0:
        moved = e.sides[["leaves", "joins"]].sum()
        pieces.append(
            shown(
                e,
                figures.sides,
                (
                    f"Years under the threshold of {e.line:g}, and those that a point lower would free or "
                    "a point "
                    "higher would catch, people's conduct held as it is.",
                    f"低于{e.line:g}分门槛的年份，以及门槛降低或提高1分时随之改变的年份（人员行为不变）。",
                ),
                (
                    f"A point lower frees {moved['leaves']:.1f} units a year; a point higher catches "
                    f"{moved['joins']:.1f} more.",
                    f"门槛降低1分，年均{moved['leaves']:.1f}个单位由低于门槛变为达到门槛；提高1分，增加"
                    f"{moved['joins']:.1f}个低于门槛。",
                ),
            )
        )
    return pieces


def _hundredths(e: Evaluated, value: float, low: float, high: float, *, signed: bool) -> str:
    """Format a share or an index times 100 with its interval; a change that is none in words."""
    if signed and value == low == high == 0:
        return pick(NO_CHANGE, e.results.lang)
    return interval(100 * value, 100 * low, 100 * high, signed=signed)


def _inequality(e: Evaluated) -> Html:
    text = e.results.text
    table = given(e.inequality)
    names = {
        "gini": text("Gini", "基尼系数"),
        "theil": text("Theil", "泰尔指数"),
        "theil_between": text("of it between units", "其中单位之间"),
        "mean_log_deviation": text("mean log deviation", "平均对数离差"),
        "hoover": text("Hoover", "胡佛指数"),
    }
    rows = []
    for policy, own in table.groupby("policy", sort=False):
        by = {row["index"]: row for _, row in own.iterrows()}
        cells = []
        for index in names:
            row = by[index]
            base = policy == e.results.baseline
            low, high = ("low", "high") if base else ("difference_low", "difference_high")
            value = row["value" if base else "difference"]
            cells.append(_hundredths(e, value, row[low], row[high], signed=not base))
        rows.append((e.results.policy(str(policy)), *cells))
    labels = (text("rule", "方案"), *names.values())
    note = text(
        "Times 100. The baseline's row has values, the others their differences from it, paired by "
        "replication. Of all people; the Gini coefficient elsewhere is of those whom the pay rule binds.",
        "各数乘以100。基准行为数值，其余为与基准之差（按模拟次数配对）。按全部人员计算；其他各表的基尼系数只计适用绩效工资规则的人员。",
    )
    caption = text("Inequality of people's pay", "人员收入的差距")
    return text_table(rows, labels, caption, e.results, right=range(1, len(labels)), note=note)
