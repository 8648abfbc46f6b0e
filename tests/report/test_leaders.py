"""The one-page briefing: what it says of a small study, and that it is one page in every format."""

import dataclasses

import docx
import numpy as np
import pandas as pd
import pypdf
import pytest

import sim
from sim.evaluate.choose import chance_better
from sim.report import all_rules, findings, robust, weightiest
from sim.report.answer import Answer
from sim.report.export import fit, to_pdf, write_page
from sim.report.leaders import Leaders, briefing
from sim.report.markup import plain
from sim.report.results import Results
from sim.report.word_file import to_docx
from sim.scenario.errors import InputError

from .. import two_offices
from .in_process import page_of


@pytest.fixture
def here(small_study, monkeypatch):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    return small_study


@pytest.fixture(params=["en", "zh"])
def leaders(request, here):
    results = Results(here, request.param)
    return Leaders(results, findings.choice(results))


@pytest.fixture(scope="module", params=["en", "zh"])
def page(request, small_study, tmp_path_factory):
    """The page as a file, set so that it fits."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(small_study.scenario.folder.parents[1])
        page_of(small_study, "briefing", request.param, folder)
    html = folder / f"offices-briefing.{request.param}.html"
    return html, fit(html), request.param


def test_every_rule_has_a_row_and_the_caption_counts_them(leaders):
    r = leaders.results
    table = next(str(piece) for piece in leaders.shown() if "<table" in piece)
    for name in r.policies:
        assert table.count(f">{r.policy(name)}</th>") == (3 if r.lang == "zh" and name != r.baseline else 1)
    assert ("All 4 rules" if r.lang == "en" else "全部4种方案") in table
    assert ("no\u00a0change" if r.lang == "en" else "无变化") in table  # what changes nothing
    assert "+1</td>" in table  # the second clerk


def test_the_answer_is_one_sentence_that_names_service_money_and_heads(leaders):
    r, said = leaders.results, leaders.answer.said()
    assert said.count(r.text(". ", "。")) == (0 if r.lang == "en" else 1)
    if r.lang == "en":
        assert said.startswith('By the on-time rate, "A second clerk" is better than "Current')
        assert '"A second clerk" costs ' in said and "yuan more a year" in said
        assert said.endswith('"A second clerk" takes 1 person more.')
    else:
        assert "提高到" in said and "多支出工资" in said and said.endswith("“试行”增加1人。")


def test_the_answer_tells_what_the_rule_costs_that_it_recommends(leaders, monkeypatch):
    """Beside the rule that costs most, whichever that is."""
    r, best = leaders.results, leaders.found.policy
    other = next(name for name in r.alternatives if name != best)
    monkeypatch.setattr(Answer, "costs", lambda self: {other: 99_000.0, best: 12_000.0})
    first, second = leaders.answer.differs()[:2]
    assert first.startswith(r.quoted(best)) and second.startswith(r.quoted(other))


def test_an_open_answer_names_the_rule_that_is_clearly_worse(leaders, monkeypatch):
    """A reader asks what the rule in force does; that it is worse for certain is no open question."""
    r, found = leaders.results, leaders.found
    assert not found.table["good"][r.baseline]
    monkeypatch.setattr(Answer, "clear", lambda self, policy, outcome: -1 if policy == found.policy else 0)
    said = Answer(r, dataclasses.replace(found, policy=None, focus="nothing")).service()
    worse = r.text("clearly worse: " + r.quoted(found.policy), r.quoted(found.policy) + "明显较差")
    assert r.text("It is open", "尚不能确定") in said and worse in said
    assert said.endswith((")", "）"))  # from how much to how much


def test_a_rule_that_looks_best_is_not_said_to_move_what_luck_may_have_moved(leaders, monkeypatch):
    r, found = leaders.results, leaders.found
    told = Answer(r, dataclasses.replace(found, policy=None, focus="nothing")).service()
    assert r.text(", no change)", "，无变化）") in told
    opened = Answer(r, dataclasses.replace(found, policy=None, focus=found.policy))
    assert r.text("from ", "提高到") in opened.service()  # it is clear
    monkeypatch.setattr("sim.report.answer.is_clear", lambda row: False)
    said = opened.service()
    before, after = r.before_and_after(r.difference(found.policy, found.outcome))
    assert r.text(f"({after} against {before}, unclear)", f"（{after}，基准为{before}，差别不明显）") in said


def test_what_another_behaviour_leaves_open_of_the_answer_is_told(leaders, monkeypatch):
    """The answer stays, but another rule is ahead, and what one was said to cost is no longer clear."""
    r, best = leaders.results, leaders.found.policy
    mine = dataclasses.replace(leaders.found, policy=None, focus=best)
    theirs = dataclasses.replace(mine, focus="ninety")
    other = Results(r.study, r.lang)
    monkeypatch.setattr("sim.report.leaders.choice", lambda results, outcome: theirs)
    costs = {id(mine): {best: 12_000.0, "ninety": -9_000.0}, id(theirs): {"ninety": 8_000.0}}
    monkeypatch.setattr(Answer, "costs", lambda self: costs[id(self.found)])
    said = Leaders(r, mine)._under(other)
    assert r.text(f"({r.quoted('ninety')} ahead)", f"目前以{r.quoted('ninety')}为好") in said
    assert r.text(f"what {r.quoted(best)} costs is unclear", f"{r.quoted(best)}的工资支出变化不明显") in said
    assert said.count(r.text("costs 8,000 yuan more", "多支出工资8,000元")) == 1  # it was said to save


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A rule that takes one of the south's two clerks to the north, and one that begins late."""
    root = tmp_path_factory.mktemp("moved")
    one = two_offices.policy("One clerk moves", {}, "调动一人")
    del one["changes"]
    one["move"] = [{"from": "south_window", "to": "north_window", "people": 1}]
    files = {"offices": two_offices.STUDY.replace("[ninety, second-clerk, nothing]", "[moved]")}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(two_offices.write(root, policies={"moved": one}, studies=files))
        yield sim.study("offices").run(workers=1, progress=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_is_served_worse_is_named_and_a_move_is_not_tried_elsewhere(moved, lang):
    results = Results(moved, lang)
    found = dataclasses.replace(findings.choice(results), policy="moved", focus="moved")
    leaders = Leaders(results, found)
    said = " ".join(leaders.who())
    assert results.text("fewer cases meet their limit: ", "按时办结率下降的：") in said
    assert results.unit("south") in said and results.unit("north") not in said
    assert results.text("last year", "上年同期") in leaders.next_step()[0]


def test_shares_of_people_are_those_of_winners_and_losers(leaders):
    r = leaders.results
    table = r.winners("second-clerk")
    assert r.moved("second-clerk", "loss") == pytest.approx(
        table.loc[["loss_over_5", "loss_to_5"], "share"].sum()
    )
    assert r.moved("nothing", "loss") == r.moved("nothing", "gain") == 0


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "Not complete: 4 of 6 replications are computed."), ("zh", "已完成4次模拟，计划6次")],
)
def test_a_study_with_missing_replications_says_so_on_its_page(here, lang, told):
    more = dataclasses.replace(here, file=here.file.model_copy(update={"replications": 6}))
    with pytest.warns(UserWarning, match="are missing"):
        shown = briefing(Results(more, lang))
    assert told in plain(shown[0]) and told not in plain(briefing(Results(here, lang))[0])


def test_the_page_tells_neither_commands_nor_certainty(leaders):
    text = " ".join(plain(piece) for piece in leaders.shown())
    for word in (
        "sim run",
        "sim report",
        "sim parameters",
        "(100%)",
        "（100%）",
        "(0%)",
        "（0%）",
        "机械",
        "响应",
    ):
        assert word not in text
    probability, at_least = leaders.probability()
    assert 0.5 < probability <= 1 and not at_least
    assert leaders.results.text("What would change the answer", "可能改变结论的情形") in text
    assert leaders.results.text("numbers of the scenario", "个数值") in text


def test_a_profile_which_has_no_title_is_told_with_what_it_is(leaders):
    label = leaders.results.text("Course of demand: usual", "来件的时间分布：usual")
    told = weightiest.called(leaders.results, pd.Series({"path": "profiles.usual", "label": label}))
    assert told == leaders.results.text('Course of demand "usual"', "来件的时间分布“usual”")


def test_an_entry_told_as_a_whole_says_what_it_is_of(leaders):
    label = leaders.results.text("Grades and their pay: Clerk", "职级与工资：办事员")
    row = pd.Series({"path": "grades.clerk", "label": label})
    assert weightiest.called(leaders.results, row) == label
    one = leaders.results.text("Grades and their pay: Clerk: base pay", "职级与工资：办事员：基本工资")
    row = pd.Series({"path": "grades.clerk.base_pay", "label": one})
    assert weightiest.called(leaders.results, row) == leaders.results.text(
        "Clerk: base pay", "办事员：基本工资"
    )


def test_the_chance_is_that_of_students_t_on_paired_differences():
    values = pd.DataFrame(
        {"base": [0.5, 0.6, 0.7, 0.8], "more": [0.6, 0.6, 0.9, 0.8], "same": [0.5, 0.6, 0.7, 0.8]}
    )
    found = chance_better(values, "base", "on_time_rate", 0.0)
    from scipy import stats

    gain = (values["more"] - values["base"]).to_numpy()
    expected = stats.t(3).cdf(gain.mean() / (gain.std(ddof=1) / 2))
    assert found["more"] == pytest.approx(expected) and found["same"] == 0
    worse = chance_better(values, "base", "mean_processing_days", 0.0)
    assert worse["more"] == pytest.approx(1 - expected)
    constant = values.assign(more=values["base"] + 0.25)
    assert chance_better(constant, "base", "on_time_rate", 0.1)["more"] == 1
    with pytest.raises(InputError, match="one replication"):
        chance_better(values[:1], "base", "on_time_rate", 0.0)
    assert np.isfinite(found).all()


def test_the_probability_of_a_share_is_no_surer_than_its_interval():
    """One lucky replication of ten: the interval reaches past the margin, and so must the probability."""
    from scipy import stats

    gain = np.array([0.02, 0.14, -0.03, 0.16, -0.01, 0.02, 0.02, 1.48, 0.24, 0.03]) / 100
    values = pd.DataFrame({"base": 0.98, "more": 0.98 + gain})
    a = stats.skew(gain, bias=False) / np.sqrt(10)
    student = (gain.mean() - 0.005) / stats.sem(gain)
    hall = student + a * student**2 / 3 + a**2 * student**3 / 27 + a / 6
    found = chance_better(values, "base", "on_time_rate", 0.005)["more"]
    assert found == pytest.approx(stats.t(9).cdf(hall)) and found > 4 * stats.t(9).cdf(student)
    mean = chance_better(100 * values, "base", "mean_score", 0.5)["more"]  # no share: Student's
    assert mean == pytest.approx(stats.t(9).cdf(student))
    sure = chance_better(values.assign(more=0.99), "base", "on_time_rate", 0.005)["more"]
    assert sure == 1  # the same in every replication


def test_the_points_are_not_said_to_judge_a_rule_that_they_left_out(leaders, monkeypatch):
    r, found = leaders.results, dataclasses.replace(leaders.found, focus="nothing")
    own = object.__new__(robust.Robust)
    object.__setattr__(own, "results", r)
    monkeypatch.setattr(robust.Robust, "moving", lambda self, outcome: ["second-clerk"])
    assert r.quoted("nothing") in own.unjudged(found)
    assert own.unjudged(dataclasses.replace(found, focus="second-clerk")) == ""


def test_a_stretch_of_days_is_not_called_a_year(leaders, monkeypatch):
    """And what no cell says is not explained."""
    r = leaders.results
    table = plain(all_rules.all_rules(r, leaders.found))
    assert r.text("yearly means", "年均值") in table
    assert (table.count(r.text("nclear", "不明显")) != 1) == (r.text("Unclear:", "不明显：") in table)
    monkeypatch.setattr(Results, "in_years", False)
    table = plain(all_rules.all_rules(r, leaders.found))
    assert r.text("yearly means", "年均值") not in table
    assert r.text(" days from 1 January ", "年1月1日起") in table


def test_a_chinese_title_leaves_no_single_character_on_its_last_line(tmp_path):
    for length in range(14, 24):  # some of which take two lines, with one character in the second
        title = "关于" + "某" * length + "的决策参考"
        file = write_page([], tmp_path / "page.html", "zh", title, form="paper")
        lines = pypdf.PdfReader(to_pdf(file, file.with_suffix(".pdf"))).pages[0].extract_text().splitlines()
        assert not any(line.strip() == "考" for line in lines)
        assert f"<title>{title}</title>" in file.read_text(encoding="utf-8")


def test_it_is_one_page_of_the_size_and_margins_of_an_official_paper(page):
    html, size, _ = page
    printed = pypdf.PdfReader(to_pdf(html, html.with_suffix(".pdf")))
    assert len(printed.pages) == 1 and size == 12  # 小四
    box = printed.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert f"--type: {size:g}pt" in html.read_text(encoding="utf-8")


def test_the_word_file_holds_what_the_page_holds_and_is_made_the_same_again(page):
    html, size, lang = page
    file = to_docx(html, html.with_suffix(".docx"), lang)
    first = file.read_bytes()
    assert to_docx(html, file, lang).read_bytes() == first
    document = docx.Document(file)
    section = document.sections[0]
    assert round(section.page_width.mm) == 210 and round(section.top_margin.mm) == 37
    assert document.styles["Normal"].font.size.pt == size
    (table,) = document.tables
    assert len(table.rows) == 5
    if lang == "zh":  # which breaks anywhere: names and headings up to the bracket stay whole
        for column in table.columns:
            head, *cells = [cell.text for cell in column.cells]
            signs = max(map(len, [*(head.replace("（", " （").split() if len(head) < 6 else ()), *cells]))
            assert 10.5 * signs < column.width.pt - 10.8  # 五号, and Word's margins of a cell
    text = "\n".join(line.text for line in document.paragraphs)
    heads = [f"{n}. " for n in range(1, 8)] if lang == "en" else [f"{n}、" for n in "一二三四五六七"]
    assert all(head in text for head in heads)
    assert "仿宋_GB2312" in document.styles["Normal"].element.xml
