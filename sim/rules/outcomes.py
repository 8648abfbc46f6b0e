"""The outcomes: their names in both languages, units, and the better direction."""

# ruff: noqa: E501 (a table is read by its rows)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.scenario.currency import MONEY, words
from sim.scenario.part import Text

if TYPE_CHECKING:
    import pandas as pd

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

    def unit_in(self, currency: str) -> Text:
        """Return the unit, with money in this currency (a code)."""
        return words(currency) if self.unit is _UNITS[MONEY] else self.unit


_UNITS = {
    "%": Text(en="%", zh="%"),
    "1": Text(en="1", zh="1"),
    "days": Text(en="calendar days", zh="日历天"),
    "minutes": Text(en="minutes", zh="分钟"),
    "hours": Text(en="hours", zh="小时"),
    "points": Text(en="points", zh="分"),
    "points per unit of effort": Text(en="points per unit of effort", zh="分/单位努力"),
    "people": Text(en="people", zh="人"),
    "households": Text(en="households", zh="户"),
    "rank": Text(en="rank", zh="名次"),
    "projects": Text(en="projects", zh="个项目"),
    "checks": Text(en="checks", zh="次"),
    "requests": Text(en="requests", zh="件"),
    "years": Text(en="years", zh="年"),
    "articles": Text(en="articles", zh="篇"),
    "units": Text(en="units", zh="个"),
    "openings": Text(en="openings", zh="次"),
    "quarters": Text(en="quarters", zh="个季度"),
    MONEY: Text(en="currency", zh="货币"),
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
    ("turned_away", "Turned away or left at once", "未能取号或见队长离开", "requests", "lower",
     "Of the requests withdrawn: those whose applicant got no ticket or no place to wait, or left on seeing the queue, and did not come again", "撤回件中因号满、无座或见队长离开且未再来的件数"),
    ("open_at_end", "Backlog at the end", "期末积存件", "requests", "lower",
     "Requests neither finished nor withdrawn when the period ends", "期末既未办结也未撤回的件数"),
    ("stuck", "Requests that stand still", "停滞件", "requests", "lower",
     "Open when the last year ends, and nobody who could go on with them is on duty again within the horizon, or no sitting has a place", "最后一年末未办结，且期内已无人能够继续办理或会议已无名额的件数"),
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
    ("p99_processing_days", "99th percentile of processing time", "办理时间第99百分位数", "days", "lower",
     "Ninety-nine in a hundred requests finished within the period took no longer", "期内办结件中百分之九十九不超过此时间"),
    ("mean_overdue_days", "Mean lateness of late cases", "超时件平均超时", "days", "lower",
     "Past the due date, over the late cases falling due in the period; an open one counts up to the period's end", "期内到期的超时件平均超过时限的时间，未办结的计至期末"),
    ("mean_wait_minutes", "Mean wait for the first step", "首环节平均等候时间", "minutes", "lower",
     "Receipt to the first work step, over requests whose first step began within the period", "期内开始首环节办理的件从受理到开始的平均时间"),
    # people's time
    ("utilisation", "Utilisation", "工作负荷率", "%", "neither",
     "Time at work on requests as a share of time on duty", "办件时间占在岗时间的比例"),
    ("on_duty_hours", "Hours on duty", "在岗时间", "hours", "neither", "Hours available for requests", "可用于办件的小时数"),
    ("busy_hours", "Hours at work on requests", "办件时间", "hours", "neither", "Hours at work on requests", "用于办件的小时数"),
    ("hands_on_hours", "Hands-on hours", "实际办理工时", "hours", "neither",
     "Hours on duty at work on requests of a kind; the kinds add up to the hours at work on requests. Of a unit, by its people, wherever the request is",
     "在岗时间内用于办理该类事项的小时数，各类合计即办件时间；单位按其人员计，不论件在何处"),
    ("hands_on_minutes", "Hands-on time of a visit", "每环节实际办理时间", "minutes", "neither",
     "Mean work, overtime included, on the visits of a step that ended in the period; of a unit, those that its people ended",
     "期内办结环节的平均实际办理时间（含加班）；单位按由其人员办结的环节计"),
    ("study_hours", "Hours of study", "学习时间", "hours", "neither", "Hours of study, of all people together", "全体人员学习小时数合计"),
    ("overtime_hours", "Overtime", "加班时间", "hours", "lower", "Hours worked after duty ended, of all people together", "全体人员下班后办件小时数合计"),
    ("vacant_hours", "Hours of vacant posts", "岗位空缺时间", "hours", "lower", "Hours on duty lost because posts stood empty", "岗位空缺损失的在岗小时数"),
    ("experience_years", "Experience", "任职经验", "years", "higher", "Mean practice of the people in their posts", "人员在岗经验年数均值"),
    ("knowledge_hours", "Knowledge kept from study", "学习积累", "hours", "higher",
     "Mean hours of study that people still know of at the year's end", "年末人均仍掌握的学习小时数"),
    ("study_gain_hours", "Hours won by study", "学习节省工时", "hours", "higher", "Hours of work that study has spared, of all people together", "学习提升速度所节省的工时合计"),
    ("study_balance_hours", "Balance of study", "学习收支（累计）", "hours", "higher",
     "Hours won by study less hours spent on it, added up since the start", "自期初累计：学习节省工时减学习用时"),
    # indicators
    ("on_time_rate", "On-time rate", "按时办结率", "%", "higher",
     "Share of the cases falling due that met their limit; an open overdue one counts as late", "到期件中在时限内办结的比例，逾期未办结的计为超时"),
    ("return_rate", "Return rate", "退回补正率", "%", "lower",
     "Share of the cases falling due that were sent back to the applicant at least once", "到期件中至少退回申请人补正一次的比例"),
    ("overdue_rate", "Overdue rate", "逾期积存率", "%", "lower",
     "Open overdue cases as a share of the cases falling due and of those overdue from before that are still open", "逾期未办结件占到期件（含往年逾期未结件）的比例"),
    ("time_against_limit", "Time taken against the limit", "办理时间占时限比例", "%", "lower",
     "Mean share of its limit that a case falling due has used; a late case has used all of it", "到期件平均已用时限的比例，超时件计为全部用完"),
    ("study_rate", "Study rate", "学习完成率", "%", "higher",
     "Study done as a share of the study asked of those present, each person at most 100 %", "已完成学习时间占在岗人员应学时间的比例，每人至多100%"),
    # practice that spreads: only where units differ in it
    ("practice", "Working practice", "工作方法水平", "1", "higher", "Factor of the unit's practice on the speed of its people at the year's end, 1 = usual; of the bureau, the mean", "年末单位工作方法对工作速度的倍数，1为通常；全局为均值"),
    ("stage_leading", "Named as leading in a quarter", "阶段性先进次数", "quarters", "higher", "Quarters of the year after which the unit was among the leading ones", "年内被评为阶段性先进的季度数"),
    ("stage_lagging", "Had to mend in a quarter", "限期整改次数", "quarters", "lower", "Quarters of the year after which the unit was among the lagging ones", "年内被列为落后须整改的季度数"),
    # study as it is done: only where it can be missed, is named, or is a contest
    ("study_done_rate", "Study really done", "实际学习完成率", "%", "higher",
     "Study really done as a share of the study asked of those present; the study rate is what the record shows", "实际完成学习时间占应学时间的比例；学习完成率为记录所示"),
    ("study_false_hours", "Study entered without being done", "虚记学习时间", "hours", "lower", "Hours that the study record shows and nobody studied", "学习记录有而未实际学习的小时数"),
    ("articles", "Research articles", "调研文章", "articles", "higher", "Research articles handed in within the year", "年内提交的调研文章篇数"),
    ("study_notices", "People named for missed study", "个人因学习被通报人次", "people", "lower", "People named at the end of a quarter because their recorded study lay under the line, added up over the year", "各季度记录学习完成率低于规定而被通报的人次，全年合计"),
    ("unit_notices", "Units named for missed study", "单位因学习被通报次数", "units", "lower", "Units named at the end of a quarter because their recorded study lay under the line, added up over the year", "各季度记录学习完成率低于规定而被通报的单位数，全年合计"),
    ("learning_models", "Learning models", "学习标兵", "people", "neither", "People honoured for the best study record of the year", "年度学习成绩最佳而受表彰的人数"),
    ("own_study_hours", "Study in people's own time", "业余学习时间", "hours", "neither", "Hours that those who compete as learning models study outside office hours", "学习标兵参评者业余学习小时数"),
    ("recorded_on_time_rate", "On-time rate as recorded", "记录的按时办结率", "%", "neither",
     "The on-time rate by the due dates and finishes that were written down, which is what the score sees", "按登记的时限与办结日期计算的按时办结率，即考核所见"),
    ("on_time_gap", "Recorded less true on-time rate", "按时办结率的记录与实际之差", "%", "lower",
     "How much better the records are than what was done", "记录优于实际的程度"),
    ("audited_cases", "False records found", "稽核查出件", "requests", "lower", "Cases falling due whose false record was found by an audit", "到期件中稽核查出弄虚作假的件数"),
    ("needless_returns", "Needless returns", "不必要的补正", "requests", "lower", "Cases falling due that were sent back for a needless supplement", "到期件中被要求不必要补正的件数"),
    ("error_rate", "Error rate", "差错率", "%", "lower", "Share of the cases falling due in which a mistake was made", "到期件中出现差错的比例"),
    ("complaint_rate", "Complaint rate", "投诉率", "%", "lower", "Share of the cases falling due about which the applicant complained", "到期件中被投诉的比例"),
    ("complaints", "Complaints", "投诉件", "requests", "lower", "Cases falling due about which the applicant complained", "到期件中被投诉的件数"),
    ("resolved_rate", "Resolution rate", "到期件办结率", "%", "higher", "Share of the cases falling due that are finished by the period's end, in time or not", "到期件中期末前已办结（不论是否超时）的比例"),
    ("same_day_rate", "Finished on the day of arrival", "当日办结率", "%", "higher", "Share of the cases falling due that were finished on the day on which they came in", "到期件中收件当日即办结的比例"),
    # further time limits: only where a kind has any
    ("limit_due_cases", "Cases due by a further limit", "其他时限到期件", "requests", "neither", "Cases whose further time limit runs out within the period; its kind is the limit", "期内该项其他时限届满的件数；“事项”栏为时限名称"),
    ("limit_on_time_rate", "On-time rate by a further limit", "其他时限按时率", "%", "higher", "Share of the cases due by a further time limit that met it; its kind is the limit", "期内该项其他时限届满件中按时的比例；“事项”栏为时限名称"),
    ("limit_overdue_days", "Mean lateness by a further limit", "其他时限平均超时", "days", "lower", "Past the further time limit, over the cases late by it; an open one counts up to the period's end; its kind is the limit", "超过该项其他时限的件平均超过的时间，未办结的计至期末；“事项”栏为时限名称"),
    ("duty_rate", "Standing duties done", "日常巡查等履职率", "%", "higher",
     "Hours really spent on patrol, consolidation and other standing duties, as a share of the hours planned", "巡查、整理等日常职责实际用时占计划用时的比例"),
    ("assisted", "Matters with another unit's help", "协办件数", "requests", "neither",
     "Matters of which another unit did a part within the year, counted where they came in", "年内由其他单位协办的件数，按收件单位计"),
    ("assistance_hours", "Work done for other units", "协办工时", "hours", "neither",
     "Standard hours of help done within the year, counted at the unit that helped", "年内为其他单位协办的标准工时，按协办单位计"),
    ("assistance_wait_days", "Wait for another unit's help", "等待协办时间", "days", "lower",
     "Mean time from asking for help to its end", "自提出协办至协办完成的平均时间"),
    ("projects_in_store", "Target projects in store", "在库项目数", "projects", "neither",
     "Handed out and not yet accepted at the end of the month; of a year, the mean of its months", "月末已入库、尚未验收出库的项目数；全年为各月均值"),
    ("projects_lagging", "Target projects that lag", "滞后项目数", "projects", "lower",
     "In store at the end of the month with fewer stages done than planned, or past due; of a year, the mean of its months", "月末在库且完成阶段少于计划或已逾期的项目数；全年为各月均值"),
    ("projects_checked", "Checks of projects", "项目督查次数", "checks", "neither",
     "Checks of a stage by the unit or the bureau in the month or year", "当月（全年）单位与县局对项目阶段的检查次数"),
    ("projects_sent_back", "Projects sent back", "验收退回次数", "projects", "lower",
     "Times that acceptance sent a project back for mending in the month or year", "当月（全年）验收退回整改的次数"),
    ("projects_taken_out", "Projects accepted", "验收出库项目数", "projects", "higher",
     "Projects accepted in the month or year, in time or not", "当月（全年）验收出库的项目数，不论是否按期"),
    ("projects_accepted", "Target projects accepted in time", "目标项目按期验收率", "%", "higher",
     "Share of the target projects falling due that were accepted by their due date", "到期目标项目中按期验收出库的比例"),
    # conduct
    ("effort", "Effort", "努力程度", "1", "neither", "Work done in an hour through effort alone, 1 = standard; mean of the months. Of a kind, the units' mean by their hands-on hours; of a unit and kind, where it has such work", "努力程度对工作速度的倍数，1为标准；各月均值。事项类别按各单位实际办理工时加权；单位与类别仅列有该类工作者"),
    ("rush", "Rushing", "赶工程度", "1", "lower", "Part of the extra effort that is corner-cutting; mean of the months", "额外努力中图快省事的部分；各月均值"),
    ("attention_spread", "Imbalance of attention", "工作失衡程度", "1", "lower",
     "Attention to the most less attention to the least regarded matter, 0 = all alike; mean of the months", "最受重视与最不受重视事项的关注度之差，0为均衡；各月均值"),
    ("late_last", "Late requests served last", "超时件后办", "%", "lower", "Share of the months in which late requests wait for all others", "超时件排在所有件之后的月份比例"),
    ("recording", "Late cases recorded as in time", "超时件按时登记比例", "%", "lower", "Share of nearly late cases recorded as in time; mean of the months", "临近超时件被登记为按时的比例；各月均值"),
    ("effort_at_bound", "Effort at a bound", "努力达到上下限的月份", "%", "neither", "Share of the months in which the effort for some kind is at its least or its greatest", "某类事项的努力处于下限或上限的月份比例"),
    ("beliefs_unsettled", "Beliefs about the others unsettled", "对其他单位的预期未收敛", "%", "lower", "Share of the years before which the units' answers to each other did not settle", "年前各单位对彼此的预期未能收敛的年份比例"),
    ("usual_score", "Usual score", "通常得分", "points", "higher", "Mean score of the year at usual effort, as trials tell it", "按通常努力工作时的年度平均得分（由试算得出）"),
    ("usual_error", "Usual score, standard error", "通常得分的标准误", "points", "neither", "Standard error of the usual score, of the trials alone", "通常得分的标准误（仅试算误差）"),
    ("gain_believed", "Gain from effort, believed", "预期的努力增分", "points", "neither", "Points that the year's effort was believed to bring beyond the usual score", "认为当年努力可在通常得分之上增加的分数"),
    ("gain_realised", "Gain from effort, realised", "实际增分", "points", "higher", "True score less the usual score: what effort and luck brought", "真实得分减通常得分，即努力与偶然因素带来的增分"),
    ("return_to_effort", "Return to effort", "努力回报", "points per unit of effort", "neither", "Points that a unit's own greatest effort brings in a year, for each unit of extra effort, as trials tell it", "本单位努力至上限时全年每单位额外努力的增分（由试算得出）"),
    ("return_error", "Return to effort, standard error", "努力回报的标准误", "points per unit of effort", "neither", "Standard error of the return to effort, of the trials alone", "努力回报的标准误（仅试算误差）"),
    ("return_of_others", "Return to the others' effort", "他单位努力的外溢", "points per unit of effort", "neither", "Points that a unit gains in a year when half of the others, and not itself, make their greatest effort, for each unit of extra effort, as trials tell it", "仅半数其他单位努力至上限时，本单位全年每单位额外努力的增分（由试算得出）"),
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
    ("excellent", "Excellent", "优秀单位", "%", "higher", "The score reaches the line of excellence", "得分达到优秀线"),
    ("rolling_score", "Score that counts", "计入得分", "points", "higher", "The score that thresholds and pay look at: of this year, or the mean of several", "门槛与兑现所依据的得分：当年得分或多年均值"),
    ("scaled_score", "Score for ranking", "排名得分", "points", "higher", "The score by which units are ranked, made comparable between scorecards where the rules say so", "据以排名的得分；规则要求时按不同评分表换算"),
    ("top", "Among the top units", "列入双十佳", "%", "higher", "The unit is honoured as one of the best of the year", "被表彰为年度最佳单位"),
    ("criticised", "Criticised in public", "被通报批评", "%", "lower", "The unit missed its study and is criticised in public", "未完成学习任务被系统内通报"),
    ("audit_points", "Points lost by audits", "稽核扣分", "points", "lower", "Points taken off the measured score for false records found", "因稽核查出弄虚作假从考核得分中扣减的分数"),
    ("mean_score", "Mean score", "平均考核得分", "points", "higher", "Mean of the measured scores of the scored units", "有得分单位的考核得分均值"),
    ("score_gap", "Gap between measured and true score", "考核得分与真实得分之差", "points", "lower",
     "Mean absolute difference over the scored units", "有得分单位差值绝对值的均值"),
    ("share_not_advanced", "Units below the advanced-unit line", "低于综合先进单位门槛的单位比例", "%", "lower", "Share of the scored units", "占有得分单位的比例"),
    ("share_not_promotable", "Units whose head cannot be promoted", "负责人不得提拔的单位比例", "%", "lower", "Share of the scored units", "占有得分单位的比例"),
    ("share_certified", "Certified units", "达标单位比例", "%", "higher", "Share of the scored units", "占有得分单位的比例"),
    ("share_excellent", "Excellent units", "优秀单位比例", "%", "higher", "Share of the scored units", "占有得分单位的比例"),
    ("certified_target_met", "Target of certification met", "达标目标实现", "%", "higher", "Whether the share of certified units reaches the target", "达标单位比例是否达到目标"),
    ("excellent_target_met", "Target of excellence met", "优秀目标实现", "%", "higher", "Whether the share of excellent units reaches the target", "优秀单位比例是否达到目标"),
    # people's careers
    ("moved", "People moved", "交流人数", "people", "neither", "People who changed posts with others at the year's end because of the verdict", "年终因考核结果交流调整的人数"),
    ("removed", "Heads removed", "免职人数", "people", "lower", "Mid-level cadres removed from their posts at the year's end", "年终被免职的中层干部人数"),
    ("promoted", "People promoted", "提拔人数", "people", "higher", "People promoted at the year's end", "年终提拔的人数"),
    ("awards", "Degrees and certificates", "取得学历与证书数", "people", "higher", "Degrees and certificates that people earned in the year", "年内取得学历、职称、证书的人次"),
    ("award_pay", "Rewards for degrees and certificates", "以奖代补金额", MONEY, "neither", "Paid in the year for degrees and certificates, and to learning models; a part of all pay", "年内为学历、职称、证书及学习标兵发放的奖励；计入工资总额"),
    ("newcomers", "Newcomers", "新进人数", "people", "neither", "Posts that somebody new takes at the year's end", "年终由新人接任的岗位数"),
    # people's own records and the two ladders
    ("promoted_to_head", "Promoted to head of a unit", "提拔为中层干部人数", "people", "neither", "Clerks who take a head's post at the year's end", "年终由办事员提拔为中层干部的人数"),
    ("promoted_to_city", "Promoted to deputy section chief", "提拔为副科级人数", "people", "neither", "Heads of units whom the city bureau takes at the year's end", "年终经推荐由市局提拔为副科级干部的中层干部人数"),
    ("barred", "Barred from promotion", "因单位得分未能提拔人数", "people", "neither", "People who would be promoted at the year's end if the promotion line did not bar their unit", "若无提拔门槛本应提拔、因所在单位得分低于门槛而未提拔的人数"),
    ("promoted_by_merit", "Promoted by their own record", "凭业绩提拔人数", "people", "higher", "People promoted whom their true record alone would promote", "仅凭真实业绩也会提拔的人数"),
    ("promoted_by_unit", "Promoted by their unit's score", "凭单位得分提拔人数", "people", "neither", "People promoted whom the unit's score, added to the true record, would promote, and the record alone would not", "仅凭真实业绩不会提拔、加上单位得分即会提拔的人数"),
    ("promoted_by_seniority", "Promoted by seniority", "凭资历提拔人数", "people", "lower", "People promoted whom years of service, added to true record and unit's score, would promote, and those without it would not", "凭真实业绩和单位得分不会提拔、加上工龄即会提拔的人数"),
    ("promoted_by_luck", "Promoted by luck", "凭偶然提拔人数", "people", "lower", "People promoted only because their record was measured as it was, or by luck", "仅因业绩测评误差或偶然因素而提拔的人数"),
    ("share_promoted_by_merit", "Promoted by their own record, share", "凭业绩提拔比例", "%", "higher", "Share of the people promoted whom their true record alone would promote", "仅凭真实业绩也会提拔者占提拔人数的比例"),
    ("record", "Own record, as measured", "个人业绩（测评）", "1", "higher", "A person's record of the year as it was seen, in standard deviations of those of the same role", "个人当年业绩的测评值，以同岗位人员的标准差计"),
    ("true_record", "Own record, in truth", "个人业绩（真实）", "1", "higher", "A person's record of the year with all cases looked at and no opinion in it, in the same measure", "全数检查且无评议误差时的个人业绩，单位同上"),
    ("commended", "People commended", "表扬人数", "people", "neither", "People commended for the best records of the year", "因当年业绩优秀受表扬的人数"),
    ("commendation_pay", "Rewards of commendations", "表扬奖金", MONEY, "neither", "Paid in the year to those commended; a part of all pay", "年内发给受表扬人员的奖金；计入工资总额"),
    # pay
    ("pay_share", "Assessment pay paid", "考核工资发放比例", "%", "higher", "Share of the assessment pay that is paid", "考核工资实际发放的比例"),
    ("bonus_share", "Target bonus paid", "目标资金发放比例", "%", "higher", "Share of the target bonus that is paid", "目标资金实际发放的比例"),
    ("pay", "Pay", "年收入", MONEY, "higher",
     "All that a person is paid in a year, as in the total; of a unit, the mean of its people", "个人全年全部收入，构成同工资总额；单位为人均"),
    ("base_pay", "Base pay, total", "基本工资总额", MONEY, "neither", "Paid to all people in the year; of a unit, to its people; of a person, to them", "全年实际发放总额；单位为本单位人员合计，个人为本人"),
    ("assessment_pay", "Assessment pay, total", "考核工资总额", MONEY, "neither", "Paid to all people in the year; of a unit, to its people; of a person, to them", "全年实际发放总额；单位为本单位人员合计，个人为本人"),
    ("bonus", "Target bonus, total", "目标资金总额", MONEY, "neither", "Paid to all people in the year; of a unit, to its people; of a person, to them", "全年实际发放总额；单位为本单位人员合计，个人为本人"),
    ("pay_total", "Pay, total", "工资总额", MONEY, "neither",
     "All that people are paid in the year: base pay + assessment pay + target bonus + reward fund + rewards for degrees, certificates and commendations; of a unit, its people together",
     "全年发给全部人员的收入：基本工资＋考核工资＋目标资金＋专项奖励资金＋以奖代补＋表扬奖金；单位为本单位人员合计"),
    ("reward_fund", "Reward fund", "专项奖励资金", MONEY, "neither", "Paid out of the special reward fund in the year; of a unit, to its people together; of a person, to them", "全年发放的专项奖励资金；单位为全体人员合计，个人为本人"),
    ("pay_gini", "Inequality of pay (Gini)", "收入基尼系数", "1", "lower", "Gini coefficient over the people whom the pay rule binds", "绩效工资规则适用人员收入的基尼系数"),
    ("pay_spread_equal_merit", "Spread of pay at equal true performance", "同等真实绩效下的收入差距", MONEY, "lower",
     "Standard deviation, over the units bound by the pay rule, of mean pay less what the same rule would pay at the true score", "绩效工资规则适用单位人均收入与同一规则下按真实得分应发人均收入之差的标准差"),
    # what citizens and superiors see
    ("duty_hours", "Hours of a standing duty", "日常职责用时", "hours", "neither", "Hours spent on the duty, of all people together; its kind is the duty", "全体人员用于该项日常职责的小时数；“事项”栏为职责名称"),
    ("violations_found", "Violations found", "发现违法用地", "requests", "neither", "Violations that somebody saw in the period, by patrol or later", "期内发现的违法用地宗数（巡查发现或事后发现）"),
    ("found_on_patrol", "Found on patrol", "巡查发现率", "%", "higher", "Share of the violations found in the period that patrol found before others reported them", "期内发现的违法用地中由巡查先行发现的比例"),
    ("days_unseen", "Days until seen", "发现用时", "days", "lower", "From the beginning of a violation until somebody saw it, mean over those found in the period", "违法行为发生至被发现的平均天数（期内发现者）"),
    ("days_until_stopped", "Days until stopped", "制止用时", "days", "lower", "From the beginning of a violation until the first step of work on it ended, mean over those stopped in the period", "违法行为发生至首次到场制止的平均天数（期内制止者）"),
    ("violation_loss", "Loss by violations not stopped", "违法未及时制止的损失", MONEY, "lower", "For each day of the period on which a violation went on, until it was stopped or complete", "期内违法行为未制止且未建成的每一天计一份损失"),
    ("repeat_petitions", "Repeat petitions", "重复信访", "requests", "lower", "Petitions of old households in the period, and others that came again in it, where they were filed", "期内老户来访及其他再次来访的件数，按收件单位计"),
    ("households_settled", "Old households settled", "化解信访老户", "households", "higher", "Old petition households that leaders' visits settled in the period", "期内经领导走访化解的信访老户数"),
    ("households_open", "Old households not settled", "未化解信访老户", "households", "lower", "Old petition households not settled at the period's end", "期末尚未化解的信访老户数"),
    ("visit_hours", "Leaders' hours at households", "领导走访时间", "hours", "neither", "Hours that leaders spent at the households they are paired with", "领导走访结对户的小时数"),
    ("discipline", "Discipline", "工作纪律", "%", "higher",
     "Share of people's days at work without a breach: a front desk opened late, or a matter that nobody took up", "在岗人日中无违纪的比例；窗口迟开、无人承办均计违纪"),
    ("late_openings", "Front desks opened late", "窗口迟开次数", "openings", "lower", "Late openings of front desks, counted for each clerk of the desk", "窗口迟开次数，按窗口人员逐人计"),
    ("late_opening_hours", "Hours lost by late opening", "窗口迟开时间", "hours", "lower", "Hours in which front desks should have been open and were not", "窗口应开未开的小时数"),
    ("absences", "Matters nobody took up (absence)", "缺位件", "requests", "lower", "Matters that fell idle in the period because nobody took them up, where they were filed", "期内因无人承办而搁置的件数，按收件单位计"),
    ("absence_days", "Days lost by absence", "缺位搁置天数", "days", "lower", "Days of the period in which matters lay idle because nobody took them up, all together", "期内因无人承办而搁置的天数合计"),
    ("overreaches", "Acts without mandate (overreach)", "越位件", "requests", "lower", "Acts without mandate done in the period, where the matter was filed", "期内越位办理的件数，按收件单位计"),
    ("overreach_days", "Days until complaints of overreach", "越位未纠正天数", "days", "lower", "Days of the period in which acts without mandate stood until somebody complained, all together", "期内越位行为在投诉前持续的天数合计"),
    ("reversals", "Acts reversed", "纠正越位件", "requests", "neither", "Acts without mandate reversed in the period; one act stands for one", "期内纠正的越位件数"),
    ("department_answers", "Answers of departments", "部门回复件", "requests", "neither", "Waits for a named department that ended in the period; its kind is the department", "期内收到具名部门回复的件数；“事项”栏为部门名称"),
    ("department_days", "Wait for a department", "部门等待时间", "days", "lower", "Mean time from asking a named department to its answer, of answers in the period", "期内收到回复者自送出至收到回复的平均天数"),
    ("department_days_p90", "Wait for a department, 90th percentile", "部门等待时间第90百分位数", "days", "lower", "Nine in ten answers of the period took no longer", "期内回复中九成不超过此时间"),
    ("promises_kept", "Promises kept", "服务承诺兑现率", "%", "higher", "Share of the cases falling due, of kinds with published promises, of which all promises were kept", "公开承诺事项的到期件中全部承诺均兑现的比例"),
    ("satisfaction", "Satisfaction", "群众满意度", "points", "higher", "Mean over the cases falling due of a stated function of wait, returns, lateness and complaint; an assumption, not a survey", "到期件按等候、退回、超时和投诉计算的满意度均值（为假定函数，并非调查）"),
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


_TOLD = ("on_time_rate", "mean_processing_days", "mean_wait_minutes", "mean_score", "pay_total")


def bureau_facts(table: pd.DataFrame, currency: str) -> list[tuple[str, str]]:
    """Return what a table of outcomes says of the bureau's years in a few lines: label, and mean with unit."""
    whole = (table["month"] == 0) & (table["unit"] == "") & (table["kind"] == "") & (table["person"] == "")
    means = table[whole & table["outcome"].isin(_TOLD)].groupby("outcome", observed=True)["value"].mean()
    facts = []
    for name in _TOLD:
        if name in means.index and means[name] == means[name]:
            one = OUTCOMES[name]
            facts.append(
                (one.en, f"{means[name] * one.scale:,.2f} {one.unit_in(currency).en}".replace(" %", "%"))
            )
    return facts
