"""Figures of how a year is judged: points, ranks, noise, the bottom, and the years that count."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.behaviour.recording import falsified_share
from sim.report.style import PALETTE
from sim.rules.careers import distinct
from sim.rules.incentive import expected
from sim.rules.scaling import rolled_error
from sim.rules.schedule import step
from sim.rules.scorecard import points
from sim.rules.tournament import bottom_chances
from sim.scenario.part import given
from sim.scenario.scorecard import Item

from .draw import LINES, labelled, legend, lines, mark, named, panels
from .worlds import SPREAD, grid, of_units, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

TRUE = ("expected score (points)", "预期得分（分）")


def items(scenario: Scenario) -> Figure:
    """Points of ten by the on-time rate, under each rule of an item."""
    like = next(iter(scenario.scorecards["office"].items.values())).model_dump() | {
        "points": 10.0,
        "deduct": None,
    }
    like |= {"target": None, "sample": None, "kinds": (), "indicator": "on_time_rate", "floor": 0.0}
    rate = grid(0.75, 1.0)
    ways = (
        (("proportional", "按比例"), {"rule": "proportional"}),
        (("target 0.95", "目标0.95"), {"rule": "target", "target": 0.95}),
        (("deduction 0.8 a point", "每百分点扣0.8"), {"rule": "deduction", "target": 0.97, "deduct": 0.8}),
        (("per case, 100 cases", "逐件扣分（100件）"), {"rule": "per_case", "deduct_per_case": 0.5}),
    )
    figure, (axis,) = panels()
    lines(axis, 100 * rate, [(label, points(Item(**(like | way)), rate, 100.0)) for label, way in ways])
    labelled(axis, ("on-time rate (%)", "按时办结率（%）"), ("points of ten", "得分（满分10）"))
    return figure


def reached(*names: str) -> Callable[[Scenario], Figure]:
    """The chance that a unit reaches the lines of these titles, by its expected score."""
    labels = {
        "advanced_threshold": ("advanced unit", "综合先进"),
        "promotion_threshold": ("head promotable", "负责人可提拔"),
        "certified_threshold": ("certified", "达标"),
        "excellent_threshold": ("excellent", "优秀"),
    }

    def draw(scenario: Scenario) -> Figure:
        mean = grid(84, 100)
        sd = np.full(len(mean), SPREAD)
        figure, (axis,) = panels()
        curves = []
        for name in names:
            at = getattr(scenario.assessment, name)
            en, zh = labels[name]
            curves.append(((f"{en} ({at:g})", zh), 100 * expected(step(at), mean, sd)))
        lines(axis, mean, curves)
        labelled(axis, TRUE, ("chance to reach the line (%)", "达到概率（%）"))
        return figure

    return draw


def bottom(scenario: Scenario) -> Figure:
    """The chance of being at the bottom by distance from the mean of 24 equal others, for three counts."""
    others = len([unit for unit in scenario.units if scenario.type_of(unit).scorecard]) - 1
    apart, sd = grid(-6, 6, 49), SPREAD
    figure, (axis,) = panels()
    curves = []
    for count in (1, 3, 6):
        chances = [
            bottom_chances(np.append(np.zeros(others), one), np.full(others + 1, sd), count)[0][-1]
            for one in apart
        ]
        curves.append(((f"bottom {count}", f"末{count}位"), 100 * np.array(chances)))
    lines(axis, apart, curves)
    labelled(
        axis,
        ("points above the mean of the others", "高于其他单位均值（分）"),
        ("at the bottom (%)", "列入末位概率（%）"),
    )
    return figure


def gap(scenario: Scenario) -> Figure:
    """The least distance to the next unit at which a unit counts as the bottom, by the error of a score."""
    gaps, errors = np.arange(0.0, 12.01, 0.02), grid(0.1, 3.0, 30)
    figure, (axis,) = panels()
    curves = []
    for confidence in (0.8, 0.95, 0.99):
        least = []
        for error in errors:
            found = [
                distinct(np.array([True, False]), np.array([90.0, 90.0 + one]), np.array([90.0, 90.0 + one]),
                         np.full(2, error), confidence)[0]
                for one in gaps
            ]  # fmt: skip
            least.append(gaps[int(np.argmax(found))])
        curves.append(((f"confidence {confidence:g}", f"置信{confidence:g}"), np.array(least)))
    lines(axis, errors, curves)
    labelled(
        axis,
        ("standard error of a score (points)", "得分标准误（分）"),
        ("gap that counts (points)", "起算差距（分）"),
    )
    return figure


def rolling(scenario: Scenario) -> Figure:
    """The error of the score that counts, by the years that count; and with this year counting double."""
    rules, years = given(scenario.assessment).rolling.model_copy(update={"on": True}), np.arange(1, 6)
    figure, (axis,) = panels()
    for place, (label, weights) in enumerate(
        (
            (("equal years", "各年等权"), lambda n: ()),
            (("this year twice", "当年双倍"), lambda n: (2.0, *(1.0,) * (n - 1))),
        )
    ):
        error = [
            rolled_error(
                np.ones(1),
                [np.ones(1)] * (n - 1),
                rules.model_copy(update={"years": int(n), "weights": weights(n)}),
            )[0]
            for n in years
        ]
        axis.plot(years, error, ("o-", "D--")[place], color=PALETTE[place], label=named(label))
    labelled(axis, ("years that count", "计入年数"), ("error, one year = 1", "误差（一年=1）"))
    axis.set_ylim(0, 1.05)
    legend(axis)
    return figure


def scaling(scenario: Scenario) -> Figure:
    """Scores as measured and as ranked, by scorecard, one replication."""
    result = one_year(scenario, {"assessment.scaling": "z_score"})
    raw, ranked = of_units(result, "score"), of_units(result, "scaled_score")
    figure, (axis,) = panels()
    cards = list(scenario.scorecards)
    for place, card in enumerate(cards):
        mine = [name for name in scenario.units if scenario.type_of(name).scorecard == card]
        title = scenario.scorecards[card].title
        axis.plot(raw[mine], ranked[mine], ("o", "^", "D")[place % 3], color=PALETTE[place], markersize=4.5,
                  mfc=("white", PALETTE[place])[place % 2], label=f"{title.en} {title.zh}")  # fmt: skip
    ends = np.array([min(raw.min(), ranked.min()), 100.0])
    axis.plot(ends, ends, color="#b9b9c4", linestyle=LINES[2], linewidth=1)
    labelled(
        axis, ("measured score (points)", "考核得分（分）"), ("score for ranking (points)", "排名得分（分）")
    )
    legend(axis)
    return figure


def audits(scenario: Scenario) -> Figure:
    """The share of nearly late cases recorded as in time, by the share of records that are audited."""
    rate = grid(0.0, 0.5)
    rules = scenario.behaviour.responsive.recording
    figure, (axis,) = panels()
    curves = []
    for gain in (0.05, 0.1, 0.2):
        shares = []
        for one in rate:
            assessed = given(under(scenario, {"assessment.audits.on": True}).assessment)
            audited = assessed.audits.model_copy(update={"rate": float(one)})
            known = assessed.model_copy(update={"audits": audited})
            shares.append(falsified_share(np.array([2.0]), np.array([gain]), rules, known)[0])
        curves.append(((f"{gain:g} points a case", f"每件{gain:g}分"), 100 * np.array(shares)))
    lines(axis, 100 * rate, curves)
    labelled(axis, ("records audited (%)", "稽核比例（%）"), ("recorded as in time (%)", "按时登记比例（%）"))
    return figure


def criticism(scenario: Scenario) -> Figure:
    """Study done by units, in order, against the line of criticism, one replication."""
    share = np.sort(100 * of_units(one_year(scenario), "study_rate").dropna().to_numpy())
    figure, (axis,) = panels()
    axis.plot(share, np.arange(1, len(share) + 1), "o", color=PALETTE[1], markersize=4)
    line = 100 * given(scenario.study).criticism_share
    mark(axis, line, f"{line:g}")
    labelled(axis, ("study done (%)", "学习完成率（%）"), ("units, in order", "单位（排序）"))
    return figure


def measured(scenario: Scenario) -> Figure:
    """Measured and true scores of the units, one replication."""
    result = one_year(scenario)
    true, seen = of_units(result, "true_score").dropna(), of_units(result, "score").dropna()
    figure, (axis,) = panels()
    axis.plot(true, seen[true.index], "o", color=PALETTE[1], markersize=4.5)
    ends = np.array([true.min(), 100.0])
    axis.plot(ends, ends, color="#777777", linestyle=LINES[2], linewidth=1)
    labelled(axis, ("true score (points)", "真实得分（分）"), ("measured score (points)", "考核得分（分）"))
    return figure
