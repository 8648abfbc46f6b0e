"""Figures of pay: what a score pays under a rule, and what the next point is worth to those unsure of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.figures import draw_schedule
from sim.report.style import MARKERS, PALETTE
from sim.rules.budget import expected_cost, neutral
from sim.rules.incentive import marginal
from sim.rules.pay import bonus_share, fund_parts, lifted, pay_share
from sim.rules.scaling import percentiles
from sim.rules.schedule import bonus_schedule, pay_schedule
from sim.scenario import load_policy
from sim.scenario.currency import words
from sim.scenario.part import given

from .draw import LINES, SCORE, labelled, legend, lines, mark, named, panels
from .worlds import SPREAD, grid, of_units, one_year, under

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.scenario import Scenario
    from sim.scenario.pay import Pay

PAID = ("assessment pay (%)", "考核工资发放（%）")
BONUS = ("target bonus (%)", "目标资金发放（%）")
LOWEST = 84.0


def pay_of(scenario: Scenario, changes: Mapping[str, Any]) -> Pay:
    return given(under(scenario, dict(changes)).pay)


def changes_of(scenario: Scenario, policy: str) -> dict[str, Any]:
    return load_policy(scenario, policy).changes


def curve(axis: Axes, share: Callable, pay: Pay, label: tuple[str, str], place: int, low: float) -> None:
    """What scores pay, left open where it jumps."""
    at = np.round(np.arange(low, 100.005, 0.01), 2)
    draw_schedule(axis, at, share(at, pay), color=PALETTE[place], linestyle=LINES[place], label=named(label))


def compared(*sides: tuple[tuple[str, str], Mapping[str, Any] | str], low: float = LOWEST) -> Callable:
    """Assessment pay and bonus by score, under each side: changes, or the name of a policy."""

    def draw(scenario: Scenario) -> Figure:
        figure, axes = panels(2)
        for place, (label, side) in enumerate(sides):
            changes = changes_of(scenario, side) if isinstance(side, str) else side
            for axis, share in zip(axes, (pay_share, bonus_share), strict=True):
                curve(axis, share, pay_of(scenario, changes), label, place, low)
        for axis, y in zip(axes, (PAID, BONUS), strict=True):
            labelled(axis, SCORE, y)
        legend(axes[0])
        return figure

    return draw


def slope(scenario: Scenario) -> Figure:
    figure, (axis,) = panels()
    for place, lost in enumerate((0.5, 1.0, 2.0)):
        curve(
            axis,
            pay_share,
            pay_of(scenario, {"pay.deduction_per_point": lost}),
            (f"{lost:g} % a point", ""),
            place,
            40.0,
        )
    labelled(axis, SCORE, PAID)
    legend(axis)
    return figure


def counted(scenario: Scenario) -> Figure:
    """How 'each point less' is counted."""
    ways = (("fraction", ("fractions", "小数")), ("whole_started", ("points begun", "不足一分计一分")),
            ("whole_completed", ("points completed", "满一分才计")))  # fmt: skip
    figure, (axis,) = panels()
    at = grid(90, 96, 1201)
    lines(
        axis,
        at,
        [(label, 100 * pay_share(at, pay_of(scenario, {"pay.points_counted": way}))) for way, label in ways],
    )
    labelled(axis, SCORE, PAID)
    return figure


def cliff(scenario: Scenario) -> Figure:
    """The bonus by score, and what the next point is worth in it by how sure the score is."""
    pay, mean = given(scenario.pay), grid(86, 100)
    figure, axes = panels(2)
    curve(axes[0], bonus_share, pay, ("", ""), 0, LOWEST)
    labelled(axes[0], SCORE, BONUS)
    found = [
        (
            (f"spread {sd:g}", f"标准差{sd:g}"),
            100 * marginal(bonus_schedule(pay), mean, np.full(len(mean), sd)),
        )
        for sd in (0.5, 1.5, 3.0)
    ]
    lines(axes[1], mean, found)
    labelled(
        axes[1],
        ("expected score (points)", "预期得分（分）"),
        ("% of the bonus a point", "每分占目标资金（%）"),
    )
    return figure


def thresholds(scenario: Scenario) -> Figure:
    """What the next point of an unsure score is worth in assessment pay, by the threshold of full pay."""
    mean = grid(82, 100)
    figure, (axis,) = panels()
    sd = np.full(len(mean), SPREAD)
    found = []
    for at in (90.0, 95.0, 98.0):
        pay = pay_of(scenario, {"pay.full_pay_threshold": at})
        found.append(
            ((f"full pay from {at:g}", f"{at:g}分全额"), 100 * marginal(pay_schedule(pay), mean, sd))
        )
    lines(axis, mean, found)
    labelled(
        axis,
        ("expected score (points)", "预期得分（分）"),
        ("% of assessment pay a point", "每分占考核工资（%）"),
    )
    return figure


def rank(scenario: Scenario) -> Figure:
    """What the places among thirteen offices pay, beside what their scores would."""
    by_rank = pay_of(scenario, changes_of(scenario, "rank-pay"))
    bound = [name for name in scenario.units if scenario.type_of(name).pay_bound]
    score = of_units(one_year(scenario), "score")[bound].to_numpy()
    order = np.argsort(-score)
    places = np.arange(1, len(score) + 1)
    figure, axes = panels(2)
    for axis, share, y in zip(axes, (pay_share, bonus_share), (PAID, BONUS), strict=True):
        axis.plot(
            places,
            100 * share(score, given(scenario.pay))[order],
            MARKERS[0],
            mfc="white",
            color=PALETTE[0],
            label="by score 按得分",
        )
        axis.plot(
            places,
            100 * share(percentiles(score), by_rank)[order],
            MARKERS[3],
            color=PALETTE[1],
            label="by rank 按名次",
        )
        labelled(axis, ("place among the offices", "所名次"), y)
    legend(axes[0])
    return figure


def gate(scenario: Scenario) -> Figure:
    """Assessment pay by score, for scores of different standard errors."""
    pay, at = pay_of(scenario, {"pay.gate.on": True}), grid(84, 98, 701)
    found = []
    for error in (0.0, 1.0, 2.0):
        raised = lifted(at, np.full(len(at), error), pay.full_pay_threshold, pay.gate.confidence)
        found.append(((f"error {error:g} points", f"误差{error:g}分"), 100 * pay_share(raised, pay)))
    figure, (axis,) = panels()
    lines(axis, at, found)
    labelled(axis, SCORE, PAID)
    return figure


def change(scenario: Scenario) -> Figure:
    """Assessment pay by score, free and after two years before, where it moves by two points at most."""
    at = grid(84, 98, 701)
    pay = pay_of(scenario, {"pay.most_change": 2})
    found = [(("not bounded", "不限"), 100 * pay_share(at, pay))]
    for before in (1.0, 0.96):
        share = pay_share(at, pay, np.full(len(at), before))
        found.append(((f"last year {100 * before:g} %", f"上年{100 * before:g}%"), 100 * share))
    figure, (axis,) = panels()
    lines(axis, at, found)
    labelled(axis, SCORE, PAID)
    return figure


def fund(scenario: Scenario) -> Figure:
    """What each place gets of the fund, shared equally or by score."""
    rules = pay_of(scenario, {"pay.reward_fund.on": True}).reward_fund
    score = of_units(one_year(scenario), "score")
    score = score[[name for name in scenario.units if scenario.type_of(name).certifiable]]
    ordered = np.sort(score.to_numpy())[::-1]
    top = np.arange(len(ordered)) < rules.top_count
    figure, (axis,) = panels()
    for place, (way, label) in enumerate(
        (("equally", ("equal parts", "均分")), ("by_score", ("by score", "按得分")))
    ):
        parts = fund_parts(top, ordered, rules.model_copy(update={"shared": way}))
        look: dict[str, Any] = {
            "color": PALETTE[place],
            "mfc": ("white", PALETTE[1])[place],
            "label": named(label),
        }
        axis.plot(np.arange(1, len(parts) + 1), parts / 1000, ("o", "D")[place], **look)
    money = words(scenario.currency)
    share = f"share of the fund (1,000 {money.en})", f"所得资金（千{money.zh}）"
    labelled(axis, ("place in the contest", "评选名次"), share)
    legend(axis)
    return figure


def budget(scenario: Scenario) -> Figure:
    """The cost of assessment pay by the deduction per point, full pay from 98, and where it is neutral."""
    score = of_units(one_year(scenario), "score")
    bound = [name for name in scenario.units if scenario.type_of(name).pay_bound]
    scores = score[bound].to_numpy()

    def cost(lost: float) -> float:
        pay = pay_of(scenario, {"pay.full_pay_threshold": 98, "pay.deduction_per_point": float(lost)})
        return expected_cost(lambda at: pay_share(at, pay), scores) / len(scores) * 100

    target = expected_cost(lambda at: pay_share(at, given(scenario.pay)), scores) / len(scores) * 100
    lost = grid(0, 2, 21)
    figure, (axis,) = panels()
    axis.plot(lost, [cost(one) for one in lost])
    mark(axis, target, "current 现行", across=True)
    found = neutral(cost, target, 0.0, 2.0)
    axis.plot(found, cost(found), "D", color=PALETTE[2])
    labelled(
        axis,
        ("deduction per point under 98 (%)", "98分以下每分下浮（%）"),
        ("mean assessment pay (%)", "平均考核工资（%）"),
    )
    return figure
