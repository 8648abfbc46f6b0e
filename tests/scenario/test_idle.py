"""What a policy changes without any effect is said, with the reason, and nothing else is."""

from __future__ import annotations

import warnings

import pytest

import sim
from sim.scenario.idle import NoEffect, changes_nothing
from sim.scenario.part import Text

from .small import small, write_scenario

TITLE = Text(en="Trial", zh="试行")
NOBODYS = (
    ("  hall:\n    title: {en: Hall, zh: 窗口}\n", "  spare: {title: {en: Spare, zh: 备用}}\n"
     "  hall:\n    title: {en: Hall, zh: 窗口}\n"),
    ("  north_review:\n", "  relief: {unit: south, role: window, grade: chief, count: 0}\n  north_review:\n"),
    ("grades:\n", "grades:\n  chief: {title: {en: Chief, zh: 所长}, base_pay: 1, assessment_pay: 1, "
     "target_bonus: 1, leave_days: 5}\n"),
    ("south: {value: 300, unit: requests a year, source: assumed}}", "south: 0}"),
)  # fmt: skip


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return sim.load(write_scenario(tmp_path_factory.mktemp("scenario") / "small", small(*NOBODYS)))


def policy(*moves, **changes) -> sim.Policy:
    changes = {path.replace("__", "."): value for path, value in changes.items()}
    return sim.Policy("trial", TITLE, TITLE, changes, move=moves)


HALF_DAY = {"tue": ["08:30-12:00"]}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pay__floor": 0}, "it is so already"),
        ({"service_rules__doorstep__travel_minutes": 60}, "service_rules.doorstep.on is false"),
        ({"service_rules__doorstep__on": False}, "it is so already"),
        ({"service_rules__early": {"kinds": {"visit": 0.5}}}, "service_rules.early.on is false"),
        ({"pay__gate__confidence": 0.8}, "pay.gate.on is false"),
        ({"careers__leavers_share": 0.3}, "careers.on is false"),
        ({"pay__most_change": 2}, "no share has a year before; simulate two years or more"),
        ({"calendar__closed": ["2025-03-03", "2025-03-08"]}, "no working day and no hour changes"),
        ({"calendar__closed": ["2025-03-03", "2035-03-05"]}, "no working day and no hour changes"),
        ({"unit_types__spare__discipline": "earliest_due_date"}, "no unit is of this type"),
        ({"grades__chief__base_pay": 90000}, "nobody has this grade"),
        ({"staff__relief__unit": "north"}, "nobody is in this group"),
    ],
)
def test_what_has_no_effect_is_named_with_the_reason(scenario, changes, why):
    found = changes_nothing(scenario, policy(**changes))
    assert list(found.values()) == [why]


@pytest.mark.parametrize(
    "changes",
    [
        {"service_rules__doorstep": {"on": True, "role": "review", "travel_minutes": 60}},
        {"behaviour__responsive__effort__cost": 9.0},  # other parts of behaviour read it
        {"calendar__closed": []},
        {"calendar__closed": ["2025-03-04"]},
        {"calendar__week__tue": HALF_DAY["tue"]},
        {"unit_types__spare__discipline": "earliest_due_date", "units__south__type": "spare"},
        {"staff__relief__count": 1, "staff__relief__unit": "north", "grades__chief__base_pay": 9},
        {"kinds__visit__limit__amount": 5},
    ],
)  # fmt: skip
def test_what_has_some_is_not(scenario, changes):
    assert changes_nothing(scenario, policy(**changes)) == {}


def test_a_kind_that_nobody_asks_for(scenario):
    nobody = sim.reform(scenario, policy(demand__visit__volumes={"north": 0}))
    change = policy(kinds__visit__limit__amount=5)
    assert list(changes_nothing(nobody, change).values()) == ["no request of this kind comes"]
    assert changes_nothing(nobody, change, replayed=True) == {}  # a table may hold some


def test_moves_that_cancel_out(scenario):
    there = {"from": "north_window", "to": "relief", "people": 1}
    back = {"from": "relief", "to": "north_window", "people": 1}
    assert changes_nothing(scenario, policy(there, back)) == {"move": "all are where they were"}
    assert changes_nothing(scenario, policy(there)) == {}


@pytest.fixture(scope="module")
def office():
    return sim.load("one-office")


def told(warned) -> list[str]:
    return [str(one.message) for one in warned if one.category is NoEffect]


def test_it_is_told_wherever_a_policy_is_tried(office):
    idle = policy(pay__gate__confidence=0.8)
    says = ["policy 'trial': 'pay.gate.confidence' has no effect: pay.gate.on is false"]
    for tried in (sim.simulate, lambda office, idle: sim.what_if(office, replications=2).compare(idle)):
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            tried(office, idle)
        assert told(warned) == says


def test_and_once_for_a_study(tmp_path, monkeypatch, office, capfd):
    home = tmp_path / "scenarios"
    (home / "studies").mkdir(parents=True)
    (home / "small" / "policies").mkdir(parents=True)
    text = (office.folder / "scenario.yaml").read_text(encoding="utf-8")
    (home / "small" / "scenario.yaml").write_text(text, encoding="utf-8")
    head = "title: {en: a, zh: 甲}\n"
    (home / "small" / "policies" / "idle.yaml").write_text(
        f"format: jingxi-policy/1\n{head}reason: {{en: a, zh: 甲}}\nchanges: {{pay.gate.confidence: 0.8}}\n"
    )
    (home / "studies" / "st.yaml").write_text(
        f"format: jingxi-study/1\n{head}question: {{en: a, zh: 甲}}\nscenario: small\npolicies: [idle]\n"
        "replications: 2\nseed: 1\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.warns(NoEffect, match="policy 'idle': 'pay.gate.confidence' has no effect") as warned:
        study = sim.study("st")
    assert len(told(warned)) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", NoEffect)
        study.run(workers=1, progress=False)
    assert "no effect" not in capfd.readouterr().err
