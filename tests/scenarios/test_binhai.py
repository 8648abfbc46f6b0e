"""The county of the article: what the article says stands in it, and all else says why it has its size."""

from pathlib import Path

import pytest

from sim.scenario import load, load_policy, reform
from sim.scenario.idle import changes_nothing

from .evidence import chinese, innermost, unfounded

FOLDER = Path(__file__).parents[2] / "scenarios" / "binhai"
POLICIES = sorted(path.stem for path in (FOLDER / "policies").glob("*.yaml"))
MATTERS = {
    "土地登记",
    "宅基地审批",
    "信访",
    "执法案件",
    "耕地保护",
    "矿产资源管理",
    "土地挂牌",
    "费用征收",
    "交办件",
}


@pytest.fixture(scope="module")
def binhai():
    return load(FOLDER)


def units_of(scenario, kind: str) -> list[str]:
    return [name for name, unit in scenario.units.items() if unit.type == kind]


def people(scenario, unit: str) -> int:
    return sum(staff.count for staff in scenario.staff.values() if staff.unit == unit)


def test_two_branches_and_thirteen_offices(binhai):
    assert len(units_of(binhai, "branch")) == 2
    assert len(units_of(binhai, "office")) == 13
    for unit in units_of(binhai, "office") + units_of(binhai, "branch"):
        assert 3 <= people(binhai, unit) <= 8


def test_sections_hall_and_leaders_of_the_bureau(binhai):
    assert units_of(binhai, "section") == [
        "registration",
        "land_use",
        "farmland",
        "enforcement",
        "minerals",
        "petitions",
    ]
    assert units_of(binhai, "comprehensive") == ["general_office", "finance", "personnel"]
    assert len(units_of(binhai, "hall")) == len(units_of(binhai, "leaders")) == 1


def test_all_matters_of_the_article_come_in(binhai):
    assert {kind.title.zh for kind in binhai.kinds.values()} == MATTERS
    assert set(binhai.demand) == set(binhai.kinds)
    total = sum(sum(demand.volumes.values()) for demand in binhai.demand.values())
    assert 45_000 <= total <= 60_000


def test_every_number_has_evidence_and_every_assumption_its_range_and_reason(binhai):
    assert unfounded(binhai) == []


def test_every_assumption_has_a_reason(binhai):
    assert [
        path for path, found in binhai.source.evidence.items() if found.assumed and not found.reason
    ] == []


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("assessment.advanced_threshold", 95, "三、五、二"),
        ("assessment.promotion_threshold", 90, "三、五、二"),
        ("assessment.bottom_count", 3, "三、五、二"),
        ("assessment.certified_target", 1, "三、四、一"),
        ("assessment.excellent_target", 0.3, "三、四、一"),
        ("pay.full_pay_threshold", 95, "三、五、三"),
        ("pay.deduction_per_point", 1, "三、五、三"),
        ("pay.floor", 0, "三、五、三"),
        ("pay.bonus_threshold", 95, "三、五、三"),
        ("study.weekly_hours", 2, "三、一、二"),
        ("study.lectures_a_year", 4, "三、一、一"),
        ("study.integrity_sessions_a_year", 2, "三、一、一"),
        ("unit_types.office.front_desk", "one_window", "三、四、二"),
        ("unit_types.office.pay_bound", True, "三、五、三"),
    ],
)
def test_article_values_stand_with_their_place_in_the_article(binhai, path, value, place):
    here = binhai
    for part in path.split("."):
        here = here[part] if isinstance(here, dict) else getattr(here, part)
    assert here == value
    assert binhai.source.evidence[tuple(path.split("."))].source.startswith(f"article {place}")


def test_pay_rule_binds_the_offices_only(binhai):
    assert [name for name, unit_type in binhai.unit_types.items() if unit_type.pay_bound] == ["office"]


@pytest.mark.parametrize(
    ("kind", "amount", "per"),
    [
        ("registration", 30, "working_days"),
        ("petition", 60, "calendar_days"),
        ("enforcement", 90, "calendar_days"),
        ("mineral", 40, "calendar_days"),
    ],
)
def test_statutory_limits_and_tighter_promises(binhai, kind, amount, per):
    part = binhai.kinds[kind]
    assert (part.statutory_limit.amount, part.statutory_limit.per) == (amount, per)
    assert part.limit.per == per
    assert part.limit.amount < amount
    cited = innermost(binhai.source.evidence, ("kinds", kind, "statutory_limit", "amount"))
    assert not cited.assumed


def test_every_service_rule_has_a_policy_of_its_own(binhai):
    switched = {path for name in POLICIES for path in load_policy(binhai, name).changes}
    rules = {f"service_rules.{name}.on" for name, _ in binhai.service_rules}
    assert rules <= switched
    assert not any(part.on for _, part in binhai.service_rules), "the rules as they stand have none of them"
    later = ("violations", "old_households", "late_opening")  # only in the article in full
    assert all(part.on != (name in later) for name, part in binhai.frictions)


@pytest.mark.parametrize("name", POLICIES)
def test_policy_changes_the_scenario_in_every_line(binhai, name):
    policy = load_policy(binhai, name)
    assert policy.changes or policy.move
    assert changes_nothing(binhai, policy) == {}
    assert reform(binhai, policy).digest() != binhai.digest()


@pytest.mark.parametrize("name", POLICIES)
def test_policy_has_title_and_reason_in_both_languages(binhai, name):
    policy = load_policy(binhai, name)
    for text in (policy.title, policy.reason):
        assert not chinese(text.en)
        assert chinese(text.zh)


def test_moved_staff_leave_the_slack_office_staffed(binhai):
    moved = reform(binhai, "move-two-staff")
    assert people(moved, "tianchang") == people(binhai, "tianchang") - 2
    assert people(moved, "batan") == people(binhai, "batan") + 2
    assert moved.staff["batan_relief"].names == ("tianchang_relief_1", "tianchang_relief_2")
    assert moved.staff["batan_relief"].also_serves == ("batan/field",)


def test_smooth_pay_has_no_jump(binhai):
    pay = reform(binhai, "smooth-pay").pay
    for corners in (pay.schedule, pay.bonus_schedule):
        assert all(corner.jump_to is None for corner in corners)
        shares = [corner.share for corner in corners]
        assert shares == sorted(shares)
        assert shares[0] < shares[-1]
