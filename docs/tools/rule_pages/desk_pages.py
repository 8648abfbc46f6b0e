"""Pages of what happens at a desk: appointments, files that stay open, sittings that overrun, work laid down."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.flow.definitions import AT_ONCE, HAND_OVER, RESTART, RESUME, end_of_work, heard
from sim.scenario import load
from sim.scenario.steps import Draw
from sim.world.shapes import quantile

from .draw import labelled, lines, panels
from .rule import OWN, Arm, Rule, both
from .trace import Trace, came, kinds, work
from .worlds import grid, one_year

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario


def appointments(_: Scenario) -> Figure:
    """The mean wait of those with and without appointment at one counter, by the share that books."""
    shares = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
    waits = np.full((2, len(shares)), np.nan)
    for place, share in enumerate(shares):
        offered = {"share": float(share), "every_minutes": 15}
        requests = one_year(load("one-office"), {"kinds.visit.appointments": offered}).requests
        wait = (requests["first_start_s"] - requests["arrival_s"])[requests["first_start_s"] >= 0] / 60
        waits[0, place] = wait[~requests["booked"]].mean()
        waits[1, place] = wait[requests["booked"]].mean() if share else np.nan
    figure, (axis,) = panels()
    lines(
        axis,
        100 * shares,
        [(("without appointment", "现场来件"), waits[0]), (("by appointment", "预约"), waits[1])],
    )
    labelled(axis, ("by appointment (%)", "预约比例（%）"), ("mean wait (minutes)", "平均等候（分钟）"))
    return figure


def open_files(_: Scenario) -> Figure:
    """The mean time of a matter with a call back after 30 minutes at two counters, by load."""
    loads = np.array([0.6, 0.7, 0.8, 0.9])
    waits = {"type": "delay", "reason": "other", "amount": 30, "per": "minutes", "distribution": "constant"}
    serve = {"type": "work", "at": "own/window", "minutes": 9, "distribution": "exponential"}
    answer = {"type": "work", "at": "own/window", "minutes": 3, "distribution": "exponential"}
    figure, (axis,) = panels()
    curves: list[Any] = []
    for label, same in ((("whoever is free", "任一窗口"), False), (("the same person", "原经办人"), True)):
        times = []
        for load_ in loads:
            route = {"serve": serve, "waits": waits, "answer": answer | {"same_person": same}}
            changes = {
                "kinds.visit.route": route,
                "staff.clerk.count": 2,
                "demand.visit.volumes.office": 10 * float(load_),
            }
            requests = one_year(load("one-office"), changes).requests
            done = requests[requests["finish_s"] >= 0]
            times.append((done["finish_s"] - done["arrival_s"]).mean() / 60)
        curves.append((label, np.array(times)))
    lines(axis, 100 * loads, curves)
    labelled(axis, ("load (%)", "负荷（%）"), ("mean time (minutes)", "平均用时（分钟）"))
    return figure


def overruns(_: Scenario) -> Figure:
    """How late each of ten places of 30 minutes begins, by the spread of the length (mean 27 minutes)."""
    luck = np.random.default_rng(0).random((2000, 10))
    figure, (axis,) = panels()
    curves = []
    for cv in (0.0, 0.5, 1.0):
        length = quantile(Draw(distribution="lognormal", cv=cv), 27.0, luck.ravel()).reshape(luck.shape)
        late = np.zeros_like(luck)
        until = np.zeros(len(luck))
        for place in range(10):
            for day in range(len(luck)):
                begin, until[day] = heard(True, 30 * place, until[day], length[day, place])
                late[day, place] = begin - 30 * place
        curves.append(((f"cv {cv:g}", f"变异{cv:g}"), late.mean(axis=0)))
    lines(axis, np.arange(1, 11), curves)
    labelled(axis, ("place", "场次"), ("begins late by (minutes)", "推迟开始（分钟）"))
    return figure


def laid_down(_: Scenario) -> Figure:
    """When work ends that begins at hour 0, with duty from 0 to 4 and from 6; a colleague is there from 4."""
    need = grid(0.1, 8, 159)
    figure, (axis,) = panels()
    curves = []
    for label, rule in (
        (("resume", "接续"), RESUME),
        (("restart", "重做"), RESTART),
        (("to the end", "做完"), AT_ONCE),
    ):
        end = [end_of_work(rule, [0, 6], [4, 99], [0, 4], 0, 2, 0, hours) for hours in need]
        curves.append((label, np.array(end)))
    for label, anew in ((("hand over", "移交续办"), False), (("hand over, restart", "移交重办"), True)):
        end = [end_of_work(HAND_OVER, [0, 6], [4, 99], [0, 4], 0, 2, 0, hours) for hours in need]
        more = np.where(need > 4, need if anew else need - 4, 0.0)
        curves.append((label, np.array(end) + more))
    lines(axis, need, curves)
    labelled(axis, ("work (hours)", "办理用时（小时）"), ("it ends at (hour)", "办完（时）"))
    return figure


RULES = (
    Rule(
        name="appointments",
        title=both("Appointments", "预约办理"),
        told=both(
            "A share of people books a slot and comes when it begins. They stand before those who come without appointment. "
            "Slots follow the opening hours; each has so many places at each unit.",
            "部分申请人预约时段，届时到场，先于当日现场来件者办理。预约时段随开放时间设置，各单位每一时段名额有限。",
        ),
        equation="Who would come at $t$ and books comes at the first slot $s \\geq t$ with a place, and waits from $s$. In line an "
        "appointment counts as one day earlier.",
        paths=("kinds.<kind>.appointments",),
        source=both(f"{OWN}; the sizes are assumed.", "模型定义；数值为假定。"),
        figure=appointments,
        caption=both(
            "Mean wait at one counter (four people an hour, 12 minutes each), a slot every 15 minutes: one replication of a year.",
            "一个窗口（每小时4人，每人12分钟）、每15分钟一个预约时段时的平均等候（一年，一次模拟）。",
        ),
        by_hand=Trace(
            told=both(
                "Slots at 0, 10, 20, … with one place. Two book at 5, for 10 and 20, and take 10 each. Walk-ins with work of 30 come at 0 and 6. "
                "At 30 both appointments go before the walk-in of 6, which is served 50–80.",
                "时段为0、10、20……各一个名额。5时有两人预约，得10和20两个时段，各用时10；现场来件于0和6到达，各用时30。30时两个预约先办，6时来者于50–80办理。",
            ),
            minutes=100,
            changes=kinds(visit={}, booked={"appointments": {"share": 1, "every_minutes": 10}}),
            rows=[*came([0, 6], 30), *came([5, 5], 10, "booked")],
            ends=(30, 80, 40, 50),
        ),
        on=Arm(changes={"kinds.registration.appointments": {"share": 0.5, "every_minutes": 30}}),
        outcomes=("mean_wait_minutes", "p90_processing_days", "on_time_rate", "utilisation"),
        remark=both(
            "With the rule, half of those with a land registration book; each office has one slot every 30 minutes. The wait counts "
            "from the appointment.",
            "有此制度时，土地登记申请人半数预约，各所每30分钟一个时段；等候自预约时刻起算。",
        ),
    ),
    Rule(
        name="open-files",
        title=both("Files that stay open", "原经办人续办"),
        told=both(
            "A step releases the person and asks for the same person again: they wait on the telephone and serve others meanwhile. "
            "The open file goes before matters that were begun later.",
            "经办人在等待期间（如等候来电）可办理其他事项，随后仍由其续办；该件先于其后开始之件。",
        ),
        equation="A step with `same_person` waits for who worked on the matter last, with the rank of its first start. If that person "
        "cannot do it or is not on duty again, it waits for anybody.",
        paths=("kinds.<kind>.route.<work step>.same_person",),
        source=both(f"{OWN}.", "模型定义。"),
        figure=open_files,
        caption=both(
            "Mean time of a matter at two counters: 9 minutes, a call back after 30 minutes, 3 minutes. One replication of a year.",
            "两个窗口时的平均用时：办理9分钟，30分钟后回电，再办3分钟（一年，一次模拟）。",
        ),
        by_hand=Trace(
            told=both(
                "Two clerks. The first calls 0–20 and serves others meanwhile, until 85. The answer comes at 70 and is given 85–95, before the "
                "visits of 30 and 60 that still wait. Without the rule the other clerk would give it, 100–110.",
                "两名办事员。甲于0–20去电，其间办理他件至85；70得到回复，由甲于85–95续办，先于仍在等候的30、60来件。无此制度时由乙于100–110办理。",
            ),
            minutes=150,
            changes={
                "staff.clerk.count": 2,
                **kinds(
                    visit={},
                    call={
                        "route": {
                            "serve": work(),
                            "waits": {
                                "type": "delay",
                                "reason": "other",
                                "amount": 50,
                                "per": "minutes",
                                "distribution": "constant",
                            },
                            "answer": work(same_person=True),
                        }
                    },
                ),
            },
            rows=[*came([0], 20, "call"), *came([10, 25, 30, 60], [80, 60, 40, 10])],
            ends=(95, 90, 85, 130, 105),
        ),
        on=Arm(changes={"kinds.petition.route.reply.same_person": True}),
        outcomes=(
            "mean_processing_days@petition",
            "on_time_rate@petition",
            "mean_wait_minutes",
            "utilisation",
        ),
        remark=both(
            "With the rule, the reply to a petition is written by who inquired.",
            "有此制度时，信访答复由原调查人起草。",
        ),
    ),
    Rule(
        name="overruns",
        title=both("Sittings that overrun", "会议超时顺延"),
        told=both(
            "The length of a matter at a sitting is drawn, or replayed. If matters are heard one after another, who overruns delays "
            "all that are booked behind, into later sittings as well.",
            "会上用时可为随机或重放。逐件审议时，超时者使其后各件顺延，可延及以后各次会议。",
        ),
        equation="A matter booked for a sitting at $s$ begins at $\\max(s, e)$, where $e$ is the end of the matter booked before.",
        paths=(
            "committees.<committee>.one_by_one",
            "kinds.<kind>.route.<sitting step>.distribution",
            "kinds.<kind>.route.<sitting step>.cv",
            "kinds.<kind>.route.<sitting step>.least",
            "kinds.<kind>.route.<sitting step>.minutes",
        ),
        source=both(f"{OWN}; the sizes are assumed.", "模型定义；数值为假定。"),
        figure=overruns,
        caption=both(
            "How late ten places of 30 minutes begin, with a mean length of 27 minutes, by the spread of the length.",
            "十个30分钟场次（平均用时27分钟）的推迟，按用时的变异系数。",
        ),
        by_hand=Trace(
            told=both(
                "Two places at 10 and two at 20; matters of 12, 3 and 4. They are heard 10–22, 22–25 and, booked for 20, 25–29.",
                "10和20各有两个场次，三件分别用时12、3、4：10–22、22–25，排在20者25–29。",
            ),
            minutes=40,
            changes={
                "committees": {
                    "court": {
                        "title": {"en": "court", "zh": "庭"},
                        "first": [10, 20],
                        "places": [2, 2],
                        "one_by_one": True,
                    }
                },
                **kinds(visit={"route": {"hear": {"type": "sitting", "committee": "court", "minutes": 10}}}),
            },
            rows=[{"at": at, "delay_s.hear": long} for at, long in ((1, 12), (2, 3), (3, 4))],
            ends=(22, 25, 29),
        ),
        on=Arm(
            changes={
                "committees.land_committee.one_by_one": True,
                "kinds.land_listing.route.committee.minutes": 480,
                "kinds.land_listing.route.committee.distribution": "exponential",
            }
        ),
        off=Arm(changes={"kinds.land_listing.route.committee.minutes": 480}),
        outcomes=("mean_processing_days@land_listing", "on_time_rate@land_listing", "utilisation"),
        remark=both(
            "In both worlds a land listing takes 480 minutes of the committee. With the rule they are drawn, and heard one by one.",
            "两种情形下土地挂牌均占用会议480分钟；有此制度时用时随机且逐件审议。",
        ),
    ),
    Rule(
        name="work-laid-down",
        title=both("Work that is laid down", "在办件的中止"),
        told=both(
            "When duty ends, work stays with its person or goes to colleagues, who go on or start anew. An urgent matter interrupts "
            "the work of the lowest priority: of several, the one begun last, or first.",
            "下班时在办件留待本人续办，或移交他人续办或重办。急件打断优先级最低之件；有数件时，打断最后或最先开始者。",
        ),
        equation="With `hand_over` a colleague does $w - d$ of the work $w$, of which $d$ is done; with `hand_over_restart` all of $w$.",
        paths=(
            "unit_types.<unit_type>.when_duty_ends",
            "unit_types.<unit_type>.preemption",
            "unit_types.<unit_type>.preempted",
        ),
        source=both(f"{OWN}.", "模型定义。"),
        figure=laid_down,
        caption=both(
            "When work ends that begins at hour 0: its person is on duty from 0 to 4 and from 6, a colleague from 4.",
            "0时开始之件办完的时刻：本人0–4时及6时后在岗，同事4时起在岗。",
        ),
        by_hand=Trace(
            told=both(
                "Two clerks begin tasks of 10 at 0 and 1. An urgent one of 2 comes at 3. With `first_begun` it interrupts the task of 0: they end "
                "at 12 and 11. With `last_begun` they end at 10 and 13.",
                "两名办事员于0和1各开始一件用时10的事项，用时2的急件于3到达。按`first_begun`打断0时开始者，两件于12和11办完；按`last_begun`于10和13办完。",
            ),
            minutes=20,
            changes={
                "staff.clerk.count": 2,
                "unit_types.office.discipline": "class_priority",
                "unit_types.office.preemption": "resume",
                "unit_types.office.preempted": "first_begun",
                **kinds(visit={"priority": 2}, urgent={}),
            },
            rows=[*came([0, 1], 10), *came([3], 2, "urgent")],
            ends=(12, 11, 5),
        ),
        on=Arm(changes={"unit_types.section.when_duty_ends": "hand_over_restart"}),
        outcomes=("mean_processing_days", "on_time_rate", "mean_wait_minutes", "utilisation"),
        remark=both(
            "With the rule, sections start anew what a colleague has laid down; without it, they go on.",
            "有此制度时，科室接手者重办移交之件；无此制度时续办。",
        ),
    ),
)
