"""Pages of the service rules that change who serves, whom others ask, and what is written down."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import service_curves as curves
from .rule import Arm, Group, Rule, both
from .service import RULES as FIRST
from .service import TIMES

POOLING = {"service_rules.pooling.on": True}
MOBILE = {"service_rules.mobile_support.on": True}

RULES = (
    Rule(
        name="pooling",
        title=both("Section specialisation or pooling", "归口接待·条线受理"),
        told=both(
            "Staff of the same role in the named units serve each other's stations, instead of each waiting for work at "
            "their own. A busy office is helped by an idle neighbour.",
            "指定单位的同岗位人员互相受理，不再各守本单位；繁忙的所得到空闲邻所的支援。",
        ),
        equation="`also_serves` of a group $=$ the same role at every unit of `units`; a free person takes, over all "
        "stations they serve, the request that comes first.",
        paths=("service_rules.pooling",),
        source=both(
            "Article, part 3, measure 6: 归口接待、条线受理; which units pool is assumed.",
            "文章三、六、一：归口接待、条线受理；联办单位为假定。",
        ),
        figure=curves.by_unit(POOLING, {}, ("office", "branch"), 8),
        caption=both(
            "Mean wait for the first step, the units that change most. One replication.",
            "首环节平均等候（变化最大的单位），一次模拟。",
        ),
        on=Arm(policy="pooling"),
        outcomes=("mean_wait_minutes", "mean_processing_days", "on_time_rate", "mean_score"),
    ),
    Rule(
        name="mobile-support",
        title=both("Mobile support teams", "流动支援组"),
        told=both(
            "Groups of staff also help units other than their own, and lose a part of their time to the road. Meant for "
            "offices whose load is uneven.",
            "部分人员同时支援其他单位，并有一部分时间用于路途，适用于忙闲不均的所。",
        ),
        equation="`also_serves` of the team's groups $=$ their role at the units they help; speed $\\times (1 -$ "
        "`travel_share`$)$.",
        paths=("service_rules.mobile_support",),
        source=both(
            "Assumed: a form of pooling that the article does not name.",
            "假定：文章未提及的一种统筹用人方式。",
        ),
        figure=curves.by_unit(MOBILE, {}, ("office", "branch"), 8),
        caption=both(
            "Mean wait for the first step, the units that change most. One replication.",
            "首环节平均等候（变化最大的单位），一次模拟。",
        ),
        on=Arm(policy="mobile-support"),
        outcomes=("mean_wait_minutes", "mean_processing_days", "on_time_rate", "mean_score"),
    ),
    Rule(
        name="petition-pairing",
        title=both("Leaders' petition pairing", "领导结对消访"),
        told=both(
            "Each leader looks after long-standing petition households, some hours a week. Fewer petitions come again, "
            "and leaders have fewer hours for signing.",
            "每名领导联系信访老户，每周走访数小时：重复信访减少，签批时间也随之减少。",
        ),
        equation="Chance of a repeat $p' = p\\,(1 - e \\cdot \\min(1, k L / H))$ with $L$ leaders, `households_each` $k$, "
        "`old_households` $H$, `effect` $e$; `hours_a_week` off duty for each leader.",
        paths=("service_rules.petition_pairing",),
        source=both(
            "Article, part 3, measure 4: 结对消访, one household each; the effect is assumed.",
            "文章三、四、二：结对消访，每人联系一个信访老户；效果为假定。",
        ),
        figure=curves.pairing,
        caption=both("Share of the repeat petitions that pairing settles.", "结对可化解的重复信访比例。"),
        on=Arm(policy="petition-pairing"),
        outcomes=(
            "mean_processing_days@petition",
            "on_time_rate@petition",
            "mean_processing_days",
            "on_time_rate",
        ),
        remark=both(
            "A matter that comes again is the same request going through its route once more, so repeats show as time "
            "and not as further requests.",
            "再次来访在模型中是同一件重新走一遍流程，因此表现为办理时间，而不是新增来件。",
        ),
    ),
    Rule(
        name="assistance",
        title=both("Assistance between units", "单位间协办"),
        told=both(
            "A part of the assignments needs another unit. It does a share of the largest step, and the first unit waits "
            "for it before doing the rest.",
            "部分交办件需要其他单位协办：协办单位承担最大环节的一部分，主办单位等待后完成其余部分。",
        ),
        equation="With chance `share`: $p\\,w$ at the partner's `role`, then $(1-p)\\,w$ at the own unit, with `part` $p$ of "
        "the step's work $w$.",
        paths=("service_rules.assistance",),
        source=both(
            "Article, part 3.6.1: 交办、承办、协办; shares assumed.",
            "文章三、六、一：交办、承办、协办；比例为假定。",
        ),
        figure=curves.assistance,
        caption=both(
            "Hours of help by the section that helps. One replication.", "各协办科室的协办工时，一次模拟。"
        ),
        on=Arm(changes={"service_rules.assistance.on": True}),
        outcomes=(
            "mean_processing_days@assignment",
            "on_time_rate@assignment",
            "utilisation",
            "on_time_rate",
        ),
    ),
    Rule(
        name="information-sharing",
        title=both("Information sharing", "部门信息共享"),
        told=both(
            "Other departments answer from shared registers. Waiting for them takes less time and spreads less.",
            "与外部门共享信息：等待外部门的时间缩短，波动减小。",
        ),
        equation="$d' = f_d\\, d$ and $cv' = f_{cv}\\, cv$ for time at outside departments (`delay_factor`, `cv_factor`).",
        paths=("service_rules.information_sharing",),
        source=both("Article, part 2.3: 信息共享; factors assumed.", "文章二、三：信息共享；倍数为假定。"),
        figure=curves.sharing,
        caption=both(
            "Time at an outside department in land listings, as a cumulative share.",
            "土地挂牌在外部门时间的累积分布。",
        ),
        on=Arm(policy="information-sharing"),
        outcomes=(
            "mean_processing_days@land_listing",
            "mean_processing_days@mineral",
            "mean_processing_days@homestead",
            "mean_processing_days",
            "on_time_rate",
        ),
    ),
    Rule(
        name="rule-clarity",
        title=both("Rule clarity", "工作细则"),
        told=both(
            "Written detail on who does what: fewer people at the wrong desk, fewer acts without mandate (overreach), "
            "fewer duties that nobody takes up (absence).",
            "以细则明确职责：找错门、越位和缺位都减少。",
        ),
        equation="$p' = f\\,p$ for misdirection, overreach and absence, each with its own factor.",
        paths=("service_rules.clarity",),
        source=both(
            "Article, parts 2.2 and 3.2.1: 越位与缺位, 细则; factors assumed.",
            "文章二、二与三、二、一：越位与缺位、细则；倍数为假定。",
        ),
        figure=curves.clarity,
        caption=both(
            "How often a homestead matter is struck by each friction.", "宅基地审批件受各类摩擦影响的概率。"
        ),
        on=Arm(policy="clear-rules"),
        outcomes=("complaint_rate", "complaints", *TIMES),
    ),
)

GROUP = Group(title=both("Service rules", "办理制度"), rules=(*FIRST, *RULES))
