"""A rule as a page of Markdown: what it is, its equation, a figure, what it does alone, its parameters."""

# ruff: noqa: E501 (texts are read as they are written)

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from sim.report.behaviours import NAMES
from sim.report.results import NO_CHANGE
from sim.report.words import MINUS, Text
from sim.report.words import MISSING as NOTHING
from sim.rules import OUTCOMES
from sim.scenario import Scenario
from sim.scenario.projects import PROJECT

from .effects import ALL, Effect
from .parameters import table
from .rule import Arm, Group, Rule

FIGURES = "figures"


@dataclass(frozen=True)
class Made:
    """How the effects were made: to be told on each page."""

    replications: int
    seed: int


def page(
    rule: Rule, scenario: Scenario, effects: list[Effect], made: Made, solved: float | None = None
) -> str:
    """The whole page."""
    parts = [
        f"# {rule.title.en} · {rule.title.zh}",
        "[All rules 全部制度](README.md)",
        f"**What it is.** {rule.told.en}",
        f"**是什么。** {rule.told.zh}",
        "## Equation 公式",
        rule.equation,
        "## Figure 图",
        f"![{rule.caption.en}]({FIGURES}/{rule.name}.png)",
        f"*{rule.caption.en}*",
        f"*{rule.caption.zh}*",
        *_by_hand(rule),
        f"## What it does alone to {scenario.name} 单独作用",
        _compared(rule, scenario, made, solved),
        effects_table(effects, scenario),
        *([rule.remark.en, rule.remark.zh] if rule.remark else []),
        "## Parameters 参数",
        table(rule.paths, scenario),
        "## Source 来源",
        f"{rule.source.en}",
        f"{rule.source.zh}",
    ]
    return "\n\n".join(parts) + "\n"


def _by_hand(rule: Rule) -> list[str]:
    if rule.by_hand is None:
        return []
    if isinstance(rule.by_hand, Text):
        return ["## By hand 手算", rule.by_hand.en, rule.by_hand.zh]
    told = rule.by_hand.told
    figure = f"![{told.en}]({FIGURES}/{trace_file(rule)})"
    return ["## By hand 手算", told.en, told.zh, figure, f"*{rule.by_hand.seen}*"]


def trace_file(rule: Rule) -> str:
    """The file name of the figure of a rule's trace."""
    return f"{rule.name}.trace.png"


def _compared(rule: Rule, scenario: Scenario, made: Made, solved: float | None) -> str:
    with_, without = _world(rule.on, scenario, solved), _world(rule.off, scenario, solved)
    year = f", the last of {rule.on.years} years" if rule.on.years > 1 else ""
    options = f" --replications {made.replications}" if made.replications != 10 else ""
    options += f" --seed {made.seed}" if made.seed else ""
    again = f'make docs ARGS="--only {rule.name}{options}"'
    return (
        f"- with 有: {with_}\n- without 无: {without}\n\nPaired differences (with − without) on the same "
        f"citizens: means and 95 % intervals over {made.replications} replications, seed {made.seed}{year}. Made "
        f"by `{again}`.\n\n同一批来件下的成对差异（有 − 无）：{made.replications}次重复模拟的均值与95%置信区间。"
    )


def _world(arm: Arm, scenario: Scenario, solved: float | None) -> str:
    if arm.policy:
        file = f"../../scenarios/{scenario.name}/policies/{arm.policy}.yaml"
        said = f"policy [`{arm.policy}`]({file})"
    elif arm.changes:
        changes = dict(arm.changes)
        if arm.solve and solved is not None:
            changes[arm.solve] = solved
        said = "; ".join(f"`{path}: {_value(value)}`" for path, value in changes.items())
        if arm.solve:
            said += f" (`{arm.solve}` solved for)"
    else:
        said = "the scenario as it stands"
    if arm.since is not None:
        said += f" (`from: {arm.since}`)"
    name = NAMES[arm.behaviour]
    return f"{said}; {name.en} {name.zh} (`behaviours: [{arm.behaviour}]`)"


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def effects_table(effects: list[Effect], scenario: Scenario) -> str:
    """A row for each outcome: without, with, difference, interval."""
    rows = [
        "| outcome 指标 | unit 单位 | without 无 | with 有 | difference 差异 | 95 % interval 区间 |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for effect in effects:
        known = OUTCOMES[effect.outcome]
        name = f"{known.en} {known.zh}"
        if effect.kind:
            name += f": {_of(effect.kind, scenario)}"
        told = known.unit_in(scenario.currency)
        unit = told.en if told.en == told.zh else f"{told.en} {told.zh}"
        rows.append(f"| {name} | {unit} | " + " | ".join(_numbers(effect, known.scale)) + " |")
    return "\n".join(rows)


def _of(kind: str, scenario: Scenario) -> str:
    """Whose outcome it is: a kind of matter, a class of projects, or the units of a scorecard."""
    if kind == ALL:
        return "all units 全部单位"
    if kind.startswith("#"):
        title = scenario.scorecards[kind[1:]].title
    elif kind.startswith(PROJECT):
        title = scenario.projects.classes[kind.removeprefix(PROJECT)].title
    else:
        title = scenario.kinds[kind].title
    return f"{title.en} {title.zh}"


def _numbers(effect: Effect, scale: float) -> tuple[str, str, str, str]:
    """Without, with, difference and interval, printed as finely as they are known."""
    digits = _digits(effect, scale)
    without, with_ = (_shown(value * scale, digits) for value in (effect.without, effect.with_))
    if effect.exact:
        return without, with_, f"{NO_CHANGE.en} {NO_CHANGE.zh}", NOTHING
    difference = _shown(effect.difference * scale, digits, sign=True)
    if effect.low == effect.high or math.isnan(effect.difference):
        return without, with_, difference, NOTHING
    low, high = (_shown(value * scale, digits, sign=True) for value in (effect.low, effect.high))
    return without, with_, difference, f"{low} to {high}"


def _digits(effect: Effect, scale: float) -> int:
    """So many decimals that a tenth of the half-width still shows, 0 to 4; without one, two of small numbers."""
    half = abs(effect.high - effect.low) / 2 * scale
    if math.isnan(half) or half == 0:
        size = max((abs(one) for one in (effect.without, effect.with_) if not math.isnan(one)), default=0.0)
        return 0 if size * scale >= 1000 else 2
    return min(4, max(0, 1 - math.floor(math.log10(half))))


def _shown(value: float, digits: int, *, sign: bool = False) -> str:
    if math.isnan(value):
        return NOTHING
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def headline(effects: list[Effect], scenario: Scenario) -> str:
    """The first effect that is surely one, in a few words; else that there is none to be seen."""
    for effect in effects:
        known = OUTCOMES[effect.outcome]
        without, with_, difference, interval = _numbers(effect, known.scale)
        name = f"{known.en} {known.zh}" + (f", {_of(effect.kind, scenario)}" if effect.kind else "")
        unit = "" if known.unit.en == "1" else known.unit_in(scenario.currency).en
        if without == NOTHING != with_:
            return f"{name}: {' '.join(filter(None, (with_, unit)))}, where without it there is none"
        if effect.exact or not effect.low * effect.high > 0:
            continue
        unit = "pp" if unit == "%" else unit
        said = f"{name}: {' '.join(filter(None, (difference, unit)))}"
        return said if interval == NOTHING else f"{said} [{interval}]"
    if all(effect.exact for effect in effects):
        return "nothing: no outcome changes 各项指标均无变化"
    return "nothing that these replications can tell from 0 无显著变化"


def _elsewhere(rule: Rule, scenario: Scenario) -> str:
    return "" if rule.scenario == scenario.name else f" (`{rule.scenario}`)"


def index(
    groups: tuple[Group, ...],
    effects: dict[str, list[Effect]],
    made: Made,
    scenario: Scenario,
    scenario_of: Callable[[Rule], Scenario],
) -> str:
    """The page that lists all rules, each with its effect in one line; `scenario` is that of most rules."""
    lines = [
        "# The rules, a page each · 各项制度",
        "Every rule of the model: what it is, its equation, its parameters and their sources, a figure drawn by "
        f"the code, and what it does alone to `{scenario.name}`. The effects are paired differences over "
        f"{made.replications} replications with 95 % intervals, under the behaviour that each page names; the "
        "line here is the first effect on a page that its interval tells from 0.",
        f"每项制度一页：含义、公式、参数与来源、由程序绘制的图，以及单独作用于`{scenario.name}`的效果"
        f"（{made.replications}次重复模拟的成对差异与95%置信区间）。下表列出各页首个显著的效果。",
        "Written by `make docs`. To change a page, edit its entry in `docs/tools/rule_pages/`. "
        '`make docs ARGS="--check"` tells which pages are out of date.',
    ]
    for group in groups:
        rows = [f"## {group.title.en} · {group.title.zh}", ""]
        rows += ["| rule 制度 | what it does alone 单独作用 |", "|---|---|"]
        rows += [
            f"| [{rule.title.en} {rule.title.zh}]({rule.name}.md) "
            f"| {headline(effects[rule.name], scenario_of(rule))}{_elsewhere(rule, scenario)} |"
            for rule in group.rules
        ]
        lines.append("\n".join(rows))
    return "\n\n".join(lines) + "\n"
