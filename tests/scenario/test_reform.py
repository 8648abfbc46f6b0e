"""A policy is a reform: what it changes, what it leaves alone, and what is told of it."""

from __future__ import annotations

import copy
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import InputError, Policy, load, load_policy, reform
from sim.scenario.idle import changes_nothing
from sim.scenario.part import Text
from sim.scenario.source import Evidence

from .small import POLICY, swap, write_scenario

TITLE = Text(en="Trial", zh="试行")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_scenario(tmp_path_factory.mktemp("scenario") / "small")


@pytest.fixture
def scenario(folder):
    return load(folder)


@pytest.fixture
def write(folder):
    """Write a policy file with these changes (as YAML lines) and return its name."""

    def write(changes: str, name: str = "trial") -> str:
        (folder / "policies").mkdir(exist_ok=True)
        lines = "".join(f"  {line}\n" for line in changes.splitlines())
        head = POLICY[: POLICY.index("changes:")]
        (folder / "policies" / f"{name}.yaml").write_text(f"{head}changes:\n{lines}", encoding="utf-8")
        return name

    return write


def policy(**changes) -> Policy:
    """A policy in no file; ``__`` stands for the dots of a path."""
    return Policy("trial", TITLE, TITLE, {path.replace("__", "."): value for path, value in changes.items()})


# the null reform


def test_current_is_the_scenario_itself(scenario):
    assert reform(scenario, "current") is scenario
    assert load_policy(scenario, "current").changes == {}


def test_a_policy_equal_to_the_baseline_is_the_baseline(scenario):
    same = policy(pay__full_pay_threshold=95, staff__north_window__count=2, pay__floor=0)
    reformed = reform(scenario, same)
    assert reformed.digest() == scenario.digest()
    assert reformed.model_dump() == scenario.model_dump()
    assert list(changes_nothing(scenario, same)) == list(same.changes)


def test_an_empty_policy_file_changes_nothing(scenario, folder):
    (folder / "policies").mkdir(exist_ok=True)
    head = POLICY[: POLICY.index("changes:")]
    (folder / "policies" / "nothing.yaml").write_text(f"{head}changes: {{}}\n", encoding="utf-8")
    assert reform(scenario, "nothing").digest() == scenario.digest()
    assert changes_nothing(scenario, "nothing") == {}


def test_what_changes_nothing_is_named(scenario):
    mixed = policy(pay__full_pay_threshold=95, pay__bonus_threshold=90)
    assert list(changes_nothing(scenario, mixed)) == ["pay.full_pay_threshold"]


def test_what_changes_nothing_is_told_of_changes_that_only_stand_together(scenario):
    both = policy(assessment__advanced_threshold=80, assessment__promotion_threshold=80, pay__floor=0)
    assert list(changes_nothing(scenario, both)) == ["pay.floor"]


# what a reform does


def test_nested_changes(scenario):
    reformed = reform(
        scenario,
        policy(
            pay__full_pay_threshold=90,
            kinds__visit__route__intake__minutes=10,
            kinds__visit__route__fork__to={"notice": 0.5, "decide": 0.5},
            demand__visit__volumes__south=0,
            scorecards__card__items__study__target=0.8,
        ),
    )
    assert reformed.pay.full_pay_threshold == 90
    assert reformed.kinds["visit"].route["intake"].minutes == 10
    assert reformed.kinds["visit"].route["fork"].to == {"notice": 0.5, "decide": 0.5}
    assert reformed.demand["visit"].volumes == {"north": 400, "south": 0}
    assert reformed.scorecards["card"].items["study"].target == 0.8
    assert reformed.digest() != scenario.digest()


def test_places_in_lists(scenario):
    reformed = reform(
        scenario,
        policy(
            committees__board__places__1=9,
            staff__hall_window__roster__0__start="2025-01-02 09:00",
            study__slots__0__weekday="fri",
        ),
    )
    assert reformed.committees["board"].places == (4, 9)
    assert reformed.staff["hall_window"].roster[0].start.hour == 9
    assert reformed.study.slots[0].weekday == "fri"


def test_optional_parts_and_parameters_can_be_set_and_taken_away(scenario):
    reformed = reform(
        scenario,
        policy(
            pay__schedule=[{"score": 0, "share": 0}, {"score": 100, "share": 1}],
            units__north__discipline="earliest_due_date",
            kinds__visit__statutory_limit={"amount": 30, "per": "working_days"},
            calendar__week__sat=["09:00-12:00"],
            study=None,
        ),
    )
    assert [corner.share for corner in reformed.pay.schedule] == [0, 1]
    assert reformed.units["north"].discipline == "earliest_due_date"
    assert reformed.kinds["visit"].statutory_limit.amount == 30
    assert reformed.calendar.week["sat"] == ("09:00-12:00",)
    assert reformed.study is None


def test_a_part_that_is_not_there_can_be_begun_from_inside(scenario):
    without = reform(scenario, policy(study=None))
    again = reform(without, policy(study__weekly_hours=2, study__slots=[{"weekday": "mon", "at": "14:00"}]))
    assert again.digest() == scenario.digest()


def test_reforms_follow_each_other(scenario):
    twice = reform(reform(scenario, policy(pay__floor=0.5)), policy(pay__bonus_threshold=90))
    assert twice.digest() == reform(scenario, policy(pay__floor=0.5, pay__bonus_threshold=90)).digest()


def test_the_scenario_stays_as_it_is(scenario):
    before = (scenario.digest(), copy.deepcopy(scenario.source.data), dict(scenario.source.evidence))
    changes = policy(pay__floor=0.5, demand__visit__volumes__south=1, committees__board__places__0=1)
    given = copy.deepcopy(changes.changes)
    reform(scenario, changes)
    assert (scenario.digest(), scenario.source.data, scenario.source.evidence) == before
    assert changes.changes == given


def test_a_value_is_not_shared_with_the_policy(scenario):
    volumes = {"north": 1}
    reformed = reform(scenario, policy(demand__visit__volumes=volumes))
    volumes["north"] = -5
    assert reform(reformed, policy(pay__floor=0.5)).demand["visit"].volumes == {"north": 1}


CHANGES = {
    "pay.full_pay_threshold": 90,
    "assessment.advanced_threshold": 80,
    "assessment.promotion_threshold": 70,
    "demand.visit.volumes.north": 10,
    "committees.board.places.0": 7,
    "kinds.visit.route.fork.to": {"notice": 1, "decide": 0},
}


@pytest.mark.parametrize("order", list(itertools.permutations(CHANGES))[::90])
def test_the_order_of_changes_does_not_matter(scenario, order):
    wanted = reform(scenario, Policy("trial", TITLE, TITLE, CHANGES)).digest()
    changes = {path: CHANGES[path] for path in order}
    assert reform(scenario, Policy("trial", TITLE, TITLE, changes)).digest() == wanted


@given(threshold=st.floats(1e-9, 100), deduction=st.just(0.0) | st.floats(1e-9, 100))
def test_what_is_set_is_what_stands_there(tmp_path_factory, threshold, deduction):
    scenario = load(write_scenario(tmp_path_factory.getbasetemp() / "given"))
    reformed = reform(scenario, policy(pay__full_pay_threshold=threshold, pay__deduction_per_point=deduction))
    assert (reformed.pay.full_pay_threshold, reformed.pay.deduction_per_point) == (threshold, deduction)


# evidence


def test_evidence_of_what_is_changed_is_replaced(scenario, write):
    at = ("grades", "clerk", "base_pay")
    assert scenario.source.evidence[at].range == (40000, 60000)
    bare = reform(scenario, write("grades.clerk.base_pay: 90000"))
    assert at not in bare.source.evidence
    told = reform(
        scenario, write("grades.clerk.base_pay: {value: 90000, unit: yuan a year, source: a decree}")
    )
    assert told.source.evidence[at] == Evidence(unit="yuan a year", source="a decree")


def test_evidence_inside_a_changed_block_is_replaced(scenario, write):
    at = ("demand", "visit", "volumes")
    volumes = "{north: {value: 5, unit: requests a year, source: a count}, south: 6}"
    reformed = reform(scenario, write(f"demand.visit.volumes: {volumes}"))
    assert {path: found for path, found in reformed.source.evidence.items() if path[:3] == at} == {
        (*at, "north"): Evidence(unit="requests a year", source="a count")
    }


def test_other_evidence_stays(scenario):
    assert reform(scenario, policy(pay__floor=0.5)).source.evidence == scenario.source.evidence


def test_changing_the_unit_of_numbers_asks_for_the_numbers_too(scenario, write):
    """The evidence says 300 requests a year; a policy cannot make them 300 a day by the way."""
    with pytest.raises(InputError, match="with this change 'demand.visit.volumes.south.unit' is wrong"):
        reform(scenario, write("demand.visit.per: day"))
    assert reform(scenario, write("demand.visit.per: day\ndemand.visit.volumes: {north: 1}"))


# what is refused (files by the dozen: test_bad_input.py)


def test_unknown_policy_names_the_nearest(scenario, write):
    write("pay.floor: 0.1", "threshold-90")
    with pytest.raises(InputError, match=r"unknown policy 'treshold-90' .*Did you mean 'threshold-90'\?"):
        load_policy(scenario, "treshold-90")


@pytest.mark.parametrize("name", ["", "../small", "a/b", "a\0b", "..", "n" * 300, "-x", "\x1b[2J"])
def test_odd_policy_names_are_refused(scenario, name):
    with pytest.raises(InputError) as raised:
        load_policy(scenario, name)
    assert str(raised.value).isprintable()


def test_a_policy_file_elsewhere(scenario, tmp_path):
    file = tmp_path / "ninety.yaml"
    file.write_text(POLICY, encoding="utf-8")
    assert reform(scenario, file).pay.full_pay_threshold == 90
    assert load_policy(scenario, str(file)).name == "ninety"
    with pytest.raises(InputError, match="no such file"):
        load_policy(scenario, tmp_path / "none.yaml")
    odd = tmp_path / "ni nety.yaml"
    odd.write_text(POLICY, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be the name of a policy"):
        load_policy(scenario, odd)


def test_html_in_a_title_is_kept_as_text(scenario, tmp_path):
    file = tmp_path / "html.yaml"
    file.write_text(swap(POLICY, ("en: Ninety", 'en: "<b>=1+1</b>"')), encoding="utf-8")
    assert load_policy(scenario, file).title.en == "<b>=1+1</b>"


def test_a_policy_in_no_file_is_named(scenario):
    with pytest.raises(InputError, match=r"changes\.pay\.flor: policy 'trial': unknown .*'pay\.floor'"):
        reform(scenario, policy(pay__flor=1))


def test_a_refused_reform_leaves_the_scenario_usable(scenario):
    before = scenario.digest()
    with pytest.raises(InputError):
        reform(scenario, policy(pay__floor=7))
    assert scenario.digest() == before


def test_a_reform_is_made_once_and_again_when_the_policy_says_something_else(scenario):
    policy = Policy("trial", TITLE, TITLE, {"grades.clerk.leave_days": 6})
    first = reform(scenario, policy)
    assert reform(scenario, Policy("trial", TITLE, TITLE, {"grades.clerk.leave_days": 6})) is first
    policy.changes["grades.clerk.leave_days"] = 7
    assert reform(scenario, policy).grades["clerk"].leave_days == 7
    assert first.grades["clerk"].leave_days == 6
    other = scenario.model_copy()
    other._source, other._folder = scenario.source, scenario.folder
    assert reform(other, policy) is not reform(scenario, policy)


def test_rules_share_the_work_or_the_world_by_what_is_felt():
    """Over years verdicts move people, so ranks are felt; audits find nothing where all records are true."""
    county = load("binhai")
    years = {"horizon.years": 2, "careers.on": True}
    one, ranks, audits, pay = (
        reform(county, years | change)
        for change in (
            {},
            {"assessment.bottom_count": 1},
            {"assessment.audits.on": True},
            {"pay.full_pay_threshold": 80},
        )
    )
    assert one.digest(of_work=True) == audits.digest(of_work=True) == pay.digest(of_work=True)
    assert one.digest(of_work=True) != ranks.digest(of_work=True)
    assert one.digest(of_world=True) == ranks.digest(of_world=True)
    clerks = reform(county, years | {"staff.tianchang_relief.count": 1})
    assert one.digest(of_world=True) != clerks.digest(of_world=True)
