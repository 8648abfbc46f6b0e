"""The report of a study's evaluation: luck, ranks, harm and distribution, in both languages."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sim.report import evaluation, evaluation_figures, side_effects, style
from sim.report.evaluated import Evaluated
from sim.report.record import write_tables
from sim.report.results import Results
from sim.study import study as load_study
from tests.two_offices import STUDY

from .in_process import page_of


@pytest.fixture(scope="module")
def evaluated(small_study):
    """The small study, with the report, under two behaviours."""
    root = small_study.scenario.folder.parents[1]
    content = f"{STUDY}reports: [evaluation]\nbehaviours: [mechanical, responsive]\n"
    file = root / "scenarios" / "studies" / "evaluated.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return load_study("evaluated").run(workers=1, progress=False)


@pytest.fixture
def here(evaluated, monkeypatch):
    monkeypatch.chdir(evaluated.scenario.folder.parents[1])
    style.use_house_style()
    return evaluated


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", 'under "Full pay from 90" (no response); "A second clerk" (response to the rule).'),
        ("zh", "（人员不作反应）、"),
    ],
)
def test_what_gets_worse_is_told_with_the_behaviour_under_which_it_does(here, lang, said, monkeypatch):
    named = {"mechanical": ["ninety"], "responsive": ["second-clerk"]}
    monkeypatch.setattr(evaluation, "flagged", lambda side: named[side.results.behaviour])
    told = evaluation._uncounted(evaluation.sides(Results(here, lang)))
    assert said in told
    monkeypatch.setattr(evaluation, "flagged", lambda side: [])
    assert told != evaluation._uncounted(evaluation.sides(Results(here, lang)))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("How far one year tells", "The luck of the ranking", "does not count", "Who gains")),
        ("zh", ("一年的结果能说明多少", "排名中的偶然", "考核未计的方面", "收入增减情况")),
    ],
)
def test_the_page_tells_it_in_both_languages(here, tmp_path, lang, said):
    page = page_of(here, "evaluation", lang, tmp_path)
    for heading in said:
        assert heading in page
    assert page.count("<figure") >= 6
    body = re.sub(r"<script.*?</script>", "", page[page.index("<body") :], flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", body)
    assert "nan" not in text.lower().replace("finance", "")
    assert "North <i>" not in page  # titles are escaped


def test_the_first_lines_give_numbers(here):
    lines = evaluation.answer(evaluation.sides(Results(here, "en")))
    assert len(lines) == 3
    assert "Of 100 years" in lines[0] or "truly" in lines[0]
    assert "truly belong there" in lines[1] and "%" in lines[1]
    assert "score does not count" in lines[2]


def test_every_table_is_a_file(here, tmp_path):
    written = {path.stem for path in write_tables(here, tmp_path)}
    for side in Results(here, "en").sides:
        ending = "" if side.behaviour == "mechanical" else f"-{side.behaviour}"
        tables = Evaluated(side).tables()
        assert {"rate", "score", "bottom", "naming", "alarm", "gains", "sides"} <= set(tables)
        assert {f"evaluation-{name}{ending}" for name in tables} <= written
    read = pd.read_csv(tmp_path / "evaluation-rate.csv")
    assert list(read["unit"]) == ["north", "south"] and read["reliability"].between(0, 1).all()


def test_a_study_of_few_replications_or_without_scores_says_less(here):
    few = Results(here, "en")
    few.__dict__["outcomes"] = few.outcomes[few.outcomes["replication"] < 2]
    lines = evaluation.answer([Evaluated(few)])
    assert "nothing can be said of luck" in lines[0]
    assert evaluation.reliability(Evaluated(few)) == [] and evaluation.funnel(Evaluated(few)) is None
    none = Results(here, "en")
    none.__dict__["outcomes"] = none.outcomes[~none.outcomes["outcome"].isin(["score", "pay"])]
    e = Evaluated(none)
    assert evaluation.answer([e]) == [] and evaluation.ranks(e) == [] and evaluation.price(e) is None
    assert side_effects.alarm([e]) == [] and side_effects.bunching([e]) == []


def test_what_is_left_out_is_said_with_the_reason(here):
    few = Results(here, "en")
    few.__dict__["outcomes"] = few.outcomes[few.outcomes["replication"] < 2]
    (said,) = evaluation.left_out(Evaluated(few))
    assert "What luck costs: there are fewer than 3 replications" in said
    none = Results(here, "zh")
    none.__dict__["outcomes"] = none.outcomes[none.outcomes["outcome"] != "score"]
    (said,) = evaluation.left_out(Evaluated(none))
    assert "门槛处的得分：各单位没有年度得分" in said
    whole = Evaluated(Results(here, "en"))
    made, missing = whole.tables(), whole.left_out()
    assert len(made) + len(missing) == 17


def test_the_axis_of_cases_names_whole_numbers_that_do_not_touch(here):
    figure = evaluation_figures.funnel(Evaluated(Results(here, "en")))
    figure.canvas.draw()
    labels = [one for one in figure.axes[0].get_xticklabels(which="both") if one.get_text()]
    low, high = figure.axes[0].get_xlim()
    seen = [one for one in labels if low <= one.get_position()[0] <= high]
    assert seen and all(re.fullmatch(r"[\d,]+", one.get_text()) for one in seen)
    ends = sorted((one.get_window_extent().x0, one.get_window_extent().x1) for one in seen)
    assert all(before[1] < after[0] for before, after in zip(ends, ends[1:], strict=False))
