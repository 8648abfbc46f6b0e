"""The studio on a study: what it says costs what the model pays, before and after schedules are moved."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.scenario.folders import shipped_folder
from sim.study.load import load_studies

POLICIES = {
    "double": {"pay.deduction_per_point": 2},
    "steps": {"pay.points_counted": "whole_completed", "pay.bonus_threshold": 70},
    "smooth": {"pay.schedule": [{"score": 50, "share": 0.5}, {"score": 100, "share": 1.1}]},
    "years": {"assessment.rolling.on": True, "assessment.rolling.years": 1},
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    listed = [sim.Policy.of(changes, name=name) for name, changes in POLICIES.items()]
    study = sim.Study.of(
        "one-office", listed, replications=4, name="pay", folder=tmp_path_factory.mktemp("pay")
    )
    return study.run(workers=1, progress=False)


def paid(study, policy: str) -> float:
    """Mean assessment pay and bonus of the bureau, as the model paid them."""
    table = study.outcomes.query("policy == @policy and month == 0 and unit == '' and person == ''")
    own = table[table["outcome"].isin(["assessment_pay", "bonus"])]
    return own["value"].sum() / study.replications


def test_stored_scores_are_paid_as_the_model_pays(study):
    moved = sim.studio(study, lever="none").moved
    assert set(moved.index) == {"current", "double", "steps", "smooth", "years"}
    for policy in POLICIES:
        assert moved.loc[policy, "cost"] == pytest.approx(paid(study, policy), rel=1e-12)


@pytest.mark.parametrize("lever", ["threshold", "level"])
def test_what_was_made_to_cost_alike_does_when_it_is_simulated(study, lever):
    found = sim.studio(study, lever=lever)
    known = (
        found.moved.drop(index="steps") if lever == "level" else found.moved
    )  # its 100 corners are too many
    assert (known["gap"].abs() < 0.01).all()
    again = sim.resimulate(study, found.policies, behaviour="mechanical", workers=1, outcomes=["pay_total"])
    assert (again["difference"].abs() < 1e-4 * 32_000).all() and len(again) == len(known) - 1


def test_a_schedule_that_cannot_be_neutral_is_told(study):
    never = sim.Policy.of({"pay.full_pay_threshold": 1, "pay.bonus_threshold": 1}, name="never")
    found = sim.studio(study, [never], lever="slope")
    assert "no slope" in found.moved.loc["never", "note"] and "never" not in found.policies
    assert np.isnan(found.moved.loc["never", "cost"])


def test_two_schedules_of_one_name_are_refused(study):
    for two in (
        [{"pay.deduction_per_point": 2}, {"pay.deduction_per_point": 3}],
        [sim.Policy.of({"pay.deduction_per_point": 2}, name="current")],
    ):
        with pytest.raises(sim.InputError, match="two schedules are named"):
            sim.studio(study, two)
    assert list(sim.studio(study, ["current"]).moved.index) == ["current"]


def test_the_search_keeps_limits_and_budget(study):
    found = sim.best_schedule(study, "noise_tax", limits={"marginal_incentive": 0.5}, tried=16, kept=2)
    best = found.tried.iloc[0]
    assert best["marginal_incentive"] >= 0.5 and found.service is None
    others = found.tried[found.tried["allowed"]]
    assert abs(best["noise_tax"]) == pytest.approx(others["noise_tax"].abs().min())
    assert found.tried["expected_cost"].to_numpy() == pytest.approx(paid(study, "current"), rel=1e-4)
    with pytest.raises(sim.InputError, match="none of"):
        sim.best_schedule(study, limits={"marginal_incentive": 99}, tried=4)
    with pytest.raises(sim.InputError, match="no measure 'tax'"):
        sim.best_schedule(study, limits={"tax": 1}, tried=4)


@pytest.mark.parametrize(
    "wrong", [{"budget": np.nan}, {"budget": "much"}, {"limits": {"noise_tax": np.nan}}, {"seed": -1}]
)
def test_a_limit_or_budget_that_is_no_number_is_refused(study, wrong):
    with pytest.raises(sim.InputError, match="Give a (whole )?number"):
        sim.best_schedule(study, tried=4, **wrong)


def test_the_winner_is_simulated_anew(study):
    found = sim.best_schedule(
        study, tried=4, kept=1, behaviour="mechanical", workers=1, outcomes=["mean_score"]
    )
    assert found.service["exact_zero"].all()  # nobody responds
    assert not found.ranking["recommended"].any() and len(found.ranking) == 2


def test_the_command_prints_the_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pay.yaml").write_text(
        "format: jingxi-study/1\ntitle: {en: Pay, zh: 兑现}\nquestion: {en: What?, zh: 如何？}\n"
        "scenario: one-office\npolicies: [one-more-clerk]\nreplications: 3\nseed: 1\n",
        encoding="utf-8",
    )
    sim.study("pay.yaml").run(workers=1, progress=False)
    done = CliRunner().invoke(app, ["studio", "pay.yaml", "--lever", "level"])
    assert done.exit_code == 0 and "noise_tax" in done.output and "current" in done.output
    told = CliRunner().invoke(app, ["studio", "pay.yaml", "--format", "csv"]).output
    assert told.startswith("schedule,measure,unit,value,low,high,normal,note")
    file = tmp_path / "pay.yaml"
    text = file.read_text(encoding="utf-8")
    both = text.replace("scenario: one-office", "scenarios: [one-office, again]")
    (tmp_path / "both.yaml").write_text(both, encoding="utf-8")
    shutil.copytree(shipped_folder() / "one-office", tmp_path / "scenarios" / "again")
    for one in load_studies("both.yaml"):
        one.run(workers=1, progress=False)
    told = CliRunner().invoke(app, ["studio", "both.yaml", "--format", "json"])
    rows = json.loads(told.stdout)  # one document, which says of which study a row is
    assert len({row["study"] for row in rows}) == 2
    wrong = CliRunner().invoke(app, ["studio", "pay.yaml", "--behaviour", "lazy"])
    assert wrong.exit_code == 2
