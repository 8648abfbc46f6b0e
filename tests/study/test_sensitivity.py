"""A study again at points of the plausible space: what varies, what is kept, what reports say of it."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app
from sim.evaluate.screening import ACTS, NONE, screened
from sim.report import doubts, findings, robust, words
from sim.report.leaders import Leaders
from sim.report.results import Results
from sim.scenario.errors import InputError
from sim.study import study
from sim.study.at_points import GIVEN, MADE, kept
from sim.study.foretell import foretell
from sim.study.leading import leading, moving
from sim.study.plausible import Plausible
from sim.study.sensitivity import Sensitivity
from tests import two_offices

UNIT = "% of assessment pay a point"
TWO = {"value": 2, "unit": UNIT, "source": "assumed", "range": [1, 3], "reason": "x"}
WHOLE = two_offices.policy("Two per cent", {"pay.deduction_per_point": TWO})


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with a study of two offices that was run."""
    policies = two_offices.POLICIES | {"whole": WHOLE}
    root = two_offices.write(tmp_path_factory.mktemp("doubt"), two_offices.ASSUMED, policies)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        study("offices").run(workers=1, progress=False)
    return root


@pytest.fixture
def opened(root, monkeypatch):
    monkeypatch.chdir(root)
    return study("offices")


def space_of(opened, baseline="current"):
    return Plausible(opened.scenario, sim.load_policy(opened.scenario, baseline))


def point(space, **places):
    return np.array([places.get(dimension.name.replace(".", "_"), 0.5) for dimension in space.dimensions])


def under(space, **places):
    """The scenario at a point, under the baseline."""
    return sim.reform(space.scenario, space.policies("here", point(space, **places))[1])


def test_every_assumed_number_with_a_range_is_a_dimension(opened):
    space = space_of(opened)
    found = {one.name: (one.low, one.value, one.high, one.factor) for one in space.dimensions}
    assert found == {
        "grades.clerk.base_pay": (40000, 50000, 60000, False),
        "kinds.visit.limit.amount": (1, 2, 4, False),
        "kinds.visit.route.serve.minutes": (30, 45, 60, False),
        "demand.visit.volumes": (0.5, 1.0, 1.2, True),
    }
    assert {name: list(members) for name, members in space.groups.items()} == {
        "grades": [0],
        "kinds": [1, 2],
        "demand": [3],
    }


def test_a_place_is_a_value_of_the_range_and_a_half_is_the_value_as_given(opened):
    space = space_of(opened)
    as_given = under(space)
    assert as_given.digest() == opened.scenario.digest()
    low, high = (
        under(space, kinds_visit_route_serve_minutes=at, kinds_visit_limit_amount=at, demand_visit_volumes=at)
        for at in (0.0, 0.9)
    )
    assert low.kinds["visit"].route["serve"].minutes == 30 and low.demand["visit"].volumes["north"] == 190
    assert high.kinds["visit"].route["serve"].minutes == pytest.approx(57)
    assert high.demand["visit"].volumes["south"] == pytest.approx(300 * 1.16)
    assert high.kinds["visit"].limit.amount == 4  # 3.6: whole days


def test_what_the_baseline_gives_varies_in_the_baseline(opened):
    space = space_of(opened, "whole")
    assert "pay.deduction_per_point" in [one.name for one in space.dimensions]
    assert under(space, pay_deduction_per_point=1.0).pay.deduction_per_point == 3
    assert under(space, pay_deduction_per_point=0.25).pay.deduction_per_point == 1.5


def test_a_point_that_the_scenario_refuses_is_counted(opened, monkeypatch):
    asked = Sensitivity(opened, trajectories=2, policies=["second-clerk"])
    policies = asked.space.policies

    def broken(name, place):
        there, baseline = policies(name, place)
        if name == "p0001":
            there.changes["kinds.visit.route.serve.minutes"] = -1.0
        return there, baseline

    monkeypatch.setattr(asked.space, "policies", broken)
    refused: dict[str, str] = {}
    names = ["p0000", "p0001"]
    found = asked._policies(names, asked.design.points[:2], refused)
    assert list(refused) == ["p0001"] and "must be above 0" in refused["p0001"]
    assert list(found) == ["p0000", "p0000-second-clerk"]


def test_a_rule_writes_what_varies_only_where_it_does(opened, monkeypatch):
    """A block's factor multiplies its numbers; what else stands in the block does not vary."""
    asked = Sensitivity(opened, trajectories=2, policies=["second-clerk"])
    serve = "kinds.visit.route.serve"
    for path, value, own in (("distribution", "constant", False), ("minutes", 9, True)):
        rule = dataclasses.replace(opened.policies["second-clerk"], changes={f"{serve}.{path}": value})
        monkeypatch.setitem(opened.policies, "second-clerk", rule)
        assert asked._fixed() == ({"second-clerk": [f"{serve}.{path}"]} if own else {})


def test_a_reason_is_told_once_whatever_the_value_was():
    must = "pay.full_pay_threshold: {} must be at most 100"
    reasons = ["", must.format(104.3), f"changes.{must.format(101)}", "kinds.visit: another"]
    told = doubts._reasons(pd.DataFrame({"refused": reasons}))
    assert told == "pay.full_pay_threshold: must be at most 100 (2); kinds.visit: another (1)."


def test_no_p_value_is_printed_as_nothing():
    assert [words.p_value(value) for value in (2e-5, 0.0123, float("nan"))] == ["<0.001", "0.012", "–"]


@pytest.fixture(scope="module")
def ran(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        opened = study("offices")
        before = kept(opened)
        told: list[str] = []
        asked = Sensitivity(opened, trajectories=3, points=20, policies=["second-clerk", "ninety"])
        found = asked.run(workers=1, progress=False, tell=told.append)
    return before, found, told


def test_what_moves_the_answer_is_found_and_what_cannot_does_not(ran):
    before, found, told = ran
    assert before is None
    assert len(told) == 3 and told[1] == "198 runs at 32 points of 4 assumed numbers"
    assert told[2].startswith("the other 186 take about ")  # one worker: after two points
    design = found.design
    assert len(design) == 32 and found.refused == 0
    moved = screened(found.by_point("second-clerk", "mechanical", "on_time_rate"), design)
    moved = moved.set_index("group")["verdict"]
    assert moved["kinds"] == ACTS and moved["grades"] == NONE
    paid = screened(found.by_point("second-clerk", "mechanical", "base_pay"), design).set_index("group")
    assert paid.loc["grades", "effect"] == pytest.approx(20000)  # one clerk more, over the whole range


def test_citizens_are_paired_at_each_point(ran):
    _, found, _ = ran
    rows = found.values.query("policy == 'second-clerk' and outcome == 'arrivals'")
    assert len(rows) == 33 * 2 and (rows["difference"] == 0).all()
    assert rows["value"].nunique() > 10  # and differ between points


def test_it_is_read_again_by_the_study_and_by_no_other(ran, opened, root):
    _, found, _ = ran
    again = kept(opened)
    assert again.points.equals(found.points) and len(again.values) == len(found.values)
    whole = Sensitivity(opened, trajectories=3, points=20, policies=["second-clerk", "ninety"])
    refused: dict[str, str] = {}
    policies = whole._policies([GIVEN], np.full((1, 4), 0.5), refused)
    assert whole._points_study(policies).missing() == []
    file = root / "scenarios" / "offices" / "policies" / "ninety.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("threshold: 90", "threshold: 91", 1), encoding="utf-8")
    try:
        assert kept(study("offices")) is None
    finally:
        file.write_text(text, encoding="utf-8")


def test_what_is_damaged_or_of_another_seed_is_not_read(ran, opened, root):
    folder = root / "results" / "offices-sensitivity"
    for name in ("values.parquet", "points.parquet", "sensitivity.json"):
        before = (folder / name).read_bytes()
        for damaged in (before[:-9] + bytes(9), b"", b"[]"):
            (folder / name).write_bytes(damaged)
            with pytest.raises(InputError, match="damaged or missing"):
                kept(opened)
        (folder / name).write_bytes(before)
    noted = folder / "runs.json"
    before, there = noted.read_bytes(), len(list(folder.iterdir()))
    noted.write_bytes(b"[1,2")  # which results belong to the run is not known: none is removed
    assert CliRunner().invoke(app, ["clean", "offices"]).exit_code == 0
    assert len(list(folder.iterdir())) == there
    noted.write_bytes(before)
    assert kept(opened) is not None
    file = root / "scenarios" / "studies" / "offices.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("seed: 1", "seed: 2"), encoding="utf-8")
    try:
        assert kept(study("offices")) is None
    finally:
        file.write_text(text, encoding="utf-8")


def test_the_answer_held_against_the_points_is_the_reports(ran, opened):
    results = Results(opened, "en")
    own, found = robust.Robust.of(results), findings.choice(results)
    gains = own.gains("on_time_rate").drop(GIVEN)
    assert (~own.flips(found) == (gains["second-clerk"] > found.margin)).all()
    another = dataclasses.replace(found, policy="nothing", focus="nothing")
    assert not own.tried(another)
    assert "was not among the rules tried" in robust.answer(results, another)
    assert robust.where_it_flips(results, another) == []


def test_what_moves_the_answer_is_asked_of_the_rule_to_which_it_turns(ran, opened):
    """Held against the points by hand: under an answer of none better, that is the second clerk."""
    results = Results(opened, "en")
    own, found = robust.Robust.of(results), findings.choice(results)
    gains = own.gains("on_time_rate").drop(GIVEN)
    middle = float(gains["second-clerk"].median())  # so that it depends on the numbers
    none = dataclasses.replace(found, policy=None, focus="ninety", margin=middle)
    flips = gains.max(axis=1) > none.margin
    assert own.turns_to(none) == ("second-clerk", int(flips.sum())) and own.contender(none) == "second-clerk"
    assert own.contender(found) == found.policy
    table = doubts.groups(results, none)
    moved = screened(own.found.by_point("second-clerk", "mechanical", "on_time_rate"), own.found.design)
    assert table["effect"].tolist() == moved["effect"].tolist()
    points = own.found.points
    for _, row in table.iterrows():
        there = points.index[points["group"] == row["group"]]
        starts = [points.index[(points["trajectory"] == points.loc[one, "trajectory"])][0] for one in there]
        changed = sum(flips[one] != flips[start] for one, start in zip(there, starts, strict=True))
        assert row["flips"] == f"{changed} / 3"
    assert (table["flips"] != "0 / 3").any(), "or the test says nothing"
    assert "answer changes, times" in str(doubts.by_block(results, none))
    assert "luck" in str(doubts.regrets(results, none))


def test_an_interval_that_leaves_all_open_is_none(opened):
    results = Results(opened, "en")
    assert robust.share_told(results, 0.4, 0.0, 1.0) == "40% (too few points for an interval)"
    assert robust.share_told(results, 0.4, 0.3, 0.5) == "40% [30%, 50%]"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_reports_say_how_far_the_answer_stands(ran, opened, lang):
    results = Results(opened, lang)
    found = findings.choice(results)
    assert found.policy == "second-clerk"
    said = robust.answer(results, found)
    share = robust.Robust.of(results).stands(found)[0]
    assert f"{100 * share:.0f}%" in said and ("of 32 points" in said or "32组取值" in said)
    row = results.difference("second-clerk", "on_time_rate")
    told = robust.with_assumptions(results, row)
    low, high = (float(end.replace("−", "-")) for end in told.strip("[]").split(", "))
    assert low < 100 * row["low"] and high > 100 * row["high"]
    unvaried = results.difference("nothing", "on_time_rate")
    assert robust.with_assumptions(results, unvaried) in ("not among what was varied", "不在变动范围内")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_briefing_says_in_how_many_cases_its_answer_stands(ran, opened, lang, monkeypatch):
    results = Results(opened, lang)
    own, found = robust.Robust.of(results), findings.choice(results)
    gains = own.gains("on_time_rate").drop(GIVEN)["second-clerk"]
    found = dataclasses.replace(found, margin=gains.median())  # at half of the points it gains less
    stands, (share, low, high) = int((gains > gains.median()).sum()), own.stands(found)
    assert 0 < stands < 32 and low < share < high
    said = Leaders(results, found).sure()[1]
    assert results.text(f"stands in {stands} of 32 cases", f"32组合理取值中有{stands}组结论不变") in said
    ends = [words.percent(end, se=0.1) for end in (low, high)]
    assert results.text(" to ", "至").join(ends) in said
    flips = Leaders(results, found).doubts()
    assert flips == robust.where_it_flips(results, found)[:1] and len(flips) == 1

    untested, untold = results.text("was not tested", "尚未检验"), results.text("do not tell", "尚不能说明")
    another = dataclasses.replace(found, policy="nothing", focus="nothing")
    assert untold in Leaders(results, another).sure()[1]
    monkeypatch.setattr("sim.study.at_points.kept", lambda study: None)
    assert untested in Leaders(Results(opened, lang), found).sure()[1]


def test_without_a_run_reports_say_so(opened, monkeypatch):
    monkeypatch.setattr("sim.study.at_points.kept", lambda study: None)
    results = Results(opened, "en")
    assert "were not varied" in robust.answer(results, findings.choice(results))
    assert robust.where_it_flips(results, findings.choice(results)) == []


@pytest.fixture(scope="module")
def rounds(root, tmp_path_factory):
    """The study after its first answer: two rounds, the rules that lead; and what the command printed."""
    copy = tmp_path_factory.mktemp("rounds")
    shutil.copytree(root, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*-sensitivity"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        done = CliRunner().invoke(app, ["sensitivity", "offices", "--workers", "1"])
        assert done.exit_code == 0, done.output
        opened = study("offices")
        return opened, kept(opened), done.output


def test_rules_that_move_nothing_are_not_asked(rounds):
    """A rule that only judges the same work otherwise: in every pair the on-time rate is the same."""
    opened, found, printed = rounds
    rows = opened.compare("ninety", outcomes=["on_time_rate"])
    assert rows["exact_zero"].all()
    assert found.made["policies"] == found.made["leading"] == ["second-clerk"] == leading(moving(opened, 1))
    assert "against second-clerk, over one year; these lead among the rules that move the answer" in printed
    assert len(found.points) == 16 and found.made["rounds"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_answer_tells_which_blocks_decide(rounds, lang):
    opened, kept_, _ = rounds
    results = Results(opened, lang)
    own, found = robust.Robust(results, kept_), findings.choice(results)
    table = doubts.groups(results, found).set_index("group")
    assert table.loc["kinds", "verdict"] == ACTS and table.loc["grades", "verdict"] != ACTS
    gains = own.gains("on_time_rate").drop(GIVEN)["second-clerk"]
    assert doubts._rounds_lost(own, table.reset_index()) == ""
    part = table.reset_index().assign(n=[1, 2, 2])
    lost = doubts._rounds_lost(own, part)
    assert own.label(str(part["group"][0])) in lost and own.label(str(part["group"][1])) not in lost
    middling = dataclasses.replace(found, margin=float(gains.median()))
    flips = gains <= gains.median()
    moved = kept_.design.moved("kinds")
    first = kept_.points["trajectory"].to_numpy() == 0
    sides = [
        abs(flips[moved & one].mean() - flips[~moved & one].mean()) for one in (first, ~first)
    ]  # every pattern of three blocks once: all other blocks are balanced
    assert own.shifts(middling).loc["kinds", "effect"] == pytest.approx(np.mean(sides))
    share, low, high = own.stands(middling)
    assert share == pytest.approx(1 - flips.mean()) and low < share < high
    said = " ".join([robust.answer(results, middling), *robust.where_it_flips(results, middling)])
    assert results.text("of 16 points", "16组取值") in said
    assert results.text("The answer flips at 8 of 16 points", "16组取值中有8组结论改变") in said
    briefing = " ".join(Leaders(results, middling).sure())
    assert results.text("against 1 rule in one year", "一年内，对比1种方案") in briefing
    assert results.text("betters the on-time rate of", "的按时办结率比") in briefing
    assert results.text("lead", "居前") in " ".join(doubts.design(results, found))


def test_an_answer_of_rules_that_did_not_move_is_not_said_to_stand(ran, opened):
    """Asked by name, a rule that moves nothing anywhere: the points say nothing of it."""
    results = Results(opened, "en")
    own, found = robust.Robust.of(results), findings.choice(results)
    still = dataclasses.replace(found, policy="ninety", focus="ninety")
    assert "ninety" in own.found.made["policies"] and own.tried(still)
    assert "'Full pay from 90' did not move" in own.untold(still).replace('"', "'")
    assert own.untold(still) == robust.answer(results, still)
    assert robust.where_it_flips(results, still) == []
    assert doubts.groups(results, still) is doubts.regrets(results, still) is None
    assert "do not tell whether it stands" in Leaders(results, still).sure()[1]


def test_rules_that_act_later_are_named_and_can_be_asked(tmp_path, monkeypatch):
    """A rule that begins in the second year: one year cannot judge it, two can."""
    three = {"pay.deduction_per_point": 3}
    policies = {"soon": two_offices.policy("Soon", three), "late": two_offices.policy("Late", three)}
    policies["late"]["from"] = 2
    years = two_offices.STUDY.replace("focus: [on_time_rate, pay_total]", "years: 2\nfocus: [pay_gini]")
    names = {"both": "soon, late", "one": "late"}
    files = {name: years.replace("ninety, second-clerk, nothing", of) for name, of in names.items()}
    monkeypatch.chdir(two_offices.write(tmp_path, two_offices.ASSUMED, policies, files))
    both = study("both").run(workers=1, progress=False)
    assert moving(both, 1) == {"mechanical": (["soon"], ["late"])}
    assert leading(moving(both, 1)) == ["soon"] and set(leading(moving(both, 2))) == {"soon", "late"}
    Sensitivity(both).run(workers=1, progress=False)
    results = Results(both, "en")
    answer = robust.answer(results, findings.choice(results)).replace('"', "'")
    assert "in one year. 'Late (from year 2)' acts only after that: the points" in answer, answer[150:400]
    with pytest.raises(InputError, match="3 years at the points. The study has 2"):
        Sensitivity(both, years=3)

    study("one").run(workers=1, progress=False)
    none = CliRunner().invoke(app, ["sensitivity", "one"])
    assert none.exit_code == 0 and "no rule moves the answer within one year" in none.output
    assert "late (mechanical) acts only after one year" in none.output
    assert kept(study("one")) is None
    asked = Sensitivity(study("one"), years=2)
    assert asked.scenario.horizon.years == 2 and asked.policies == ("late",)


def test_what_cannot_be_asked_is_refused(opened):
    with pytest.raises(InputError, match="no alternative"):
        Sensitivity(opened, policies=["second-clark"])
    for wrong in ({"trajectories": 1}, {"rounds": 1}, {"replications": 1}, {"points": -1}):
        with pytest.raises(InputError, match="rounds, .* trajectories"):
            Sensitivity(opened, **wrong)


def test_a_run_of_another_design_tells_that_reports_will_tell_it(ran, opened):
    def stop(text: str) -> None:
        raise KeyboardInterrupt(text)

    with pytest.raises(KeyboardInterrupt, match="not the one kept at"):
        Sensitivity(opened).run(workers=1, progress=False, tell=stop)


def test_the_command_runs_it_and_says_where_it_is(ran, root, monkeypatch):
    monkeypatch.chdir(root)
    asked = ["sensitivity", "offices", "--points", "20", "--trajectories", "3"]
    done = CliRunner().invoke(app, [*asked, "--policies", "second-clerk,ninety", "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "offices-sensitivity" in done.output
    wrong = CliRunner().invoke(app, ["sensitivity", "offices", "--policies", "nobody"])
    assert wrong.exit_code == 2 and "no alternative" in wrong.output
    wrong = CliRunner().invoke(app, [*asked, "--rounds", "2"])
    assert wrong.exit_code == 2 and "two designs" in wrong.output


def test_rules_that_were_tried_before_at_the_same_points_stay(ran, root, tmp_path, monkeypatch):
    """In a copy without what was found, but with the results at points: none is simulated again."""
    shutil.copytree(root, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MADE))
    monkeypatch.chdir(tmp_path)
    opened = study("offices").run(workers=1, progress=False)
    first = Sensitivity(opened, trajectories=3, policies=["ninety"]).run(workers=1, progress=False)
    told: list[str] = []
    again = Sensitivity(opened, trajectories=3, policies=["second-clerk"])
    found = again.run(workers=1, progress=False, tell=told.append)
    assert found.made["policies"] == ["second-clerk", "ninety"]
    assert told[0] == "ninety were tried at these points before, and stay among the rules"
    for one in (found, kept(opened)):
        own = one.by_point("ninety", "mechanical", "on_time_rate")
        assert np.array_equal(own, first.by_point("ninety", "mechanical", "on_time_rate"))
    more = Sensitivity(opened, trajectories=3, points=20, policies=["second-clerk"])
    other = more.run(workers=1, progress=False)
    assert other.made["policies"] == ["second-clerk"]  # at other points they were not tried


def test_a_run_of_no_more_than_is_kept_gives_what_is_kept(ran, opened):
    told: list[str] = []
    for points in (0, 10):
        asked = Sensitivity(opened, trajectories=2, points=points, policies=["ninety"])
        again = asked.run(workers=1, progress=False, tell=told.append)
        assert again.points.equals(kept(opened).points)
    assert told == ["all of it is kept, at 32 points"] * 2


def test_a_rule_is_foretold_where_numbers_are_others(ran, opened):
    _, found, _ = ran
    values = found.by_point("second-clerk", "mechanical", "on_time_rate").mean(axis=1)
    minutes = next(name for name in found.dimensions if name.endswith("minutes"))
    slow, quick_ = (foretell(opened, {minutes: value}, ["on_time_rate"]) for value in (58, 32))
    row, other = (one.set_index("policy").loc["second-clerk"] for one in (slow, quick_))
    assert row["n"] == len(values) == 32 and 0 <= row["explained"] <= 1
    assert row["difference"] > other["difference"], "a second clerk helps more where work takes longer"
    assert 0 < row["error"] <= 1.2 * values.std()
    assert row["given"] == pytest.approx(
        found.values.query("point == 'given' and policy == 'second-clerk' and outcome == 'on_time_rate'")[
            "difference"
        ].mean()
    )
    for at, wrong in (
        ({minutes: 61}, "out of its range. Give a value from 30 to 60"),
        ({"demand": 1}, "no assumed number"),
        ({minutes: "x"}, "is no number"),
        ({}, "0 values"),
    ):
        with pytest.raises(InputError, match=wrong):
            foretell(opened, at)


def test_the_command_foretells_without_running(ran, root, monkeypatch):
    monkeypatch.chdir(root)
    _, found, _ = ran
    minutes = next(name for name in found.dimensions if name.endswith("minutes"))
    done = CliRunner().invoke(app, ["sensitivity", "offices", "--at", f"{minutes}=58"])
    assert done.exit_code == 0, done.output
    assert "foretold" in done.output and "second-clerk" in done.output and "32 points" in done.output
    wrong = CliRunner().invoke(app, ["sensitivity", "offices", "--at", f"{minutes}=99"])
    assert wrong.exit_code == 2 and "out of its range" in wrong.output


def test_status_and_clean_know_the_results_at_points(ran, root, monkeypatch):
    monkeypatch.chdir(root)
    folder = root / "results" / "offices-sensitivity"
    stray = folder / f"{'a' * 32}.parquet"
    stray.write_bytes(b"of other code")
    before = {file.name for file in folder.iterdir()} - {stray.name}
    status = CliRunner().invoke(app, ["status", "offices"]).output
    assert "sensitivity: " in status and "1 file, 0.0 MB, belongs to nothing" in status
    assert "not finished" not in status
    (folder / MADE).rename(folder / "away")
    half = CliRunner().invoke(app, ["status", "offices"]).output
    assert "not finished: sim sensitivity offices goes on" in half
    (folder / "away").rename(folder / MADE)
    assert "1 file removed" in CliRunner().invoke(app, ["clean", "offices"]).output
    assert {file.name for file in folder.iterdir()} == before and kept(study("offices")) is not None
    file = root / "scenarios" / "offices" / "policies" / "ninety.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("threshold: 90", "threshold: 91", 1), encoding="utf-8")
    try:  # of other rules it belongs to nothing; the study's own results of other rules stay
        CliRunner().invoke(app, ["clean", "offices"])
        assert {one.name for one in folder.iterdir()} <= {".lock"}
    finally:
        file.write_text(text, encoding="utf-8")
