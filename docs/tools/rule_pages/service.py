"""Pages of the service rules."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from . import service_curves as curves
from .rule import Arm, Rule, both

ONE_PART = both("Wang Haidong's article, part 3, measure 4 (service).", "王海东文章三、四、二（服务措施）。")
FRONT = ("office", "branch", "hall")
TIMES = ("mean_processing_days", "on_time_rate", "mean_wait_minutes")

RULES = (
    Rule(
        name="one-window",
        title=both("One window", "一窗口受理"),
        told=both(
            "All front staff of a unit share one line, instead of each clerk keeping desks for some kinds of matters. "
            "Nobody is idle while somebody waits at another desk of the same unit.",
            "一个单位的窗口人员共用一条队伍，不再各守一台；不会出现一台有人等、另一台空闲。",
        ),
        equation="One line served by $c$ clerks instead of lines of $c_1 + c_2 + \\dots = c$: a free clerk takes the next "
        "request of *any* line that they can serve. Without it, kinds are divided among clerks in proportion to "
        "expected work (`sim.flow.lines.desks`).",
        paths=("unit_types.<unit_type>.front_desk", "units.<unit>.front_desk"),
        source=both(
            "Article, part 3, measure 4: 一窗口受理. Pooled lines wait less: Smith and Whitt 1981, Resource sharing for "
            "efficiency in traffic systems.",
            "文章三、四、二：一窗口受理。合并排队减少等候（Smith 与 Whitt 1981）。",
        ),
        figure=curves.by_unit({}, {f"unit_types.{one}.front_desk": "desk_per_kind" for one in FRONT}, FRONT),
        caption=both(
            "Mean wait for the first step by unit: a desk a kind (hollow) and one window (filled). One replication.",
            "各单位首环节平均等候：分事项设台（空心）与一窗口受理（实心），一次模拟。",
        ),
        on=Arm(),
        off=Arm(policy="desk-per-kind"),
        outcomes=("mean_wait_minutes", "mean_processing_days", "on_time_rate", "mean_score"),
    ),
    Rule(
        name="one-time-notification",
        title=both("One-time notification", "一次性告知"),
        told=both(
            "Whoever asks is told at once all the papers that are needed. Fewer applications are incomplete and come "
            "back; telling everybody takes some minutes at the step where applications are taken in.",
            "一次告知全部所需材料：材料不全、退回补正的件减少，但每件受理多花几分钟说明。",
        ),
        equation="$p' = p \\cdot f$ for the chance $p$ that an application is incomplete; work at the step to which it comes "
        "back $= w + e$, with `incomplete_factor` $f$ and `explaining_minutes` $e$.",
        paths=("service_rules.one_time_notification",),
        source=both(
            "Article, part 3, measure 4: 一次性告知; the sizes are assumed.",
            "文章三、四、二：一次性告知；数值为假定。",
        ),
        figure=curves.notification,
        caption=both(
            "By kind of matter: the chance that an application is incomplete, and the work of taking it in.",
            "各事项材料不全的概率，以及受理环节的工作量。",
        ),
        on=Arm(policy="one-time-notification"),
        outcomes=("return_rate", *TIMES, "utilisation"),
    ),
    Rule(
        name="one-stop",
        title=both("One-stop, one dragon", "一站式·一条龙"),
        told=both(
            "Sections hand files over inside the hall instead of sending them between offices, so that hand-overs take "
            "a part of the time. Work stays as it is.",
            "科室之间在大厅内流转，内部流转时间缩短；办理工作量不变。",
        ),
        equation="$d' = f \\cdot d$ for the mean $d$ of every delay whose reason is a hand-over, with `transfer_factor` $f$.",
        paths=("service_rules.one_stop",),
        source=ONE_PART,
        figure=curves.shortened(
            "one_stop", {"transfer"}, ("hand-overs (working days)", "内部流转（工作日）")
        ),
        caption=both("Mean time of hand-overs by kind of matter.", "各事项内部流转平均时间。"),
        on=Arm(changes={"service_rules.one_stop.on": True}),
        outcomes=(
            "mean_processing_days",
            "mean_processing_days@registration",
            "mean_processing_days@petition",
            "on_time_rate",
            "utilisation",
        ),
    ),
    Rule(
        name="case-owner",
        title=both("A case owner follows the case", "一个跟踪督办到底"),
        told=both(
            "The desk that took a case in follows it to the end. When the case comes back there, it need not be read "
            "again, so that the later steps take less work.",
            "首接岗位跟踪督办到底：件回到该岗位时无需重新熟悉，后续环节工作量减少。",
        ),
        equation="$w' = f \\cdot w$ for every later step of work at the station of the first one, with "
        "`familiarity_factor` $f$.",
        paths=("service_rules.case_owner",),
        source=ONE_PART,
        figure=curves.owner,
        caption=both("Later work at the station that took the case in.", "首接岗位的后续工作量。"),
        on=Arm(changes={"service_rules.case_owner.on": True}),
        outcomes=("utilisation", *TIMES),
    ),
    Rule(
        name="doorstep-service",
        title=both("Doorstep service", "上门办·下去办·贴身办"),
        told=both(
            "Staff go to the applicant's for a share of the requests. The way costs working time; at home the papers "
            "are at hand, so fewer applications come back.",
            "部分来件由人员上门受理：路途占用工作时间，但材料在手边，退回补正减少。",
        ),
        equation="With share $s$ of a kind: the first step is done by the travelling role and takes $w + t$ "
        "(`travel_minutes`); $p' = p \\cdot f$ (`incomplete_factor`). The others come to the counter as before.",
        paths=("service_rules.doorstep",),
        source=ONE_PART,
        figure=curves.channel("doorstep", "doorstep"),
        caption=both("A request at the counter and one taken in at the door.", "窗口受理与上门受理的比较。"),
        on=Arm(changes={"service_rules.doorstep.on": True}),
        outcomes=(
            "return_rate@homestead",
            "return_rate",
            "mean_processing_days@homestead",
            "utilisation",
            "on_time_rate",
        ),
    ),
    Rule(
        name="early-service",
        title=both("Early service", "超前办"),
        told=both(
            "Cases that are known before they come, such as parcels of the yearly plan, are prepared: other departments "
            "and sections are asked beforehand, and the applicant waits less for them.",
            "对已知事项提前介入，事先征求外部门和科室意见，申请人等待减少。",
        ),
        equation="With share $s$ of a kind: $d' = f \\cdot d$ for time at outside departments and hand-overs, with "
        "`delay_factor` $f$.",
        paths=("service_rules.early",),
        source=ONE_PART,
        figure=curves.channel("early", "early"),
        caption=both(
            "Delays on the way of a case, at the counter and begun early.", "窗口受理与提前介入的等待时间。"
        ),
        on=Arm(changes={"service_rules.early.on": True}),
        outcomes=(
            "mean_processing_days@land_listing",
            "mean_processing_days@mineral",
            "mean_processing_days@homestead",
            "mean_processing_days",
            "on_time_rate",
        ),
    ),
    Rule(
        name="time-limit-commitment",
        title=both("Time-limit commitment", "限时办结·服务承诺"),
        told=both(
            "The published limit of some kinds is a share of what it was, rounded up to whole days. Nobody works faster "
            "by that alone: what changes is which case counts as late.",
            "部分事项的承诺时限按比例压缩（向上取整）。时限本身不会让人办得更快，改变的是何为超期。",
        ),
        equation="$L' = \\min(L, \\max(1, \\lceil s L \\rceil))$ with `share` $s$; a case is late past $L'$.",
        paths=("service_rules.time_limit_commitment",),
        source=both(
            "Article, part 3, measure 4: 服务承诺限时办结制; the share is assumed.",
            "文章三、四、二：服务承诺限时办结制；比例为假定。",
        ),
        figure=curves.commitment,
        caption=both("Published limits by kind of matter.", "各事项承诺时限。"),
        on=Arm(policy="time-limit-commitment"),
        outcomes=(
            "on_time_rate",
            "mean_processing_days",
            "mean_score",
            "share_not_advanced",
            "pay_total",
        ),
        remark=both(
            "Processing time is as before, by construction, where units answer for requests first come, first served.",
            "在先来先办的单位，办理时间不变，这是模型结构决定的。",
        ),
    ),
    Rule(
        name="first-asked",
        title=both("First-asked responsibility", "首问负责制"),
        told=both(
            "Whoever is asked hands a misdirected request on at once, at the cost of some minutes. Without the rule it "
            "bounces and comes back days later.",
            "首问人员当即转办找错门的来件，多花几分钟；无此制度时，群众要隔几天再来。",
        ),
        equation="A misdirected request (chance $p$) costs $m$ minutes of work instead of a delay of mean $d$ days.",
        paths=("service_rules.first_asked",),
        source=both(
            "Article, part 3, measure 6: 首问负责制; minutes assumed.",
            "文章三、六、二：首问负责制；分钟数为假定。",
        ),
        figure=curves.first_asked,
        caption=both(
            "For 1,000 requests: days that applicants lose and hours that staff spend, by the share at the wrong desk.",
            "每千件：群众损失的工作日与人员花费的工时，随找错门比例变化。",
        ),
        on=Arm(policy="first-asked"),
        outcomes=("mean_processing_days", "utilisation", "on_time_rate", "mean_wait_minutes"),
    ),
    Rule(
        name="online-filing",
        title=both("E-government, online filing", "网上报批·网上办件"),
        told=both(
            "A share of some kinds is filed by the net, at any hour. The applicant types the data in, so the window has "
            "less work, and files go to the county by wire.",
            "部分事项网上申报，随时可报：窗口工作减少，材料经网络流转，县级审批加快。",
        ),
        equation="With share $s$ of a kind: arrival at a uniform hour between `begins_at` and `ends_at`; front work "
        "$w' = f_w w$; hand-overs $d' = f_d d$ (`front_factor`, `transfer_factor`).",
        paths=("service_rules.online",),
        source=both(
            "Article, part 3, measure 6: 网上报批、网上办件; shares and factors assumed.",
            "文章三、六、三：网上报批、网上办件；比例与倍数为假定。",
        ),
        figure=curves.online_hours,
        caption=both("Requests by hour of the day, one replication.", "来件的时刻分布，一次模拟。"),
        on=Arm(policy="online-filing"),
        outcomes=("utilisation", "mean_processing_days", "mean_wait_minutes", "on_time_rate"),
        remark=both(
            "The wait for the first step counts from the moment of filing, also at night: it may rise while the whole "
            "takes less time.",
            "首环节等候自申报时刻起算，夜间也计入：即使总办理时间缩短，它也可能变长。",
        ),
    ),
)
