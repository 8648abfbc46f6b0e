"""A policy from a later year on: the years before are judged as ever; files and titles say it."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.flow import ENGINES
from sim.scenario.part import Text
from tests.off.switches import KEYS
from tests.rules.conftest import SCENARIO

HARDER = {"pay.full_pay_threshold": 100, "pay.deduction_per_point": 4}
KEEN = {
    "behaviour.responsive.effort.on": True,
    "behaviour.return": "assumed",
    "behaviour.trials": {"at_least": 4, "at_most": 4},
}
LENIENT = {"scorecards.card.items.on_time.rule": "target", "scorecards.card.items.on_time.target": 0.5}


def office() -> sim.Scenario:
    """Three offices, one clerk each, that are often late; two years."""
    data = copy.deepcopy(SCENARIO)
    data["horizon"] = {"start": "2025-01-01", "years": 2}
    data["kinds"]["permit"]["limit"] = {"amount": 30, "per": "minutes"}
    data["demand"] = {"permit": {"volumes": {"east": 400, "west": 300, "south": 200}}}
    return sim.build(data)


OFFICE = office()


def policy(changes: dict, since: int | dt.date | None = None) -> sim.Policy:
    return sim.Policy("later", Text(en="Later", zh="稍后"), Text(en="r", zh="r"), changes, since=since)


def by_year(of: sim.Policy | str, case: sim.Scenario = OFFICE, **options: object) -> dict[int, dict]:
    table = sim.simulate(case, of, seed=2, **options).outcomes
    texts = (
        table.astype(dict.fromkeys(("unit", "kind", "person", "outcome"), str))
        .set_index(KEYS)["value"]
        .dropna()
    )
    return {year: texts[texts.index.get_level_values("year") == year].to_dict() for year in (2025, 2026)}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("changes", [HARDER, LENIENT | HARDER])
def test_each_year_is_judged_by_the_rules_in_force_at_its_end(changes, engine):
    current, later = by_year("current", engine=engine), by_year(policy(changes, 2), engine=engine)
    whole = by_year(policy(changes), engine=engine)
    assert later[2025] == current[2025] != whole[2025]
    assert later[2026] == whole[2026] != current[2026]


@pytest.mark.parametrize("since", [2, 2026, dt.date(2026, 1, 1), dt.date(2026, 12, 30)])
def test_ways_to_say_the_second_year(since):
    assert (
        sim.reform(OFFICE, policy(HARDER, since)).digest() == sim.reform(OFFICE, policy(HARDER, 2)).digest()
    )


@pytest.mark.parametrize("since", [1, 2025, dt.date(2024, 5, 1), dt.date(2025, 7, 1)])
def test_from_the_first_year_on_is_the_whole_horizon(since):
    assert sim.reform(OFFICE, policy(HARDER, since)).digest() == sim.reform(OFFICE, policy(HARDER)).digest()


def test_people_who_respond_do_so_from_that_year_on():
    """Effort of the first year is that under the current rules, to the last bit; of the second it is not."""
    keen = sim.reform(OFFICE, KEEN)
    current, later = (by_year(of, keen, behaviour="responsive") for of in ("current", policy(HARDER, 2)))
    efforts = [{key: value for key, value in year.items() if key[-1] == "effort"} for year in later.values()]
    assert all(current[2025][key] == value for key, value in efforts[0].items())
    assert any(current[2026][key] != value for key, value in efforts[1].items())


FILE = """format: jingxi-policy/1
title: {en: "Harder", zh: "从严"}
reason: {en: "r", zh: "r"}
from: 2026
changes: {pay.deduction_per_point: 2}
"""


def test_a_file_says_it_and_its_title_marks_it(tmp_path):
    file = tmp_path / "harder.yaml"
    file.write_text(FILE, encoding="utf-8")
    read = sim.load_policy(OFFICE, file)
    assert (read.title.en, read.title.zh) == ("Harder (from 2026)", "从严（自2026年起）")
    assert read.since == 2026
    assert sim.reform(OFFICE, read).in_year(0).pay == OFFICE.pay
    assert sim.reform(OFFICE, read).in_year(1).pay.deduction_per_point == 2


def test_the_command_line_checks_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["new", "mine", "--like", "one-office"]).exit_code == 0
    folder = tmp_path / "scenarios" / "mine"
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    (folder / "scenario.yaml").write_text(
        text.replace("{value: 1, unit: years", "{value: 2, unit: years"), encoding="utf-8"
    )
    (folder / "policies" / "harder.yaml").write_text(FILE, encoding="utf-8")
    told = run(app, ["check", str(folder / "policies" / "harder.yaml")])
    assert told.exit_code == 0 and "before the horizon" not in told.output, told.output
    (folder / "policies" / "harder.yaml").write_text(FILE.replace("2026", "2020"), encoding="utf-8")
    told = run(app, ["check", str(folder / "policies" / "harder.yaml")])
    assert told.exit_code == 0 and "'from: 2020' is before the horizon" in " ".join(told.output.split())
    (folder / "policies" / "harder.yaml").write_text(FILE.replace("2026", "soon"), encoding="utf-8")
    told = run(app, ["check", str(folder / "policies" / "harder.yaml")])
    assert told.exit_code == 2
    assert "neither a year nor a date" in told.output


@pytest.mark.parametrize(
    ("changes", "since", "message"),
    [
        ({"staff.east.count": 2}, 2, "'staff.east.count' changes the work"),
        (HARDER, 3, "the horizon has 2 years, from 2025-01-01; none ends under the policy"),
        (HARDER, dt.date(2027, 1, 1), "none ends under the policy"),
    ],
)
def test_mistakes_are_told(changes, since, message):
    with pytest.raises(sim.InputError, match=message):
        sim.reform(OFFICE, policy(changes, since))


def test_nothing_is_made_upon_it():
    """Which rules held before would not be clear."""
    upon = sim.Policy(
        "upon", Text(en="u", zh="u"), Text(en="u", zh="u"), {"pay.floor": 0.1}, upon=policy(HARDER, 2)
    )
    with pytest.raises(sim.InputError, match="begins later"):
        sim.reform(OFFICE, upon)
