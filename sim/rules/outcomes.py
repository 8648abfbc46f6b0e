"""Every outcome that has a name: what it is called in both languages, its unit, and which way is better."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.scenario.part import Text

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One outcome. A value in the tables times `scale` is the value in `unit` (shares are kept as 0 to 1, shown in %)."""

    name: str
    en: str
    zh: str
    unit: Text
    better: Better
    definition: Text
    scale: float = 1.0


_UNITS = {
    "%": Text(en="%", zh="%"),
    "1": Text(en="1", zh="1"),
    "days": Text(en="calendar days", zh="日历天"),
    "minutes": Text(en="minutes", zh="分钟"),
    "hours": Text(en="hours", zh="小时"),
    "points": Text(en="points", zh="分"),
    "rank": Text(en="rank", zh="名次"),
    "requests": Text(en="requests", zh="件"),
    "yuan": Text(en="yuan", zh="元"),
}

# name, English, Chinese, unit, better, definition in English, in Chinese
_ROWS: tuple[tuple[str, str, str, str, Better, str, str], ...] = (
    # volumes and times
    ("arrivals", "Requests received", "来件量", "requests", "neither",
     "Requests that came in within the period, counted where they came in", "期内来件数，按收件单位计"),
    ("finished", "Requests finished", "办结量", "requests", "higher",
     "Requests finished within the period, whenever they came in", "期内办结数，不论何时来件"),
    ("withdrawn", "Requests withdrawn", "撤回量", "requests", "lower",
     "Requests that the applicant withdrew within the period", "期内申请人撤回的件数"),
    ("open_at_end", "Backlog at the end", "期末积存件", "requests", "lower",
     "Requests neither finished nor withdrawn when the period ends", "期末既未办结也未撤回的件数"),
    ("overdue_open", "Open and overdue", "逾期未办结", "requests", "lower",
     "Open when the period ends although their limit has run out, in this year or before", "期末已超时限（含往年）仍未办结的件数"),
    ("due_cases", "Cases falling due", "到期件", "requests", "neither",
     "Requests whose limit runs out within the period and that were not withdrawn before; of a unit, those it answers for",
     "期内时限届满且此前未撤回的件数；单位按其承办责任计"),
    ("mean_processing_days", "Mean processing time", "平均办理时间", "days", "lower",
     "Receipt to finish, over requests finished within the period; read it beside the open ones", "期内办结件从受理到办结的平均时间，须与未办结件一并看"),
    ("median_processing_days", "Median processing time", "办理时间中位数", "days", "lower",
     "Half of the requests finished within the period took no longer", "期内办结件中半数不超过此时间"),
    ("p90_processing_days", "90th percentile of processing time", "办理时间第90百分位数", "days", "lower",
     "Nine in ten requests finished within the period took no longer", "期内办结件中九成不超过此时间"),
    ("mean_wait_minutes", "Mean wait for the first step", "首环节平均等候时间", "minutes", "lower",
     "Receipt to the first work step, over requests whose first step began within the period", "期内开始首环节办理的件从受理到开始的平均时间"),
    # people's time
    ("utilisation", "Utilisation", "工作负荷率", "%", "neither",
     "Time at work on requests as a share of time on duty", "办件时间占在岗时间的比例"),
    ("on_duty_hours", "Hours on duty", "在岗时间", "hours", "neither", "Hours available for requests", "可用于办件的小时数"),
    ("busy_hours", "Hours at work on requests", "办件时间", "hours", "neither", "Hours at work on requests", "用于办件的小时数"),
    ("study_hours", "Hours of study", "学习时间", "hours", "neither", "Hours of study, of all people together", "全体人员学习小时数合计"),
    ("overtime_hours", "Overtime", "加班时间", "hours", "lower", "Hours worked after duty ended, of all people together", "全体人员下班后办件小时数合计"),
    # indicators
    ("on_time_rate", "On-time rate", "按时办结率", "%", "higher",
     "Share of the cases falling due that met their limit; an open overdue one counts as late", "到期件中在时限内办结的比例，逾期未办结的计为超时"),
    ("return_rate", "Return rate", "退回补正率", "%", "lower",
     "Share of the cases falling due that were sent back to the applicant at least once", "到期件中至少退回申请人补正一次的比例"),
    ("overdue_rate", "Overdue rate", "逾期积存率", "%", "lower",
     "Open overdue cases as a share of the cases falling due and those open from before", "逾期未办结件占到期件（含往年逾期未结件）的比例"),
    ("time_against_limit", "Time taken against the limit", "办理时间占时限比例", "%", "lower",
     "Mean share of its limit that a case falling due has used; a late case has used all of it", "到期件平均已用时限的比例，超时件计为全部用完"),
    ("study_rate", "Study rate", "学习完成率", "%", "higher",
     "Study done as a share of the study asked of those present, each person at most 100 %", "已完成学习时间占在岗人员应学时间的比例，每人至多100%"),
    # scores and ranks
    ("score", "Measured score", "考核得分", "points", "higher",
     "Year-end score as measured, with sampled inspections and subjective marks", "年终考核得分（含抽查与主观评分误差）"),
    ("true_score", "True score", "真实得分", "points", "higher",
     "The score if every case were looked at and marks had no noise", "全数检查且评分无误差时的得分"),
    ("rank", "Rank", "名次", "rank", "lower", "Rank by measured score among all scored units; ties share the better rank", "全部有得分单位按考核得分的名次，并列取较前名次"),
    ("below_advanced", "Below the advanced-unit line", "低于综合先进单位门槛", "%", "lower", "The score bars the unit from being a comprehensive advanced unit", "得分不够评选综合先进单位"),
    ("head_not_promotable", "Head not promotable", "负责人不得提拔", "%", "lower", "The score bars the head from reserve cadre and promotion", "得分使单位负责人不得列为后备干部或提拔"),
    ("bottom", "Among the bottom units", "列入末位单位", "%", "lower", "The unit is among the bottom units whose staff are moved", "列入人员须交流调整的末位单位"),
    ("certified", "Certified", "精细化管理达标", "%", "higher", "The score reaches the line of certification", "得分达到精细化管理达标线"),
    ("excellent", "Excellent", "优秀国土资源所", "%", "higher", "The score reaches the line of excellence", "得分达到优秀线"),
    ("mean_score", "Mean score", "平均考核得分", "points", "higher", "Mean of the measured scores of the scored units", "有得分单位的考核得分均值"),
    ("score_gap", "Gap between measured and true score", "考核得分与真实得分之差", "points", "lower",
     "Mean absolute difference over the scored units", "有得分单位差值绝对值的均值"),
    ("share_not_advanced", "Units below the advanced-unit line", "低于综合先进单位门槛的单位比例", "%", "lower", "Share of the scored units", "占有得分单位的比例"),
    ("share_not_promotable", "Units whose head cannot be promoted", "负责人不得提拔的单位比例", "%", "lower", "Share of the scored units", "占有得分单位的比例"),
    ("share_certified", "Certified units", "达标单位比例", "%", "higher", "Share of the scored units", "占有得分单位的比例"),
    ("share_excellent", "Excellent units", "优秀单位比例", "%", "higher", "Share of the scored units", "占有得分单位的比例"),
    # pay
    ("pay_share", "Assessment pay paid", "考核工资发放比例", "%", "higher", "Share of the assessment pay that is paid", "考核工资实际发放的比例"),
    ("bonus_share", "Target bonus paid", "目标资金发放比例", "%", "higher", "Share of the target bonus that is paid", "目标资金实际发放的比例"),
    ("pay_yuan", "Pay", "年收入", "yuan", "higher",
     "Base pay, assessment pay and target bonus of a year; of a unit, the mean of its people", "全年基本工资、考核工资与目标资金；单位为人均"),
    ("assessment_pay_yuan", "Assessment pay, total", "考核工资总额", "yuan", "neither", "Paid to all people in the year", "全年实际发放总额"),
    ("bonus_yuan", "Target bonus, total", "目标资金总额", "yuan", "neither", "Paid to all people in the year", "全年实际发放总额"),
    ("pay_total_yuan", "Pay, total", "工资总额", "yuan", "neither", "All pay of all people in the year", "全年全部人员工资总额"),
    ("pay_gini", "Inequality of pay (Gini)", "收入基尼系数", "1", "lower", "Gini coefficient over the people whom the pay rule binds", "绩效工资规则适用人员收入的基尼系数"),
)  # fmt: skip

OUTCOMES: dict[str, Outcome] = {
    name: Outcome(
        name=name,
        en=en,
        zh=zh,
        unit=_UNITS[unit],
        better=better,
        definition=Text(en=definition_en, zh=definition_zh),
        scale=100.0 if unit == "%" else 1.0,
    )
    for name, en, zh, unit, better, definition_en, definition_zh in _ROWS
}
