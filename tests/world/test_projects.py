"""Target projects: what is handed out when, by whom it is done, and by when it is due."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.flow import build as bureau_of
from sim.scenario import Scenario
from sim.scenario.time import DAY_S
from sim.world import draw_world, in_force

from .rules_office import office, visits
from .test_service_rules import COLUMNS, PLAIN

TITLE = {"en": "plots", "zh": "地块"}


def projects(horizon: dict | None = None, **changes) -> Scenario:
    block = {
        "on": True,
        "accepted_at": "hall/leader",
        "classes": {
            "plots": {
                "title": TITLE,
                "a_year": {"north": 3, "south": 2},
                "hours": 20,
                "stages": 4,
                "due_month": 6,
            }
        },
    }
    return office(
        projects=block | changes, horizon=horizon or {"start": "2025-01-01", "years": 1, "warm_up_days": 10}
    )


def world_of(scenario: Scenario):
    return draw_world(scenario, 7)


def plots(world):
    return world.requests[world.requests["kind"] == "project.plots"]


def test_projects_are_a_kind_that_everybody_can_do():
    written = in_force(projects())
    assert list(written.kinds) == ["deed", "petition", "project.plots"]
    assert written.kinds["project.plots"].title.zh == "地块"
    assert "project.plots" in written.staff["hall_review"].skills
    assert written.staff["north_field"].skills == "all"


def test_a_world_is_drawn_with_the_rules_written_in_whoever_asks():
    """Without them there is no kind for the projects that are handed out."""
    world, written = world_of(projects()), draw_world(in_force(projects()), 7)
    assert world.scenario.kinds == written.scenario.kinds
    assert (world.requests == written.requests).all(axis=None) and len(plots(world)) == 5


def test_projects_leave_the_public_as_it_is():
    world = world_of(projects(horizon={"start": "2025-01-01", "years": 1}))
    table = visits(world)
    assert (PLAIN[COLUMNS] == table.loc[PLAIN.index, COLUMNS]).all(axis=None)
    others = set(table.index.get_level_values("kind")) - {"deed", "petition"}
    assert others == {"project.plots"}


@pytest.mark.parametrize("month", [1, 2, 6, 11, 12])
@pytest.mark.parametrize(
    ("start", "years"), [("2025-01-01", 1), ("2023-01-01", 3), ("2024-01-01", 2), ("2024-03-01", 2)]
)
def test_due_at_the_end_of_the_month_in_every_year(month, start, years):
    scenario = projects(horizon={"start": start, "years": years, "warm_up_days": 20})
    classes = scenario.projects.classes["plots"].model_copy(update={"due_month": month})
    block = scenario.projects.model_copy(update={"classes": {"plots": classes}})
    world = world_of(scenario.model_copy(update={"projects": block}))
    mine = plots(world)
    assert len(mine) == 5 * years
    due_s = bureau_of(world).tables.due_s[mine.index]
    days = sorted({world.calendar.date(int(second) // DAY_S - 1) for second in due_s})
    assert len(days) == years
    first = dt.date.fromisoformat(start)
    for number, day in enumerate(days):
        year = first.year + number + (month < first.month)
        last = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        later = world.calendar.working_days[world.calendar.working_days >= world.calendar.day_of(last)]
        assert day == world.calendar.date(later[0]), "the month's last day, or the working day after it"
    starts = np.array([begin for begin, _ in world.years])
    arrived = mine["arrival_s"].to_numpy()
    assert ((arrived[:, None] - starts).max(axis=1) >= 0).all()
    assert set((np.sort(arrived)[::5] - starts).tolist()) <= {0, DAY_S}, "the first morning of the year"


def test_the_chain_from_break_down_to_acceptance():
    scenario = projects(sent_back=0.0, planned_share=0.8)
    route = in_force(scenario).kinds["project.plots"].route
    table = visits(world_of(scenario)).sort_index(level=[0, 1, 2], sort_remaining=False)
    one = table.loc[("project.plots", "north", 0)]
    stages_and_pauses = ["stage_1", "pause_1", "stage_2", "pause_2", "stage_3", "pause_3", "stage_4"]
    assert list(one["step"]) == ["break_down", *stages_and_pauses, "acceptance"]
    assert [route[step].at for step in ("break_down", "stage_1", "acceptance")] == [
        "own/head",
        "own/field",
        "hall/leader",
    ]
    apart = one[one["step"].str.startswith("pause")]["delay_s"] / DAY_S
    assert apart.tolist() == pytest.approx([0.8 * 180 / 4] * 3), "evenly over four fifths of 180 days"
    stages = table[table["step"].str.startswith("stage")]["work_s"]
    assert route["stage_1"].minutes == 60 * 20 / 4
    assert stages.mean() == pytest.approx(5 * 3600, rel=0.35)


def test_acceptance_may_send_back():
    block = {"plots": {"title": TITLE, "a_year": {"north": 400}, "hours": 20, "stages": 2}}
    table = visits(world_of(projects(sent_back=0.25, rework_share=0.5, classes=block)))
    rework, accepted = (table[table["step"] == step] for step in ("rework", "acceptance"))
    assert len(accepted) == 400 + len(rework)
    assert len(rework) / len(accepted) == pytest.approx(0.25, abs=0.06)
    assert rework["work_s"].mean() == pytest.approx(0.5 * 10 * 3600, rel=0.15)


def test_a_stage_lags_behind_its_own_plan_once_the_mid_term_check_has_been():
    def supervised(**changes):
        route = in_force(projects(**changes)).kinds["project.plots"].route
        watched = {name: getattr(step, "supervised_from", None) for name, step in route.items()}
        return {name: share for name, share in watched.items() if share is not None}

    stages = ["stage_1", "stage_2", "stage_3", "stage_4"]
    assert supervised(planned_share=1.0, midterm_share=0.5) == dict(
        zip(stages, [0.5, 0.5, 0.5, 0.75], strict=True)
    )
    assert supervised(planned_share=1.0, midterm_share=1.0) == dict.fromkeys(stages, 1.0)
    assert supervised(supervision_days=0.0) == {}
    world = world_of(projects(planned_share=1.0))
    steps = visits(world)["step"].to_numpy()
    assert set(steps[world.tasks.supervised == 50]) == {"stage_1", "stage_2", "stage_3"}
    assert set(steps[world.tasks.supervised == 75]) == {"stage_4"}


def test_no_pauses_where_all_is_planned_at_once():
    route = in_force(projects(planned_share=0.0)).kinds["project.plots"].route
    assert not [step for step in route if step.startswith("pause")]
    assert route["stage_1"].next == "stage_2"


def test_no_projects_no_kind():
    scenario = projects(classes={"plots": {"title": TITLE, "a_year": {"north": 0}, "hours": 3}})
    assert in_force(scenario) is scenario
