"""Outcomes as reports tell them: by groups, with those that the report itself makes of others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.rules.outcomes import OUTCOMES, Outcome
from sim.scenario.part import Text

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Outcomes of the bureau by what they tell; a policy that leaves a whole group as it is, is told so.
SERVICE = (
    "on_time_rate", "mean_processing_days", "p90_processing_days", "mean_wait_minutes", "withdrawn",
    "open_at_end", "overdue_open",
)  # fmt: skip
IF_ANY = ("withdrawn",)  # told only where it happens: most offices lose nobody
SCORES = (
    "mean_score",
    "score_gap",
    "share_not_advanced",
    "share_not_promotable",
    "share_certified",
    "share_excellent",
)
# They sum to pay_total; the last two exist where there are awards and commendations.
PAY_PARTS = ("base_pay", "assessment_pay", "bonus", "reward_fund", "award_pay", "commendation_pay")
PAY = ("pay_total", *PAY_PARTS, "pay_share", "units_deducted", "pay_gini")
RANKS = ("rank", "bottom")  # of units
OF_DUE = (  # shares of the cases falling due
    "on_time_rate", "recorded_on_time_rate", "return_rate", "error_rate", "complaint_rate", "resolved_rate",
    "same_day_rate",
)  # fmt: skip

BY_LIMIT = (  # measured against the limits that the rule itself sets
    "on_time_rate", "recorded_on_time_rate", "overdue_rate", "time_against_limit", "mean_overdue_days",
)  # fmt: skip
OWN_LIMITS = Text(
    en="On time means within each rule's own limit; rules differ in it.",
    zh="按时办结率按各方案自身时限计算，各方案时限不尽相同。",
)

# What the report itself makes of unit outcomes: a mean over the units that the pay rule binds.
DEDUCTED = Outcome(
    name="units_deducted",
    en="Units with a deduction",
    zh="被下浮考核工资的单位比例",
    unit=OUTCOMES["pay_share"].unit,
    better="lower",
    definition=Text(en="Share of the units that the pay rule binds", zh="占绩效工资规则适用单位的比例"),
    scale=100.0,
)
LEADERS = Outcome(
    name="leader_hours",
    en="Leaders' hours at work on requests",
    zh="领导办件时间",
    unit=OUTCOMES["busy_hours"].unit,
    better="neither",
    definition=Text(
        en="Hours at work on requests of the people in the units of leaders alone",
        zh="仅由领导组成的单位人员用于办件的小时数",
    ),
)
_GINI = replace(  # in hundredths: two decimals of the coefficient itself would tell nothing
    OUTCOMES["pay_gini"], en="Inequality of pay (Gini, 0 to 100)", zh="收入基尼系数（0至100）", scale=100.0
)
_OURS = {one.name: one for one in (DEDUCTED, LEADERS, _GINI)}


def outcome_of(name: str) -> Outcome:
    """Return the outcome of that name, of `sim.rules` or of the report itself."""
    return _OURS.get(name) or OUTCOMES[name]


def limits_differ(one: Scenario, other: Scenario) -> bool:
    """Return whether some kind of matter has another time limit under the rules of the one than of the
    other."""
    from sim.world import in_force

    ours, theirs = in_force(one).kinds, in_force(other).kinds
    return any(ours[name].limit != theirs[name].limit for name in ours.keys() & theirs.keys())
