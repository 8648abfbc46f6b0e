"""What reports say of a small study that was run, and the files that are written."""

import html
import itertools
import json
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

import sim
from sim.evaluate.choose import by_replication, chance_better
from sim.report import (
    all_rules,
    assumptions,
    courses,
    each_rule,
    exhibits,
    figures,
    findings,
    leaders,
    pictures,
    reach,
    rule_tables,
    style,
    trade_off,
)
from sim.report.batch import write_reports
from sim.report.markup import Html, plain
from sim.report.record import manifest
from sim.report.results import Results
from sim.report.words import chance
from sim.scenario import load
from sim.scenario.errors import InputError
from sim.scenario.policy import load_policy


@pytest.fixture
def here(small_study, monkeypatch):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    return small_study


@pytest.fixture(params=["en", "zh"])
def results(request, here):
    return Results(here, request.param)


def test_policies_are_told_apart_by_what_they_touch(results):
    assert results.touched("ninety") == {"pay"}
    assert results.touched("nothing") == set()
    assert "service" in results.touched("second-clerk")
    assert [name for name in results.alternatives if results.same_rules(name)] == ["nothing"]


def test_a_rule_has_the_same_colour_in_every_figure(results):
    """By its place in the whole study, also where a figure leaves out the rules before it."""
    colours = style.colour_of(results.policies)
    by_year = courses.differences(results, ["on_time_rate"], [results.baseline, "second-clerk"])
    drawn = {line.get_color() for line in by_year.axes[0].lines if len(line.get_xdata()) == 1}
    assert drawn == {colours["second-clerk"]}
    schedules = figures.schedules(results)
    paid = {line.get_color() for line in schedules.axes[0].lines}
    assert paid == {colours[results.baseline], colours["ninety"]}
    plt.close(by_year)
    plt.close(schedules)


def test_the_pay_share_of_the_bureau_is_the_mean_of_its_bound_units(results):
    units = results.level("unit", "pay_share").query("policy == 'current' and replication == 2")["value"]
    (bureau,) = results.level("bureau", "pay_share").query("policy == 'current' and replication == 2")[
        "value"
    ]
    assert bureau == pytest.approx(units.mean())
    (deducted,) = results.level("bureau", "units_deducted").query("policy == 'current' and replication == 2")[
        "value"
    ]
    assert deducted == (units < 1).mean()


def test_a_clear_gain_is_recommended_with_its_cost_and_a_pay_rule_is_not(here):
    results = Results(here, "en")
    found = findings.choice(results)
    assert found.policy == found.selected == "second-clerk"
    assert found.table["low"]["second-clerk"] > 0 and found.those("recommended") == ["second-clerk"]
    said = findings.answer(results, found)
    assert said.startswith('Recommended over "Current')
    assert '"A second clerk", from ' in said and "95% simultaneous interval" in said
    assert "It is selected, too" in said
    assert "What it costs: people +1, full pay of all posts +78,000 yuan a year, pay received +" in said


def test_outcomes_compared_alone_have_the_rows_that_they_have_among_all(here):
    alone = Results(here, "en").differences("unit", ("pay", "rank"))
    among = Results(here, "en").differences("unit").query("outcome in ['pay', 'rank']")
    keys = ["policy", "unit", "outcome"]
    assert len(alone) > 0
    pd.testing.assert_frame_equal(
        alone.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True),
        among.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True),
    )


def test_the_interval_of_the_answer_is_wider_than_one_for_itself(results):
    table, row = findings.choice(results).table, results.difference("second-clerk", "on_time_rate")
    assert table["low"]["second-clerk"] < row["low"] < row["high"] < table["high"]["second-clerk"]


def test_each_rule_has_its_verdict_and_its_cost_in_one_table(results):
    style.use_house_style()
    found = findings.choice(results)
    table = str(rule_tables.choice(results, found))
    assert ("better, selected" if results.lang == "en" else "优于基准，入选") in table
    assert "+78,000" in table and "+1<" in table
    goals = str(rule_tables.goals(results))
    assert results.quoted("current").strip('"“”') in goals and "100" in goals
    assert str(pictures.choice(results, found)).count("<svg") == 1


def test_the_front_is_of_the_rules_that_no_other_beats_in_service_and_cost(results):
    style.use_house_style()
    found = findings.choice(results)
    table = trade_off.points(results, found)
    assert list(table.index) == results.policies
    assert (table.loc["current"].drop("undominated") == 0).all()
    row = results.difference("second-clerk", "pay_total")
    scale = 1e-4 if results.lang == "zh" else 1e-3
    assert table["cost"]["second-clerk"] == pytest.approx(scale * row["difference"])
    assert table["undominated"]["second-clerk"]  # nothing serves better
    for name in table.index[~table["undominated"]]:
        better = (table["service"] >= table["service"][name]) & (table["cost"] <= table["cost"][name])
        assert better.sum() > 1
    shown = str(trade_off.front(results, found))
    assert shown.count("<svg") == 1 and results.quoted("second-clerk").strip('"“”') in shown


def test_a_line_from_a_name_to_its_point_crosses_no_name(here):
    """All rules in one point, whose names are far above and below it: the lines are steep."""
    style.use_house_style()
    results = Results(here, "en")
    found = findings.choice(results)
    table = trade_off.points(results, found)
    table = table.assign(**dict.fromkeys(table.columns.drop("undominated"), 0.0))
    drawing = trade_off.draw(results, found, table)
    drawing.canvas.draw()
    names = drawing.axes[0].texts
    left = min(Text.get_window_extent(one).x0 for one in names)  # an annotation's own holds its line
    assert len(names) == 4
    for one in names:
        line = one.arrow_patch.get_transform().transform_path(one.arrow_patch.get_path())
        assert line.vertices[:, 0].max() <= left + 1
    plt.close(drawing)


def test_intervals_stay_in_their_panel_and_only_what_is_wholly_outside_is_told_in_words(here):
    results = Results(here, "en")
    years = [2025, 2026]

    def drawn(far):
        figure, axis = plt.subplots()
        wide, none = pd.Series([4.0, 6.0], years), pd.Series([0.0, 0.0], years)
        lines = {
            "current": {0: (pd.Series([0.0, 0.1], years), none)},
            "ninety": {0: (pd.Series([0.1, 0.2], years), wide)},
            "second-clerk": {0: (pd.Series(far, years), none)},
        }
        courses._kept_near(results, [axis], lines)
        limits, told = axis.get_ylim(), [one.get_text() for one in axis.texts]
        plt.close(figure)
        return limits, told

    (low, high), told = drawn([90.0, 92.0])
    assert told == ["A second clerk: mean 91.00"]
    assert low < -5.8 and 6.2 < high < 90
    assert drawn([5.0, 90.0]) == ((0.0, 1.0), [])  # in part inside: the panel takes it whole


def test_names_beside_the_panel_keep_their_distance_and_stay_in_it():
    heights = trade_off._apart([0.9, 0.1, 0.1, 0.1, 0.02])
    assert all(a - b >= trade_off._LINE - 1e-12 for a, b in zip(heights, heights[1:], strict=False))
    assert min(heights) >= 0 and heights[0] == 0.9


def test_rules_that_change_nothing_of_a_table_are_named_under_it(results):
    table = str(rule_tables.differences(results, ["on_time_rate", "mean_processing_days"], "Service"))
    rows, note = table.split("</tbody>")
    assert rows.count('<th scope="row"') == 2 and results.policy("second-clerk") in rows
    assert results.listed(["ninety", "nothing"]) in html.unescape(note)


def test_each_rule_has_a_page_with_its_changes_and_what_they_do(results):
    text = results.text
    pages = str(each_rule.each_rule(results, findings.choice(results))).split("<details>")[1:]
    told = dict(zip(results.alternatives, map(plain, map(Html, pages)), strict=True))
    assert text("from 95 to 90 points.", "由95改为90分。") in told["ninety"]
    same = text(
        "Its on-time rate is the baseline's in every replication.", "按时办结率在各次模拟中均与基准相同。"
    )
    assert same in told["ninety"]
    assert text("Nobody's pay changes noticeably.", "人员收入无明显增减。") in told["nothing"]
    losing = f"{100 * results.moved('ninety', 'gain'):.0f}%"
    assert text(f"0% of the people earn less, {losing} more", f"0%的人员减收，{losing}增收") in told["ninety"]
    better = chance_better(
        by_replication(results.outcomes, "on_time_rate", results.policies), "current", "on_time_rate", 0.0
    )
    assert chance(better["second-clerk"], results.lang) in told["second-clerk"]
    row = results.difference("second-clerk", "on_time_rate")
    assert exhibits.starred(results, row, "on_time_rate") in told["second-clerk"]


def test_a_rate_at_its_end_has_no_interval_of_no_width(here):
    values = dict.fromkeys(here.policies, [1.0, 1.0, 1.0, 1.0])
    results = _with(Results(here, "en"), values)
    assert exhibits.mean_of(results, "on_time_rate", "current") == "100 (in every replication)"
    assert results.bureau_mean("on_time_rate", "current").note == "too few to say"


def _with(results, values):
    """The results with other on-time rates of the bureau: a list by policy, one a replication."""
    rows = [
        {
            "policy": policy,
            "replication": n,
            "value": value,
            "outcome": "on_time_rate",
            "year": 2025,
            "month": 0,
        }
        for policy, listed in values.items()
        for n, value in enumerate(listed)
    ]
    kept = results.outcomes[
        ~((results.outcomes["outcome"] == "on_time_rate") & (results.outcomes["unit"] == ""))
    ]
    results.outcomes = pd.concat(
        [kept, pd.DataFrame(rows).assign(unit="", kind="", person="")], ignore_index=True
    )
    return results


FLAT = [0.80, 0.82, 0.81, 0.79]


def test_no_clear_difference_where_no_rule_is_better_by_more_than_the_margin(here):
    slightly = [value + 0.004 for value in FLAT]
    values = {"current": FLAT, "ninety": FLAT, "second-clerk": slightly, "nothing": FLAT}
    results = _with(Results(here, "en"), values)
    found = findings.choice(results)
    assert found.policy is None
    assert findings.answer(results, found).startswith(
        "With a confidence of 95%, no rule betters the on-time rate of "
    )


def test_no_recommendation_on_an_interval_that_reaches_zero(here):
    lucky = [0.80, 0.8201, 0.99, 0.79]  # never worse, yet the interval of the difference holds zero
    values = {"current": FLAT, "ninety": FLAT, "second-clerk": lucky, "nothing": FLAT}
    results = _with(Results(here, "en"), values)
    found = findings.choice(results)
    assert found.policy is None and found.selected is None and found.focus == "second-clerk"
    said = findings.answer(results, found)
    assert said.startswith("No rule is recommended") and "What it costs: people +1" in said
    assert "simulate the leading rules more often" in " ".join(leaders.Leaders(results, found).next_step())
    assert "To select the best takes up to" in " ".join(findings.sureness(results, found))


def test_recommended_is_not_selected_where_another_may_be_better(here):
    better = [value + 0.05 for value in FLAT]
    unsure = [0.99, 0.72, 0.99, 0.77]
    values = {"current": FLAT, "ninety": unsure, "second-clerk": better, "nothing": FLAT}
    results = _with(Results(here, "en"), values)
    found = findings.choice(results)
    assert (found.policy, found.selected) == ("second-clerk", None)
    assert "Whether it is the best of all is open" in findings.answer(results, found)


def test_one_replication_gives_no_answer(here):
    values = {name: [0.8 + number / 10] for number, name in enumerate(here.policies)}
    results = _with(Results(here, "en"), values)
    found = findings.choice(results)
    assert (found.policy, found.selected) == (None, None)
    assert "one replication tells nothing" in findings.answer(results, found)


def test_what_pay_rules_leave_untouched_is_said(results):
    said = " ".join(reach.untouched(results))
    assert results.policy("ninety") in said
    assert ("pay and nothing else" if results.lang == "en" else "只改变工资") in said
    assert ("nothing at all" if results.lang == "en" else "没有带来任何变化") in said


def test_changes_and_assumptions_in_words(here):
    assert assumptions.changes(here.scenario, here.policies["ninety"], "en")[0] == (
        "Pay: from this score on pay is full", "95", "90 points",
    )  # fmt: skip
    register = assumptions.register(here.scenario, "zh").iloc[0]
    assert (register["label"], register["range"]) == ("办事员：基本工资", "40,000 – 60,000")
    assumed, total = assumptions.counts(here.scenario)
    assert assumed == total > 15  # nothing in this scenario has a source


def test_a_study_without_results_is_told_of_and_nothing_is_written(here, tmp_path, monkeypatch):
    from sim.study import study

    file = here.scenario.folder.parent / "studies" / "offices.yaml"
    (file.parent / "unrun.yaml").write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError, match="no results"):
        write_reports(study("unrun"), progress=False)
    assert not (here.folder.parents[1] / "reports" / "unrun").exists()


def test_all_files_of_a_study_are_written_and_made_the_same_again(here):
    written = write_reports(here, progress=False)
    folder = here.folder.parents[1] / "reports" / "offices"
    assert written[-1].resolve() == folder.parent / "index.html"
    names = {path.resolve().relative_to(folder).as_posix() for path in written[:-1]}
    expected = {
        f"{report}.{lang}.{suffix}"
        for report in ("briefing", "comparison")
        for lang in ("en", "zh")
        for suffix in ("ipynb", "html", "pdf", "docx")
    }
    assert expected | {"manifest.json", "tables/differences-bureau.csv", "tables/assumptions.csv"} <= names
    page = (folder / "briefing.en.html").read_text(encoding="utf-8")
    assert "By the on-time rate, &#34;A second clerk&#34; is better than" in page
    assert "<i>office</i>" not in page  # a title is text, not markup
    assert "“试行”优于" in (folder / "briefing.zh.html").read_text(encoding="utf-8")
    assert str(folder.parent) not in (folder / "briefing.en.ipynb").read_text(encoding="utf-8")
    stated = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert stated == json.loads(json.dumps(manifest(here)))
    assert (stated["seed"], stated["replications"]) == (1, 4)
    before = {path: path.read_bytes() for path in written}
    assert [path.name for path in write_reports(here, progress=False)] == ["index.html"]  # all is up to date
    (folder / "briefing.en.pdf").unlink()
    (folder / "briefing.zh.html").write_text("edited")
    again = write_reports(here, progress=False)
    made = {path.name for path in again if path.suffix != ".csv"}
    assert {name.removesuffix(".ipynb") for name in made if name.endswith("ipynb")} == {
        "briefing.en", "briefing.zh",
    }  # fmt: skip
    assert {path: path.read_bytes() for path in again} == {path: before[path] for path in again}


def test_a_report_is_of_the_study_given_and_its_code_is_the_packages_own(here, tmp_path, monkeypatch):
    """Two studies called `st`, and programs in the working folder that nobody asked for."""
    import shutil

    from sim.study import study

    shutil.copytree(here.scenario.folder.parent, tmp_path / "scenarios")
    shutil.copytree(tmp_path / "scenarios", tmp_path / "else")
    monkeypatch.chdir(tmp_path)
    files = [tmp_path / folder / "studies" / "st.yaml" for folder in ("scenarios", "else")]
    for file, title in zip(files, ("First", "Second"), strict=True):
        text = (file.parent / "offices.yaml").read_text(encoding="utf-8")
        text = text.replace("{en: Two offices, zh: 两个所的研究}", f"{{en: {title}, zh: 研究}}")
        text = text.replace(
            "[ninety, second-clerk, nothing]", f"[{'ninety' if title == 'First' else 'nothing'}]"
        )
        file.write_text(text.replace("replications: 4", "replications: 2") + "reports: [briefing]\n")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "briefing.ipynb").write_text("planted")
    for planted in ("markupsafe", "runpy", "ipykernel", "sitecustomize", "matplotlib"):
        (tmp_path / f"{planted}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({planted!r})\n")
    with pytest.raises(InputError, match=r"scenarios/studies/st.yaml and .*else/.* give the study 'st'"):
        write_reports([study(file).run(workers=1, progress=False) for file in files])
    assert not (tmp_path / "reports").exists()
    for file in files:
        write_reports(study(file).run(workers=1, progress=False), ["zh" if file is files[0] else "en"])
    page = (tmp_path / "reports" / "st" / "briefing.en.html").read_text(encoding="utf-8")
    assert "<title>Second: briefing</title>" in page and "Full pay from 90" not in page
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "reports" / "st" / "briefing.zh.html").exists()  # of the other one


def test_studies_of_several_files_are_reported_in_one_go(here, tmp_path, monkeypatch):
    import shutil

    from sim.study import study

    shutil.copytree(here.scenario.folder.parent, tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    text = Path("scenarios/studies/offices.yaml").read_text(encoding="utf-8")
    text = text.replace("replications: 4", "replications: 2").replace("[en, zh]", "[en]")
    for name in ("one", "two"):
        Path(f"scenarios/studies/{name}.yaml").write_text(text + "reports: [briefing]\n", encoding="utf-8")
    studies = [study(name).run(workers=1, progress=False) for name in ("one", "two")]
    written = write_reports(studies, ["en"], formats=["html"], progress=False)
    pages = [path.as_posix() for path in written if path.suffix == ".html"]
    assert pages == [f"reports/{name}/briefing.en.html" for name in ("one", "two")] + ["reports/index.html"]
    assert [path.name for path in write_reports(studies, ["en"], ["html"], progress=False)] == ["index.html"]


def test_a_report_that_fails_is_named_and_kept_and_does_not_stop_the_others(here, tmp_path):
    """The briefing's notebook breaks in its last cell; comparison and tables are written all the same."""
    import nbformat

    from sim.report.errors import ReportError

    own = tmp_path / "own"
    own.mkdir()
    for name, last in (("briefing", "1 / 0"), ("comparison", "show(None, page.lead('Lead'))")):
        cells = [
            nbformat.v4.new_code_cell(
                'study: str = ""\nlang: str = "en"\nfolder: str = ".."',
                id="p",
                metadata={"tags": ["parameters"]},
            ),
            nbformat.v4.new_code_cell(
                "import os, sim\nfrom sim.report import page\nfrom sim.report.exhibits import show\n"
                "os.chdir(folder)\nassert sim.study(study).name",
                id="l",
            ),
            nbformat.v4.new_code_cell(last, id="s"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), own / f"{name}.ipynb")
    folder = here.folder.parents[1] / "reports" / "offices"
    for old in folder.glob("*.*.*"):
        old.unlink()
    with pytest.raises(
        ReportError, match=r"1 of 3 reports of offices failed.*briefing\.en: .*division by zero"
    ):
        write_reports(here, ["en"], progress=False, notebooks=own)
    assert (folder / "comparison.en.pdf").is_file() and not (folder / "briefing.en.html").exists()
    partial = nbformat.read(folder / "briefing.en.partial.ipynb", as_version=4)
    assert "division by zero" in partial.metadata["papermill"]["aborted"]
    assert "comparison.en.html" in (folder.parent / "index.html").read_text(encoding="utf-8")


def test_a_change_is_told_without_saying_a_word_twice():
    scenario = load("binhai")
    told = assumptions.label(scenario, ("service_rules", "one_time_notification", "on"), "en")
    assert told == "Service rules: one-time notification"
    slots = [{"weekday": "tue", "at": "15:30"}, {"weekday": "wed", "at": "15:30"}]
    assert assumptions.printed(slots, "en", 80) == "Tuesdays 15:30, Wednesdays 15:30"
    assert assumptions.printed(slots, "zh", 80) == "周二15:30、周三15:30"


def test_what_has_no_title_in_the_scenario_is_called_in_words():
    binhai = load("binhai")
    said = dict(
        (label, after)
        for label, _, after in assumptions.changes(binhai, load_policy(binhai, "article-in-full"), "zh")
    )
    assert said["考核评分表：国土所与分局考核表：考核项：群众投诉"] == "3分"
    table = assumptions.register(binhai, "zh").set_index("path")
    assert table["label"]["kinds.homestead.route.visit.people"].startswith("宅基地审批：办理环节：第3环节：")
    assert "承诺时限 20 工作日" in table["value"]["kinds.homestead"]


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([0.2, 0.5, 0.5001, 0.9]) | st.floats(0, 1)),
        min_size=2,
        max_size=9,
        unique=True,
    )
)
def test_lines_from_names_to_points_do_not_cross(points):
    ends = trade_off.beside(points, 1.04, 0.062)
    assert min(ends) >= 0 and min(b - a for a, b in itertools.pairwise(sorted(ends))) > 0.06

    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    lines = [(point, (1.04, end)) for point, end in zip(points, ends, strict=True)]
    for (a, b), (c, d) in itertools.combinations(lines, 2):
        apart = side(a, b, c) * side(a, b, d), side(c, d, a) * side(c, d, b)
        assert max(apart) > -1e-9


def test_a_rule_with_another_limit_is_told_beside_the_rate(tmp_path):
    stricter = sim.Policy.of({"kinds.visit.limit.amount": 30}, name="stricter")
    double = sim.Policy.of({"pay.deduction_per_point": 2}, name="double")
    study = sim.Study.of("one-office", [stricter, double], replications=3, name="limits", folder=tmp_path)
    study.run(workers=1, progress=False)
    for lang, told in (("en", "by each rule's limit"), ("zh", "各按本方案时限")):
        results = Results(study, lang)
        assert results.other_limits == ["stricter"]
        assert told in results.heading("on_time_rate") and told not in results.heading("pay_total")
        assert results.quoted("stricter") in reach.limits(results)[0]
        page = plain(all_rules.all_rules(results, findings.choice(results)))
        assert ("each rule's own limit" if lang == "en" else "自身时限") in page
    alone = sim.Study.of("one-office", [double], replications=3, name="alone", folder=tmp_path / "alone")
    results = Results(alone.run(workers=1, progress=False), "en")
    assert not results.other_limits and not reach.limits(results)
    assert results.heading("on_time_rate") == "On-time rate (%)"
