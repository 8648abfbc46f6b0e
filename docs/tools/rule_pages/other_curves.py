"""Figures of work that is not a request: where study lies, hours by use, projects in their year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import PALETTE
from sim.scenario.calendar import calendar_of
from sim.scenario.part import given
from sim.scenario.projects import PROJECT
from sim.scenario.schema import Scenario
from sim.scenario.steps import Delay
from sim.scenario.time import DAY_S, WEEKDAYS
from sim.world.awards import earned
from sim.world.duties import weekly_study
from sim.world.staff import draw_people
from sim.world.streams import Streams

from .draw import labelled, legend, named, panels, two
from .worlds import SEED, one_year, under

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOURS = range(8, 19)


def study_place(scenario: Scenario) -> Figure:
    """The week's hours by what comes at the counter, and where study takes people off, before and after."""
    profile = scenario.profiles["counter"]
    load = np.outer(profile.weekdays, profile.hours)[:5, HOURS.start : HOURS.stop]
    load = load / load.sum() * 100
    figure, axes = panels(2, height=2.7)
    changes = {
        "study.slots": [{"weekday": day, "at": "15:30"} for day in ("tue", "wed", "thu", "fri")],
        "study.staggered": True,
    }
    titles = (("as it stands", "现行"), ("in slack hours", "错峰"))
    for axis, rules, title in zip(axes, (scenario, under(scenario, changes)), titles, strict=True):
        axis.stairs(load.ravel(), np.arange(load.size + 1), fill=True, color="#b9b9c4")
        calendar = calendar_of(rules)
        study = given(rules.study)
        for slot in range(len(study.slots) if study.staggered else 1):
            spans = weekly_study(study, slot, calendar)
            days = (calendar.first.weekday() + spans[:, 0] // DAY_S) % 7
            usual = np.bincount(days, minlength=7).argmax()
            start = usual * len(HOURS) + (np.median(spans[:, 0] % DAY_S) / 3600 - HOURS.start)
            axis.axvspan(start, start + study.weekly_hours, color=PALETTE[2], alpha=0.45, linewidth=0)
        axis.set_xticks(np.arange(5) * len(HOURS) + 5, [day.capitalize() for day in WEEKDAYS[:5]])
        labelled(axis, ("hours of the week", "一周时段"), ("requests of a week (%)", "全周来件（%）"), title)
    return figure


def by_use(scenario: Scenario) -> Figure:
    """Hours a person and year by role and use, one replication."""
    people = one_year(scenario).people
    uses = (
        ("busy_s", ("requests", "办件")),
        ("study_s", ("study", "学习")),
        ("training_s", ("training", "培训")),
        ("duty_s", ("standing duties", "经常性工作")),
        ("leave_s", ("leave", "休假")),
    )
    table = people.groupby(people["role"].astype(str))[[use for use, _ in uses]].mean() / 3600
    figure, (axis,) = panels(height=2.8)
    left, roles = np.zeros(len(table)), [two(scenario.roles[role].title) for role in table.index]
    hatches = ("", "///", "...", "xxx", "")
    for place, (use, label) in enumerate(uses):
        hours = table[use].to_numpy()
        colour = PALETTE[(0, 2, 3, 5, 7)[place]]
        axis.barh(
            roles, hours, left=left, color=colour, hatch=hatches[place], edgecolor="white", label=named(label)
        )
        left += hours
    labelled(axis, ("hours a person and year", "人均年工时"))
    figure.legend(*axis.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=7)
    return figure


def duties(scenario: Scenario) -> Figure:
    """Hours of standing duties a person, by type of unit and role, one replication."""
    people = one_year(scenario).people
    types = people["unit"].astype(str).map(lambda unit: scenario.units[unit].type)
    hours = people.groupby([types, people["role"].astype(str)])["duty_s"].mean() / 3600
    hours = hours[hours > 0].sort_values()
    labels = [
        f"{two(scenario.unit_types[type_].title)}, {scenario.roles[role].title.zh}"
        for type_, role in hours.index
    ]
    figure, (axis,) = panels(height=0.24 * len(hours) + 0.9)
    axis.barh(labels, hours, color=PALETTE[1])
    axis.tick_params(axis="y", labelsize=7)
    labelled(axis, ("hours a person and year", "人均年工时"))
    return figure


def award_count(scenario: Scenario) -> Figure:
    """Awards of the bureau in a year, over 300 replications."""
    people = [
        (person.name, person.role)
        for person in draw_people(scenario, calendar_of(scenario), Streams(SEED, 0))
    ]
    counts = [
        int(earned(scenario, people, 2025, Streams(SEED, replication)).awards.sum())
        for replication in range(300)
    ]
    figure, (axis,) = panels()
    share = np.bincount(counts) / len(counts) * 100
    axis.bar(np.arange(len(share)), share, color=PALETTE[1], width=0.8)
    labelled(axis, ("degrees and certificates in a year", "一年取得的学历与证书"), ("years (%)", "年份（%）"))
    return figure


def project_plan(scenario: Scenario) -> Figure:
    """Share of a project's stages that are planned to have begun, by month."""
    kinds = under(scenario).kinds
    figure, (axis,) = panels()
    for place, (name, kind) in enumerate(one for one in kinds.items() if one[0].startswith(PROJECT)):
        part = scenario.projects.classes[name.removeprefix(PROJECT)]
        pauses = [
            step.amount
            for key, step in kind.route.items()
            if key.startswith("pause_") and isinstance(step, Delay)
        ]
        begun = np.concatenate([[0.0], np.cumsum(pauses)]) * 12 / 365
        share = np.arange(1, part.stages + 1) / part.stages * 100
        colour, style = PALETTE[place], ("-", "--", "-.")[place]
        axis.step(begun, share, where="post", color=colour, linestyle=style, label=two(part.title))
        axis.plot(given(kind.limit).amount * 12 / 365, 100, "v", color=colour)
    labelled(
        axis,
        ("months from the start of the year (▾ due)", "年初起月数（▾ 到期）"),
        ("stages planned to begin (%)", "计划开工阶段（%）"),
    )
    legend(axis)
    return figure


def accepted(scenario: Scenario) -> Figure:
    """Days that projects are accepted before they are due, with supervision and without, one replication."""
    figure, (axis,) = panels()
    sides = (
        (("without supervision", "无督查"), 0.0, "-"),
        (("with", "有督查"), scenario.projects.supervision_days, "--"),
    )
    for label, days, style in sides:
        requests = one_year(scenario, {"projects.supervision_days": float(days)}).requests
        mine = requests[requests["kind"].astype(str).str.startswith(PROJECT) & (requests["finish_s"] >= 0)]
        early = np.sort((mine["due_s"] - mine["finish_s"]).to_numpy() / DAY_S)
        axis.plot(early, np.arange(1, len(early) + 1) / len(early) * 100, linestyle=style, label=named(label))
    labelled(
        axis,
        ("accepted so many days before it is due", "提前验收天数"),
        ("projects, at most (%)", "项目累计（%）"),
    )
    legend(axis)
    return figure


def project_store(scenario: Scenario) -> Figure:
    """Projects in store and lagging at each month's end, with the chain and without it, one replication."""
    hindered = {"projects.hindrances.on": True, "projects.supervision_days": 0.0}
    chain = ("hindrances", "unit_checks", "bureau_checks", "owners", "urgency")
    sides = (
        (("without the chain", "无管理链条"), hindered, "-"),
        (("with", "有管理链条"), {f"projects.{part}.on": True for part in chain}, "--"),
    )
    shown = {"projects_in_store": ("in store", "在库"), "projects_lagging": ("lagging", "滞后")}
    figure, (axis,) = panels()
    for label, changes, style in sides:
        rows = one_year(scenario, changes).outcomes
        rows = rows[(rows["unit"] == "") & (rows["month"] > 0)]
        for colour, (name, told) in enumerate(shown.items()):
            mine = rows[rows["outcome"] == name]
            axis.plot(
                mine["month"],
                mine["value"],
                linestyle=style,
                color=PALETTE[colour],
                label=f"{named(told)}, {named(label)}",
            )
    axis.set_ylim(0, 1.8 * axis.get_ylim()[1])  # room for the legend
    labelled(axis, ("month", "月"), ("projects at its end", "月末项目数"))
    legend(axis)
    return figure
