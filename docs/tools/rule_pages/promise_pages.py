"""Pages of what is promised and who is there to keep it: several time limits for one matter, part of a post."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.calendar import calendar_of
from sim.world.duties import office_hours

from .draw import labelled, lines, panels
from .rule import OWN, Arm, Group, Rule, both
from .trace import Trace, came
from .worlds import grid, one_year

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

COUNTER = {
    "counter": {
        "title": {"en": "At the counter", "zh": "窗口等候"},
        "amount": 60,
        "per": "minutes",
        "until": "first_start",
    }
}
LIMITS_ON = {
    "kinds.registration.limits": COUNTER,
    "scorecards.office.items.on_time.limit": "counter",
}
LAST_ON = {"unit_types.office.last_ticket_minutes": 30, "unit_types.office.goes_home": True}
_CLERK = {"unit": "office", "role": "window", "grade": "clerk"}
HALF = {f"staff.{office}_window.share": 0.5 for office in ("dongkan", "batan", "binhuai")}


def begun_within(scenario: Scenario) -> Figure:
    """The share of land registrations begun within so many minutes, of one replication."""
    requests = one_year(scenario).requests
    mine = requests[(requests["kind"] == "registration") & (requests["first_start_s"] >= 0)]
    waited = (mine["first_start_s"] - mine["arrival_s"]).to_numpy() / 60
    minutes = grid(0, 240, 121)
    share = np.array([100 * np.mean(waited <= one) for one in minutes])
    figure, (axis,) = panels()
    lines(axis, minutes, [(("begun", "已开始办理"), share)])
    axis.axvline(60, color="0.5", linestyle=":")
    labelled(axis, ("minutes since arrival", "来件后分钟"), ("begun (%)", "已开始办理（%）"))
    return figure


def patience_by_hour(_: Scenario) -> Figure:
    """The longest wait in minutes by the hour of arrival, with each rule and with both."""
    hours = grid(14, 17.5, 211)
    left = 60 * (17.5 - hours)
    figure, (axis,) = panels()
    curves = [
        (("goes home", "关门离开"), left),
        (("last tickets too", "并停止放号"), np.where(left <= 30, 0.0, left)),
    ]
    lines(axis, hours, curves)
    labelled(axis, ("comes at (hour)", "来件时刻（时）"), ("longest wait (minutes)", "最长等候（分钟）"))
    return figure


def hours_of_part(scenario: Scenario) -> Figure:
    """Hours on duty in a mean week of the office, before and after noon, by the share of a post."""
    calendar = calendar_of(scenario)
    shares = grid(0.05, 1, 20)
    morning, afternoon = [], []
    for share in shares:
        spans = office_hours(calendar, None, float(share))
        before_noon = spans[:, 0] % 86_400 < 43_200
        length = spans[:, 1] - spans[:, 0]
        weeks = calendar.days / 7 * 3600
        morning.append(length[before_noon].sum() / weeks)
        afternoon.append(length[~before_noon].sum() / weeks)
    figure, (axis,) = panels()
    curves = [(("mornings", "上午"), np.array(morning)), (("afternoons", "下午"), np.array(afternoon))]
    lines(axis, 100 * shares, curves)
    labelled(axis, ("share of a post (%)", "占全时比例（%）"), ("hours a week", "每周小时"))
    return figure


RULES = (
    Rule(
        name="further-limits",
        title=both("Several promises for one matter", "一事多个时限"),
        told=both(
            "A matter may have further time limits by name, beside the committed one: minutes at the counter and days in all. Each is "
            "counted by itself, and a scorecard may score by it.",
            "除承诺时限外，一类事项可另设若干有名称的时限，如窗口等候分钟数与办结天数。各时限分别统计，考核评分表可按其中一项计分。",
        ),
        equation="A case is due by limit $l$ when $l$ runs out, stops of the clock included. Its on-time rate is the share of these cases "
        "that were begun, or finished, by then.",
        paths=("kinds.<kind>.limits", "scorecards.<scorecard>.items.<item>.limit"),
        source=both(f"{OWN}; the size is assumed.", "模型定义；数值为假定。"),
        figure=begun_within,
        caption=both(
            "Share of land registrations begun within so many minutes, one replication; dotted: the limit of 60.",
            "土地登记在若干分钟内开始办理的比例（一次模拟）；虚线为60分钟时限。",
        ),
        by_hand=Trace(
            told=both(
                "People come at 0, 1 and 2 and take 2 each. They begin at 0, 2 and 4. Of a limit of 1 until the start and one of 3 until the end "
                "the third misses both.",
                "来件于0、1、2到达，各用时2，于0、2、4开始。开始时限为1、办结时限为3时，第三件两限均超。",
            ),
            minutes=8,
            rows=came([0, 1, 2], 2),
            ends=(2, 4, 6),
        ),
        on=Arm(changes=LIMITS_ON),
        outcomes=(
            "on_time_rate@registration",
            "mean_wait_minutes@registration",
            "mean_score",
            "on_time_rate",
        ),
        remark=both(
            "With the rule, land registrations also have a limit of 60 minutes until work begins. The offices' item for time counts by "
            "it instead of the committed limit; the work is the same.",
            "有此制度时，土地登记另有60分钟内开始办理的时限，国土所考核的限时项目改按此时限计分；办件本身不变。",
        ),
    ),
    Rule(
        name="last-tickets",
        title=both("Last tickets, and going home at closing", "停止放号与关门离开"),
        told=both(
            "A front desk gives no tickets in the last minutes of its day. Who comes then leaves, unless somebody is free at once. Who "
            "still waits at closing goes home.",
            "前台于当日结束前若干分钟停止放号，此后来者除有空闲窗口外离开；关门时仍在等候者离开。",
        ),
        equation="With $c$ minutes until closing, patience is at most $c$, and 0 where $c$ is at most `last_ticket_minutes`.",
        paths=("unit_types.<unit_type>.last_ticket_minutes", "unit_types.<unit_type>.goes_home"),
        source=both(f"{OWN}; the size is assumed.", "模型定义；数值为假定。"),
        figure=patience_by_hour,
        caption=both(
            "Longest wait of people by the hour at which they come: closing at 17:30, last tickets 30 minutes before.",
            "按来件时刻的最长等候：17:30关门，提前30分钟停止放号。",
        ),
        by_hand=Trace(
            told=both(
                "The desk closes at 16:00, minute 960; work takes 60. Who comes at 15:15 is served. Who comes at 15:20 still has a ticket, and goes "
                "home at 16:00. Who comes at 15:40 finds no ticket and leaves.",
                "16:00（第960分钟）关门，办理用时60。15:15来者得以办理；15:20来者取到号，16:00离开；15:40来者已停止放号，当即离开。",
            ),
            minutes=980,
            changes={
                "calendar.week": {"wed": ["08:00-16:00"]},
                "unit_types.office.when_duty_ends": "finish",
                "unit_types.office.last_ticket_minutes": 30,
                "unit_types.office.goes_home": True,
            },
            rows=came([915, 920, 940], 60),
            ends=(975, None, None),
        ),
        on=Arm(changes=LAST_ON),
        outcomes=("withdrawn", "mean_wait_minutes", "on_time_rate", "utilisation", "overtime_hours"),
        remark=both(
            "With the rule, offices give no tickets in the last half hour, and who waits at closing goes home.",
            "有此制度时，国土所最后半小时停止放号，关门时仍在等候者离开。",
        ),
    ),
    Rule(
        name="part-time",
        title=both("Part of a post", "非全时岗位"),
        told=both(
            "Somebody may hold part of a post: that share of each day's hours, of pay, of leave and of study. The hours are the first of "
            "the day, unless a week or roster of their own says others.",
            "人员可为非全时：每日工作时间、工资、休假和学习均按比例。工作时间为当日最先的一段；另写每周工时或排班者从其规定。",
        ),
        equation="Share $s$: hours, pay and study owed are $s$ times those of a full post. Days of leave are as many, and each is $s$ of a "
        "day.",
        paths=("staff.<group>.share",),
        source=both(f"{OWN}; the size is assumed.", "模型定义；数值为假定。"),
        figure=hours_of_part,
        caption=both("Hours a week by the share of a post.", "每周工作小时随占全时比例的变化。"),
        by_hand=Trace(
            told=both(
                "An office is open for 120. One clerk has a full post, the other half a post, until 60. Work of 40 comes at 0, 0 and 50, work of 20 at 55. "
                "The first two end at 40. The third is done 50–90 by the first clerk. The fourth is begun 55–60 by the other, who hands it over, and "
                "ends at 105.",
                "窗口开放120分钟。一人全时，一人半时，至60下班。用时40者于0、0、50到达，用时20者于55到达。前两件于40办完；第三件由全时人员于50–90办理；"
                "第四件由半时人员于55–60办理后移交，于105办完。",
            ),
            minutes=120,
            changes={
                "calendar.week": {"wed": ["00:00-02:00"]},
                "unit_types.office.when_duty_ends": "hand_over",
                "staff": {"full": _CLERK, "half": _CLERK | {"share": 0.5}},
            },
            rows=[*came([0, 0, 50], 40), *came([55], 20)],
            ends=(40, 40, 90, 105),
        ),
        on=Arm(changes=HALF),
        outcomes=("mean_wait_minutes", "on_time_rate", "utilisation", "pay_total"),
        remark=both(
            "With the rule, the clerks at the windows of three offices (东坎、八滩、滨淮) work mornings only.",
            "有此制度时，东坎、八滩、滨淮三所窗口人员只在上午工作。",
        ),
    ),
)

GROUP = Group(title=both("Promises and posts", "承诺与岗位"), rules=RULES)
