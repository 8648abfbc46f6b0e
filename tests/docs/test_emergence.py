"""The findings of the notebook `emergence`: their signs on few replications, and none is mechanical.

Seeds are fixed. A sign holds if the mean over replications lies three standard errors from zero on its side;
what must not be there is zero to the last bit.
"""

import re

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from docs.tools.__main__ import app
from docs.tools.emergence import service, trials
from docs.tools.emergence.bins import by_bins, histogram, resampled, shares_between
from docs.tools.emergence.numbers import Emergence, beside_mechanical
from docs.tools.emergence.trials import AUDIT_RATES
from sim.evaluate.bunching import bunching
from sim.report import style

ERRORS = 3.0  # standard errors
EXHIBITS = ("bunching", "imbalance", "rushing", "audits", "giving up", "a higher line")
REPLICATIONS, SEED = 8, 7


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The trials, on few replications, kept where the command looks for them."""
    style.use_house_style()
    folder = tmp_path_factory.mktemp("place") / "results" / "emergence"
    return Emergence("en", REPLICATIONS, SEED, folder, quick=True)


def standard_errors(differences) -> float:
    """How many standard errors the mean of the replications lies over zero."""
    values = np.asarray(differences, float)
    assert len(values) == REPLICATIONS
    return values.mean() / (values.std(ddof=1) / np.sqrt(len(values)))


def change(found, trial, to, outcome, kind=""):
    return found.runs(trial, outcome, kind) - found.runs(to, outcome, kind)


def extra(found, low, high):
    """Mean effort under the cliff of the offices so far from the threshold, by replication."""
    table = beside_mechanical(found.offices, "cliff")
    away = table["usual"] - found.threshold
    return table[(away >= low) & (away < high)].groupby("replication")["effort"].mean()


def test_scores_bunch_above_the_threshold_under_the_cliff_alone(found):
    share = {trial: found.share(found.offices, trial) for trial in ("mechanical", "cliff", "smooth")}
    assert standard_errors(share["cliff"] - share["smooth"]) > ERRORS
    assert standard_errors(share["cliff"] - share["mechanical"]) > ERRORS
    excess = {trial: found.bunched(trial) for trial in share}
    assert excess["cliff"].excess > ERRORS * excess["cliff"].excess_half_width / 1.96
    assert excess["mechanical"].excess < ERRORS * excess["mechanical"].excess_half_width / 1.96
    assert excess["smooth"].excess < excess["cliff"].excess / 3  # a smooth schedule has corners, but no cliff


def test_work_that_is_not_assessed_is_left_lying(found):
    only, every = "allocation, registration only", "allocation"
    assert standard_errors(-change(found, only, every, "mean_processing_days", "registration")) > ERRORS
    assert standard_errors(change(found, only, every, "mean_processing_days", "homestead")) > ERRORS
    assert standard_errors(-change(found, only, every, "on_time_rate", "fees")) > ERRORS
    assert (found.runs(only, "duty_rate") < 100).all()  # duties are cut short, but under both scorecards
    assert (found.runs(every, "duty_rate") < 100).all()
    same = ("mechanical, registration only", "mechanical")
    assert not change(found, *same, "duty_rate").any()
    for kind in service.KINDS:
        for outcome in ("mean_processing_days", "on_time_rate"):
            assert not change(found, *same, outcome, kind).any()


def test_effort_is_faster_and_rushing_makes_mistakes(found):
    for trial in ("effort", "effort, no rushing"):
        assert standard_errors(-change(found, trial, "mechanical", "mean_processing_days")) > ERRORS
        assert standard_errors(-change(found, trial, "mechanical", "utilisation")) > ERRORS
    assert standard_errors(change(found, "effort", "mechanical", "error_rate")) > ERRORS
    assert standard_errors(change(found, "effort", "effort, no rushing", "error_rate")) > ERRORS
    careful = change(found, "effort, no rushing", "mechanical", "error_rate")
    assert abs(careful.mean()) < change(found, "effort", "mechanical", "error_rate").mean() / 5


def test_records_drift_from_the_truth_as_audits_fall(found):
    gaps = [np.nan_to_num(found.runs(f"audits {rate:g}", "on_time_gap")) for rate in AUDIT_RATES]
    for fewer, more in zip(gaps, gaps[1:], strict=False):
        assert (fewer > more).all()
    assert standard_errors(gaps[0] - gaps[-1]) > ERRORS
    truth = [found.runs(f"audits {rate:g}", "on_time_rate") for rate in AUDIT_RATES]
    assert all(np.array_equal(truth[0], other) for other in truth)  # what was done is another matter
    mechanical = found.county.query("trial == 'mechanical' and outcome == 'on_time_gap'")
    assert not mechanical["value"].any()


def test_offices_far_below_the_line_give_up_and_safe_ones_rest(found):
    near, far, over = extra(found, -9, -3), extra(found, -34, -20), extra(found, 2, 9)
    assert standard_errors(near - far) > ERRORS
    assert standard_errors(near - over) > ERRORS
    assert standard_errors(far - 1) > ERRORS  # the deduction's slope is left
    curve = found.effort(found.offices, "cliff")
    assert (np.diff(curve["mean"][curve["at"] > -3]) < 0.01).all()  # down from the line on
    mechanical = found.offices.query("trial == 'mechanical'")
    assert "effort" not in mechanical or mechanical["effort"].isna().all()


def test_efforts_part_as_the_year_goes(found):
    first, last = (found.by_month("effort, pay alone", month) for month in (1, 12))
    assert standard_errors(last["std"] - first["std"]) > ERRORS
    assert abs(standard_errors(last["mean"] - first["mean"])) < ERRORS  # a martingale: the mean is flat


def test_a_higher_line_moves_effort_where_it_lies(found):
    """Offices between the lines are safe under the one at 95, and have to work for the one at 98."""
    higher, usual = (beside_mechanical(found.bound, f"effort{line}") for line in (", threshold 98", ""))
    between = [
        table[table["usual"].between(95, 98)].groupby("replication")["effort"].mean()
        for table in (higher, usual)
    ]
    assert standard_errors(between[0] - between[1]) > ERRORS


def test_the_command_makes_a_page_of_each_exhibit_in_each_language(found, monkeypatch):
    """Of the trials that are kept: nothing is simulated again."""
    assert len(found.county) and len(found.offices)
    place = found.folder.parents[1]
    monkeypatch.chdir(place)
    before = {file.name for file in found.folder.glob("*.parquet")}
    asked = ["emergence", "--replications", str(REPLICATIONS), "--seed", str(SEED), "--quick"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert {file.name for file in found.folder.glob("*.parquet")} == before
    for lang, heading in (("en", "Just above the bonus line: bunching"), ("zh", "目标资金门槛之上的聚集")):
        file = place / "reports" / "emergence" / f"emergence.{lang}.html"
        assert file.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
        page = file.read_text(encoding="utf-8")
        _, *sections = page[page.index("<body") :].split("<h2")
        assert heading in sections[0] and len(sections) == len(EXHIBITS)
        for section in sections:
            text = re.sub(r"<[^>]+>", " ", re.sub(r"<(svg|script).*?</\1>", "", section, flags=re.DOTALL))
            assert "[" in text  # an interval
            assert "<svg" in section and "<table" in section
            assert "nan" not in text.lower().replace("finan", "")


def test_nobody_answers_where_the_strength_is_nought():
    cliff = next(policy for _, policy in trials.of_offices(sim.load("binhai")) if policy.name == "cliff")
    bureau = dict(cliff.changes)
    bureau["behaviour"] = {"responsive": {**bureau["behaviour"]["responsive"], "strength": 0}}
    mechanical, responsive = (
        sim.simulate("one-office", bureau, behaviour=name, seed=7).outcomes.query("outcome == 'score'")[
            "value"
        ]
        for name in ("mechanical", "responsive")
    )
    assert np.array_equal(mechanical.to_numpy(), responsive.to_numpy(), equal_nan=True)


def test_the_offices_score_what_the_textbook_says():
    for score in (78.0, 95.0, 98.5):
        rate = trials.hourly(score)
        assert 100 * (1 - rate / 5 * np.exp(-(5 - rate))) == pytest.approx(score)


def test_a_bootstrap_of_whole_replications_is_as_wide_as_their_mean_allows():
    luck = np.random.default_rng(1)
    shared = luck.normal(0, 1, 40)  # all the offices of a replication have the same luck
    table = pd.DataFrame(
        {"replication": np.repeat(np.arange(40), 25), "value": np.repeat(shared, 25), "at": 0.5}
    )
    (row,) = by_bins(table, "at", "value", np.array([0.0, 1.0])).itertuples()
    assert row.mean == pytest.approx(shared.mean())
    assert row.high - row.low == pytest.approx(2 * 1.96 * shared.std() / np.sqrt(40), rel=0.1)  # not / √1000
    estimate, low, high = resampled(np.ones((5, 2)), lambda sums: sums[:1] / sums[1:])
    assert (estimate, low, high) == (1, 1, 1)


def test_shares_of_bins_are_of_all_values_and_of_each_replication():
    table = pd.DataFrame({"replication": [0, 0, 1, 1], "score": [95.0, 96.9, 97.0, 90.0]})
    assert list(shares_between(table, "score", 95, 97)) == [1.0, 0.0]
    assert list(histogram(table, "score", np.array([95.0, 97.0, 99.0]))["share"]) == [0.5, 0.25]


def test_bunching_by_groups_has_the_same_estimate_and_a_wider_interval_where_groups_share_luck():
    luck = np.random.default_rng(2)
    each = luck.normal(95, 4, (60, 1)) + luck.normal(0, 0.3, (60, 30))
    groups = np.repeat(np.arange(60), 30)
    alone, together = bunching(each.ravel(), 95.0), bunching(each.ravel(), 95.0, groups=groups)
    assert (alone.excess, alone.points) == (together.excess, together.points)
    assert together.excess_half_width > 1.5 * alone.excess_half_width
