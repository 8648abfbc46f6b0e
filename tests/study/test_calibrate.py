"""Assumed numbers fitted to what an office observed, through the command line and a sensitivity run."""

from __future__ import annotations

import json

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.stats import binom
from typer.testing import CliRunner

import sim
from sim.authoring.workbook import read_sheet, read_workbook, write_template, write_workbook
from sim.cli.commands import app
from sim.scenario.errors import InputError
from sim.study.calibrate import EACH, MADE, SET, WAVES, _matched, calibrate, kept
from sim.study.plausible import Dimension, Plausible
from sim.study.sensitivity import FITTED, Sensitivity
from sim.study.targets import Target, read_targets
from tests import two_offices

MINUTES = "kinds.visit.route.serve.minutes"
TRUTH = {"demand.visit.volumes": 0.3, MINUTES: 0.7}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with a scenario whose demand and minutes are assumed, and what its office observed."""
    return two_offices.write(tmp_path_factory.mktemp("calibrate"), two_offices.ASSUMED)


@pytest.fixture(scope="module")
def truth(root):
    """A year of the scenario at a point that nobody knows, as its office would record it."""
    scenario = sim.load(root / "scenarios" / "offices")
    space = Plausible(scenario, sim.load_policy(scenario, "current"))
    point = np.array([TRUTH.get(one.name, 0.5) for one in space.dimensions])
    rows = sim.simulate(scenario, space.policies("truth", point)[1], seed=77).outcomes
    rows = rows[(rows["person"] == "") & (rows["month"] == 0) & (rows["kind"] == "")]
    seen = rows.astype({"unit": str, "outcome": str}).set_index(["outcome", "unit"])["value"]
    wanted = [
        ("arrivals", "north"),
        ("arrivals", "south"),
        ("utilisation", ""),
        ("mean_processing_days", "south"),
    ]
    table = pd.DataFrame(wanted, columns=["outcome", "unit"])
    table["value"] = [seen[one] * (100 if one[0] == "utilisation" else 1) for one in wanted]
    table.to_csv(root / "targets.csv", index=False)
    return {one.name: one.at(TRUTH[one.name]) for one in space.dimensions if one.name in TRUTH}


@pytest.fixture(scope="module")
def found(root, truth):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return calibrate("offices", "targets.csv", list(TRUTH), waves=1, workers=1, progress=False)


def test_the_set_holds_the_truth_and_tells_more_than_was_assumed(found, truth):
    for name, value in truth.items():
        row = found.numbers.loc[name]
        assert row["low"] <= value <= row["high"] and row["told"] > 0.4, name
        assert row["range_low"] < row["low"] < row["median"] < row["high"] < row["range_high"]
    assert found.possible and (found.targets["misses"].abs() < 3).all()
    assert found.targets["observed"].between(found.targets["low"], found.targets["high"]).all()
    assert found.points.shape == (2000, 2) and list(found.points) == list(TRUTH)


class Desk:
    """One clerk, near capacity in much of the space: Lindley's recursion stands in for the simulation."""

    chosen, simulated = (0, 1), 0
    space = (Dimension(("rate",), 4.0, 2.5, 4.5), Dimension(("minutes",), 12.0, 8.0, 12.5))
    totals_of = ("arrivals", "utilisation", "mean_wait_minutes")

    def __init__(self, seed):
        self.seed, self.known = seed, {}

    def year(self, replication, point):
        rate, minutes = (one.at(place) for one, place in zip(self.space, point, strict=True))
        luck = np.random.default_rng((self.seed, replication))
        gaps, work = luck.exponential(60 / rate, 20_000), luck.exponential(minutes, 20_000)
        came = np.searchsorted(gaps.cumsum(), 2_000 * 60)
        gain = np.concatenate([[0.0], (work[: came - 1] - gaps[1:came]).cumsum()])
        wait = gain - np.minimum.accumulate(gain)
        return np.array([came, work[:came].sum() / (2_000 * 60), wait.mean()])

    def years(self, replications, point):
        key = (replications, *point)
        if key not in self.known:
            self.known[key] = np.array([self.year(one, point) for one in range(replications)])
        return self.known[key]

    def totals(self, points, centre, count):
        return np.array([self.years(EACH, point) for point in points]), self.years(count, centre)

    def straight(self, points):
        ends = np.array([(one.low, one.high) for one in self.space])
        values = [[one.at(place) for one, place in zip(self.space, point, strict=True)] for point in points]
        return (np.array(values) - ends[:, 0]) / (ends[:, 1] - ends[:, 0])


def test_near_capacity_the_set_holds_the_truth_as_often_as_it_says():
    truths = np.random.default_rng(11).uniform([0.2, 0.4], 1.0, (12, 2))
    held, told = [], []
    for seed, truth in enumerate(truths):
        seen = Desk(1000 + seed).year(0, truth)
        observed = [
            Target(name, "", "", 0, value, 0.0) for name, value in zip(Desk.totals_of, seen, strict=True)
        ]
        found, _, _ = _matched(Desk(seed), observed, WAVES, seed, None)
        held.append((found.low <= truth) & (truth <= found.high))
        told.append(found.told)
    least = binom.ppf(0.001, len(truths), 0.95)  # by chance seldom fewer
    assert (np.sum(held, axis=0) >= least).all() and (np.mean(told, axis=0) > 0.4).all()


def test_it_goes_on_from_what_is_kept(found, root, truth, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.setattr("sim.study.work.compute", lambda *_: pytest.fail("it was simulated before"))
    again = calibrate("offices", "targets.csv", list(TRUTH), waves=1, workers=1, progress=False)
    pd.testing.assert_frame_equal(again.numbers, found.numbers)
    assert kept(found.folder, sim.load("offices")).equals(found.points)


def test_a_sensitivity_run_takes_up_the_set(found, root, monkeypatch):
    monkeypatch.chdir(root)
    study = sim.study("offices").run(workers=1, progress=False)
    run = Sensitivity(study, trajectories=2, points=4, policies=["second-clerk"], within=found.folder)
    places = [one.name for one in run.space.dimensions]
    own = run.design.points[:, [places.index(name) for name in TRUTH]]
    assert {tuple(row) for row in own} <= {tuple(row) for row in found.points.to_numpy()}
    assert set(run.design.group) == {"", "grades", "kinds", FITTED}  # "demand" is wholly fitted
    free = Sensitivity(study, trajectories=2, points=4, policies=["second-clerk"])
    assert np.ptp(own, axis=0).max() < np.ptp(free.design.points, axis=0).min()
    done = CliRunner().invoke(
        app,
        ["sensitivity", "offices", "--trajectories", "2", "--within", str(found.folder), "--workers", "1"],
    )
    assert done.exit_code == 0, done.output
    wrong = CliRunner().invoke(app, ["sensitivity", "offices", "--within", "nowhere"])
    assert wrong.exit_code == 2 and "there is no calibration" in wrong.output


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_what_the_totals_do_not(found, root, lang, monkeypatch):
    """Pay is no matter of arrivals."""
    monkeypatch.chdir(root)
    asked = [
        "calibrate",
        "offices",
        "--targets",
        "targets.csv",
        "--waves",
        "0",
        "--workers",
        "1",
        "--lang",
        lang,
    ]
    done = CliRunner().invoke(app, [*asked, "--numbers", "demand.visit.volumes,grades.clerk.base_pay"])
    assert done.exit_code == 0, done.output
    hardly = {
        "en": "tell hardly anything of: grades.clerk.base_pay",
        "zh": "几乎不能说明：grades.clerk.base_pay",
    }
    assert hardly[lang] in done.output
    assert {"en": "Requests received (North", "zh": "来件量（"}[lang] in done.output
    assert {"en": "less often than 95 %", "zh": "低于95%"}[lang] in " ".join(done.output.split())


def test_totals_that_no_values_give_are_told(root, truth, monkeypatch):
    monkeypatch.chdir(root)
    wrong = pd.DataFrame({"outcome": ["arrivals", "utilisation"], "value": [200.0, 99.0]})
    wrong.to_csv("wrong.csv", index=False)
    asked = [
        "calibrate",
        "offices",
        "--targets",
        "wrong.csv",
        "--numbers",
        MINUTES,
        "--waves",
        "0",
        "--workers",
        "1",
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0 and "No values in these ranges give what was observed" in done.output


@pytest.mark.parametrize(
    ("text", "numbers", "said"),
    [
        ("outcome,value\narivals,3\n", MINUTES, "'arivals' is no outcome"),
        ("outcome,unit,value\narrivals,nrth,3\n", MINUTES, "'nrth' is no unit"),
        ("outcome,kind,value\narrivals,x,3\n", MINUTES, "'x' is no kind"),
        ("outcome,month,value\narrivals,13,3\n", MINUTES, "bad.csv:2: month"),
        ("outcome,value\narrivals,many\n", MINUTES, "bad.csv:2: value"),
        ("outcome,value\narrivals,3\narrivals,4\n", MINUTES, "there twice"),
        ("outcome,value,sd\narrivals,3,1\n", MINUTES, "sd"),
        ("outcome,value\n", MINUTES, "rows"),
        ("outcome,value\narrivals,3\n", f"{MINUTES},demand.visit.volumes", "2 numbers and 1 observed"),
        ("outcome,value\narrivals,3\n", "kinds.visit", "no assumed number"),
        ("outcome,value\nshare_certified,3\n", MINUTES, "has no share_certified"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(root, tmp_path, monkeypatch, text, numbers, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(root / "scenarios")
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    asked = ["calibrate", "offices", "--targets", "bad.csv", "--numbers", numbers, "--workers", "1"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2 and said in done.output, done.output
    assert not list(tmp_path.glob(f"results/*/{MADE}"))


HEADING = ("outcome", "unit", "kind", "month", "value", "error")


def workbook(root, file, *rows):
    """The scenario's workbook with totals typed into its sheet."""
    book = openpyxl.load_workbook(write_workbook(sim.load(root / "scenarios" / "offices"), file))
    sheet = next(one for one in book if one.title.split()[0] == "targets")
    assert tuple(cell.value for cell in sheet[1]) == HEADING
    for number, row in enumerate(rows, 4):
        for column, value in zip(HEADING, row, strict=True):
            sheet.cell(number, HEADING.index(column) + 1, value)
    book.save(file)
    return file


def test_totals_may_stand_in_the_workbook(root, tmp_path):
    rows = [("arrivals", "north", None, 3, 812, None), ("on_time_rate", None, None, None, 76.2, 1.5)]
    file = workbook(root, tmp_path / "office.xlsx", *rows)
    scenario = sim.load(root / "scenarios" / "offices")
    given = pd.DataFrame(rows, columns=HEADING)
    assert read_targets(read_sheet(file), scenario) == read_targets(given, scenario)
    assert any("sim calibrate --targets office.xlsx" in one for one in read_workbook(file).remarks)
    template = write_template(tmp_path / "template.xlsx")
    with pytest.raises(InputError, match="targets!A4: no total is given"):
        read_sheet(template)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("arivals", None, None, None, 3, None), "targets 全年实际数!A5: 'arivals' is no outcome"),
        (("arrivals", "nrth", None, None, 3, None), "targets 全年实际数!B5: 'nrth' is no unit"),
        (("arrivals", None, None, 13, 3, None), "targets 全年实际数!D5: "),
        (("arrivals", None, None, None, "many", None), "targets 全年实际数!E5: "),
        (
            ("arrivals", "north", None, None, 3, None),
            "targets 全年实际数!A5: arrivals (north) is there twice",
        ),
    ],
)
def test_a_wrong_total_of_the_workbook_is_told_by_its_cell(root, tmp_path, monkeypatch, row, told):
    monkeypatch.chdir(root)
    file = workbook(root, tmp_path / "office.xlsx", ("arrivals", "north", None, None, 800, None), row)
    done = CliRunner().invoke(app, ["calibrate", "offices", "--targets", str(file), "--numbers", MINUTES])
    assert done.exit_code == 2 and f"office.xlsx: {told}" in done.stderr, done.stderr


def test_a_damaged_or_other_calibration_is_refused(found, root, tmp_path):
    scenario = sim.load(root / "scenarios" / "offices")
    for name, content in ((SET, b"x"), (MADE, b"{"), (MADE, b"[]")):
        for file in (SET, MADE):
            (tmp_path / file).write_bytes((root / found.folder / file).read_bytes())
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="damaged"):
            kept(tmp_path, scenario)
    made = json.loads((root / "results" / "offices-calibration" / MADE).read_text(encoding="utf-8"))
    (tmp_path / MADE).write_text(json.dumps(made | {"scenario": "other"}), encoding="utf-8")
    with pytest.raises(InputError, match="another scenario"):
        kept(tmp_path, scenario)


def test_targets_are_read_in_the_units_shown(root):
    scenario = sim.load(root / "scenarios" / "offices")
    table = pd.DataFrame(
        {"outcome": ["on_time_rate", "mean_wait_minutes"], "value": [92, 30], "error": [1, 0]}
    )
    rate, wait = read_targets(table, scenario)
    assert (rate.value, rate.error, wait.value) == (0.92, 0.01, 30.0)
