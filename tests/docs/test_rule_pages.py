"""The pages of the rules: complete, up to date, and each figure drawn by the code."""

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest

from docs.tools.kept import World, outcomes
from docs.tools.rule_pages import GROUPS, RULES, build, differing, drawn, pages, rewrite
from docs.tools.rule_pages.book import DRAWN, EFFECTS, FIGURES, INDEX, scenario_of
from docs.tools.rule_pages.course import Course
from docs.tools.rule_pages.effects import Arms, Effect, packed, unpacked
from docs.tools.rule_pages.page import Made, effects_table, headline, trace_file
from docs.tools.rule_pages.parameters import parameters_of, table
from docs.tools.rule_pages.trace import Trace
from sim.flow import ENGINES
from sim.replication import simulate
from sim.rules import OUTCOMES
from sim.scenario import InputError, Policy, load, reform
from sim.scenario.idle import changes_nothing
from sim.scenario.parameters import catalogue
from sim.study import Study
from sim.study.load import over_years
from sim.study.store import RunError

DOCS = Path(__file__).parents[2] / "docs" / "rules"
LARGEST = 40_000  # bytes of a figure


@pytest.fixture(scope="module")
def binhai():
    return load("binhai")


def test_every_switch_of_the_model_has_a_page():
    covered = {parameter.path for rule in RULES for parameter in parameters_of(rule.paths)}
    switches = {parameter.path for parameter in catalogue() if parameter.path.endswith(".on")}
    assert len(switches) > 30
    assert switches - covered == set()


def test_names_are_unique_and_every_path_leads_to_parameters():
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) > 40
    assert [(rule.name, path) for rule in RULES for path in rule.paths if not parameters_of((path,))] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_speaks_both_languages_and_knows_its_outcomes(rule, binhai):
    for text in (rule.title, rule.told, rule.source, rule.caption, *([rule.remark] if rule.remark else [])):
        assert any("一" <= letter <= "鿿" for letter in text.zh)
        assert text.en.strip()
    if rule.by_hand is not None:
        told = rule.by_hand.told if isinstance(rule.by_hand, DRAWN) else rule.by_hand
        assert told.en.strip() and any("一" <= letter <= "鿿" for letter in told.zh)
    own = scenario_of(rule, binhai)
    for asked in rule.outcomes:
        outcome, _, kind = asked.partition("@")
        assert outcome.partition("#")[0] in OUTCOMES
        assert not kind or kind in own.kinds or kind.startswith("project.")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_two_worlds_of_a_rule_differ_and_are_taken_by_the_scenario(rule, binhai):
    assert rule.on.years == rule.off.years, "worlds of different length are not compared"
    sides, own = [], scenario_of(rule, binhai)
    for arm in (rule.on, rule.off):
        policy = Unsolved(own, 2, 0, Path("nowhere")).policy(arm)
        over = own if arm.years == 1 else over_years(own, arm.years)
        assert not policy.changes or len(changes_nothing(over, policy)) < len(policy.changes)
        sides.append((reform(over, policy).digest(), arm.behaviour))
    assert sides[0] != sides[1]


class Unsolved(Arms):
    """Arms of which nothing is solved for."""

    def _solved(self, changes, parameter):
        return 0.5


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_figure_is_drawn_by_the_code(rule, binhai):
    from PIL import Image

    content = drawn(rule, binhai)
    assert len(content) < LARGEST
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
    assert pixels.std() > 5, "nothing is drawn"


def test_pages_on_disk_are_as_the_register_and_the_catalogue_would_have_them():
    assert differing(DOCS) == [], "write them anew: make docs"
    for file in (DOCS / FIGURES).glob("*.png"):
        assert file.stat().st_size < LARGEST


TRACES = [rule for rule in RULES if isinstance(rule.by_hand, Trace)]
COURSES = [rule for rule in RULES if isinstance(rule.by_hand, Course)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule", TRACES, ids=lambda rule: rule.name)
def test_a_trace_is_as_it_is_told(rule, engine):
    """Both executors serve the requests as the page says by hand."""
    assert rule.by_hand.ended(rule.by_hand.run(engine)) == tuple(rule.by_hand.ends)


@pytest.mark.parametrize("rule", COURSES, ids=lambda rule: rule.name)
def test_a_course_is_as_it_is_told(rule):
    """The model expects on each day as many as the page says by hand, and draws them."""
    assert rule.by_hand.counted() == pytest.approx(rule.by_hand.expected)
    [axis] = rule.by_hand.drawn().axes
    assert [bar.get_height() for bar in axis.patches] == pytest.approx(rule.by_hand.expected)


def test_a_trace_is_drawn():
    """A bar for each stretch of work, a cross for each who leaves."""
    [rule] = [rule for rule in TRACES if rule.name == "turned-away"]
    [axis] = rule.by_hand.drawn().axes
    assert len(axis.patches) == 3 and [len(line.get_xdata()) for line in axis.lines] == [10, 5]


def test_a_page_that_was_edited_by_hand_is_noticed(tmp_path):
    for file in [*DOCS.glob("*.md"), DOCS / EFFECTS]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / FIGURES).mkdir()
    for rule in RULES[1:]:
        (tmp_path / FIGURES / f"{rule.name}.png").write_bytes(b"")
    page = tmp_path / f"{RULES[0].name}.md"
    page.write_text(page.read_text(encoding="utf-8").replace("|", "!", 1), encoding="utf-8")
    (tmp_path / "strange.md").write_text("Who wrote this?", encoding="utf-8")
    for rule in (*TRACES, *COURSES):
        (tmp_path / FIGURES / trace_file(rule)).write_bytes(b"")
    assert differing(tmp_path) == [page.name, "strange.md", f"{RULES[0].name}.png"]


def test_pages_are_written_anew_without_simulating(tmp_path):
    (tmp_path / EFFECTS).write_bytes((DOCS / EFFECTS).read_bytes())
    written = rewrite(tmp_path)
    assert {file.name for file in written} == {INDEX, *(f"{rule.name}.md" for rule in RULES)}
    assert all(file.read_bytes() == (DOCS / file.name).read_bytes() for file in written)
    with pytest.raises(InputError, match="no effects"):
        rewrite(tmp_path / "elsewhere")


def test_the_index_lists_every_rule_once(binhai):
    said = json.loads((DOCS / EFFECTS).read_text(encoding="utf-8"))
    index = pages(binhai, said)[INDEX]
    assert [index.count(f"]({rule.name}.md)") for rule in RULES] == [1] * len(RULES)
    assert all(group.title.zh in index for group in GROUPS)


def test_the_table_of_parameters_has_the_scenarios_value_range_and_ground(binhai):
    text = table(("service_rules.one_time_notification",), binhai)
    row = next(line for line in text.splitlines() if "incomplete_factor" in line)
    assert "| 0.5 | 0.5 | 0.3 to 0.8 | assumed: A written list" in row
    assert "材料不全概率的倍数" in row
    spread = table(("projects.classes.<class>.hours",), binhai)
    assert "8; 12; 20" in spread or "20; 8; 12" in spread


def effect(low, high, *, exact=False, outcome="return_rate"):
    middle = (low + high) / 2
    return Effect(outcome, "", 0.2, 0.2 + middle, middle, low, high, exact)


def test_the_headline_is_the_first_effect_that_its_interval_tells_from_zero(binhai):
    unsure, sure = effect(-0.01, 0.02), effect(-0.0441, -0.0412, outcome="on_time_rate")
    assert headline([unsure, sure], binhai) == "On-time rate 按时办结率: −4.26 pp [−4.41 to −4.12]"
    assert "cannot" not in headline([unsure], binhai)
    assert "can tell from 0" in headline([unsure], binhai)
    alone = Effect("error_rate", "", math.nan, 0.0162, math.nan, math.nan, math.nan, False)
    assert headline([alone, sure], binhai) == "Error rate 差错率: 1.62 %, where without it there is none"
    nothing = effect(0.0, 0.0, exact=True)
    assert "无变化" in headline([nothing], binhai)
    assert "| no change 无变化 | – |" in effects_table([nothing], binhai)


def test_effects_survive_being_written_down():
    found = [
        effect(-0.125, 0.25),
        Effect("score", "#all", math.nan, 1.0, math.nan, math.nan, math.nan, False),
    ]
    again = unpacked(json.loads(json.dumps(packed(found), allow_nan=False)))
    assert again[0] == found[0]
    assert again[1].outcome == "score" and math.isnan(again[1].without) and again[1].with_ == 1.0


def test_worlds_are_simulated_once_and_then_kept(binhai, tmp_path):
    rules = [rule for rule in RULES if rule.name in ("one-time-notification", "rule-clarity")]
    first = Arms(binhai, 2, 0, tmp_path).effects(rules)
    kept = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.parquet")}
    assert len(kept) == 3 * 2, "the scenario as it stands is one world"
    assert Arms(binhai, 2, 0, tmp_path).effects(rules) == first
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.parquet")} == kept
    returns = first["one-time-notification"][0]
    assert returns.outcome == "return_rate" and returns.high < 0


def test_a_world_is_the_same_whatever_stands_before_it(tmp_path):
    office = load("one-office")
    dear = Policy.of({"pay.deduction_per_point": 2}, "dear")
    strict = Policy.of({"pay.full_pay_threshold": 98}, "strict")
    totals = []
    for place, policies in enumerate(((dear, strict), (strict,))):
        found = outcomes(
            office,
            [World("mechanical", policy) for policy in policies],
            lambda rows: rows[(rows["outcome"] == "pay_total") & (rows["unit"] == "")],
            replications=2,
            seed=1,
            folder=tmp_path / str(place),
        )
        assert set(found["policy"]) == {policy.name for policy in policies}
        totals.append(found[found["policy"] == "strict"]["value"].tolist())
    assert totals[0] == totals[1]


def test_an_effect_is_the_paired_difference_of_single_replications(binhai, tmp_path):
    rule = next(rule for rule in RULES if rule.name == "one-time-notification")
    found = Arms(binhai, 2, 5, tmp_path).effects([rule])[rule.name][0]
    shares = []
    for policy in ("one-time-notification", "current"):
        for replication in range(2):
            rows = simulate(binhai, policy, seed=5, replication=replication).outcomes
            mine = (rows["outcome"] == "return_rate") & (rows["month"] == 0) & (rows["person"] == "")
            shares.append(rows[mine & (rows["unit"] == "") & (rows["kind"] == "")]["value"].item())
    assert (found.with_, found.without) == (np.mean(shares[:2]), np.mean(shares[2:]))


def test_a_solved_number_is_kept(binhai, tmp_path, monkeypatch):
    from docs.tools.rule_pages import effects

    (arm,) = (rule.on for rule in RULES if rule.on.solve)
    solved = Arms(binhai, 2, 0, tmp_path).policy(arm).changes[arm.solve]
    monkeypatch.setattr(effects, "budget_neutral", None)
    assert Arms(binhai, 2, 0, tmp_path).policy(arm).changes[arm.solve] == solved


def test_what_fails_is_told(binhai, tmp_path, monkeypatch):
    world = World("mechanical", Policy.of({"pay.deduction_per_point": 2}, "one"))
    study = Study.of(binhai, world.policy, replications=2, folder=tmp_path)
    for unit in study.units:
        study.store.write_failure(unit, "told to fail")
    monkeypatch.setattr(Study, "run", lambda self, **_: self)  # as if it had failed again
    with pytest.raises(RunError, match="(current|one), mechanical, replication 0 failed: told to fail"):
        outcomes(binhai, [world], lambda rows: rows, replications=2, seed=0, folder=tmp_path)


def test_unknown_rules_and_mixed_replications_are_refused(tmp_path):
    with pytest.raises(InputError, match="gate"):
        build(tmp_path, only=["gates"])
    said = {"made": {"replications": 10, "seed": 0}, "effects": {}, "solved": {}}
    (tmp_path / EFFECTS).write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(InputError, match="made otherwise"):
        build(tmp_path, only=["gate"], replications=5)
    assert Made(5, 0).replications == 5


def test_the_command_tells_whether_pages_are_up_to_date(tmp_path):
    from typer.testing import CliRunner

    from docs.tools.__main__ import app

    run = CliRunner().invoke
    assert run(app, ["rules", "--check"]).exit_code == (0 if differing() == [] else 1)
    missing = run(app, ["rules", "--check", "--write", str(tmp_path)])
    assert missing.exit_code == 1 and "effects.json" in missing.output
