"""Pages of what offices have: work in pairs, waiting rooms and tickets, patience, deadlines."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.flow.definitions import AT_ONCE, HAND_OVER, RESTART, RESUME
from sim.flow.joint import end_of_joint_work
from sim.scenario.calendar import calendar_of
from sim.scenario.steps import Draw
from sim.world.demand import intensities
from sim.world.shapes import quantile

from . import desk_pages
from .course import Course
from .crowded_line import stationary
from .draw import labelled, lines, panels
from .rule import OWN, Arm, Group, Rule, both
from .trace import Trace, came, kinds, work
from .worlds import grid, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

SERVICE = ("mean_wait_minutes", "mean_processing_days", "on_time_rate", "utilisation")
HOUR_S = 3600
DEADLINE_ON = {"profiles.counter.month_days": [0.7] * 10 + [2.6] * 5 + [0.7] * 16}


def team(_: Scenario) -> Figure:
    """When work of two ends: one is on duty 0 to 4 and from 5, the other 0 to 3 and from 6, hours."""
    first_span, ends = [0, 2, 4], [4, 99, 3, 99]
    starts = [0, 5, 0, 6]
    need = grid(0.1, 6, 119)
    curves = []
    for label, rule in (
        (("resume", "接续"), RESUME),
        (("restart", "重做"), RESTART),
        (("to the end", "做完"), AT_ONCE),
        (("until one goes", "到离岗"), HAND_OVER),
    ):
        end = [end_of_joint_work(rule, [0, 1], 2, first_span, starts, ends, 0, hours) for hours in need]
        curves.append((label, np.array(end)))
    figure, (axis,) = panels()
    lines(axis, need, curves)
    labelled(axis, ("work (hours)", "办理用时（小时）"), ("it ends or stops at (hour)", "结束或中止（时）"))
    return figure


def places(_: Scenario) -> Figure:
    """The share that finds a room of so many full, by load: one clerk, M/M/1/n."""
    load = grid(0.3, 1.3, 41)
    figure, (axis,) = panels()
    curves = [
        (
            (f"places: {count}", f"{count}座"),
            100 * np.array([stationary(np.full(count + 1, one), np.ones(count + 1))[-1] for one in load]),
        )
        for count in (1, 3, 6)
    ]
    lines(axis, 100 * load, curves)
    labelled(axis, ("load (%)", "负荷（%）"), ("turned away (%)", "未能取号（%）"))
    return figure


def patience(_: Scenario) -> Figure:
    """The share of people still there after a wait, for shapes of patience with a mean of 60 minutes."""
    chance = grid(0.0, 0.999, 401)
    figure, (axis,) = panels()
    curves = []
    for label, draw in (
        (("exponential", "指数"), Draw(distribution="exponential")),
        (("lognormal, cv 0.5", "对数正态，变异0.5"), Draw(distribution="lognormal", cv=0.5)),
        (("constant", "固定"), Draw(distribution="constant")),
    ):
        wait = quantile(draw, 60.0, chance)
        curves.append((label, np.array([100 * np.mean(wait > minutes) for minutes in range(181)])))
    lines(axis, np.arange(181), curves)
    labelled(axis, ("wait (minutes)", "等候（分钟）"), ("still there (%)", "仍在等候（%）"))
    return figure


def deadlines(scenario: Scenario) -> Figure:
    """Registrations expected a day in the first two months, as they are and with a filing deadline."""
    figure, (axis,) = panels()
    curves = []
    for label, changes in ((("as it is", "现状"), {}), (("deadline on the 15th", "15日截止"), DEADLINE_ON)):
        changed = under(scenario, changes)
        calendar = calendar_of(changed)
        demand = changed.demand["registration"]
        hourly = sum(one.rate for _, one in intensities(changed, demand, calendar))
        daily = np.asarray(hourly).reshape(-1, 24).sum(axis=1)
        first = changed.horizon.warm_up_days
        curves.append((label, daily[first + 59 : first + 120]))
    lines(axis, np.arange(1, 62), curves)
    labelled(axis, ("day, from 1 March", "日（自3月1日）"), ("expected a day", "日均来件"))
    return figure


# By one officer in twice the time: the same hours of work, and nobody waits for another.
_ONE_AFTER_THE_OTHER = {
    f"kinds.{kind}.route.{step}.{key}": value
    for kind, step, minutes in (
        ("homestead", "visit", 110),
        ("enforcement", "finding", 110),
        ("enforcement", "inquiry", 250),
        ("farmland", "inspection", 110),
        ("farmland", "joint_check", 45),
    )
    for key, value in (("people", 1), ("minutes", 2 * minutes))
}

RULES = (
    Rule(
        name="working-together",
        title=both("Several people at one step", "多人共同办理"),
        told=both(
            "A step takes several people at once: an inspection by two officers, or a joint visit of two stations. They begin "
            "together and end together, and wait for each other.",
            "一个环节须多人同时在场：两名执法人员检查，或两个岗位联合踏勘。人员到齐后同时开始、同时结束。",
        ),
        equation="A team of $n$ begins when $n$ people whose first request it is are free. Its pace is the mean of their speeds, its "
        "minutes are of the clock: $n$ times the person-minutes.",
        paths=("kinds.<kind>.route.<work step>.people", "kinds.<kind>.route.<work step>.joined_by"),
        source=both(
            "行政处罚法 (2021) 第四十二条: at least two officers enforce.",
            "行政处罚法（2021）第四十二条：执法人员不得少于两人。",
        ),
        figure=team,
        caption=both(
            "When work of two people ends, by the rule of the unit: one is on duty until hour 4 and from 5, the other until 3 and from 6.",
            "两人共同办理的结束时刻，按单位的下班规则：一人0–4时及5时后在岗，另一人0–3时及6时后在岗。",
        ),
        by_hand=Trace(
            told=both(
                "Two clerks work on tasks of 10 from 0. Urgent tasks of 10 that need both come at 2 and 15, and interrupt. They end at 12 and "
                "25, both first tasks at 30.",
                "两名办事员自0时起各办一件用时10的事项。须两人共同办理的急件（用时10）于2和15到达并打断在办件，于12和25办完；原两件均于30办完。",
            ),
            minutes=40,
            changes={
                "staff.clerk.count": 2,
                "unit_types.office.discipline": "class_priority",
                "unit_types.office.preemption": "resume",
                **kinds(visit={"priority": 2}, urgent={"route": {"serve": work(people=2)}}),
            },
            rows=[*came([0, 0], 10), *came([2, 15], 10, "urgent")],
            ends=(30, 30, 12, 25),
        ),
        off=Arm(changes=_ONE_AFTER_THE_OTHER),
        on=Arm(),
        outcomes=(
            "mean_processing_days@enforcement",
            "on_time_rate@enforcement",
            *SERVICE,
        ),
        remark=both(
            "Binhai's site visits and inquiries take two officers. Without the rule one does the work of both, in twice the time: "
            "the difference is what it costs to wait for each other.",
            "滨海的实地核查与执法调查均须两人同往。无此制度时由一人用两倍时间完成，差额即为相互等候的代价。",
        ),
    ),
    Rule(
        name="turned-away",
        title=both("Places to wait, tickets, and queues too long", "等候座位、放号与见队长离开"),
        told=both(
            "A front desk has places to wait and tickets for a day. Who finds none is turned away. People may also leave at once "
            "when they see a long queue, or expect a long wait. Some come again on the next day open at that hour.",
            "前台有等候座位和每日放号数，座满或号满者不予受理；见队太长或预计等候过久者当即离开。其中一部分在此后首个该时刻开放之日再来。",
        ),
        equation="Turned away: who would wait with `places` people waiting, comes after `tickets_a_day`, or finds `leaves_at` people at the "
        "station, or people whose mean work divided by the clerks exceeds `leaves_over_minutes`. Of one clerk and load $\\varrho$: $(1-\\varrho)\\varrho^{k}/(1-\\varrho^{k+1})$ with $k$ = places + 1.",
        paths=(
            "unit_types.<unit_type>.places",
            "unit_types.<unit_type>.tickets_a_day",
            "units.<unit>.places",
            "units.<unit>.tickets_a_day",
            "kinds.<kind>.leaves_at",
            "kinds.<kind>.leaves_over_minutes",
            "kinds.<kind>.comes_back",
        ),
        source=both(
            f"{OWN}; the closed form is the queue M/M/1/k. The sizes are assumed.",
            "模型定义；闭式为M/M/1/k排队；数值为假定。",
        ),
        figure=places,
        caption=both(
            "Share of people turned away from a room with 1, 3 and 6 places, one clerk.",
            "一个窗口，1、3、6个座位时未能取号的比例。",
        ),
        by_hand=Trace(
            told=both(
                "People come every 5 minutes and leave when they see three; service takes 21. Those of 20, 25, 35, 40 and 45 leave. Served are "
                "5–26 and 26–47.",
                "每5分钟来一人，见有三人即离开，办理用时21。20、25、35、40、45来者离开；办理为5–26、26–47。",
            ),
            minutes=51,
            changes={"kinds.visit.leaves_at": 3},
            rows=came(range(5, 51, 5), 21),
            ends=(26, 47, *[None] * 8),
        ),
        on=Arm(changes={"kinds.registration.leaves_at": 8, "kinds.registration.comes_back": 0.5}),
        outcomes=("withdrawn", "mean_wait_minutes", "utilisation", "mean_processing_days", "on_time_rate"),
        remark=both(
            "With the rule, people with a land registration leave at once when they find eight; half of them come again.",
            "有此制度时，办理土地登记者见已有八人即离开，其中一半再来。",
        ),
    ),
    Rule(
        name="patience",
        title=both("Patience", "等候耐心"),
        told=both(
            "People who have waited too long withdraw. Patience has a mean and a shape. It lasts for the first wait, or for the whole "
            "matter.",
            "等候过久者撤回。耐心有均值与分布，可为首环节等候的耐心，也可为自来件起的全程耐心。",
        ),
        equation="A request withdraws when it has waited $P$ minutes and nobody has begun on it; $P$ has mean `patience_minutes`. With "
        "`whole`, it withdraws at a wait that lasts beyond $P$ after arrival.",
        paths=(
            "kinds.<kind>.patience_minutes",
            "kinds.<kind>.patience_shape",
            "kinds.<kind>.patience_covers",
        ),
        source=both(f"{OWN}; the sizes are assumed.", "模型定义；数值为假定。"),
        figure=patience,
        caption=both(
            "Share of people still waiting, for three shapes of patience with a mean of 60 minutes.",
            "三种耐心分布（均值60分钟）下仍在等候的比例。",
        ),
        by_hand=Trace(
            told=both(
                "People come every 7 minutes with patience for 3; service takes 11. The first is served 7–18, the second leaves at 17. The third "
                "is served 21–32, the fourth leaves at 31.",
                "每7分钟来一人，耐心3分钟，办理用时11。第一人7–18办理，第二人17离开；第三人21–32办理，第四人31离开。",
            ),
            minutes=34,
            changes={
                "kinds.visit.patience_minutes": 3,
                "kinds.visit.patience_shape": {"distribution": "constant"},
            },
            rows=came([7, 14, 21, 28], 11),
            ends=(18, None, 32, None),
        ),
        on=Arm(
            changes={
                "kinds.registration.patience_minutes": 480,
                "kinds.registration.patience_shape": {"distribution": "constant"},
            }
        ),
        outcomes=("withdrawn", *SERVICE),
        remark=both(
            "With the rule, land registrations are withdrawn after a wait of 480 minutes by the clock, nights included.",
            "有此制度时，土地登记等候满480分钟（按钟点计，含夜间）即撤回。",
        ),
    ),
    Rule(
        name="filing-deadlines",
        title=both("Deadlines, holidays and opening hours", "申报期限、节假日与开放时间"),
        told=both(
            "People come before a filing deadline, and before and after holidays. They come while the office is open, unless the "
            "profile says otherwise.",
            "申报期限前、节假日前后来件较多；除另有写明外，来件均在开放时段内。",
        ),
        equation="A day's weight is month $\\times$ weekday $\\times$ day of the month $\\times$ `last_of_month`, `before_holiday` or `after_holiday`. The "
        "total of a year stays, by whatever unit the volume is given.",
        paths=(
            "profiles.<profile>.month_days",
            "profiles.<profile>.last_of_month",
            "profiles.<profile>.before_holiday",
            "profiles.<profile>.after_holiday",
            "profiles.<profile>.while_open",
        ),
        source=both(f"{OWN}; the weights are assumed.", "模型定义；权重为假定。"),
        figure=deadlines,
        caption=both(
            "Land registrations expected a day, without and with a deadline on the 15th.",
            "土地登记日均来件：现状与每月15日截止。",
        ),
        by_hand=Course(
            told=both(
                "5,550 people a year, from Monday to Friday. Friday 4 April 2025 is closed; the day before weighs 1.5, Monday after it 2, each 15th 3. "
                "Of 260 open days eight are a 15th: the weights sum to 277.5. So 20 come on a usual day, 30 on 3 April, 40 on 7 April and 60 on the 15th.",
                "全年5550件，周一至周五开放。2025年4月4日（周五）休息，前一日权重1.5，其后周一权重2，每月15日权重3。260个开放日中8日为15日，权重合计277.5："
                "平日20件，4月3日30件，4月7日40件，15日60件。",
            ),
            profile={
                "month_days": [1.0] * 14 + [3.0] + [1.0] * 16,
                "before_holiday": 1.5,
                "after_holiday": 2.0,
            },
            calendar={
                "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ["08:00-16:00"]),
                "closed": ["2025-04-04"],
            },
            a_year=5550,
            start="2025-03-31",
            expected=(20, 20, 20, 30, 0, 0, 0, 40, 20, 20, 20, 20, 0, 0, 20, 60, 20, 20, 20),
        ),
        on=Arm(changes=DEADLINE_ON),
        outcomes=("mean_wait_minutes", "p90_processing_days", "on_time_rate", "utilisation", "arrivals"),
        remark=both(
            "With the rule, the 11th to 15th weigh 2.6 and other days 0.7, for all who come to a counter.",
            "有此制度时，窗口来件11至15日权重2.6，其余各日0.7。",
        ),
    ),
)

GROUP = Group(title=both("What offices have", "办事现场"), rules=(*RULES, *desk_pages.RULES))
