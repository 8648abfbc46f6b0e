"""Pages of study as it is done: missed, named, rewarded, by need; integrity education."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import study_curves as curves
from .behaviour_pages import only
from .rule import Arm, Group, Rule, both

SERVICE = ("utilisation", "mean_wait_minutes", "on_time_rate", "error_rate")
MISSED = {"study.missed.on": True}
ONLY = only("effort") | {"behaviour.return": "assumed"}
SPREADS = {"practice.on": True}
SPREAD = both(
    "Article, part 3, measure 4: 典型引路, 家家到观摩互查, 分析会; all numbers assumed.",
    "文章三、四（三）：典型引路、家家到观摩互查、精细化管理分析会；数值均为假定。",
)

RULES = (
    Rule(
        name="missed-study",
        title=both("Study that can be missed", "自学落空与学习记录"),
        told=both(
            "Self-study and articles compete with service. A sitting is missed with a chance that rises with the load of the unit; its hours return to "
            "service. A part is made up in the next month, a part of the rest is entered in the study record without being done.",
            "自学和调研文章与业务争时间。缺学概率随单位负荷上升，所占时间退回业务；其中一部分次月补学，其余部分被虚记为已学。",
        ),
        equation="Chance $= p_0 + p_1\\,\\min\\left(1, \\max\\left(0, \\frac{u - u_0}{1 - u_0}\\right)\\right)$ at felt load $u$; a missed hour raises the "
        "month's speed of the person by its share of the hours on duty.",
        paths=("study.missed",),
        source=both(
            "Article, part 3, measure 1: self-study with a record, and supervision of it; all numbers assumed.",
            "文章三、一（二）：自学有记录，加大督查力度；数值均为假定。",
        ),
        figure=curves.chance_missed,
        caption=both("Chance that a sitting is missed, by load.", "不同负荷率下的缺学概率。"),
        on=Arm(changes=MISSED),
        outcomes=("study_hours", "knowledge_hours", *SERVICE, "mean_score"),
        remark=both(
            "The study rate is what the record shows. Study really done, false entries and articles exist only while the rule is on.",
            "学习完成率以记录为准；实际完成率、虚记时间和调研文章篇数仅在本制度启用时列出。",
        ),
    ),
    Rule(
        name="study-notices",
        title=both("Units and people named each quarter", "学习情况季度通报"),
        told=both(
            "At the end of each quarter the units and people are named whose recorded study lies under a line. They miss less in the next quarter.",
            "每季度末对记录学习完成率低于规定的单位和个人系统内通报；其下一季度缺学减少。",
        ),
        equation="named $\\iff$ recorded share of the quarter's study $<$ line; then chance of missing $\\times\\,a$ for a quarter.",
        paths=("study.notices", "study.criticism_share"),
        source=both(
            "Article, part 3, measure 1: units and people are named; the lines and what follows are assumed.",
            "文章三、一（二）：对单位和个人实行系统内通报；界线与后效为假定。",
        ),
        figure=curves.record_of_people,
        caption=both(
            "Study of people as recorded and as done, in order, and the line. One replication.",
            "个人学习的记录与实际完成率（排序）及通报线，一次模拟。",
        ),
        on=Arm(changes=MISSED | {"study.notices.on": True}),
        off=Arm(changes=MISSED),
        outcomes=(
            "study_done_rate",
            "study_rate",
            "articles",
            "knowledge_hours",
            "study_hours",
            *SERVICE,
            "mean_score",
        ),
    ),
    Rule(
        name="learning-models",
        title=both("Learning models", "学习标兵"),
        told=both(
            "A share of the people compete for being one of the ten learning models. They miss no study and study in their own time; the best records are "
            "honoured and paid.",
            "部分人员参评学习标兵（十佳），不缺学并利用业余时间学习；成绩最佳者受表彰和奖励。",
        ),
        equation="Share who compete $= s\\,(1 + r\\,(b / b_0 - 1))$ at prize $b$; the $k$ best by hours recorded, own time, articles and what they earned.",
        paths=("study.contest",),
        source=both(
            "Article, part 3, measures 1 and 4: rewards for special results in study; ten models; numbers assumed.",
            "文章三、一（三）与三、四（一）：对学习有特殊成效者奖励，学习标兵双十佳；数值为假定。",
        ),
        figure=curves.competing,
        caption=both("Share of the people who compete, by the prize.", "不同奖励下的参评比例。"),
        on=Arm(changes=MISSED | {"study.contest.on": True}),
        off=Arm(changes=MISSED),
        outcomes=("knowledge_hours", "study_done_rate", "award_pay", "pay_total", *SERVICE),
    ),
    Rule(
        name="rewards-move-people",
        title=both("Rewards move people", "奖励对取得学历证书的激励"),
        told=both(
            "A share of those who earn a degree or certificate do so for the reward. A greater reward then moves more people. Here: a tenfold reward.",
            "部分人员因奖励而取得学历或证书，奖励越高取得者越多。此处为奖励提高到十倍。",
        ),
        equation="Chance $= p\\,(1 + r\\,(b / b_0 - 1))$ at reward $b$, usual reward $b_0$, response $r$; at most 1.",
        paths=("awards",),
        source=both(
            "Article, part 3, measure 1: 以奖代补 is to encourage study; the response is assumed.",
            "文章三、一（三）：以奖代补，激励学习积极性；反应程度为假定。",
        ),
        figure=curves.rewarded,
        caption=both(
            "Share of people who earn a certificate in a year, by the reward.",
            "不同奖励下每年取得证书的比例。",
        ),
        on=Arm(
            changes={f"awards.{name}.response": 0.4 for name in ("degree", "certificate")}
            | {"awards.degree.reward": 30000, "awards.certificate.reward": 10000},
            years=2,
        ),
        off=Arm(changes={f"awards.{name}.response": 0.4 for name in ("degree", "certificate")}, years=2),
        outcomes=("awards", "award_pay", "knowledge_hours", "error_rate", "pay_total"),
        remark=both(
            "In the second year, when what was earned in the first is known.",
            "比较第二年，此时上年取得的学历证书已计入学习积累。",
        ),
    ),
    Rule(
        name="training-by-need",
        title=both("Training by need", "缺什么、补什么"),
        told=both(
            "People lack only a part of a common course. By need every hour of training teaches something new; what each lacks is found out first, off service.",
            "统一课程中个人只缺一部分；按需培训使每小时都有新内容，但需先用时测评。",
        ),
        equation="An hour of training brings $1 / \\ell_i$ hours of knowledge, $\\ell_i$ the share of a common course that person $i$ lacks.",
        paths=("study.needs",),
        source=both(
            "Article, part 3, measure 1: 缺什么、补什么; numbers assumed.",
            "文章三、一（一）：缺什么、补什么；数值为假定。",
        ),
        figure=curves.by_need,
        caption=both(
            "What an hour of training brings, over the people.", "每小时按需培训的效果在人员中的分布。"
        ),
        on=Arm(changes={"study.needs.on": True}),
        outcomes=("knowledge_hours", "study_gain_hours", *SERVICE),
    ),
    Rule(
        name="integrity-education",
        title=both("Integrity education against overreach", "廉政教育减少越位"),
        told=both(
            "Each integrity session of the year spares a share of the acts without mandate. Here: two sessions, a tenth each.",
            "每次廉政教育使越位按比例减少。此处为每年两次，每次一成。",
        ),
        equation="Chance of an act without mandate $\\times\\,(1 - e)^n$ with $n$ sessions a year.",
        paths=("frictions.overreach.integrity_effect", "study.integrity_sessions_a_year"),
        source=both(
            "Article, part 3, measure 1: at least two sessions a year; the effect is assumed.",
            "文章三、一（一）：每年集中不少于两次；效果为假定。",
        ),
        figure=curves.sessions,
        caption=both("Acts without mandate left, by sessions a year.", "不同次数下剩余的越位比例。"),
        on=Arm(changes={"frictions.overreach.integrity_effect": 0.1}),
        outcomes=("complaints", "utilisation", "mean_processing_days"),
        remark=both(
            "The hours of the sessions stand on the page of the study load: they are the same here.",
            "教育所占时间见“学习制度”一页，此处两侧相同。",
        ),
    ),
    Rule(
        name="study-worth",
        title=both("Study by what a point is worth", "按分数价值取舍学习"),
        told=both(
            "People who respond weigh the points that the hours of study would bring in service against the points of study that the record would not show. "
            "The more a point is worth, the more is kept up or entered falsely.",
            "随规则调整的人员权衡学习时间用于业务可增的分数与学习记录缺失所失的分数；一分越值钱，越会坚持学习或虚记。",
        ),
        equation="Added to the chance of missing: $\\sigma\\,w\\,(R'\\,h - (1 - v)\\,P)$; to that of a false entry: $\\sigma\\,w\\,P$. $w$ worth of a point, $R'$ "
        "return to effort, $h$ share of self-study in the hours, $P$ points of study, $v$ the share that the record shows.",
        paths=("behaviour.responsive.study",),
        source=both("Assumed.", "假定。"),
        figure=curves.worth_of_study,
        caption=both(
            "What is added to false entries, by the worth of a point.", "一分价值与虚记增加的关系。"
        ),
        on=Arm(changes=MISSED | ONLY | {"behaviour.responsive.study.on": True}, behaviour="responsive"),
        off=Arm(changes=MISSED | ONLY, behaviour="responsive"),
        outcomes=("study_rate", "study_done_rate", "study_false_hours", "knowledge_hours", *SERVICE),
    ),
    Rule(
        name="good-practice",
        title=both("Good practice spreads by visits", "观摩互查、好做法推广"),
        told=both(
            "Units differ in how well they work. A visit to a better unit closes a share of the gap. Here: visits every quarter, against visits that teach nothing.",
            "各单位工作方法有高下，到较好的单位观摩可缩小差距。此处为每季度观摩有效，对比观摩无效。",
        ),
        equation="$p_u \\leftarrow p_u + (1 - (1 - r)^n)\\,\\max(0, p_h - p_u)$ after a quarter with $n$ visits to host $h$; speed of the unit's people $\\times\\,p_u$.",
        paths=(
            "practice.on",
            "practice.spread",
            "practice.visit_duty",
            "practice.visit_rate",
        ),
        source=SPREAD,
        figure=curves.practice_of_units,
        caption=both(
            "Practice of the units at the year's end, in order, with and without visits. One replication.",
            "年末各单位工作方法水平（排序），有无观摩对比，一次模拟。",
        ),
        on=Arm(changes=SPREADS),
        off=Arm(changes=SPREADS | {"practice.visit_rate": 0}),
        outcomes=("practice", *SERVICE, "mean_score"),
    ),
    Rule(
        name="stage-evaluation",
        title=both("Stage evaluation each quarter", "阶段性评先与分析会"),
        told=both(
            "Each quarter the offices and branches are compared by their cases in time. The leading ones become models and hosts of the visits; the lagging ones "
            "must mend their ways.",
            "每季度按限时办结情况比较国土所和分局；先进者为典型并接待观摩，落后者限期整改。",
        ),
        equation="All: $m\\,\\max(0, \\bar p_{lead} - p_u)$ is added; lagging: $g\\,\\max(0, \\bar p - p_u)$; hosts are the leading units.",
        paths=("practice.stage",),
        source=SPREAD,
        figure=curves.leading_and_lagging,
        caption=both(
            "Practice of units at the year's end, by how often they led. One replication: results also hold luck and load.",
            "各单位期末工作方法水平与当年先进次数，一次模拟；结果中含偶然与负荷。",
        ),
        on=Arm(changes=SPREADS | {"practice.stage.on": True}),
        off=Arm(changes=SPREADS),
        outcomes=("practice", *SERVICE, "mean_score"),
        remark=both(
            "Who leads is told by results, which hold load and luck beside practice.",
            "先进与否按结果评定，结果除工作方法外还含负荷与偶然因素。",
        ),
    ),
)

GROUP = Group(
    title=both("Study as it is done, and practice that spreads", "学习的落实与好做法的推广"), rules=RULES
)
