"""Words of a scenario's briefing: on what requests spend their time, and what a step is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.places import PLACES
from sim.report.words import Text, pick
from sim.scenario.steps import Delay, Sitting, Work

if TYPE_CHECKING:
    from sim.report.results import Results
    from sim.scenario import Scenario

PART_TITLES = {
    "waiting": Text(en="waiting for somebody who works on it", zh="等候办理"),
    "in_hand": Text(en="in hand, with nights and days off", zh="办理中（含夜间和休息日）"),
    "transfer": Text(en="on its way between desks", zh="内部流转"),
    "outside_department": Text(en="at other departments", zh="外部门办理"),
    "public_notice": Text(en="public notice", zh="公告公示"),
    "applicant": Text(en="with the applicant", zh="申请人补正"),
    "other": Text(en="other waits", zh="其他等待"),
}
_ADDED = {  # steps that rules and frictions insert, by what stands before the dot of their names
    "absence": PLACES["absence"],
    "desk": PLACES["misdirection"],
    "error": PLACES["errors"],
    "overreach": PLACES["overreach"],
    "repeat": PLACES["repeat_petitions"],
}
_OWN = Text(en="own unit", zh="受理单位")


def step_title(results: Results, kind: str, step: str) -> str:
    """Return what a step is called: in English by its name in the file, in both by who does it or why it
    waits."""
    if step.endswith("."):
        added = _ADDED.get(step[:-1])
        return step[:-1].replace("_", " ") if added is None else pick(added, results.lang)
    route = results.route(kind)
    one = route.get(step) or route[next(name for name in route if name.rpartition("_")[0] == step)]
    if isinstance(one, Work):
        who = _station(results.study.scenario, one.at, results.lang)
    elif isinstance(one, Sitting):
        who = results.text("sitting", "会审")
    else:
        reason = one.reason if isinstance(one, Delay) else "applicant"
        who = pick(PART_TITLES[reason], results.lang)
    return f"{step.replace('_', ' ')} ({who})" if results.lang == "en" else who


def _station(scenario: Scenario, station: str, lang: str) -> str:
    unit, role = station.split("/")
    place = _OWN if unit == "own" else scenario.units[unit].title
    parts = [pick(place, lang), pick(scenario.roles[role].title, lang)]
    return ": ".join(parts) if lang == "en" else "·".join(parts)
