"""Figures of behaviour: what one office answers as the score it is heading for moves, all others as usual.

Plans are solved as in a simulation (`sim.behaviour.year.plans`), with an outlook made for the figures: usual
scores of one replication, and the luck and the return to effort of `worlds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.behaviour import BEHAVIOURS, Conduct, Outlook, Standing
from sim.behaviour.responsive import drawn_people
from sim.behaviour.worth import ratchet_share
from sim.behaviour.year import Plan, plans
from sim.report.behaviours import NAMES
from sim.report.style import PALETTE
from sim.rules.incentive import expected
from sim.rules.schedule import bonus_schedule, combined, pay_schedule
from sim.rules.standing import assessed_kinds
from sim.scenario.part import given
from sim.scenario.steps import Work
from sim.world import Streams

from .draw import LINES, below, dumbbells, labelled, legend, lines, mark, named, panels, two
from .pay_curves import changes_of
from .worlds import GAIN, LUCK, SPREAD, UNSEEN, grid, of_units, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

DISCIPLINE: dict[str, Any] = {
    "scorecards.office.items.discipline": {
        "title": {"en": "Discipline", "zh": "工作纪律"},
        "indicator": "discipline",
        "points": 10,
        "rule": "deduction",
        "target": 0.98,
        "deduct": 2,
    }
}
PROJECTS: dict[str, Any] = {
    "scorecards.office.items.projects": {
        "title": {"en": "Target projects accepted in time", "zh": "目标项目按期验收"},
        "indicator": "projects_accepted",
        "points": 6,
        "rule": "proportional",
    }
}
OFFICE = "batan"  # whose answer is drawn
HEADING = ("score the year is heading for (points)", "按目前走势的年终得分（分）")
EFFORT = ("effort, usual = 1", "努力（通常=1）")
SCORES = grid(80, 100, 81)
MONTHS, MIDDLE = 12, 6  # of a year; the month whose answer is drawn where nothing else is said
NEAR = 93.0  # points: just under the line
YEARS = 300  # that are drawn for a season
NO_CAREERS = {f"behaviour.responsive.careers.{name}": 0 for name in ("promotion", "advanced", "bottom")}


def standing(scenario: Scenario, rules: Scenario, month: int = MIDDLE) -> Standing:
    """Where the units stand in a month of a usual year: at the scores of one replication.

    `rules` are those in force under which they answer.
    """
    result, units, kinds = one_year(scenario), list(rules.units), list(rules.kinds)
    volume = _volume(result, units, kinds)
    homes = result.people["unit"].astype(str).to_numpy()
    leads = result.people["role"].isin(rules.careers.head_roles).to_numpy()
    grades = [rules.grades[grade] for grade in result.people["grade"].astype(str)]

    def mean(amount: str) -> np.ndarray:
        paid = np.array([getattr(grade, amount) for grade in grades], float)
        return np.array([paid[homes == unit].mean() if unit in homes else 0.0 for unit in units])

    types, cards = [rules.type_of(unit) for unit in rules.units], list(rules.scorecards)
    score = of_units(result, "true_score").reindex(units).to_numpy()
    assessment, bonus = mean("assessment_pay"), mean("target_bonus")
    return Standing(
        outlook=_outlook(score, rules),
        heading=score,
        month=month,
        months=MONTHS,
        scored=np.array([one.scorecard is not None for one in types]),
        bound=np.array([one.pay_bound for one in types]),
        certifiable=np.array([one.certifiable for one in types]),
        scorecard=np.array([cards.index(one.scorecard) if one.scorecard else -1 for one in types]),
        people=np.array([max(np.sum(homes == unit), 1.0) for unit in units]),
        heads=np.array([np.sum((homes == unit) & leads) for unit in units], float),
        pay=mean("base_pay") + assessment + bonus,
        assessment_pay=assessment,
        bonus=bonus,
        volume=volume,
        assessed=assessed_kinds(volume, rules),
        cases=of_units(result, "due_cases").reindex(units).to_numpy(),
    )


def _outlook(score: np.ndarray, rules: Scenario) -> Outlook:
    effort, alike = rules.behaviour.responsive.effort, np.ones(len(score))
    levels = np.array([effort.least, 1.0, effort.most])
    return Outlook(
        usual=score,
        luck_sd=LUCK * alike,
        unseen_sd=UNSEEN * alike,
        uniform=np.zeros(len(score), bool),
        error=UNSEEN * alike,
        levels=levels,
        gains=np.tile(GAIN * (levels - 1), (len(score), 1)),
    )


def _volume(result: Any, units: list[str], kinds: list[str]) -> np.ndarray:
    """The share of each kind in the work of each unit, (units, kinds), by the mean work of its steps."""
    steps, volume = result.steps, np.zeros((len(units), len(kinds)))
    counted = steps.groupby([steps[name].astype(str) for name in ("unit", "kind", "step")]).size()
    for (unit, kind, name), count in counted.items():
        step = result.scenario.kinds[kind].route.get(name) if kind in result.scenario.kinds else None
        if unit in units and isinstance(step, Work):
            volume[units.index(unit), kinds.index(kind)] += count * step.minutes
    total = volume.sum(axis=1, keepdims=True)
    return np.divide(volume, total, out=np.zeros_like(volume), where=total > 0)


def answers(
    scenario: Scenario,
    changes: dict[str, Any],
    scores: np.ndarray = SCORES,
    month: int = MIDDLE,
    name: str = "responsive",
) -> Iterator[tuple[int, Conduct]]:
    """Yield the place of the office and its conduct in a month, at each score that it is heading for."""
    rules = under(scenario, changes)
    here = standing(scenario, rules, month)
    place = list(rules.units).index(OFFICE)
    memory = BEHAVIOURS[name].Memory(Streams(0, 0))
    neutral = Conduct.neutral(len(rules.units), len(rules.kinds))
    for score in scores:
        heading = here.heading.copy()
        heading[place] = score
        yield place, BEHAVIOURS[name].respond(replace(here, heading=heading), rules, neutral, memory)


def efforts(
    scenario: Scenario, changes: dict[str, Any], month: int = MIDDLE, name: str = "responsive"
) -> np.ndarray:
    """Effort of the office at each of `SCORES`."""
    found = answers(scenario, changes, month=month, name=name)
    return np.array([conduct.effort[place] for place, conduct in found])


Sides = tuple[tuple[tuple[str, str], dict[str, Any]], ...]


def effort(scenario: Scenario) -> Figure:
    """Effort by the score that the year is heading for: early, in the middle and at the end of the year."""
    figure, axes = panels(2, height=3.0)
    smooth = changes_of(scenario, "smooth-pay")
    sides: Sides = ((("current rule", "现行"), {}), (("smooth pay", "平滑兑现"), smooth))
    months = ((0, ("January", "1月")), (6, ("July", "7月")), (11, ("December", "12月")))
    for axis, (title, changes) in zip(axes, sides, strict=True):
        for place, (month, label) in enumerate(months):
            found = efforts(scenario, changes, month)
            axis.plot(SCORES, found, color=PALETTE[place], linestyle=LINES[place], label=named(label))
        labelled(axis, HEADING, EFFORT if axis is axes[0] else None, title)
    axes[1].sharey(axes[0])
    below(figure, axes[0], 3)
    return figure


def foresight(scenario: Scenario) -> Figure:
    """Effort by month over years of luck, and by the score ahead in January under both foresights."""
    figure, axes = panels(2, height=3.0)
    luck = np.random.default_rng(0).standard_normal((YEARS, MONTHS)) * LUCK / np.sqrt(MONTHS)
    plan = _plan(scenario, under(scenario, NO_CAREERS))
    paths = 1 + np.array([_year(plan, own) for own in luck])
    low, high = np.quantile(paths, (0.1, 0.9), axis=0)
    months = np.arange(1, MONTHS + 1)
    axes[0].fill_between(months, low, high, color=PALETTE[1], alpha=0.25, label="80 %")
    axes[0].plot(months, paths.mean(axis=0), color=PALETTE[1], label=named(("mean", "均值")))
    labelled(axes[0], ("month", "月份"), EFFORT, ("dynamic, pay alone", "逐月调整，仅兑现"))
    axes[0].legend(fontsize=7, loc="upper left")
    ways = {"dynamic": ("dynamic", "逐月调整"), "plan": ("plan", "保持不变")}
    curves = [
        (label, efforts(scenario, {"behaviour.responsive.effort.foresight": way}, 0))
        for way, label in ways.items()
    ]
    lines(axes[1], SCORES, curves)
    labelled(axes[1], HEADING, None, ("January, pay and careers", "1月，兑现与前途"))
    return figure


def _plan(scenario: Scenario, rules: Scenario) -> Plan:
    """The plan of the office for a year that it expects to end at `NEAR`."""
    here = standing(scenario, rules, 0)
    place = list(rules.units).index(OFFICE)
    usual = here.outlook.usual.copy()
    usual[place] = NEAR
    outlook = replace(here.outlook, usual=usual)
    solved = plans(replace(here, outlook=outlook), rules, drawn_people(rules, Streams(0, 0))).units[place]
    assert solved is not None
    return solved


def _year(plan: Plan, luck: np.ndarray) -> np.ndarray:
    """Extra effort in each month, (months,), of a year in which the months bring this luck, points."""
    score, extra = plan.usual, np.empty(len(luck))
    for month, own in enumerate(luck):
        at, _ = plan.answer(score, 1 - month / len(luck), month)
        extra[month] = np.interp(at, np.arange(len(plan.options.push)), plan.options.push)
        score += np.interp(at, np.arange(len(plan.options.gain)), plan.options.gain) / len(luck) + own
    return extra


def known(scenario: Scenario) -> Figure:
    """What trials tell of offices: what effort brings to three of them, and the returns of all units."""
    from sim.replication.trials import known as known_of

    rules = under(scenario, {"behaviour.trials.at_most": scenario.behaviour.trials.at_least})
    found = given(known_of(rules, "compiled").returns)
    per_effort, error, _ = found.per_effort()
    figure, axes = panels(2)
    bound = np.array([rules.type_of(unit).pay_bound for unit in rules.units])
    order = np.argsort(per_effort)
    shown = [unit for unit in order if bound[unit]]
    shown = [shown[round(share * (len(shown) - 1))] for share in (0, 0.5, 1)]
    for place, unit in enumerate(shown):
        title = two(rules.units[list(rules.units)[unit]].title)
        look: dict[str, Any] = {"color": PALETTE[place], "linestyle": LINES[place]}
        axes[0].plot(found.levels, found.curve[unit], label=title, **look)
    labelled(axes[0], ("effort, usual = 1", "努力（通常=1）"), ("points gained in a year", "全年增分（分）"))
    legend(axes[0])
    rank = np.arange(1, len(order) + 1)
    for which, colour, label in (
        (bound, PALETTE[1], ("offices", "国土所")),
        (~bound, PALETTE[0], ("other units", "其他单位")),
    ):
        mine = which[order]
        axes[1].errorbar(
            rank[mine], per_effort[order][mine], yerr=1.96 * error[order][mine], fmt="o", markersize=3,
            color=colour, elinewidth=0.9, label=named(label),
        )  # fmt: skip
    assumed = rules.behaviour.responsive.effort.points_per_effort
    mark(axes[1], assumed, f"assumed 设定 {assumed:g}", across=True)
    labelled(axes[1], ("units, in order", "单位（排序）"), ("points per unit of effort", "每单位努力增分"))
    legend(axes[1])
    return figure


def kinds(scenario: Scenario) -> Figure:
    """Effort for each kind where only registration is assessed: independent kinds, and substitutes."""
    sides = []
    for substitution in (0.0, scenario.behaviour.responsive.effort.substitution):
        changes = changes_of(scenario, "registration-only")
        changes = {**changes, "behaviour.responsive.effort.substitution": substitution}
        place, conduct = next(answers(scenario, changes, np.array([NEAR])))
        sides.append(conduct.by_kind[place])
    shown, rows = _kinds_of(scenario)
    figure, (axis,) = panels(height=0.24 * len(rows) + 1.2)
    labels = (("independent", "互不影响"), ("substitutes", "相互替代"))
    dumbbells(axis, rows, sides[0][shown], sides[1][shown], labels)
    labelled(axis, EFFORT)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
    return figure


def _kinds_of(scenario: Scenario) -> tuple[list[int], list[str]]:
    """Places and titles of the kinds that the office works on."""
    names = list(under(scenario).kinds)
    here = standing(scenario, under(scenario)).volume[list(scenario.units).index(OFFICE)]
    shown = [place for place, kind in enumerate(names) if here[place] > 0 and kind in scenario.kinds]
    return shown, [two(scenario.kinds[names[place]].title) for place in shown]


def people(scenario: Scenario) -> Figure:
    """Effort by the score that the year is heading for, of people whom effort costs more or less."""
    figure, (axis,) = panels()
    own = "behaviour.responsive.people.by_unit"
    curves: list[tuple[tuple[str, str], np.ndarray]] = [
        ((f"cost × {cost:g}", f"成本×{cost:g}"), efforts(scenario, {own: {OFFICE: {"cost": cost}}}))
        for cost in (0.5, 1.0, 2.0)
    ]
    curves.append((("no response", "不作反应"), efforts(scenario, {own: {OFFICE: {"strength": 0}}})))
    lines(axis, SCORES, curves)
    labelled(axis, HEADING, EFFORT)
    return figure


def attention(scenario: Scenario) -> Figure:
    """Attention to each kind when all count and when only registration is assessed, near the bonus line."""
    sides = []
    for changes in ({}, changes_of(scenario, "registration-only")):
        place, conduct = next(answers(scenario, changes, np.array([NEAR])))
        sides.append((conduct.attention[place], conduct.duty[place]))
    shown, titles = _kinds_of(scenario)
    rows = [*titles, "standing duties 经常性工作"]
    without, with_ = ([*side[0][shown], side[1]] for side in sides)
    figure, (axis,) = panels(height=0.24 * len(rows) + 1.2)
    labels = (("all assessed", "全部考核"), ("only registration", "只考核登记"))
    dumbbells(axis, rows, without, with_, labels)
    labelled(axis, ("attention, full = 1", "关注度（充分=1）"))
    axis.set_xlim(0, 1.05)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
    return figure


def timing(scenario: Scenario) -> Figure:
    """Where late requests are served last, by the score ahead and the pressure from which a unit does so."""
    figure, (axis,) = panels(height=2.2)
    asked = (0.1, 0.2, 0.4, 0.8)
    for row, pressure in enumerate(asked):
        changes = {"behaviour.responsive.timing.pressure": pressure}
        last = np.array([conduct.late_last[place] for place, conduct in answers(scenario, changes)])
        axis.plot(SCORES[last], np.full(last.sum(), row), "s", color=PALETTE[1], markersize=4)
        axis.plot(SCORES[~last], np.full((~last).sum(), row), ".", color="#b9b9c4", markersize=3)
    axis.set_yticks(range(len(asked)), [f"{one:g}" for one in asked])
    axis.set_ylim(-0.5, len(asked) - 0.5)
    labelled(axis, HEADING, ("pressure asked\n(% of pay a point)", "触发激励"))
    return figure


def recording(scenario: Scenario) -> Figure:
    """The share of nearly late cases recorded as in time, by the score ahead, with and without audits."""
    figure, (axis,) = panels()
    curves = []
    for rate in (0.0, 0.005, 0.01):
        changes = {"assessment.audits.on": rate > 0, "assessment.audits.rate": rate}
        found = [100 * conduct.recording[place] for place, conduct in answers(scenario, changes)]
        curves.append(((f"{100 * rate:g} % audited", f"稽核{100 * rate:g}%"), np.array(found)))
    lines(axis, SCORES, curves)
    labelled(axis, HEADING, ("recorded as in time (%)", "按时登记比例（%）"))
    return figure


def discipline(scenario: Scenario) -> Figure:
    """The share of the usual breaches that still happen, by the score ahead, at three deductions."""
    figure, (axis,) = panels()
    curves = []
    for deduct in (0.5, 1.0, 2.0):
        item = DISCIPLINE["scorecards.office.items.discipline"] | {"deduct": deduct}
        changes = {"scorecards.office.items.discipline": item, "behaviour.responsive.discipline.on": True}
        found = [100 * conduct.breaches[place] for place, conduct in answers(scenario, changes)]
        curves.append(((f"{deduct:g} points", f"{deduct:g}分"), np.array(found)))
    lines(axis, SCORES, curves)
    labelled(axis, HEADING, ("breaches, usual = 100", "违纪（通常=100）"))
    return figure


def projects(scenario: Scenario) -> Figure:
    """The share of the usual rounds put off that still happen, by the score ahead, at three items."""
    figure, (axis,) = panels()
    curves = []
    for points in (3, 6, 12):
        item = PROJECTS["scorecards.office.items.projects"] | {"points": points}
        changes = {"scorecards.office.items.projects": item, "behaviour.responsive.projects.on": True}
        found = [100 * conduct.put_off[place] for place, conduct in answers(scenario, changes)]
        curves.append(((f"{points} points", f"{points}分"), np.array(found)))
    lines(axis, SCORES, curves)
    labelled(axis, HEADING, ("rounds put off, usual = 100", "推后轮次（通常=100）"))
    return figure


def careers(scenario: Scenario) -> Figure:
    """Effort by the score ahead with what titles and posts are worth, and with pay alone."""
    figure, (axis,) = panels()
    sides: Sides = ((("pay and careers", "兑现与前途"), {}), (("pay alone", "仅兑现"), NO_CAREERS))
    lines(axis, SCORES, [(label, efforts(scenario, changes)) for label, changes in sides])
    labelled(axis, HEADING, EFFORT)
    return figure


def titles(scenario: Scenario) -> Figure:
    """Effort by the score ahead, by what the titles of an office are worth."""
    figure, (axis,) = panels()
    curves = [
        ((f"{value:g} years of pay", f"{value:g}年收入"), efforts(scenario, titles_worth(value)))
        for value in (0.0, 0.02, 0.1)
    ]
    lines(axis, SCORES, curves)
    labelled(axis, HEADING, EFFORT)
    return figure


def titles_worth(value: float) -> dict[str, float]:
    """The changes that make a title of an office worth so many years of pay, and the county's twice that."""
    one = {name: value for name in ("certified", "excellent", "top")} | {"county": 2 * value}
    return {f"behaviour.responsive.careers.{name}": worth for name, worth in one.items()}


def ratchet(scenario: Scenario) -> Figure:
    """What is left of an incentive by how much targets follow scores, at three rates of discount."""
    kappa = grid(0, 1)
    figure, (axis,) = panels()
    curves = [
        (
            (f"discount {rate:g} a year", f"贴现{rate:g}"),
            100 * np.array([ratchet_share(one, rate) for one in kappa]),
        )
        for rate in (0.05, scenario.behaviour.responsive.discount, 0.5)
    ]
    lines(axis, kappa, curves)
    labelled(
        axis,
        ("part of the excess that raises the target", "目标上调比例"),
        ("incentive left (%)", "剩余激励（%）"),
    )
    return figure


def trials(scenario: Scenario) -> Figure:
    """What a learner feels: pay less the cost of effort, by effort, from scores without extra effort."""
    part = scenario.behaviour.learning
    here = standing(scenario, under(scenario))
    place = list(scenario.units).index(OFFICE)
    amounts = here.assessment_pay[place], here.bonus[place]
    paid = combined(
        [
            (pay_schedule(given(scenario.pay)), np.array(amounts[0])),
            (bonus_schedule(given(scenario.pay)), np.array(amounts[1])),
        ]
    )
    tried = grid(part.least, part.most, 161)
    figure, (axis,) = panels()
    for number, start in enumerate((86.0, 92.0, 97.0)):
        mean = start + GAIN * (tried - 1)
        net = expected(paid, mean, np.full(len(mean), SPREAD)) / here.pay[place]
        net = 100 * (net - part.cost / 2 * (tried - 1) ** 2)
        label = f"{start:g} points without 不加努力{start:g}分"
        axis.plot(tried, net, color=PALETTE[number], linestyle=LINES[number], label=label)
        axis.plot(tried[net.argmax()], net.max(), "D", color=PALETTE[number], markersize=4)
    labelled(
        axis,
        ("effort of the year, usual = 1", "全年努力（通常=1）"),
        ("pay less cost (% of a year)", "兑现减成本（年收入%）"),
    )
    legend(axis)
    return figure


def responses(scenario: Scenario) -> Figure:
    """What the two behaviours do at the same scores: effort of the one moves, of the other never."""
    figure, (axis,) = panels()
    for number, name in enumerate(("mechanical", "responsive")):
        found = efforts(scenario, {}, name=name)
        axis.plot(
            SCORES,
            found,
            color=PALETTE[number],
            linestyle=LINES[number],
            label=named((NAMES[name].en, NAMES[name].zh)),
        )
    labelled(axis, HEADING, EFFORT)
    legend(axis)
    return figure
