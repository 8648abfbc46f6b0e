"""validation.csv of scenarios/warsaw-halls is what held-out days show, and the reports tell it."""

import csv

import numpy as np
import pandas as pd
import pytest

import sim
from sim.report.results import Results
from sim.report.validated import validation
from sim.study import Study

from .test_warsaw_data import FOLDER, module_of

REPLICATIONS = 20  # as shipped


@pytest.fixture(scope="module")
def script():
    return module_of("held_out")


@pytest.fixture(scope="module")
def found(script):
    return script.held_out(REPLICATIONS)


@pytest.fixture(scope="module")
def shipped() -> dict[str, dict[str, str]]:
    with (FOLDER / "validation.csv").open(encoding="utf-8", newline="") as file:
        return {row["question"]: row for row in csv.DictReader(file)}


def test_shipped_verdict_is_what_the_script_finds(script, found, shipped):
    assert [one.name for one in found.verdict] == list(shipped)
    for row in shipped.values():
        assert row["before"] == f"{script.SPLIT:%Y-%m-%d}"
        assert (row["fitted_cases"], row["held_out_cases"]) == (f"{found.trained:,}", f"{found.held_out:,}")
    first, late = found.queues.query("hour == 8"), found.queues.query("hour >= 16")
    parts = {"foretold": found.queues, "known": found.queues, "opening": first, "evening": late}
    for name, part in parts.items():
        told = float(shipped[name]["why_en"].split("distance ")[1].split(",")[0])
        distance = script.distance(part, "known" if name == "known" else "foretold")
        assert distance == pytest.approx(told, rel=0.005)
        beside = f"replayed {script.distance(part, 'replayed'):.3g}"
        assert beside in shipped[name]["why_en"]


def test_nothing_that_is_fitted_sees_the_held_out_days(script):
    """Other queues and numbers on the held-out days leave the tables of the training days as they are."""
    derive = script.derive
    readings, queues = derive.read_snapshots(), derive.read_queues()
    other = readings.assign(
        waiting=readings.waiting.where(readings.day < script.SPLIT, 3 * readings.waiting + 1),
        posted_service_min=readings.posted_service_min.where(readings.day < script.SPLIT, 99.0),
    )
    before, after = (derive.intervals(one, queues, last=script.TRAINED_TO) for one in (readings, other))
    assert before.day.max() == script.TRAINED_TO
    for make in (derive.arrivals, derive.pace, derive.counters, derive.waiting, derive.offices):
        pd.testing.assert_frame_equal(make(before), make(after))
    pd.testing.assert_frame_equal(
        derive.service(before, readings, queues)[["tickets_per_day", "posted_min", "implied_min"]],
        derive.service(after, other, queues)[["tickets_per_day", "posted_min", "implied_min"]],
    )


def test_distance_is_the_mean_error_weighted_by_days(script):
    queues = pd.DataFrame({"observed": [10.0, 20.0], "known": [14.0, 20.0], "days_seen": [4, 1]})
    assert script.distance(queues, "known") == pytest.approx(16 / 5)


def test_verdict_follows_the_distances(script, found):
    exact = found.queues.assign(foretold=found.queues.observed, known=2 * found.queues.observed)
    arrivals = found.arrivals.assign(low=found.arrivals.real - 1, high=found.arrivals.real + 1)
    judged = {one.name: one.fit for one in script.verdict(exact, arrivals)}
    held = {"foretold", "opening", "evening", "cases"}
    assert judged == {name: name in held for name in (*held, "known", "staffing")}


def test_interval_of_known_days_holds_most_observed_queues(found):
    assert (found.queues.low <= found.queues.high).all() and np.isfinite(found.queues.high).all()
    assert found.covered() == pytest.approx(0.95, abs=0.04)


def test_coverage_and_width_are_told_by_days_as_one_monday_is_more_than_half_of_the_cells(found):
    """Mondays' intervals are wider than the queues, those of other days too narrow: as the README says."""
    by_days = found.intervals()
    assert by_days.number.to_dict() == {"mon": 150, "tue-fri": 120}
    assert np.average(by_days.covered, weights=by_days.number) == pytest.approx(found.covered())
    assert by_days.covered["tue-fri"] == pytest.approx(0.875, abs=0.04)
    assert by_days.half_width["mon"] > by_days.observed["mon"]
    assert by_days.half_width["tue-fri"] < 0.6 * by_days.observed["tue-fri"]


def test_reports_tell_the_verdict_in_both_languages():
    study = Study.of(sim.load("warsaw-halls"), ["one-more-counter"], replications=2, name="held-out")
    study.run(workers=1, progress=False)
    english, chinese = (validation(Results(study, lang)) for lang in ("en", "zh"))
    assert "a fit of the 108,674 cases before 16 January 2020" in english
    assert "Fit for: queues by hall and hour" in english and "Unfit for: queues on Monday evenings" in english
    assert "适用于：各大厅各时段排队人数" in chinese and "不适用于：周一16时以后的排队人数" in chinese


def test_a_rule_on_staff_is_called_the_models_answer_where_the_scenario_is_unfit_for_it():
    study = Study.of(sim.load("warsaw-halls"), ["one-more-counter", "smooth-pay"], replications=2, name="own")
    study.run(workers=1, progress=False)
    english, chinese = (Results(study, lang) for lang in ("en", "zh"))
    told = 'So what "One more counter" brings is the model'
    assert told in validation(english, focus="one-more-counter")
    assert "仅为模型推算" in validation(chinese, focus="one-more-counter")
    assert "model's answer" not in validation(english, focus="smooth-pay")
    assert "model's answer" not in validation(english)


def test_a_scenario_neither_fitted_nor_validated_says_nothing():
    study = Study.of(sim.load("one-office"), [], replications=2, name="unvalidated")
    study.run(workers=1, progress=False)
    assert validation(Results(study, "en")) is None
