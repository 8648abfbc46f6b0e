"""Figures of the service rules: what each changes in routes, staff and arrivals, with it and without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.style import PALETTE
from sim.scenario.service import Kind
from sim.scenario.steps import Delay, Return, Work
from sim.scenario.time import DAY_S
from sim.world import draw_world
from sim.world.frictions import paired_effect
from sim.world.reroute import Route, route_of, works
from sim.world.shapes import quantile

from .draw import below, dumbbells, labelled, legend, lines, mark, panels, two
from .worlds import (
    SEED,
    aside,
    counter_way,
    delay_days,
    grid,
    of_units,
    one_year,
    return_chance,
    under,
    way_of,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

    Draws = Callable[[Scenario], Figure]

WAIT = ("mean wait for the first step (minutes)", "首环节平均等候（分钟）")
LAG = ("working days", "工作日")


def by_unit(on: dict[str, Any], off: dict[str, Any], types: tuple[str, ...], most: int = 16) -> Draws:
    """Mean wait by unit with the rule and without it, one replication; the units it changes most."""

    def draw(scenario: Scenario) -> Figure:
        without, with_ = (of_units(one_year(scenario, one), "mean_wait_minutes") for one in (off, on))
        names = [name for name, unit in scenario.units.items() if unit.type in types]
        change = (with_ - without).reindex(names).abs().dropna().sort_values(ascending=False)
        names = [name for name in names if name in change.index[:most]]
        figure, (axis,) = panels(height=0.22 * len(names) + 1.1)
        titles = [two(scenario.units[name].title) for name in names]
        dumbbells(axis, titles, without[names].to_numpy(), with_[names].to_numpy())
        labelled(axis, WAIT)
        if max(without.max(), with_.max()) > 5 * min(without[names].min(), with_[names].min()):
            axis.set_xscale("log")
        else:
            axis.set_xlim(left=0)
        below(figure, axis)
        return figure

    return draw


def kinds_of(
    scenario: Scenario, measure: Callable[[Route], float], on: dict[str, Any]
) -> tuple[list[str], list[float], list[float]]:
    """Titles of the kinds of which the rule changes a measure of the route, without and with it."""
    without, with_ = under(scenario).kinds, under(scenario, on).kinds
    found = [
        (two(kind.title), measure(route_of(without[name])), measure(route_of(with_[name])))
        for name, kind in scenario.kinds.items()
    ]
    changed = [row for row in found if abs(row[1] - row[2]) > 1e-9]
    titles, before, after = zip(*changed, strict=True)
    return list(titles), list(before), list(after)


def notification(scenario: Scenario) -> Figure:
    on = {"service_rules.one_time_notification.on": True}
    titles, without, with_ = kinds_of(scenario, return_chance, on)
    figure, axes = panels(2)
    dumbbells(axes[0], titles, np.multiply(100, without), np.multiply(100, with_))
    labelled(axes[0], ("incomplete applications (%)", "材料不全比例（%）"))

    def told(route: Route) -> float:
        back = {step.back_to for step in route.values() if isinstance(step, Return)}
        return sum((step.minutes for name, step in works(route).items() if name in back), 0.0)

    titles, without, with_ = kinds_of(scenario, told, on)
    dumbbells(axes[1], titles, without, with_)
    axes[1].set_yticklabels([])
    labelled(axes[1], ("work when it is taken in (minutes)", "受理环节工作量（分钟）"))
    below(figure, axes[0])
    return figure


def shortened(rule: str, reasons: set[str], x: tuple[str, str]) -> Draws:
    """Working days of some delays, by kind, with the rule and without it."""

    def draw(scenario: Scenario) -> Figure:
        def measure(route: Route) -> float:
            return delay_days(counter_way(route), reasons)

        rows = kinds_of(scenario, measure, {f"service_rules.{rule}.on": True})
        figure, (axis,) = panels(height=0.24 * len(rows[0]) + 1.2)
        dumbbells(axis, *rows)
        labelled(axis, x)
        axis.set_xlim(left=0)
        below(figure, axis)
        return figure

    return draw


def owner(scenario: Scenario) -> Figure:
    def later(route: Route) -> float:
        steps = list(works(route).values())
        return sum((step.minutes for step in steps[1:] if step.at == steps[0].at), 0.0)

    rows = kinds_of(scenario, later, {"service_rules.case_owner.on": True})
    figure, (axis,) = panels(height=0.24 * len(rows[0]) + 1.2)
    dumbbells(axis, *rows)
    labelled(axis, ("later work at the station that took it in (minutes)", "首接岗位后续工作量（分钟）"))
    axis.set_xlim(left=0)
    below(figure, axis)
    return figure


def channel(rule: str, name: str) -> Draws:
    """The counter's way beside that of a channel: incomplete applications, first step, delays on the way."""

    def draw(scenario: Scenario) -> Figure:
        kinds = under(scenario, {f"service_rules.{rule}.on": True}).kinds
        ways = {
            two(kind.title): (counter_way(route_of(kind)), way_of(route_of(kind), name))
            for kind in kinds.values()
            if way_of(route_of(kind), name)
        }
        measures = {
            "doorstep": (
                (lambda way: 100 * return_chance(way), ("incomplete applications (%)", "材料不全比例（%）")),
                (
                    lambda way: next(iter(works(way).values())).minutes,
                    ("first step of work (minutes)", "首个办理环节（分钟）"),
                ),
            ),
            "early": (
                (
                    lambda way: delay_days(way, {"outside_department"}),
                    ("outside departments (working days)", "外部门（工作日）"),
                ),
            ),
        }[name]
        figure, axes = panels(len(measures), height=0.3 * len(ways) + 1.4)
        for axis, (measure, x) in zip(axes, measures, strict=True):
            before, after = zip(*((measure(a), measure(b)) for a, b in ways.values()), strict=True)
            dumbbells(axis, list(ways), before, after, (("at the counter", "窗口"), _CHANNELS[name]))
            labelled(axis, x)
        for axis in axes[1:]:
            axis.set_yticklabels([])
        below(figure, axes[0])
        return figure

    return draw


_CHANNELS = {"doorstep": ("at the door", "上门"), "early": ("begun early", "提前介入")}


def commitment(scenario: Scenario) -> Figure:
    without, with_ = (
        under(scenario).kinds,
        under(scenario, {"service_rules.time_limit_commitment.on": True}).kinds,
    )

    def promised(kinds: dict[str, Kind], name: str) -> float:
        limit = kinds[name].limit
        return 0.0 if limit is None else limit.amount

    names = [
        name
        for name in without
        if name in scenario.kinds and promised(without, name) != promised(with_, name)
    ]
    figure, (axis,) = panels(height=0.26 * len(names) + 1.2)
    titles = [two(scenario.kinds[name].title) for name in names]
    before, after = ([promised(side, name) for name in names] for side in (without, with_))
    dumbbells(axis, titles, before, after)
    labelled(axis, ("published limit (days of its kind)", "承诺时限（日）"))
    axis.set_xlim(left=0)
    below(figure, axis)
    return figure


def first_asked(scenario: Scenario) -> Figure:
    """Per 1,000 requests, by the chance of the wrong desk: days applicants lose, hours staff spend."""
    chances = grid(0.0, 0.10, 6)
    lost, spent = (np.empty((2, len(chances))) for _ in range(2))
    for side, on in enumerate((False, True)):
        for place, chance in enumerate(chances):
            changes = {"frictions.misdirection.chance": float(chance), "service_rules.first_asked.on": on}
            route = route_of(under(scenario, changes).kinds["registration"])
            step, share = route["desk.wrong"], 1000 * aside(route, "desk.asked", "desk.wrong")
            lost[side, place] = share * step.amount if isinstance(step, Delay) else 0.0
            spent[side, place] = share * step.minutes / 60 if isinstance(step, Work) else 0.0
    figure, axes = panels(2)
    for axis, values, y in zip(
        axes, (lost, spent), (("working days lost", "损失工作日"), ("staff hours", "人员工时")), strict=True
    ):
        lines(axis, 100 * chances, [(("without", "无此制度"), values[0]), (("with", "有此制度"), values[1])])
        labelled(axis, ("requests at the wrong desk (%)", "找错门的来件（%）"), y)
    return figure


def online_hours(scenario: Scenario) -> Figure:
    """Requests by the hour of the day at which they come, one replication."""
    figure, (axis,) = panels()
    for label, on, style in ((("without", "无此制度"), False, "-"), (("with", "有此制度"), True, "--")):
        world = draw_world(under(scenario, {"service_rules.online.on": on}), SEED)
        hours = world.requests["arrival_s"].to_numpy() % DAY_S // 3600
        counts = np.bincount(hours, minlength=24) / len(hours) * 100
        axis.stairs(counts, np.arange(25), linestyle=style, linewidth=1.5, label=" ".join(label))
    labelled(axis, ("hour of the day", "时刻"), ("requests (%)", "来件（%）"))
    axis.set_xticks(range(0, 25, 4))
    legend(axis)
    return figure


def pairing(scenario: Scenario) -> Figure:
    households = np.arange(0, 7)
    settled = [
        paired_effect(
            under(
                scenario,
                {
                    "service_rules.petition_pairing.on": True,
                    "service_rules.petition_pairing.households_each": int(one),
                },
            )
        )
        for one in households
    ]
    figure, (axis,) = panels()
    axis.plot(households, np.multiply(100, settled), "o-")
    labelled(
        axis,
        ("households a leader takes", "每名领导结对户数"),
        ("repeat petitions settled (%)", "化解重复信访（%）"),
    )
    mark(axis, scenario.service_rules.petition_pairing.households_each, scenario.name)
    return figure


def sharing(scenario: Scenario) -> Figure:
    """Time at outside departments of one kind: its distribution with the rule and without it."""
    chances = grid(0.005, 0.995)
    curves = []
    for label, on in ((("without", "无此制度"), False), (("with", "有此制度"), True)):
        route = under(scenario, {"service_rules.information_sharing.on": on}).kinds["land_listing"].route
        step = next(
            one for one in route.values() if isinstance(one, Delay) and one.reason == "outside_department"
        )
        curves.append((label, quantile(step, step.amount, chances)))
    figure, (axis,) = panels()
    for place, (label, days) in enumerate(curves):
        axis.plot(days, 100 * chances, linestyle=("-", "--")[place], label=" ".join(label))
    title = scenario.kinds["land_listing"].title
    labelled(axis, LAG, ("requests answered by then (%)", "已获答复（%）"), (title.en, title.zh))
    legend(axis)
    return figure


def clarity(scenario: Scenario) -> Figure:
    """The chance of each friction in homestead matters."""
    forks = (
        ("misdirection 找错门", "desk.asked", "desk.wrong"),
        ("overreach 越位", "overreach.done", "overreach.complaint"),
        ("absence 缺位", "absence.asked", "absence.idle"),
    )
    sides = []
    for on in (False, True):
        route = route_of(under(scenario, {"service_rules.clarity.on": on}).kinds["homestead"])
        sides.append([100 * aside(route, asked, chosen) for _, asked, chosen in forks])
    figure, (axis,) = panels(height=2.1)
    dumbbells(axis, [label for label, *_ in forks], sides[0], sides[1])
    labelled(axis, ("homestead matters struck (%)", "受影响的宅基地审批件（%）"))
    axis.set_xlim(left=0)
    below(figure, axis)
    return figure


def assistance(scenario: Scenario) -> Figure:
    """Hours of help by the unit that helps, one replication."""
    rows = one_year(scenario, {"service_rules.assistance.on": True}).outcomes
    mine = rows[(rows["outcome"] == "assistance_hours") & (rows["unit"] != "") & (rows["value"] > 0)]
    hours = mine.set_index(mine["unit"].astype(str))["value"].sort_values()
    figure, (axis,) = panels(height=0.24 * len(hours) + 0.9)
    axis.barh([two(scenario.units[unit].title) for unit in hours.index], hours, color=PALETTE[1])
    labelled(axis, ("hours of help in a year", "年协办工时"))
    return figure
