"""Assistance between units: a second unit does its part, the first does the rest, and both take as long as
one would."""

from __future__ import annotations

import pytest

import sim
from sim.flow import build as bureau_of
from sim.scenario import InputError
from sim.world import draw_world, in_force
from tests.flow.scenarios import assert_same, trace_of

from .rules_office import office, visits

PARTNERS = {"north": "hall", "south": "hall"}


def assisted(**changes) -> sim.Scenario:
    rule = {"on": True, "kinds": ["deed"], "share": 0.5, "part": 0.25, "partners": PARTNERS}
    return office(service_rules={"assistance": rule | changes})


def test_the_largest_step_of_the_own_unit_is_divided():
    route = in_force(assisted()).kinds["deed"].route
    assert route["assist.help"].minutes == 0.25 * 90 and route["visit.assisted"].minutes == 0.75 * 90
    assert route["assist.asked"].to == {"assist.help": 0.5, "visit": 0.5}
    assert route["visit.assisted"].next == route["visit"].next == "outside"
    assert in_force(assisted()).kinds["petition"] == in_force(office()).kinds["petition"]


def test_what_is_left_has_the_luck_of_the_whole():
    plain, table = visits(draw_world(office(), 7)), visits(draw_world(assisted(), 7))
    rest = table[table["step"] == "visit.assisted"]
    whole = plain.loc[rest.index]
    assert len(rest) / (table["step"].isin(["visit", "visit.assisted"])).sum() == pytest.approx(0.5, abs=0.05)
    assert (abs(rest["work_s"] - 0.75 * whole["work_s"]) <= 1).all()
    alone = table[table["step"] == "visit"]
    assert (alone["work_s"] == plain.loc[alone.index, "work_s"]).all(), "who needs no help is as before"


def test_the_partner_does_it_and_is_told_in_both_executors():
    world = draw_world(assisted(), 7)
    bureau = bureau_of(world)
    assert_same(*(trace_of(bureau, world.end_s, engine) for engine in ("compiled", "simpy")))
    result = sim.simulate(assisted(), seed=7)
    help_ = result.steps[result.steps["step"] == "assist.help"]
    assert set(help_["unit"]) == {"hall"} and set(help_["role"]) == {"review"}
    done = help_[(help_["end_s"] >= 0) & (help_["end_s"] <= result.work.world.years[0][1])]
    units = result.units.loc[2025]
    assert units["assisted"].sum() == len(done) > 100 and units.loc["hall", "assisted"] == 0
    assert units.loc["hall", "assistance_hours"] == pytest.approx(done["work_s"].sum() / 3600)
    waited = (done["end_s"] - done["ready_s"]).groupby(
        result.requests["unit"].loc[done["request"]].to_numpy()
    )
    for unit in ("north", "south"):
        days = waited.get_group(unit).mean() / 86_400
        assert units.loc[unit, "assistance_wait_days"] == pytest.approx(days)


def test_without_the_rule_nothing_is_told_of_it():
    assert "assisted" not in set(sim.simulate(office(), seed=7).outcomes["outcome"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"partners": {"north": "hall"}}, "comes to south, which no unit helps"),
        ({"partners": {"north": "north", "south": "hall"}}, "would help itself"),
        ({"partners": {"north": "east", "south": "hall"}}, "east"),
        ({"role": "head"}, "nobody at hall/head"),
    ],
)
def test_a_partner_who_cannot_help_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        assisted(**changes)
