"""Figures of careers: how long a change of posts is felt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.behaviour.conduct import Outlook, Standing
from sim.behaviour.expected_worth import expected
from sim.behaviour.worth import Rivals, worths
from sim.rules.competence import Skills, speed_of
from sim.rules.personal import records
from sim.scenario.part import given

from .draw import labelled, lines, panels
from .worlds import grid, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario


def _course(scenario: Scenario, *, newcomer: bool, months: int) -> np.ndarray:
    """Speed month by month of somebody who takes a post, (months + 1,): newly, or from another unit."""
    rules = scenario.competence
    one, no = np.ones(1, bool), np.zeros(1, bool)
    years = scenario.careers.newcomer_years
    now = Skills.initial(1, rules).moved(
        np.zeros(1, int), one if newcomer else no, no if newcomer else one, years, rules
    )
    usual = np.array([rules.load.usual])
    found = [float(speed_of(np.ones(1), now, rules)[0])]
    for _ in range(months):
        now = now.after(1 / 12, np.ones(1), np.zeros(1), usual, rules)
        found.append(float(speed_of(np.ones(1), now, rules)[0]))
    return np.array(found)


def after_a_move(scenario: Scenario) -> Figure:
    """Speed by the months since somebody came, from another unit or newly."""
    months = 36
    figure, (axis,) = panels()
    curves = [
        (("from another unit", "调入"), _course(scenario, newcomer=False, months=months)),
        (("newcomer", "新人"), _course(scenario, newcomer=True, months=months)),
    ]
    lines(axis, np.arange(months + 1), curves)
    labelled(axis, ("months in the post", "任职月数"), ("speed, practised = 1", "速度（熟手=1）"))
    return figure


def vacancy(scenario: Scenario) -> Figure:
    """Work of a post in a year after its holder left, by the months that it stands empty."""
    course = _course(scenario, newcomer=True, months=12)
    empty = grid(0, 12, 13)
    done = [100 * np.trapezoid(course[: 13 - int(gone)], dx=1 / 12) for gone in empty]
    figure, (axis,) = panels()
    axis.plot(empty, done, "o-")
    labelled(
        axis, ("months that the post stands empty", "空缺月数"), ("work of the year (%)", "全年产出（%）")
    )
    axis.set_ylim(0, 102)
    return figure


def promotion_worth(scenario: Scenario) -> Figure:
    """Worth of a score through promotion, by the weight of the unit's score."""
    weights, score = (0.0, 0.5, 2.0), grid(86, 99, 105)
    worth = {name: 0 for name in ("advanced", "bottom")}
    changes = {f"behaviour.responsive.careers.{name}": value for name, value in worth.items()}
    curves = []
    for weight in weights:
        rules = under(scenario, changes | {"careers.ladders.on": True, "careers.ladders.unit": weight})
        curves.append(((f"weight {weight:g}", f"权重{weight:g}"), _offices_worth(rules, score)))
    figure, (axis,) = panels()
    lines(axis, score, curves)
    labelled(axis, ("score", "得分"), ("worth (% of a year's pay)", "价值（占年收入%）"))
    return figure


def _offices_worth(rules: Scenario, score: np.ndarray) -> np.ndarray:
    """Worth of scores through promotion to one of fifteen offices alike, a head and four clerks each."""
    count, some = 15, np.ones(15)
    outlook = Outlook(94 * some, 2 * some, 0 * some, some < 0, 0 * some, np.ones(1), np.zeros((count, 1)))
    standing = Standing(
        outlook=outlook,
        heading=outlook.usual,
        month=0,
        months=12,
        scored=some > 0,
        bound=some < 0,
        certifiable=some > 0,
        scorecard=np.zeros(count, int),
        people=5 * some,
        pay=some,
        assessment_pay=0 * some,
        bonus=0 * some,
        volume=np.ones((count, 1)),
        assessed=np.ones((count, 1)),
        heads=some,
    )
    rivals = Rivals(outlook.usual, outlook.luck_sd, outlook.uniform)
    own = worths(standing, rules, some, (80 * some, 105 * some))(rivals)[0]
    assert own is not None
    return np.array([100 * expected(own, float(one), 1e-6, False) for one in score])


def record_noise(scenario: Scenario) -> Figure:
    """Correlation of measured and true record, by the cases looked at."""
    samples = (5, 10, 20, 40, 80, 160)
    result = one_year(scenario, {"careers.commendations.on": True})
    year = result.work.years[-1]
    names, deeds, luck = year.measured.people.names, given(year.measured.deeds), result.work.world.luck(0)
    careers, judged = result.scenario.careers, np.ones(len(names), bool)

    def fit(sample: int, opinion_sd: float) -> float:
        part = careers.record.model_copy(update={"sample": sample, "opinion_sd": opinion_sd})
        own = records(deeds, tuple(names), judged, careers.model_copy(update={"record": part}), luck)
        return float(np.corrcoef(own.measured, own.true)[0, 1])

    curves = [
        (label, np.array([fit(sample, sd) for sample in samples]))
        for label, sd in (
            (("no opinion", "无评议"), 0.0),
            (("with opinion", "含评议误差"), careers.record.opinion_sd),
        )
    ]
    figure, (axis,) = panels()
    lines(axis, np.array(samples), curves)
    labelled(axis, ("cases looked at", "抽查案卷数"), ("correlation", "相关系数"))
    axis.set_ylim(0, 1)
    return figure
