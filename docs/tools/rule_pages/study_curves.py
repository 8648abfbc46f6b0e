"""Figures of study as it is done: chances of missing it, who is named, what rewards and needs bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import PALETTE
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.world import draw_world
from sim.world.awards import answered
from sim.world.frictions import educated
from sim.world.self_study import lacked

from .draw import labelled, lines, panels
from .worlds import SEED, of_units, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MISSED = {"study.missed.on": True}


def chance_missed(scenario: Scenario) -> Figure:
    """Chance that a sitting is missed, by load, as it stands and after a notice."""
    study, load = given(scenario.study), np.linspace(0, 1, 101)
    part = study.missed
    chance = part.usual + part.most * np.clip((load - part.from_load) / (1 - part.from_load), 0, 1)
    figure, (axis,) = panels()
    curves = [
        (("usual", "平时"), 100 * chance),
        (("after a notice", "被通报后"), 100 * chance * study.notices.after),
    ]
    lines(axis, 100 * load, curves)
    labelled(axis, ("load of the unit (%)", "单位负荷率（%）"), ("sitting missed (%)", "缺学概率（%）"))
    return figure


def record_of_people(scenario: Scenario) -> Figure:
    """Recorded and real study of people as a share of the study planned, in order; one replication."""
    people = one_year(scenario, MISSED).people
    people = people[people["study_s"] > 0]
    figure, (axis,) = panels()
    for place, (column, label) in enumerate(
        (("study_recorded_s", "recorded 记录"), ("study_done_s", "done 实际"))
    ):
        share = np.sort(100 * (people[column] / people["study_s"]).to_numpy())
        axis.plot(share, np.arange(1, len(share) + 1), ("-", "--")[place], color=PALETTE[place], label=label)
    axis.axvline(100 * given(scenario.study).notices.person_share, color="#777777", linestyle=":")
    axis.legend(fontsize=7)
    labelled(axis, ("study of the year (%)", "全年学习完成率（%）"), ("people, in order", "人员（排序）"))
    return figure


def rewarded(scenario: Scenario) -> Figure:
    """Share of people who act for a reward, by its size, where some, many or none do so for the reward."""
    award = scenario.awards["certificate"]
    usual = given(award.usual_reward)
    reward = np.linspace(0, 5 * usual, 101)
    figure, (axis,) = panels()
    curves = [
        (
            (f"response {response:g}", f"反应{response:g}"),
            100 * np.array([answered(award.chance, one, usual, response) for one in reward]),
        )
        for response in (0.0, 0.4, 0.8)
    ]
    lines(axis, reward, curves)
    labelled(axis, ("reward (yuan)", "奖励（元）"), ("earn it in a year (%)", "每年取得比例（%）"))
    return figure


def competing(scenario: Scenario) -> Figure:
    """Share of people who compete as learning models, by the prize."""
    part = given(scenario.study).contest
    prize = np.linspace(0, 5 * part.usual_prize, 101)
    share = np.array([answered(part.share, one, part.usual_prize, part.response) for one in prize])
    figure, (axis,) = panels()
    lines(axis, prize, [(("compete", "参评"), 100 * share)])
    labelled(axis, ("prize (yuan)", "奖励（元）"), ("people (%)", "人员（%）"))
    return figure


def by_need(scenario: Scenario) -> Figure:
    """What an hour of training brings by need, over the people of a bureau."""
    rules = under(scenario, {"study.needs.on": True})
    gain = 1 / lacked(draw_world(rules, SEED, 0))
    figure, (axis,) = panels()
    axis.hist(gain, bins=20, color=PALETTE[1])
    axis.axvline(1, color="#777777", linestyle=":")
    labelled(axis, ("hours of knowledge an hour", "每小时培训的学习积累（小时）"), ("people", "人员"))
    return figure


def sessions(scenario: Scenario) -> Figure:
    """Acts without mandate by integrity sessions a year."""
    figure, (axis,) = panels()
    count = np.arange(0, 9)
    curves = []
    for effect in (0.05, 0.1, 0.25):
        left = [
            100
            * educated(
                under(
                    scenario,
                    {
                        "frictions.overreach.integrity_effect": effect,
                        "study.integrity_sessions_a_year": int(number),
                    },
                )
            )
            for number in count
        ]
        curves.append(((f"{effect:g} a session", f"每次{effect:g}"), np.array(left)))
    lines(axis, count, curves)
    labelled(axis, ("sessions a year", "每年次数"), ("acts without mandate left (%)", "剩余越位（%）"))
    return figure


def worth_of_study(scenario: Scenario) -> Figure:
    """What is added to the chance of a false entry, by what study costs the score and a point is worth."""
    sensitivity = scenario.behaviour.responsive.study.sensitivity
    most = 1 - given(scenario.study).missed.entered
    pressure = np.linspace(0, 5, 101)
    figure, (axis,) = panels()
    curves = [
        (
            (f"study counts {points} points", f"学习{points}分"),
            100 * np.clip(sensitivity * pressure * points, 0, most),
        )
        for points in (5, 10, 20)
    ]
    lines(axis, pressure, curves)
    labelled(
        axis,
        ("worth of a point (% of a year's pay)", "一分价值（占年收入%）"),
        ("more entered falsely (%)", "虚记增加（百分点）"),
    )
    return figure


def practice_of_units(scenario: Scenario) -> Figure:
    """Practice of units at the year's end, in order, with visits and without what they teach."""
    figure, (axis,) = panels()
    arms: tuple[tuple[str, dict[str, float]], ...]
    arms = (("with visits 有观摩", {}), ("visits teach nothing 观摩无效", {"practice.visit_rate": 0.0}))
    for place, (label, changes) in enumerate(arms):
        level = np.sort(of_units(one_year(scenario, {"practice.on": True} | changes), "practice").dropna())
        axis.plot(level, np.arange(1, len(level) + 1), "os"[place], color=PALETTE[place], label=label)
    axis.legend(fontsize=7)
    labelled(axis, ("practice, 1 = usual", "工作方法水平（1为通常）"), ("units, in order", "单位（排序）"))
    return figure


def leading_and_lagging(scenario: Scenario) -> Figure:
    """Practice of units at the year's end by the quarters in which they led, one replication."""
    result = one_year(scenario, {"practice.on": True, "practice.stage.on": True})
    level, led = of_units(result, "practice").dropna(), of_units(result, "stage_leading").dropna()
    figure, (axis,) = panels()
    axis.plot(level, led[level.index], "o", color=PALETTE[1], markersize=4.5)
    axis.set_yticks(range(5))
    labelled(
        axis, ("practice, 1 = usual", "工作方法水平（1为通常）"), ("quarters leading", "先进次数（季度）")
    )
    return figure
