"""Pages of what holds from when: rules from a later year, matters that are open at the start, summer time."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.rules.pay import pay_share
from sim.scenario import reform
from sim.scenario.calendar import calendar_of
from sim.scenario.part import given
from sim.study.load import over_years
from sim.world.demand import intensities

from .draw import SCORE, labelled, lines, panels
from .pay_curves import LOWEST, PAID
from .rule import OWN, Arm, Group, Rule, both
from .trace import OFFICE, Trace
from .worlds import grid, one_year, policy_of, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

DOUBLED = {"pay.deduction_per_point": 2}
OPEN_ON = {"work_in_progress": "open.csv"}
ZONE = {"calendar.time_zone": "Europe/Warsaw"}
SPRING, AUTUMN = dt.date(2025, 3, 30), dt.date(2025, 10, 26)
HOUR_S, DAYS = 3600, 14


def by_year(scenario: Scenario) -> Figure:
    """Assessment pay by score in each of two years, of a policy from the second year on."""
    later = replace(policy_of(DOUBLED), since=2)
    rules = reform(over_years(scenario, 2), later)
    score = grid(LOWEST, 100)
    curves = [
        (label, 100 * pay_share(score, given(rules.in_year(year).pay)))
        for year, label in enumerate((("first year", "第一年"), ("second year", "第二年")))
    ]
    figure, (axis,) = panels()
    lines(axis, score, curves)
    labelled(axis, SCORE, PAID)
    return figure


def still_open(scenario: Scenario) -> Figure:
    """Matters in the office in its first days, one replication, with the list and without."""
    moments = HOUR_S * np.arange(0, 24 * DAYS + 1, 6)
    curves: list[Any] = []
    for label, changes in ((("no list", "无清单"), {}), (("120 open", "期初120件"), OPEN_ON)):
        requests = one_year(scenario, changes).requests
        came = np.sort(requests["arrival_s"].to_numpy())
        done = np.sort(requests.loc[requests["finish_s"] >= 0, "finish_s"].to_numpy())
        here = [edge.searchsorted(moments, side="right") for edge in (came, done)]
        curves.append((label, here[0] - here[1]))
    figure, (axis,) = panels()
    lines(axis, moments / 86_400, curves)
    labelled(axis, ("day of the year", "年初以来（天）"), ("matters in the office", "在办件数"))
    return figure


def short_and_long_day(scenario: Scenario) -> Figure:
    """Expected arrivals by the hour on the two days on which the clock is set."""
    changed = under(scenario, ZONE)
    calendar = calendar_of(changed)
    [(_, one)] = intensities(changed, changed.demand["visit"], calendar)
    by_day = one.rate.reshape(-1, 24)
    figure, (axis,) = panels()
    curves = [
        (label, by_day[calendar.day_of(date)][:8])
        for label, date in ((("30 March", "3月30日"), SPRING), (("26 October", "10月26日"), AUTUMN))
    ]
    lines(axis, np.arange(8), curves)
    labelled(axis, ("hour of the clock", "时"), ("expected an hour", "每小时预期来件"))
    return figure


RULES = (
    Rule(
        name="from-a-year-on",
        title=both("Rules from a later year on", "自某年起施行"),
        told=both(
            "A policy may hold from a later year on, or from a date. Each year is judged by the rules in force at its end, and people "
            "know them from its first day. Only scorecards, assessment and pay may begin later.",
            "方案可自某年或某日起施行。各年按年末有效的规则考核，人员自当年首日知晓。仅考核、评分表和工资规则可自后施行。",
        ),
        equation="Year $y$ of the horizon is judged by the policy if it ends after `from`, else by the rules of the scenario.",
        paths=("pay.deduction_per_point",),
        source=both(f"{OWN}.", "模型定义。"),
        figure=by_year,
        caption=both(
            "Assessment pay by score in the two years of a policy that doubles the deduction from the second year on.",
            "自第二年起下浮加倍的方案：两年的考核工资与得分。",
        ),
        by_hand=both(
            "A unit scores 90 in both years; full pay is from 95 on. The first year pays 95 % of assessment pay, the second 90 %.",
            "某单位两年均得90分，95分全额发放：第一年发考核工资的95%，第二年发90%。",
        ),
        on=Arm(changes=DOUBLED, since=2, years=2),
        off=Arm(years=2),
        outcomes=("pay_total", "assessment_pay", "pay_gini", "mean_score", "on_time_rate"),
        remark=both(
            "The effects are of the second year. The first is as under the scenario, to the last bit.",
            "表中为第二年的效果；第一年与现行规则完全相同。",
        ),
    ),
    Rule(
        name="open-matters",
        title=both("Matters that are open at the start", "期初在办件"),
        told=both(
            "A table lists what an office has open when the first year begins: kind, unit, step, receipt, due date. Each matter stands "
            "before its step, in the order of receipt.",
            "清单列明年初在办件的事项、单位、所处环节、收件日期和到期日期；各件按收件先后排在所处环节之前。",
        ),
        equation="A matter received at $r$ with a limit $l$ is due at $r + l$, or by the table. What fell due before the start is no case "
        "of the first year.",
        paths=("work_in_progress",),
        source=both(f"{OWN}; the list is made up.", "模型定义；清单为虚构。"),
        figure=still_open,
        caption=both(
            "Matters in the office in its first two weeks, without a list and with 120 open matters; one replication.",
            "年初两周的在办件数：无清单与期初120件（一次模拟）。",
        ),
        by_hand=both(
            "At 8 three permits wait to be accepted, received on 2, 20 and 30 December, 10 minutes each. They begin at 8:00, 8:10 and "
            "8:20.",
            "8时有三件许可待受理，分别于12月2日、20日、30日收件，每件10分钟，依次于8:00、8:10、8:20开始。",
        ),
        on=Arm(changes=OPEN_ON),
        outcomes=("mean_wait_minutes", "on_time_rate", "mean_processing_days", "arrivals", "utilisation"),
        remark=both(
            "With the list, one-office begins the year with the 120 visits of 31 December, ten an hour. They are no arrivals of the year.",
            "有清单时，一个窗口年初有12月31日收件的120件（每小时10件），不计入当年来件。",
        ),
        scenario=OFFICE,
    ),
    Rule(
        name="summer-time",
        title=both("Summer time", "夏令时"),
        told=both(
            "With a time zone the day on which summer time begins has 23 hours, and the day on which it ends has 25 hours of arrivals. "
            "Nobody comes or works in the hour that is left out.",
            "设定时区后，夏令时开始之日为23小时，结束之日有25小时的来件；跳过的一小时无来件、无人在岗。",
        ),
        equation="An hour of the clock that comes $n$ times has $n$ times its arrivals, $n$ = 0 or 2; with $n$ = 0 nobody is on duty.",
        paths=("calendar.time_zone",),
        source=both("IANA time zone database.", "IANA时区数据库。"),
        figure=short_and_long_day,
        caption=both(
            "Visits expected an hour at night on the two days on which the clock is set, four an hour otherwise.",
            "拨钟两日凌晨每小时预期来件（平时每小时4件）。",
        ),
        by_hand=Trace(
            told=both(
                "On 30 March the clock goes from 2 to 3. Work of 60 minutes begins at 1:30 and ends at 3:30, minute 210. Who comes at 1:50 "
                "is served from 3:30 to 4:00.",
                "3月30日时钟由2时拨至3时。1:30开始的60分钟办理于3:30（第210分钟）结束；1:50来者于3:30至4:00办理。",
            ),
            start="2025-03-30",
            minutes=300,
            changes=ZONE,
            rows=({"at": 90, "work": 60}, {"at": 110, "work": 30}),
            ends=(210, 240),
        ),
        on=Arm(changes=ZONE),
        outcomes=("mean_wait_minutes", "utilisation", "on_time_rate", "arrivals"),
        remark=both(
            "With the rule, one-office stands in Warsaw. An office that is closed at night is as without, to the last bit.",
            "有此制度时，一个窗口位于华沙。夜间不办公的单位与无此制度时完全相同。",
        ),
        scenario=OFFICE,
    ),
)

GROUP = Group(title=both("What holds from when", "施行与期初"), rules=RULES)
