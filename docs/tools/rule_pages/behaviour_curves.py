"""Figures of behaviour: what one office answers as its forecast moves, all others standing where they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.behaviour import BEHAVIOURS, Conduct, Standing
from sim.behaviour.effort import ratchet_share
from sim.report.style import PALETTE
from sim.rules.incentive import expected
from sim.rules.schedule import bonus_schedule, combined, pay_schedule
from sim.rules.standing import assessed_kinds, forecast, measuring_noise
from sim.scenario.part import given
from sim.scenario.service import Work
from sim.world import Streams

from .draw import LINES, dumbbells, labelled, legend, lines, mark, panels, two
from .pay_curves import changes_of
from .worlds import grid, of_units, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

OFFICE = "batan"  # whose answer is drawn
FORECAST = ("forecast of the year-end score (points)", "年终得分预测（分）")
MEANS = grid(80, 100, 61)


def standing(scenario: Scenario, rules: Scenario, share_left: float = 0.5) -> Standing:
    """Where the units stand in the middle of a usual year: at the scores of one replication.

    `rules` are those in force under which they answer.
    """
    result, units, kinds = one_year(scenario), list(rules.units), list(rules.kinds)
    volume = _volume(result, units, kinds)
    people = result.people["unit"].astype(str).value_counts()
    grades = [rules.grades[grade] for grade in result.people["grade"].astype(str)]
    homes = result.people["unit"].astype(str).to_numpy()

    def mean(amount: str) -> np.ndarray:
        paid = np.array([getattr(grade, amount) for grade in grades], float)
        return np.array([paid[homes == unit].mean() if unit in people else 0.0 for unit in units])

    types = [rules.type_of(unit) for unit in rules.units]
    score = of_units(result, "true_score").reindex(units).to_numpy()
    centre, spread = forecast(score, score, 1 - share_left, measuring_noise(rules), rules)
    assessment, bonus = mean("assessment_pay"), mean("target_bonus")
    return Standing(
        score_mean=centre,
        score_sd=spread,
        share_left=share_left,
        scored=np.array([one.scorecard is not None for one in types]),
        bound=np.array([one.pay_bound for one in types]),
        pay=mean("base_pay") + assessment + bonus,
        assessment_pay=assessment,
        bonus=bonus,
        volume=volume,
        assessed=assessed_kinds(volume, rules),
        cases=of_units(result, "due_cases").reindex(units).to_numpy(),
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


def settled(
    scenario: Scenario, changes: dict[str, Any], means: np.ndarray = MEANS, name: str = "responsive"
) -> Iterator[tuple[int, Conduct]]:
    """Yield the place of the office and its settled conduct at each forecast."""
    rules = under(scenario, changes)
    here = standing(scenario, rules)
    place = list(rules.units).index(OFFICE)
    for mean in means:
        moved = here.score_mean.copy()
        moved[place] = mean
        now = Conduct.neutral(len(rules.units), len(rules.kinds))
        memory = BEHAVIOURS[name].Memory(Streams(0, 0))
        for _ in range(8):
            now = BEHAVIOURS[name].respond(replace(here, score_mean=moved), rules, now, memory)
        yield place, now


def effort(scenario: Scenario) -> Figure:
    """Effort by the forecast under the current rule, smooth pay, and with nobody reacting."""
    figure, (axis,) = panels()
    curves = []
    for label, changes, name in (
        (("current rule", "现行"), {}, "responsive"),
        (("smooth pay", "平滑兑现"), changes_of(scenario, "smooth-pay"), "responsive"),
        (("mechanical", "机械"), {}, "mechanical"),
    ):
        found = [conduct.effort[place] for place, conduct in settled(scenario, changes, name=name)]
        curves.append((label, np.array(found)))
    lines(axis, MEANS, curves)
    labelled(axis, FORECAST, ("effort, usual = 1", "努力（通常=1）"))
    return figure


def forecasts(scenario: Scenario) -> Figure:
    """What units foresee: how much the year so far counts, and how wide the forecast is, over the year."""
    gone = grid(0, 1, 49)
    noise = measuring_noise(scenario)
    place = list(scenario.units).index(OFFICE)
    units = len(scenario.units)
    centre, spread = np.empty(len(gone)), np.empty(len(gone))
    for number, share in enumerate(gone):
        mean, sd = forecast(np.full(units, 85.0), np.full(units, 95.0), float(share), noise, scenario)
        centre[number], spread[number] = mean[place], sd[place]
    figure, axes = panels(2)
    months = 12 * gone
    axes[0].plot(months, centre)
    labelled(axes[0], ("months gone", "已过月数"), ("forecast (points)", "预测（分）"))
    mark(axes[0], 95.0, "last year 上年", across=True)
    mark(axes[0], 85.0, "year so far 今年至今", across=True)
    axes[1].plot(months, spread)
    labelled(axes[1], ("months gone", "已过月数"), ("its spread (points)", "标准差（分）"))
    axes[1].set_ylim(bottom=0)
    return figure


def attention(scenario: Scenario) -> Figure:
    """Attention to each kind when all count and when only registration is assessed, near the bonus line."""
    sides = []
    for changes in ({}, changes_of(scenario, "registration-only")):
        place, conduct = next(settled(scenario, changes, np.array([93.0])))
        sides.append((conduct.attention[place], conduct.duty[place]))
    kinds = list(under(scenario).kinds)
    here = standing(scenario, under(scenario)).volume[list(scenario.units).index(OFFICE)]
    shown = [number for number, kind in enumerate(kinds) if here[number] > 0 and kind in scenario.kinds]
    rows = [two(scenario.kinds[kinds[number]].title) for number in shown] + ["standing duties 经常性工作"]
    without, with_ = ([*side[0][shown], side[1]] for side in sides)
    figure, (axis,) = panels(height=0.24 * len(rows) + 1.2)
    names = (("all assessed", "全部考核"), ("only registration", "只考核登记"))
    dumbbells(axis, rows, without, with_, names)
    labelled(axis, ("attention, full = 1", "关注度（充分=1）"))
    axis.set_xlim(0, 1.05)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=7)
    return figure


def timing(scenario: Scenario) -> Figure:
    """Where late requests are served last, by the forecast and the pressure from which a unit does so."""
    figure, (axis,) = panels(height=2.2)
    asked = (0.1, 0.2, 0.4, 0.8)
    for row, pressure in enumerate(asked):
        changes = {"behaviour.responsive.timing.pressure": pressure}
        last = np.array([conduct.late_last[place] for place, conduct in settled(scenario, changes)])
        axis.plot(MEANS[last], np.full(last.sum(), row), "s", color=PALETTE[1], markersize=4)
        axis.plot(MEANS[~last], np.full((~last).sum(), row), ".", color="#b9b9c4", markersize=3)
    axis.set_yticks(range(len(asked)), [f"{one:g}" for one in asked])
    axis.set_ylim(-0.5, len(asked) - 0.5)
    labelled(axis, FORECAST, ("pressure asked\n(% of pay a point)", "触发激励"))
    return figure


def recording(scenario: Scenario) -> Figure:
    """The share of nearly late cases recorded as in time, by the forecast, without audits and with them."""
    figure, (axis,) = panels()
    curves = []
    for rate in (0.0, 0.005, 0.01):
        changes = {"assessment.audits.on": rate > 0, "assessment.audits.rate": rate}
        found = [100 * conduct.recording[place] for place, conduct in settled(scenario, changes)]
        curves.append(((f"{100 * rate:g} % audited", f"稽核{100 * rate:g}%"), np.array(found)))
    lines(axis, MEANS, curves)
    labelled(axis, FORECAST, ("recorded as in time (%)", "按时登记比例（%）"))
    return figure


def careers(scenario: Scenario) -> Figure:
    """Effort by the forecast with what titles and posts are worth, and with pay alone."""
    none = {f"behaviour.responsive.careers.{name}": 0 for name in ("promotion", "advanced", "bottom")}
    figure, (axis,) = panels()
    curves = [
        (label, np.array([conduct.effort[place] for place, conduct in settled(scenario, changes)]))
        for label, changes in ((("pay and careers", "兑现与前途"), {}), (("pay alone", "仅兑现"), none))
    ]
    lines(axis, MEANS, curves)
    labelled(axis, FORECAST, ("effort, usual = 1", "努力（通常=1）"))
    return figure


def ratchet(scenario: Scenario) -> Figure:
    kappa = grid(0, 1)
    figure, (axis,) = panels()
    curves = [
        (
            (f"discount {rate:g} a year", f"贴现{rate:g}"),
            100 * np.array([ratchet_share(one, rate) for one in kappa]),
        )
        for rate in (0.05, scenario.behaviour.responsive.ratchet.discount, 0.5)
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
    part, gained = scenario.behaviour.learning, scenario.behaviour.responsive.effort.points_per_effort
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
        mean = start + gained * (tried - 1)
        net = expected(paid, mean, np.full(len(mean), scenario.behaviour.forecast.spread)) / here.pay[place]
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
    """What the two behaviours do at the same forecasts: effort of the one moves, of the other never."""
    figure, (axis,) = panels()
    for number, name in enumerate(("mechanical", "responsive")):
        found = [conduct.effort[place] for place, conduct in settled(scenario, {}, name=name)]
        axis.plot(MEANS, found, color=PALETTE[number], linestyle=LINES[number], label=name)
    labelled(axis, FORECAST, ("effort, usual = 1", "努力（通常=1）"))
    legend(axis)
    return figure
