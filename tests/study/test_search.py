"""A search finds what nothing dominates, keeps its limits, and simulates the front with other luck."""

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.scenario.errors import InputError
from sim.study.search import asked_limits, asked_space

SPACE = {"staff.clerk.count": (1, 3), "pay.deduction_per_point": (0.0, 4.0)}
GOALS = {"on_time_rate": "higher", "pay_total": "lower"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("search"))
        yield sim.Study.of("one-office", replications=2, seed=1, name="one").run(workers=1, progress=False)


@pytest.fixture(scope="module")
def found(study):
    return sim.search(study, SPACE, GOALS, tried=8, again=3, workers=1)


def test_the_front_is_what_nothing_dominates(found):
    table = found.tried
    assert len(table) == 8 and table["allowed"].all()
    assert set(table["staff.clerk.count"]) <= {1, 2, 3}
    for name, row in table.iterrows():
        better = (table["on_time_rate"] >= row["on_time_rate"]) & (table["pay_total"] <= row["pay_total"])
        strictly = (table["on_time_rate"] > row["on_time_rate"]) | (table["pay_total"] < row["pay_total"])
        assert row["front"] == (not (better & strictly).any()), name
    assert 2 <= table["front"].sum() < 8


def test_the_front_is_simulated_with_other_luck(found, study):
    assert set(found.front["policy"]) == {"current", *found.policies}
    assert found.again.seed == study.seed + 1 and (found.front["n"] == 3).all()
    assert found.front["probability"].between(0, 1).all()
    assert found.front["allowed"].all()


def test_limits_are_kept(study):
    limits = {"headcount_change": (None, 1), "on_time_rate": (0.9, None)}
    table = sim.search(study, SPACE, GOALS, limits=limits, tried=6, again=2, workers=1).tried
    more = table["headcount_change"] > 1
    assert more.any() and table.loc[more, "on_time_rate"].isna().all()  # not simulated
    assert (table["allowed"] == (~more & (table["on_time_rate"] >= 0.9))).all()
    assert table["allowed"].any() and not table["allowed"].all()


def test_what_cannot_be_searched_is_refused_before_anything_is_simulated(study, monkeypatch):
    monkeypatch.setattr(sim.Study, "run", lambda *_, **__: pytest.fail("it was refused after a run"))
    for wrong in (
        {"space": {}},
        {"space": {"pay.flor": (0, 1)}},
        {"space": {"horizon.years": (1, 3)}},
        {"goals": ["on_time_rate"]},
        {"goals": ["on_time_rate", "nothing"]},
        {"goals": {"on_time_rate": "higher", "arrivals": None}},
        {"limits": {"nothing": (0, None)}},
        {"limits": {"mean_score": (float("nan"), None)}},
        {"limits": {"mean_score": (95, 90)}},
        {"tried": 1},
    ):
        asked = {"space": SPACE, "goals": GOALS, "tried": 4, "again": 2, "workers": 1} | wrong
        with pytest.raises(InputError):
            sim.search(study, asked.pop("space"), asked.pop("goals"), **asked)


def test_the_command_prints_the_front(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.yaml").write_text(
        "format: jingxi-study/1\ntitle: {en: One, zh: 一所}\nquestion: {en: What?, zh: 如何？}\n"
        "scenario: one-office\npolicies: [one-more-clerk]\nreplications: 2\nseed: 1\n",
        encoding="utf-8",
    )
    asked = ["search", "one.yaml", "staff.clerk.count=1:2", "pay.deduction_per_point=0,1", "--tried", "4"]
    goals = ["--goals", "on_time_rate,pay_total:lower", "--limits", "headcount_change=:1", "--again", "2"]
    done = CliRunner().invoke(app, [*asked, *goals, "--workers", "1"])
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.output.splitlines()]
    head = next(at for at, words in enumerate(lines) if words[:1] == ["policy"])
    assert "probability" in lines[head] and lines[head + 1][0] == "current"  # a row is a line
    assert all(len(words) == len(lines[head]) for words in lines[head + 1 :])
    wrong = CliRunner().invoke(app, ["search", "one.yaml", "staff.clerk.count=1", *goals])
    assert wrong.exit_code == 2 and "staff.clerk.count" in wrong.output


@pytest.mark.parametrize(
    ("space", "limits", "said"),
    [
        (["staff.clerk.count=[:3"], "", "is no value"),
        (["staff.clerk.count=1,2", "staff.clerk.count=1,3"], "", "twice"),
        (["staff.clerk.count=1,2"], "mean_score=90:,mean_score=:95", "twice"),
    ],
)
def test_what_is_written_wrong_is_told(space, limits, said):
    with pytest.raises(InputError, match=said):
        asked_space(space), asked_limits(limits)
