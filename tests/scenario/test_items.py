"""A policy adds, removes and weighs items of a scorecard by path; the others share what is left."""

from __future__ import annotations

import pytest

import sim
from sim.report.assumptions import changes

SECTION = "scorecards.section.items"
NEW = {
    "title": {"en": "Projects", "zh": "目标项目"},
    "indicator": "projects_accepted",
    "points": 15,
    "rule": "proportional",
}


@pytest.fixture(scope="module")
def binhai():
    return sim.load("binhai")


def policy(changes: dict) -> sim.Policy:
    return sim.Policy("trial", sim.load_policy(sim.load("binhai"), "current").title, "", changes)


def items(scenario, changes: dict, card: str = "section") -> dict:
    return sim.reform(scenario, changes).scorecards[card].items


def points(scenario, changes: dict) -> dict[str, float]:
    return {name: item.points for name, item in items(scenario, changes).items()}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"projects": NEW},
            {
                "on_time": 29.75,
                "speed": 12.75,
                "overdue": 12.75,
                "study": 8.5,
                "opinion": 21.25,
                "projects": 15,
            },
        ),
        ({"opinion": None}, {"on_time": 140 / 3, "speed": 20, "overdue": 20, "study": 40 / 3}),
        (
            {"opinion.points": 10},
            {"on_time": 42, "speed": 18, "overdue": 18, "study": 12, "opinion": 10},
        ),
        (
            {"opinion.points": 10, "speed": None, "projects": NEW},
            {"on_time": 43.75, "overdue": 18.75, "study": 12.5, "opinion": 10, "projects": 15},
        ),
        (
            {"opinion.points": 30, "speed.points": 10},  # together as before: nothing is left to share
            {"on_time": 35, "speed": 10, "overdue": 15, "study": 10, "opinion": 30},
        ),
    ],
    ids=["added", "removed", "weighed", "all three", "between two"],
)
def test_the_others_share_what_is_left(binhai, changed, expected):
    found = points(binhai, {f"{SECTION}.{path}": value for path, value in changed.items()})
    assert found == pytest.approx(expected)


def test_what_is_taken_off_for_a_failing_changes_with_the_points(binhai):
    before, after = items(binhai, {}), items(binhai, {f"{SECTION}.projects": NEW})
    for name in ("on_time", "speed", "overdue"):
        assert after[name].deduct / before[name].deduct == pytest.approx(0.85)
        assert after[name].target == before[name].target
    assert items(binhai, {f"{SECTION}.projects": NEW}, "office") == items(binhai, {}, "office")


def test_a_target_alone_leaves_the_points(binhai):
    assert points(binhai, {f"{SECTION}.on_time.target": 0.9}) == points(binhai, {})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"nope": None}, "unknown parameter 'scorecards.section.items.nope'"),
        ({"opinon.points": 10}, "Did you mean 'scorecards.section.items.opinion'"),
        ({"new": {"points": 3}}, "'title' is missing"),
        ({"a b": NEW}, "'a b' is not a name"),
        ({"opinion.points": 100}, "the points of the items sum to 175. They must sum to 100"),
        ({"opinion.points": "many"}, "'many' is not a number"),
        ({name: None for name in ("on_time", "speed", "overdue", "study", "opinion")}, "too few entries"),
    ],
)
def test_what_cannot_be_is_told(binhai, changed, words):
    with pytest.raises(sim.InputError, match=words):
        items(binhai, {f"{SECTION}.{path}": value for path, value in changed.items()})


@pytest.mark.parametrize(("lang", "rest"), [("en", "60 points"), ("zh", "60分")])
def test_reports_say_what_is_left_to_the_others(binhai, lang, rest):
    trial = policy({f"{SECTION}.opinion.points": 10, f"{SECTION}.speed": None, f"{SECTION}.projects": NEW})
    rows = changes(binhai, trial, lang)
    assert [row[1:] for row in rows][1:] == [
        (rest.replace("60", "15"), {"en": "none", "zh": "无"}[lang]),
        ({"en": "none", "zh": "无"}[lang], rest.replace("60", "15")),
        (rest, rest.replace("60", "75")),
    ]


def test_units_are_scored_by_the_items_of_the_policy(binhai):
    """Nobody has a mark any more: what was lost by it is lost no more, and the score is still of 100."""
    before = sim.simulate(binhai, seed=1).units
    after = sim.simulate(binhai, {f"{SECTION}.opinion": None, f"{SECTION}.study": None}, seed=1).units
    section = [unit for unit, part in binhai.units.items() if binhai.type_of(unit).scorecard == "section"]
    others = before.index.get_level_values("unit").difference(section)
    moved = (after["true_score"] - before["true_score"]).groupby("unit").sum()
    assert (moved.reindex(section).abs() > 0.01).all() and (moved.reindex(others).dropna() == 0).all()
