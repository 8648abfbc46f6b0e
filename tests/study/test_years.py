"""Studies over several years, under several behaviours, and with changes for all policies."""

import pytest

from sim import cli
from sim.evaluate import between_behaviours
from sim.scenario.errors import InputError
from sim.study import study as load_study
from sim.study.run import _portions, _strided

SCENARIO = """\
format: jingxi-scenario/1
title: {en: Office, zh: 国土所}
description: {en: One office., zh: 一个所。}
horizon: {start: 2025-01-01, years: 1}
calendar: {country: CN, week: {mon: ["09:00-12:00"], wed: ["09:00-12:00"]}}
roles: {window: {title: {en: Window, zh: 窗口}, front: true}}
grades:
  clerk:
    title: {en: Clerk, zh: 办事员}
    base_pay: 50000
    assessment_pay: 20000
    target_bonus: 8000
    leave_days: 5
unit_types: {office: {title: {en: Office, zh: 国土所}, scorecard: card, pay_bound: true}}
units: {north: {type: office, title: {en: North, zh: 北所}}}
staff: {clerks: {unit: north, role: window, grade: clerk, count: 2}}
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    limit: {amount: 2, per: working_days}
    route: {serve: {type: work, at: own/window, minutes: 45, distribution: exponential}}
demand: {visit: {volumes: {north: 500}}}
scorecards:
  card:
    title: {en: Card, zh: 评分表}
    items: {speed: {title: {en: On time, zh: 按时}, indicator: on_time_rate, points: 100, rule: proportional}}
assessment:
  advanced_threshold: 95
  promotion_threshold: 90
  bottom_count: 0
  certified_threshold: 90
  excellent_threshold: 97
pay: {full_pay_threshold: 95, deduction_per_point: 1, bonus_threshold: 95}
"""
POLICY = """\
format: jingxi-policy/1
title: {{en: {name}, zh: 改革}}
reason: {{en: To see., zh: 试行。}}
changes: {changes}
"""
POLICIES = {"ninety": "{pay.full_pay_threshold: 90}", "third-clerk": "{staff.clerks.count: 3}"}
STUDY = """\
format: jingxi-study/1
title: {en: Offices, zh: 所}
question: {en: Which rule?, zh: 何种规则？}
scenario: office
policies: [ninety, third-clerk]
replications: 2
seed: 11
reports: []
years: 2
behaviours: [mechanical, responsive]
changes: {behaviour.responsive.effort.on: true}
"""


@pytest.fixture
def offices(tmp_path, monkeypatch):
    """A function that writes the study with some lines changed and gives its name."""
    scenario = tmp_path / "scenarios" / "office"
    (scenario / "policies").mkdir(parents=True)
    (scenario.parent / "studies").mkdir()
    (scenario / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    for name, changes in POLICIES.items():
        text = POLICY.format(name=name, changes=changes)
        (scenario / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def write(*swaps):
        text = STUDY
        for old, new in swaps:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (scenario.parent / "studies" / "offices.yaml").write_text(text, encoding="utf-8")
        return "offices"

    return write


def test_the_study_sets_the_years_of_all_policies(offices):
    two = load_study(offices())
    assert two.scenario.horizon.years == 2
    three = load_study(offices(("years: 2\n", "years: 1\n")))
    assert not {unit.key for unit in two.units} & {unit.key for unit in three.units}
    same = load_study(offices(("years: 2\n", ""), ("{behaviour", "{horizon.years: 2, behaviour")))
    assert [unit.key for unit in same.units] == [unit.key for unit in two.units]
    assert two.for_all[1].changes == {"behaviour.responsive.effort.on": True, "horizon.years": 2}
    assert two.as_loaded.horizon.years == 1


def test_one_year_is_what_the_scenario_alone_is(offices):
    plain = load_study(offices(("years: 2\n", ""), ("changes: {behaviour.responsive.effort.on: true}\n", "")))
    one = load_study(
        offices(("years: 2\n", "years: 1\n"), ("changes: {behaviour.responsive.effort.on: true}\n", ""))
    )
    assert [unit.key for unit in plain.units] == [unit.key for unit in one.units]
    assert plain.for_all is None


def test_years_and_behaviours_are_run_and_compared(offices):
    study = load_study(offices()).run(workers=1, progress=False)
    assert study.missing() == [] and not study.failed
    outcomes = study.outcomes
    assert sorted(outcomes["year"].unique()) == [2025, 2026]
    assert list(outcomes["behaviour"].unique()) == ["mechanical", "responsive"]
    found = study.compare("third-clerk", outcomes=["mean_processing_days"]).set_index("behaviour")
    assert (found["n"] == 2).all()  # replications, not years
    assert found["difference"].nunique() == 2  # people of another behaviour work otherwise
    alone = study.compare("third-clerk", outcomes=["mean_processing_days"], behaviour="responsive")
    assert alone["difference"].item() == found.loc["responsive", "difference"]
    years = study.compare("third-clerk", level="year", outcomes=["mean_processing_days"])
    assert years[["behaviour", "year"]].to_numpy().tolist() == [
        [behaviour, year] for behaviour in ("mechanical", "responsive") for year in (2025, 2026)
    ]
    pay = study.compare("ninety", outcomes=["mean_processing_days"]).set_index("behaviour")
    assert pay.loc["mechanical", "exact_zero"] and not pay.loc["responsive", "exact_zero"]
    with pytest.raises(InputError, match="'learning' is not a behaviour of the study"):
        study.compare("ninety", behaviour="learning")


def test_without_any_answer_switched_on_both_behaviours_are_one(offices):
    study = load_study(offices(("changes: {behaviour.responsive.effort.on: true}\n", "")))
    table = study.run(workers=1, progress=False).outcomes
    found = between_behaviours(table, "responsive", to="mechanical", level="unit")
    assert found["exact_zero"].all() and len(found) > 50
    efforts = table[(table["outcome"] == "effort") & (table["behaviour"] == "responsive")]["value"]
    assert len(efforts) and (efforts == 1).all()


def test_one_process_has_what_meets_the_same_citizens(offices):
    units = load_study(offices(("replications: 2", "replications: 8"))).units
    portions = list(_portions(units, 2))
    assert [len({unit.replication for unit in portion}) for portion in portions] == [1] * 8
    assert [(unit.policy, unit.behaviour) for unit in portions[0]] == [
        ("current", "mechanical"), ("ninety", "mechanical"), ("third-clerk", "mechanical"),
        ("current", "responsive"), ("ninety", "responsive"), ("third-clerk", "responsive"),
    ]  # fmt: skip
    parts = _strided(portions[0], 2)  # both behaviours in each; those that share their work stay together
    assert [[unit.policy for unit in part] for part in parts] == [
        ["current", "ninety", "current", "third-clerk"], ["third-clerk", "ninety"],
    ]  # fmt: skip


BAD = [
    ("years: 2\n", "years: 3\n", 9, "years: calendar.make_up_days: the make-up working days of 2027 are not"),
    ("years: 2\n", "years: 3\n", 9, "Let the horizon end by 2026, or set make_up_days: where_known"),
    (
        "effort.on: true", "effort.on: true, horizon.years: 3", 9,
        "'horizon.years' is changed, and 'years' sets the years. Write one of the two",
    ),
    ("effort.on", "efort.on", 11, "unknown parameter 'behaviour.responsive.efort.on'. Did you mean"),
    ("effort.on: true", "effort.on: 7", 11, "changes.behaviour.responsive.effort.on: 7"),
    ("[mechanical, responsive]", "[mechanical, responsiv]", 10, "Did you mean 'responsive'?"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "line", "told"), BAD)
def test_mistakes_are_told_with_their_line(offices, good, bad, line, told, monkeypatch, capsys):
    name = offices((good, bad))
    with pytest.raises(InputError) as caught:
        load_study(name)
    assert told in str(caught.value)
    assert f"offices.yaml:{line}: " in str(caught.value)
    monkeypatch.setattr("sys.argv", ["sim", "run", name])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_years_not_yet_announced_can_be_assumed(offices):
    known = "{calendar.make_up_days: where_known, behaviour"
    assert (
        load_study(offices(("years: 2\n", "years: 3\n"), ("{behaviour", known))).scenario.horizon.years == 3
    )


def test_a_policy_cannot_set_the_years_of_its_own(offices, tmp_path):
    name = offices()
    file = tmp_path / "scenarios" / "office" / "policies" / "ninety.yaml"
    file.write_text(POLICY.format(name="Ninety", changes="{horizon.years: 1}"), encoding="utf-8")
    with pytest.raises(InputError, match="'ninety' changes 'horizon.years', and the study sets the years"):
        load_study(name)
