"""Each switch of binhai alone: off it is as if its block were not there, on it changes what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pandas as pd
import pytest

import sim
from sim.scenario.idle import changes_nothing

from .switches import ALL_OFF, SWITCHES, at, changed, differing, outcomes, policy, without

BINHAI = sim.load("binhai")
# What effort brings, and whom contests make equal, is not the point here and takes long to find.
QUICK = {
    "behaviour.return": "assumed",
    "behaviour.trials.at_least": 4,
    "behaviour.trials.at_most": 4,
    "behaviour.responsive.careers.bottom": 0.0,
}
YEAR = {"horizon.warm_up_days": 0} | QUICK
RESPONSES = ("effort", "allocation", "timing", "recording")
FELT_NEXT_YEAR = ("assessment.rolling.on", "careers.on")  # they say nothing within a year

# Switched on alone, all others off: an outcome that it changes, and one that it leaves as it is.
ALONE = {
    "service_rules.one_time_notification.on": ("return_rate", "arrivals"),
    "service_rules.one_stop.on": ("mean_processing_days", "arrivals"),
    "service_rules.case_owner.on": ("utilisation", "arrivals"),
    "service_rules.doorstep.on": ("return_rate", "arrivals"),
    "service_rules.early.on": ("p90_processing_days", "arrivals"),
    "service_rules.time_limit_commitment.on": ("on_time_rate", "mean_processing_days"),
    "service_rules.online.on": ("mean_wait_minutes", "arrivals"),
    "service_rules.pooling.on": ("mean_wait_minutes", "arrivals"),
    "service_rules.mobile_support.on": ("mean_wait_minutes", "arrivals"),
    "service_rules.petition_pairing.on": ("on_duty_hours", "arrivals"),  # leaders are away
    "service_rules.information_sharing.on": ("p90_processing_days", "arrivals"),
    "service_rules.assistance.on": ("busy_hours", "arrivals"),
    "frictions.misdirection.on": ("mean_processing_days", "arrivals"),
    "frictions.overreach.on": ("complaints", "arrivals"),
    "frictions.absence.on": ("mean_processing_days", "arrivals"),
    "frictions.late_opening.on": ("mean_wait_minutes", "arrivals"),
    "frictions.repeat_petitions.on": ("mean_processing_days", "arrivals"),
    "frictions.errors.on": ("error_rate", "arrivals"),
    "frictions.violations.on": ("violations_found", "study_hours"),
    "frictions.old_households.on": ("households_open", "study_hours"),
    "service_rules.superior_inspection.on": ("on_duty_hours", "arrivals"),  # heads are away
    "service_rules.joint_meeting.on": ("p90_processing_days", "arrivals"),
    "service_rules.booklet.on": ("return_rate", "arrivals"),
    "departments.on": ("department_days", "arrivals"),
    "satisfaction.on": ("satisfaction", "mean_processing_days"),
    "projects.on": ("projects_accepted", "study_hours"),
    "assessment.rolling.on": ("rolling_score", "score"),
    "pay.gate.on": ("pay_total", "score"),
    "pay.reward_fund.on": ("reward_fund", "score"),
    "study.missed.on": ("study_hours", "arrivals"),
    "study.contest.on": ("award_pay", "mean_wait_minutes"),
    "study.needs.on": ("mean_wait_minutes", "arrivals"),  # finding out what is lacked takes an hour
    "practice.on": ("utilisation", "arrivals"),
    "competence.experience.on": ("utilisation", "arrivals"),
    "competence.knowledge.on": ("utilisation", "arrivals"),
    "competence.load.on": ("utilisation", "arrivals"),
    "competence.crowding.on": ("mean_wait_minutes", "arrivals"),
    "careers.on": ("newcomers", "arrivals"),
    "behaviour.responsive.effort.on": ("effort", "late_last"),
    "behaviour.responsive.allocation.on": ("attention_spread", "effort"),
    "behaviour.responsive.timing.on": ("late_last", "effort"),
    "behaviour.responsive.recording.on": ("recording", "mean_processing_days"),
}
PROJECTS_SCORED = {
    "scorecards.office.items.projects": {
        "title": {"en": "projects", "zh": "目标项目"},
        "indicator": "projects_accepted",
        "points": 10,
        "rule": "proportional",
    }
}
# These act on something that must be there as well; alone they change no outcome that there was.
NEEDS = {
    "service_rules.first_asked.on": {"frictions.misdirection.on": True},  # nobody is at the wrong desk
    "service_rules.clarity.on": {"frictions.absence.on": True},  # nothing goes wrong
    "careers.ladders.on": {"careers.on": True},  # nobody changes posts
    "careers.commendations.on": {"careers.on": True},
    "assessment.audits.on": {"behaviour.responsive.recording.on": True},  # no record is false
    "assessment.bottom_only_if_distinct.on": {"assessment.bottom_count": 8},  # the last three are far behind
    "assessment.criticism.on": {"study.criticism_share": 1.0},  # everybody does nine tenths of the study
    # without projects there is nothing to hinder, check, own or hurry
    "projects.hindrances.on": {"projects.on": True},
    "projects.unit_checks.on": {"projects.on": True},
    "projects.bureau_checks.on": {"projects.on": True},
    "projects.owners.on": {"projects.on": True, "projects.hindrances.on": True},
    "projects.urgency.on": {"projects.on": True},
    "study.notices.on": {"study.missed.on": True},  # nothing is missed
    "behaviour.responsive.study.on": {"study.missed.on": True},
    "behaviour.responsive.discipline.on": {  # nobody scores it
        "frictions.late_opening.on": True,
        "scorecards.office.items.discipline": {
            "title": {"en": "discipline", "zh": "纪律"},
            "indicator": "discipline",
            "points": 10,
            "rule": "deduction",
            "target": 1.0,
            "deduct": 3,
        },
    },
    "behaviour.responsive.projects.on": PROJECTS_SCORED
    | {"projects.on": True, "projects.hindrances.on": True},
    "practice.stage.on": {"practice.on": True},  # nobody differs
    "competence.rushing.on": {"behaviour.responsive.effort.on": True, "frictions.errors.on": True},
    "behaviour.responsive.ratchet.on": {"behaviour.responsive.effort.on": True},  # no effort to hold back
}
CHANGED_THEN = {
    "assessment.bottom_only_if_distinct.on": "bottom",
    "service_rules.first_asked.on": "mean_processing_days",
    "service_rules.clarity.on": "mean_processing_days",
    "careers.ladders.on": "promoted",
    "careers.commendations.on": "pay_total",
    "assessment.audits.on": "audited_cases",
    "assessment.criticism.on": "score",
    "projects.hindrances.on": "projects_accepted",
    "projects.unit_checks.on": "utilisation",
    "projects.bureau_checks.on": "utilisation",
    "projects.owners.on": "projects_lagging",
    "projects.urgency.on": "mean_processing_days",
    "study.notices.on": "study_done_rate",
    "behaviour.responsive.study.on": "study_done_rate",
    "behaviour.responsive.discipline.on": "late_openings",
    "behaviour.responsive.projects.on": "projects_lagging",
    "practice.stage.on": "practice",
    "competence.rushing.on": "error_rate",
    "behaviour.responsive.ratchet.on": "effort",
}


def behaviour_of(path: str) -> str:
    """Behaviour is seen only where people respond; what answers it needs must respond too."""
    needed = [path, *NEEDS.get(path, ())]
    return "responsive" if any(one.startswith("behaviour.") for one in needed) else "mechanical"


def horizon_of(path: str) -> dict[str, object]:
    return YEAR | {"horizon.years": 2 if path in FELT_NEXT_YEAR else 1}


@lru_cache(maxsize=4)
def today(behaviour: str, years: int, off: str = "") -> pd.Series:
    """Today's binhai, one of its rules off."""
    changes = YEAR | {"horizon.years": years} | ({off: False} if off else {})
    return outcomes(changed(BINHAI, changes), behaviour)


@lru_cache(maxsize=4)
def all_off(behaviour: str, years: int = 1) -> pd.Series:
    return outcomes(changed(BINHAI, ALL_OFF | YEAR | {"horizon.years": years}), behaviour)


def test_every_switch_is_in_one_of_the_lists():
    assert sorted([*ALONE, *NEEDS]) == sorted(SWITCHES)
    assert set(CHANGED_THEN) == set(NEEDS)


@pytest.mark.parametrize("path", SWITCHES)
def test_off_is_as_if_the_block_were_not_there(path):
    """Numbers of a block that others read too (of effort, by attention) are the usual ones in binhai."""
    behaviour, horizon = behaviour_of(path), horizon_of(path)
    bare = without(changed(BINHAI, horizon), path.removesuffix(".on"))
    off = today(behaviour, horizon["horizon.years"], off=path if at(BINHAI, path) else "")
    pd.testing.assert_series_equal(outcomes(bare, behaviour), off, check_exact=True)


@pytest.mark.parametrize("path", ALONE)
def test_on_alone_it_changes_what_it_is_about(path):
    behaviour, horizon = behaviour_of(path), horizon_of(path)
    alone = changed(BINHAI, ALL_OFF | horizon | {path: True})
    found = differing(outcomes(alone, behaviour), all_off(behaviour, horizon["horizon.years"]))
    changes, leaves = ALONE[path]
    assert changes in found
    assert leaves not in found


@pytest.mark.parametrize("path", NEEDS)
def test_what_needs_another_rule_changes_nothing_alone_and_something_with_it(path):
    behaviour, off = behaviour_of(path), ALL_OFF | YEAR
    before = all_off(behaviour)
    alone = outcomes(changed(BINHAI, off | {path: True}), behaviour)
    pd.testing.assert_series_equal(alone.loc[before.index], before, check_exact=True)
    with_it, without_it = (
        outcomes(changed(BINHAI, off | NEEDS[path] | {path: on}), behaviour) for on in (True, False)
    )
    assert CHANGED_THEN[path] in differing(with_it, without_it)


@pytest.mark.parametrize(
    "still",
    [
        {"behaviour.responsive.strength": 0},
        {
            f"behaviour.responsive.{name}.on": False
            for name in ("effort", "allocation", "timing", "recording")
        },
    ],
    ids=["no strength", "no switch"],
)
def test_who_does_not_respond_works_as_ever_to_the_last_bit(still):
    """Years of responsive people without a response; the tables of such years also tell how they behaved."""
    mechanical = today("mechanical", 2)
    responsive = outcomes(changed(BINHAI, YEAR | {"horizon.years": 2} | still), "responsive")
    pd.testing.assert_series_equal(responsive.loc[mechanical.index], mechanical, check_exact=True)
    told = set(responsive.index.difference(mechanical.index).get_level_values("outcome"))
    behaved = {"effort", "effort_at_bound", "rush", "attention_spread", "late_last", "recording"}
    assert told == behaved


def test_while_a_switch_is_off_no_number_of_its_block_is_read():
    """So a policy that changes one is told that it has no effect; of behaviour, one part reads another's."""
    off = changed(BINHAI, ALL_OFF | YEAR | {"horizon.years": 1})
    blocks = {path.removesuffix(".on") for path in SWITCHES if not path.startswith("behaviour.")}
    varied = {
        path: value * 0.95
        for block in blocks
        for path, value in numbers(at(off, block).model_dump(mode="json"), block)
    }
    assert len(varied) > 50 and len(changes_nothing(off, policy(varied))) == len(varied)
    for behaviour in ("mechanical", "responsive"):
        pd.testing.assert_series_equal(
            outcomes(changed(off, varied), behaviour), all_off(behaviour), check_exact=True
        )


def numbers(data: object, path: str) -> Iterator[tuple[str, float]]:
    """The numbers above 0 in mappings, by path."""
    if isinstance(data, dict):
        for key, part in data.items():
            yield from numbers(part, f"{path}.{key}")
    elif isinstance(data, float) and data > 0:
        yield path, data
