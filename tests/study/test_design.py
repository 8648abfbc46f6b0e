"""Malformed studies are refused with file, line, path and remedy, through the command line too."""

import pytest

from sim import cli
from sim.scenario.errors import InputError
from sim.study import study as load_study

# (what stands in the sound file, what stands there instead, what is said)
BAD = [
    ("scenario: counter", "scenario: countr", "unknown scenario 'countr'. Did you mean 'counter'?"),
    ("scenario: counter", "scenario: ../counter", "cannot be the name of a scenario"),
    (
        "third-clerk]",
        "third-clerc]",
        "unknown policy 'third-clerc' of scenario 'counter'. Did you mean 'third-clerk'?",
    ),
    ("third-clerk]", "../../x.yaml]", "cannot be the name of a policy"),
    ("third-clerk]", "current]", "'current' is the baseline"),
    ("third-clerk]", "null-policy]", "'null-policy' stands twice"),
    ("[null-policy, third-clerk]", "[]", "policies"),
    ("replications: 3", "replications: 1", "at least 2"),
    ("replications: 3", "replications: 2.5", "replications"),
    ("replications: 3", "replications: many", "replications"),
    ("seed: 11", "seed: -1", "seed"),
    ("seed: 11", "sead: 11", "unknown parameter 'sead'"),
    ("seed: 11", "seed: 11\nseed: 12", "the key 'seed' stands twice"),
    ("jingxi-study/1", "jingxi-study/9", "jingxi-study/1"),
    ("reports: []", "reports: [novel]", "'novel' is not possible here"),
    ("reports: []", "languages: [en, fr]", "'fr' is not possible here"),
    ("reports: []", "behaviours: [erratic]", "unknown behaviour 'erratic'. Known here: "),
    ("reports: []", "behaviours: [mechanicl]", "Did you mean 'mechanical'?"),
    ("reports: []", "behaviours: [mechanical, mechanical]", "'mechanical' stands twice"),
    ("reports: []", "behaviours: []", "behaviours"),
    ("reports: []", "years: 0", "years: 0 must be at least 1"),
    ("reports: []", "years: 31", "years: 31 must be at most 30"),
    ("reports: []", "years: three", "years: 'three' is not a whole number"),
    ("reports: []", "years: 1.5", "years: 1.5 is not a whole number"),
    (
        "reports: []",
        "years: 3",
        "years: the scenario 'counter' is a stretch of 600 minutes and has no years. Leave 'years' out",
    ),
    (
        "reports: []",
        "focus: [pay_total_yuan]",
        "unknown outcome 'pay_total_yuan'. It is called 'pay_total' now",
    ),
    ("reports: []", "focus: [on_time_rat]", "unknown outcome 'on_time_rat'. Did you mean 'on_time_rate'?"),
    ("reports: []", "baseline: curent", "unknown policy 'curent'"),
    ("reports: []", "reports: &all [briefing]", "anchors and aliases"),
    ("seed: 11", "seed: !!python/object/apply:os.getcwd []", "tag"),
    ("zh: 多少？", "de: Wie?", "'zh' is missing"),
]


@pytest.mark.parametrize(("good", "bad", "told"), BAD)
def test_a_malformed_study_is_told_in_one_message(folder, good, bad, told, monkeypatch, capsys):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(good) == 1
    file.write_text(text.replace(good, bad), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_study("counters")
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{file}:")
    before = sorted(folder.rglob("*"))
    for command in (["check", str(file)], ["run", "counters"]):
        monkeypatch.setattr("sys.argv", ["sim", *command])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2
        assert told in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_an_unknown_study_is_told_with_the_nearest(folder):
    with pytest.raises(InputError, match="unknown study 'countres'. Did you mean 'counters'?"):
        load_study("countres")


def test_a_study_is_found_by_path_from_anywhere(folder, monkeypatch, tmp_path_factory):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert load_study(file).scenario.name == "counter"
    assert load_study(str(file)).name == "counters"


def test_units_of_equal_rules_share_their_key(study):
    keys = {(unit.policy, unit.replication): unit.key for unit in study.units}
    assert keys["null-policy", 0] == keys["current", 0] != keys["third-clerk", 0]
    assert len(study.units) == 9 and len(set(keys.values())) == 6
