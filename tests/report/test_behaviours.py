"""What reports say of two behaviours and two years side by side, in both languages."""

import pytest

from sim.report import (
    behaviours,
    exhibits,
    findings,
    paths,
    pictures,
    reach,
    record,
    rule_tables,
    side_by_side,
    style,
)
from sim.report.results import Results
from sim.study import study as load_study
from tests.two_offices import STUDY

TWO = STUDY.replace(
    "policies: [ninety, second-clerk, nothing]", "policies: [ninety, second-clerk, nothing]\nyears: 2"
)
TWO = TWO.replace("seed: 1", "seed: 1\nbehaviours: [mechanical, responsive]\nchanges: {WAYS}")
WAYS = ", ".join(f"behaviour.responsive.{way}.on: true" for way in ("effort", "timing", "recording"))
WAYS += ", behaviour.return: assumed, behaviour.trials.at_least: 4, behaviour.trials.at_most: 4"


@pytest.fixture(scope="module")
def two_years(small_study):
    """The small study over two years, under two behaviours."""
    root = small_study.scenario.folder.parents[1]
    (root / "scenarios" / "studies" / "two-years.yaml").write_text(
        TWO.replace("WAYS", WAYS), encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return load_study("two-years").run(workers=1, progress=False)


@pytest.fixture
def here(two_years, monkeypatch):
    monkeypatch.chdir(two_years.scenario.folder.parents[1])
    return two_years


@pytest.fixture(params=["en", "zh"])
def results(request, here):
    return Results(here, request.param)


def test_the_first_line_tells_both_behaviours(results):
    found = findings.choice(results)
    line = behaviours.answer(results, found)
    first, second = (behaviours.condition(side) for side in results.sides)
    assert line.startswith(first) and second in line
    assert results.quoted("second-clerk") in line
    assert ("that holds, too" if results.lang == "en" else "上述结论同样成立") in line


def test_an_answer_that_does_not_hold_is_told_with_the_other_one(here):
    mechanical = Results(here, "en")
    other = mechanical.sides[1]
    flat = other.outcomes["outcome"].eq("on_time_rate") & other.outcomes["unit"].eq("")
    other.outcomes.loc[flat, "value"] = 0.9
    line = behaviours.answer(mechanical, findings.choice(mechanical))
    assert 'that does not hold: there "A second clerk" changes it by ' in line
    assert "; with a confidence of 95%, no rule betters the on-time rate of" in line
    assert line.count("Recommended") + line.count("recommended") == 1


def test_one_behaviour_is_told_as_ever(small_study, monkeypatch):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    results = Results(small_study, "en")
    found = findings.choice(results)
    assert behaviours.answer(results, found) == findings.answer(results, found)
    assert side_by_side.by_behaviour(results, results.study.focus) is None
    assert side_by_side.answered(results) is None and side_by_side.true_rates(results) == []
    assert paths.years(results, found) is None and paths.differences(results, found) is None
    assert not paths.several(results) and behaviours.which(results) == [] == behaviours.calendar(results)
    assert len(behaviours.assumed(results)) == 1
    assert "cannot be read as a finding about pay" in " ".join(reach.untouched(results))


def test_each_further_behaviour_has_a_table_of_policies_by_outcomes(results):
    table = str(side_by_side.by_behaviour(results, ["on_time_rate", "mean_processing_days"]))
    assert table.count("<table") == 1
    assert behaviours.title(results.sides[1]) in table and behaviours.title(results) not in table
    rows, note = table.split("</tbody>")
    assert rows.count('<th scope="row"') == 3 and results.policy("nothing") in note  # it changes nothing
    responsive = results.sides[1].difference("ninety", "mean_processing_days")
    assert not responsive["exact_zero"]
    assert exhibits.starred(results.sides[1], responsive, "mean_processing_days") in table


def test_what_people_did_stands_apart_from_what_was_recorded(results):
    told = str(side_by_side.answered(results))
    for word in ("Effort: ", "Timing: ") if results.lang == "en" else ("努力：", "次序："):
        assert word in told
    assert behaviours.title(results) not in told  # nobody answers mechanically
    side = results.sides[1]
    assert side.has("recorded_on_time_rate")
    assert side.outcome("recorded_on_time_rate") in told and side.outcome("on_time_rate") in told
    gap = exhibits.mean_of(side, "on_time_gap", "current")
    assert gap in side_by_side.true_rates(results)[0]


def test_years_and_months_are_drawn_for_each_behaviour(results):
    style.use_house_style()
    found = findings.choice(results)
    for drawn in (
        paths.years(results, found),
        paths.differences(results, found),
        paths.months(results, found),
    ):
        page = str(drawn)
        assert page.count("<svg") == 1
        label = page[page.index("aria-label=") :][:1500]
        assert all(behaviours.title(side) in label for side in results.sides)
    assert "202" in label and paths.several(results)
    assert str(pictures.differences(results)).count("<svg") == 1


def test_years_of_a_replication_are_no_trials_of_their_own(results):
    shares = results.bottom_shares()
    assert shares["times"].sum() == results.years == 8
    rows = results.level("unit", "bottom").query("policy == 'current'")
    assert rows.groupby("unit")["value"].size().eq(8).all()
    half = shares.query("share == 0.5")
    assert ((shares["high"] - shares["low"]) > 0.4).all() or half.empty  # as wide as of four trials
    said = " ".join(findings.sureness(results, findings.choice(results)))
    assert ("their mean counts once" if results.lang == "en" else "各年平均后只算一次") in said


def test_what_the_study_changes_for_all_is_in_the_design(results):
    design = str(rule_tables.design(results))
    assert ("under every rule" if results.lang == "en" else "所有方案") in design
    assert ("assessment years: 1 → 2 years" if results.lang == "en" else "考核年数：1 → 2年") in design


def test_the_tables_of_each_behaviour_are_written(here, tmp_path):
    names = {path.name for path in record.write_tables(here, tmp_path)}
    assert {"differences-bureau.csv", "differences-bureau-responsive.csv"} <= names
    assert {"differences-year.csv", "differences-year-responsive.csv"} <= names
    assert record.manifest(here)["years"] == 2
    assert record.manifest(here)["changes"]["behaviour.responsive.effort.on"] is True


def test_results_of_a_behaviour_that_are_missing_are_told_of(here, monkeypatch):
    results = Results(here, "en")
    assert findings.incomplete(results) is None
    only = here.outcomes[here.outcomes["behaviour"] == "mechanical"]
    here.__dict__["outcomes"] = only
    try:
        assert "nothing under the behaviour responsive" in findings.incomplete(Results(here, "en"))
    finally:
        here.refresh()
