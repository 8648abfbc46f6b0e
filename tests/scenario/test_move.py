"""People who move from one staff group to another: who, where to, and that nobody is made or lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import InputError, Policy, load, reform
from sim.scenario.check import people_of
from sim.scenario.part import Text

from .small import POLICY, small, write_scenario

TITLE = Text(en="Trial", zh="试行")
HEAD = POLICY[: POLICY.index("changes:")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    text = small(
        (
            "  north_review:\n",
            "  south_relief: {unit: south, role: window, grade: clerk, count: 0}\n  north_review:\n",
        )
    )
    return write_scenario(tmp_path_factory.mktemp("scenario") / "small", text)


@pytest.fixture(scope="module")
def scenario(folder):
    return load(folder)


def move(origin: str, to: str, people: int = 1) -> dict[str, object]:
    return {"from": origin, "to": to, "people": people}


def policy(*moves, **changes) -> Policy:
    changes = {path.replace("__", "."): value for path, value in changes.items()}
    return Policy("trial", TITLE, TITLE, changes, move=moves)


def who(scenario) -> dict[str, list[str]]:
    return {name: people_of(name, one.count, one.names) for name, one in scenario.staff.items()}


def test_the_last_of_a_group_move_and_everybody_keeps_their_name(scenario):
    after = who(reform(scenario, policy(move("north_window", "south_window"))))
    assert after["north_window"] == ["north_window_1"]
    assert after["south_window"] == ["张三", "north_window_2"]


def test_or_those_who_are_named(scenario):
    named = {"from": "north_window", "to": "south_window", "names": ["north_window_1"]}
    after = who(reform(scenario, policy(named)))
    assert after["north_window"] == ["north_window_2"]
    assert after["south_window"] == ["张三", "north_window_1"]


def test_a_group_may_be_emptied_and_a_vacant_one_filled(scenario):
    after = who(reform(scenario, policy(move("south_window", "south_relief"))))
    assert after["south_window"] == []
    assert after["south_relief"] == ["张三"]


def test_moves_follow_each_other(scenario):
    chain = policy(move("north_window", "south_relief"), move("south_relief", "south_window"))
    after = who(reform(scenario, chain))
    assert (after["north_window"], after["south_relief"]) == (["north_window_1"], [])
    assert after["south_window"] == ["张三", "north_window_2"]


def test_there_and_back_again_is_no_move(scenario):
    back = policy(move("north_window", "south_window", 2), move("south_window", "north_window", 2))
    assert reform(scenario, back).digest() == scenario.digest()


def test_other_changes_of_the_groups_go_with_it(scenario):
    both = policy(move("north_window", "south_window"), staff__south_window__speed=1.5)
    after = reform(scenario, both)
    assert (after.staff["south_window"].count, after.staff["south_window"].speed) == (2, 1.5)


def test_a_change_that_needs_the_move_may_stand_with_it(scenario):
    """South's only clerk goes to the hall, which leaves nobody there, but for the one who comes."""
    swap = policy(move("north_window", "south_relief"), staff__south_window__unit="hall")
    assert reform(scenario, swap).staff["south_window"].unit == "hall"
    with pytest.raises(InputError, match="nobody at south/window"):
        reform(scenario, policy(staff__south_window__unit="hall"))


GROUPS = ("north_window", "south_window", "south_relief", "hall_window")


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.lists(st.tuples(st.sampled_from(GROUPS), st.sampled_from(GROUPS), st.integers(1, 3)), max_size=6))
def test_no_sequence_of_moves_makes_or_loses_anybody(tmp_path_factory, moves):
    text = small(
        (
            "  north_review:\n",
            "  south_relief: {unit: south, role: window, grade: clerk, count: 0}\n  north_review:\n",
        )
    )
    scenario = load(write_scenario(tmp_path_factory.getbasetemp() / "moves", text))
    try:
        after = reform(scenario, policy(*(move(*one) for one in moves)))
    except InputError as error:
        assert any(words in str(error) for words in ("are to move", "to itself", "nobody at"))
    else:
        people = [name for group in who(after).values() for name in group]
        assert sorted(people) == sorted(name for group in who(scenario).values() for name in group)


@pytest.mark.parametrize(
    ("lines", "path", "says"),
    [
        ("{from: nort_window, to: south_window, people: 1}", "move.0.from", "Did you mean 'north_window'?"),
        ("{from: north_window, to: south, people: 1}", "move.0.to", "unknown staff group 'south'"),
        ("{from: north_window, to: south_window, people: 3}", "move.0.people", "has 2 people, and 3 are"),
        ("{from: south_relief, to: south_window, people: 1}", "move.0.people", "has nobody"),
        ("{from: north_window, to: north_window, people: 1}", "move.0.to", "to itself"),
        ("{from: north_window, to: south_window, people: 0}", "move.0.people", "at least 1"),
        ("{from: north_window, to: south_window, people: 1.5}", "move.0.people", "not a whole number"),
        ("{from: north_window, to: south_window}", "move.0", "how many people move, or their names"),
        ("{from: north_window, to: south_window, people: 1, names: [张三]}", "move.0", "how many people"),
        ("{from: north_window, to: south_window, names: [north_window_9]}", "move.0.names.0", "not one of"),
        ("{from: north_window, to: south_window, names: [a, a]}", "move.0", "stands twice"),
        ("{form: north_window, to: south_window, people: 1}", "move.0.form", "Did you mean 'from'?"),
        ("{from: north_window, people: 1}", "move.0", "'to' is missing"),
        ("{from: south_window, to: hall_window, people: 1}", "move.0", "nobody at south/window"),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_is_told_at_its_line(scenario, folder, lines, path, says):
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "policies" / "bad.yaml").write_text(f"{HEAD}move:\n  - {lines}\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        reform(scenario, "bad")
    assert (raised.value.line, raised.value.path) == (5, path)
    assert says in str(raised.value)


def test_the_move_that_empties_a_station_is_named_among_others(scenario):
    moves = move("north_window", "hall_window"), move("north_window", "south_window")
    with pytest.raises(InputError, match=r"move\.1: .*nobody at north/window"):
        reform(scenario, policy(*moves, pay__floor=0.1))


@pytest.mark.parametrize(
    "path", ["staff.north_window.count", "staff.south_window.names", "staff.south_window"]
)
def test_who_is_in_a_group_is_not_changed_as_well(scenario, path):
    both = Policy("trial", TITLE, TITLE, {path: None}, move=(move("north_window", "south_window"),))
    with pytest.raises(InputError, match="Write the move or the change, not both"):
        reform(scenario, both)
