"""Each service rule does what it says to the requests it is about, and nothing to any other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.scenario import Policy, load, reform
from sim.scenario.part import Text
from sim.scenario.time import DAY_S
from sim.world import in_force

from .rules_office import drawn, frictions, office, rules, visits

PLAIN = visits(drawn(office()))
COLUMNS = ["work_s", "delay_s", "delay_days", "stops"]


def both(other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The visits that stand in the plain world and in the other."""
    common = PLAIN.index.intersection(other.index)
    return PLAIN.loc[common], other.loc[common]


def changed(other: pd.DataFrame, *columns: str) -> set[str]:
    """The steps of which any visit differs."""
    before, after = both(other)
    differ = (before[list(columns or COLUMNS)] != after[list(columns or COLUMNS)]).any(axis=1)
    return set(before.index.get_level_values("like")[differ])


def of(table: pd.DataFrame, step: str) -> pd.DataFrame:
    return table[table.index.get_level_values("like") == step]


def test_all_off_is_the_same_object():
    for scenario in (office(), load("urgent-care")):
        assert in_force(scenario) is scenario


def test_what_is_in_force_is_written_once():
    scenario = rules(one_stop={})
    assert in_force(scenario) is in_force(scenario) is not scenario


def test_a_rule_leaves_what_it_does_not_touch_as_it_is():
    scenario = rules(petition_pairing={})
    written = in_force(scenario)
    assert written.kinds is scenario.kinds and written.staff is scenario.staff
    assert written.source is scenario.source and written.name == scenario.name


def test_one_time_notification():
    told = visits(drawn(rules(one_time_notification={"incomplete_factor": 0.5, "explaining_minutes": 6})))
    before, after = of(PLAIN, "complete"), of(told, "complete")
    assert set(after.index) < set(before.index), "some are spared, nobody else is sent back"
    assert len(after) / len(before) == pytest.approx(0.5, abs=0.06)
    assert changed(told) == {"accept"}
    first = [index for index in of(PLAIN, "accept").index if index[-1] == 0]
    ratio = told.loc[first, "work_s"].sum() / PLAIN.loc[first, "work_s"].sum()
    assert ratio == pytest.approx(36 / 30, rel=1e-3), "everybody is told"


def test_one_stop():
    short = visits(drawn(rules(one_stop={"transfer_factor": 0.25})))
    assert list(short.index) == list(PLAIN.index)
    assert changed(short) == {"to_hall"}
    np.testing.assert_allclose(
        of(short, "to_hall")["delay_s"], 0.25 * of(PLAIN, "to_hall")["delay_s"], atol=1
    )


def test_case_owner():
    known = visits(drawn(rules(case_owner={"familiarity_factor": 0.8})))
    assert changed(known) == {"issue"}, "the later step at the station that took the case in"
    np.testing.assert_allclose(of(known, "issue")["work_s"], 0.8 * of(PLAIN, "issue")["work_s"], atol=1)


def test_information_sharing():
    shared = visits(drawn(rules(information_sharing={"delay_factor": 0.5, "cv_factor": 0.5})))
    assert changed(shared) == {"outside"}
    before, after = (of(table, "outside")["delay_s"].to_numpy() for table in (PLAIN, shared))
    assert after.mean() / before.mean() == pytest.approx(0.5, rel=0.05)
    assert (after.std() / after.mean()) / (before.std() / before.mean()) == pytest.approx(0.5, rel=0.1)
    assert (np.argsort(before, kind="stable") == np.argsort(after, kind="stable")).mean() > 0.99


@pytest.mark.parametrize(
    ("share", "days", "hours"), [(0.8, 8, 80), (0.34, 4, 34), (0.01, 1, 1), (1.0, 9, 100)]
)
def test_time_limit_commitment(share, days, hours):
    """9 working days and 100 hours, times the share, rounded up to whole units."""
    scenario = rules(time_limit_commitment={"share": share})
    kinds = in_force(scenario).kinds
    assert kinds["deed"].limit.amount == days
    assert kinds["petition"].limit.amount == hours
    assert kinds["deed"].route is scenario.kinds["deed"].route


def test_time_limit_commitment_of_some_kinds():
    kinds = in_force(rules(time_limit_commitment={"share": 0.5, "kinds": ["petition"]})).kinds
    assert (kinds["deed"].limit.amount, kinds["petition"].limit.amount) == (9, 50)


def test_online_filing():
    rule = {"kinds": {"deed": 0.4}, "front_factor": 0.5, "transfer_factor": 0.1}
    world = drawn(rules(online=rule))
    filed, requests = visits(world), world.requests
    online = requests[requests["channel"] == "online"]
    deeds = requests[requests["kind"] == "deed"]
    assert set(online["kind"]) == {"deed"}
    assert len(online) / len(deeds) == pytest.approx(0.4, abs=0.04)
    assert list(filed.index.sort_values()) == list(PLAIN.index.sort_values()), "the same visits"
    assert changed(filed) == {"accept", "issue", "to_hall"}
    wired = filed["step"].str.endswith(".online")
    before, after = both(filed)
    same = (before[COLUMNS] == after[COLUMNS]).all(axis=1)
    assert same[~wired.loc[before.index]].all(), "who comes to the counter has the same way"
    fronts = after.index.get_level_values("like").isin(["accept", "issue"]) & wired.loc[before.index]
    np.testing.assert_allclose(after["work_s"][fronts], 0.5 * before["work_s"][fronts], atol=1)


def test_online_requests_come_at_any_hour_of_the_same_day():
    plain, world = drawn(office()).requests, drawn(rules(online={"kinds": {"deed": 0.4}})).requests
    key = ["kind", "unit", "number"]
    joined = plain.merge(world, on=key, suffixes=("", "_filed"))
    assert len(joined) == len(plain) == len(world)
    assert (joined["arrival_s"] // DAY_S == joined["arrival_s_filed"] // DAY_S).all()
    moved = joined["arrival_s"] != joined["arrival_s_filed"]
    assert set(joined["channel"][moved]) == {"online"} and moved[joined["channel"] == "online"].all()
    hours = joined["arrival_s_filed"][moved] % DAY_S // 3600
    assert len(set(hours)) == 24
    assert world["arrival_s"].is_monotonic_increasing
    office_hours = rules(online={"kinds": {"deed": 0.4}, "begins_at": "18:00", "ends_at": "20:00"})
    late = drawn(office_hours).requests.query("channel == 'online'")
    assert set(late["arrival_s"] % DAY_S // 3600) == {18, 19}


def test_channel_is_told_only_where_there_is_a_choice():
    assert "channel" not in drawn(office()).requests
    assert "channel" not in drawn(rules(one_stop={}, online={"kinds": {"deed": 0.0}})).requests


def test_doorstep_service():
    rule = {"kinds": {"deed": 0.3}, "travel_minutes": 60, "incomplete_factor": 0.25}
    world = drawn(rules(doorstep=rule))
    visited = visits(world)
    came = world.requests.query("channel == 'doorstep'")
    assert len(came) / (world.requests["kind"] == "deed").sum() == pytest.approx(0.3, abs=0.04)
    route = world.scenario.kinds["deed"].route
    assert route["accept.doorstep"].at == "own/field" and route["accept"].at == "own/window"
    assert route["issue.doorstep"].at == "own/window"
    at_home = visited["step"] == "accept.doorstep"
    first = at_home & (visited.index.get_level_values("visit") == 0)
    ratio = visited["work_s"][first].sum() / PLAIN["work_s"].loc[visited.index[first]].sum()
    assert ratio == pytest.approx(90 / 30, rel=1e-3)
    back = set(of(visited, "complete").index), set(of(PLAIN, "complete").index)
    assert back[0] < back[1]
    assert (visited["step"] == "complete.doorstep").sum() / len(came) == pytest.approx(0.1, abs=0.05)
    assert set(back[1] - back[0]) <= {
        ("deed", unit, number, "complete", 0)
        for unit, number in zip(came["unit"], came["number"], strict=True)
    }


def test_early_service():
    world = drawn(rules(early={"kinds": {"deed": 0.5}, "delay_factor": 0.5}))
    early = visits(world)
    assert changed(early) == {"outside", "to_hall"}
    known = early["step"].isin(["outside.early", "to_hall.early"])
    before, after = both(early)
    np.testing.assert_allclose(after["delay_s"][known], 0.5 * before["delay_s"][known], atol=1)


def test_two_channels_share_out_the_requests():
    """Adding doorstep service takes nobody from the net."""
    net = drawn(rules(online={"kinds": {"deed": 0.3}})).requests
    two = drawn(rules(online={"kinds": {"deed": 0.3}}, doorstep={"kinds": {"deed": 0.3}})).requests
    assert ((net["channel"] == "online").to_numpy() == (two["channel"] == "online").to_numpy()).all()
    assert (two["channel"] == "doorstep").sum() > 300


def test_pooling():
    staff = in_force(rules(pooling={"units": ["north", "south"], "roles": ["window"]})).staff
    assert staff["north_window"].also_serves == ("south/window",)
    assert staff["south_window"].also_serves == ("north/window",)
    assert staff["north_field"].also_serves == staff["hall_review"].also_serves == ()
    everybody = in_force(rules(pooling={"units": ["north", "south"]})).staff
    assert everybody["north_field"].also_serves == ("south/field",)


def test_mobile_support():
    team = {"groups": ["north_field"], "units": ["north", "south"], "travel_share": 0.25}
    scenario = rules(mobile_support={"teams": {"survey": team}})
    staff = in_force(scenario).staff
    assert staff["north_field"].also_serves == ("south/field",)
    assert staff["north_field"].speed == pytest.approx(0.75)
    assert all(staff[name] is scenario.staff[name] for name in staff if name != "north_field")


def test_petition_pairing_takes_hours_of_leaders():
    rule = {"weekday": "wed", "at": "14:00", "hours_a_week": 2}
    paired, plain = drawn(rules(petition_pairing=rule)), drawn(office())
    for person, before in zip(paired.people, plain.people, strict=True):
        if person.role != "leader":
            np.testing.assert_array_equal(person.duty, before.duty)
            continue
        visiting = person.away["duty"]
        assert set((visiting[:, 0] % DAY_S).tolist()) == {14 * 3600}
        assert set(np.diff(visiting, axis=1).ravel().tolist()) == {2 * 3600}
        assert {paired.calendar.weekday[day] for day in visiting[:, 0] // DAY_S} == {2}
        assert len(visiting) > 40


@pytest.mark.parametrize(("households", "each", "left"), [(10, 1, 0.84), (10, 5, 0.2), (10, 9, 0.2)])
def test_petition_pairing_lowers_repeats_by_the_share_of_households(households, each, left):
    """Two leaders: 1 - effect x min(1, 2 x each / households), with an effect of 0.8."""
    pairing = {"on": True, "old_households": households, "households_each": each, "effect": 0.8}
    repeats = {"repeat_petitions": {"on": True, "kinds": ["petition"], "chance": 0.5}}
    scenario = office(frictions=repeats, service_rules={"petition_pairing": pairing})
    assert in_force(scenario).kinds["petition"].route["repeat.asked"].to["repeat.again"] == pytest.approx(
        0.5 * left
    )


def test_first_asked_hands_on_whom_misdirection_would_send_away():
    bounced = visits(drawn(frictions(misdirection={"chance": 0.3})))
    handed = visits(
        drawn(
            office(
                frictions={"misdirection": {"on": True, "chance": 0.3}},
                service_rules={"first_asked": {"on": True, "minutes": 7}},
            )
        )
    )
    assert set(bounced.index) == set(handed.index), "the same people stand at the wrong desk"
    wrong = of(handed, "desk.wrong")
    assert set(wrong["work_s"]) == {7 * 60} and set(wrong["delay_days"]) == {0}
    assert of(bounced, "desk.wrong")["delay_days"].mean() == pytest.approx(2, abs=0.25)
    assert changed(handed) == changed(bounced) == set()


def test_clarity_lowers_three_frictions():
    goes_wrong = {name: {"on": True, "chance": 0.4} for name in ("misdirection", "overreach", "absence")}
    factors = {"misdirection_factor": 0.5, "overreach_factor": 0.25, "absence_factor": 0.75}
    before = visits(drawn(office(frictions=goes_wrong)))
    after = visits(drawn(office(frictions=goes_wrong, service_rules={"clarity": {"on": True} | factors})))
    assert set(after.index) < set(before.index)
    for step, name in (
        ("desk.wrong", "misdirection"),
        ("overreach.complaint", "overreach"),
        ("absence.idle", "absence"),
    ):
        share = len(of(after, step)) / len(of(before, step))
        assert share == pytest.approx(factors[f"{name}_factor"], abs=0.06)
    common = before.index.intersection(after.index)
    pd.testing.assert_frame_equal(before.loc[common, COLUMNS], after.loc[common, COLUMNS])


def test_every_rule_changes_what_decides_the_draw_and_only_then():
    """Two policies that draw the same citizens may share them; those that do not must not."""
    title = Text(en="a", zh="甲")
    binhai = load("binhai")

    def digest(**changes):
        policy = Policy(
            "p", title, title, {name.replace("__", "."): value for name, value in changes.items()}
        )
        return in_force(reform(binhai, policy)).digest(of_draw=True)

    same = digest()
    assert digest(service_rules__pooling__on=True) == same
    assert digest(service_rules__petition_pairing__old_households=3) == same
    different = [
        digest(**{f"service_rules__{rule}__on": True})
        for rule in ("one_stop", "online", "doorstep", "clarity", "petition_pairing", "first_asked")
    ]
    different.append(digest(frictions__errors__caught=0.1))
    different.append(digest(projects__on=False))
    assert len({same, *different}) == len(different) + 1


def test_rules_are_written_once():
    """A result's scenario has its rules in force; simulated again it gives the same."""
    loaded = load("binhai")
    once = in_force(reform(loaded, "all-service-rules"))
    assert once is not loaded
    assert in_force(once) is once
