"""What a policy changes in heads and in pay is said by its result, study, report and `sim check`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.report import assumptions, reach
from sim.report.results import Results
from sim.scenario.part import Text
from sim.scenario.posts import posts, posts_change

TITLE = Text(en="Trial", zh="试行")
HEAD = "title: {en: Trial, zh: 试行}\n"


def policy(*moves, **changes) -> sim.Policy:
    changes = {path.replace("__", "."): value for path, value in changes.items()}
    return sim.Policy("trial", TITLE, TITLE, changes, move=moves)


@pytest.fixture(scope="module")
def hospital():
    return sim.load(Path(__file__).parents[1] / "scenarios" / "outpatients")


def test_a_group_moved_as_a_whole_and_made_larger_invents_people():
    """The unit of a group and its count in one policy: one more than there is."""
    binhai = sim.load("binhai")
    invented = policy(staff__fanji_window__unit="dongkan", staff__fanji_window__count=2)
    clerk = binhai.grades["clerk"]
    pay = clerk.base_pay + clerk.assessment_pay + clerk.target_bonus
    assert posts(binhai).headcount == 132
    assert posts_change(binhai, invented) == (1, pay)
    assert posts_change(binhai, invented).as_change("CNY") == f"heads +1, pay {pay:+,.0f} yuan a year"


def test_a_move_to_another_grade_costs_the_difference():
    binhai = sim.load("binhai")
    move = {"from": "dongkan_window", "to": "dongkan_deputy", "people": 2}
    clerk, senior = (binhai.grades[name].full_pay for name in ("clerk", "senior"))
    assert posts_change(binhai, policy(move)) == (0, 2 * (senior - clerk))


def test_pay_counts_by_the_posts_that_there_are(hospital):
    """Whoever is only a spare name holds no post."""
    group = next(name for name, one in hospital.staff.items() if one.count > 1)
    count = hospital.staff[group].count
    names = [f"p{number}" for number in range(count + 3)]
    named = sim.reform(hospital, sim.Policy("x", TITLE, TITLE, {f"staff.{group}.names": names}))
    assert posts(named) == posts(hospital)


def test_a_result_says_it():
    result = sim.simulate("one-office", "one-more-clerk")
    pay = sim.load("one-office").grades["clerk"].full_pay
    assert (result.headcount, result.headcount_change) == (2, 1)
    assert (result.payroll, result.payroll_change) == (2 * pay, pay)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two policies of a day at an office: one hires, one moves nobody's pay."""
    home = tmp_path_factory.mktemp("posts")
    shutil.copytree(sim.load("one-office").folder, home / "scenarios" / "office")
    (home / "scenarios" / "studies").mkdir()
    (home / "scenarios" / "studies" / "st.yaml").write_text(
        f"format: jingxi-study/1\n{HEAD}question: {{en: Which?, zh: 何者？}}\nscenario: office\n"
        "policies: [one-more-clerk, deduct-two]\nreplications: 2\nseed: 1\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield sim.study("st").run(workers=1, progress=False)


def test_a_study_says_it_of_each_policy(study):
    pay = study.scenario.grades["clerk"].full_pay
    assert study.posts.loc["one-more-clerk"].tolist() == [2, 2 * pay, 1, pay]
    assert study.posts.loc["deduct-two"].tolist() == [1, pay, 0, 0]
    assert study.sql("select sum(headcount_change) n from posts")["n"].tolist() == [1]


@pytest.mark.parametrize(("lang", "says"), [("en", "+1 and the full pay"), ("zh", "人员增加1人")])
def test_a_report_says_it_in_both_languages(study, lang, says):
    (sentence,) = reach.posts(Results(study, lang))
    assert says in sentence and ("+84,000" if lang == "en" else "每年增加84,000元") in sentence
    assert reach._by(-2, "人") == "减少2人" and reach._by(0, "元", "每年") == "不变"


@pytest.mark.parametrize(("lang", "says"), [("en", "2 people move"), ("zh", "调动2人")])
def test_and_who_moves(hospital, lang, says):
    move = {"from": "internal_doctor", "to": "surgery_doctor", "people": 2}
    (told,) = assumptions.changes(hospital, policy(move), lang)
    assert told[0] == says and told[1] != told[2]


@pytest.mark.parametrize(("lang", "says"), [("en", "entries, 1 changed"), ("zh", "项，其中1项有改动")])
def test_a_long_block_is_told_by_what_changes_in_it(hospital, lang, says):
    """Not as so many entries that become as many."""
    staff = {name: one.model_dump(mode="json") for name, one in hospital.staff.items()}
    renamed = {name.replace("internal_doctor", "own_doctor"): one for name, one in staff.items()}
    ((_, before, after),) = assumptions.changes(hospital, policy(staff=renamed), lang)
    assert ("entries, 1 new" if lang == "en" else "其中1项新列") in after and before != after
    staff["internal_doctor"] |= {"count": 99}
    ((_, before, after),) = assumptions.changes(hospital, policy(staff=staff), lang)
    assert says in after and before != after


def test_check_says_it(study):
    """`study` is where the policies are."""
    done = CliRunner().invoke(app, ["check", str(study.scenario.folder)])
    assert done.exit_code == 0
    assert "one-more-clerk.yaml: policy with 1 change; heads +1, pay +84,000 yuan a year" in done.output
    assert "deduct-two.yaml: policy with 1 change; heads 0, pay 0 yuan a year" in done.output
