"""The policies to try first on a scenario made of a log: one more person, pooled desks, a tighter limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.authoring.files import header, write
from sim.authoring.new import first_policy
from sim.report.words import Text
from sim.scenario import Scenario
from sim.scenario.steps import Work

TIGHTER = 0.75  # of the limit
MOST_STATIONS = 41  # of a person: their own, and 40 that they serve too


def write_policies(folder: Path, scenario: Scenario) -> list[str]:
    """Write the policies into the scenario's folder, and return their names."""
    names = []
    for name, title, reason, changes in _policies(scenario):
        file = folder / "policies" / f"{name}.yaml"
        shown = [(path, str(value)) for path, value in changes.items()]
        write(file, "policy.yaml", header=header("policy", 2), title=title, reason=reason, changes=shown)
        names.append(name)
    return [*names, first_policy(folder, scenario)]


def _policies(scenario: Scenario) -> Iterator[tuple[str, Text, Text, dict[str, Any]]]:
    limits = {name: kind.limit for name, kind in scenario.kinds.items() if kind.limit is not None}
    tighter = {
        f"kinds.{name}.limit.amount": max(int(TIGHTER * limit.amount), 1) for name, limit in limits.items()
    }
    tighter = {path: days for path, days in tighter.items() if days < limits[path.split(".")[1]].amount}
    if tighter:
        title = Text(en="Limits a quarter shorter", zh="时限缩短四分之一")
        reason = Text(en="The same work, held to a tighter limit.", zh="同样的办件按更短的时限考核。")
        yield "tighter-limit", title, reason, tighter
    steps = (step for kind in scenario.kinds.values() for step in kind.route.values())
    if not any(isinstance(step, Work) for step in steps):  # the log names nobody: staff have nothing to do
        return
    first, group = next(iter(scenario.staff.items()))
    title = Text(en="One more person", zh="增加一人")
    reason = Text(
        en="A second person like the one who is seen most often in the log.",
        zh="按日志中办件最多的人员，再增一人。",
    )
    more = {f"staff.{first}.count": group.count + 1}
    yield "one-more-person", title, reason, more | ({f"staff.{first}.names": []} if group.names else {})
    served = [(f"{one.unit}/{one.role}", *one.also_serves) for one in scenario.staff.values()]
    stations = list(dict.fromkeys(station for stations in served for station in stations))
    pooled = {
        f"staff.{name}.also_serves": [one for one in stations if one != own]
        for (name, group), (own, *others) in zip(scenario.staff.items(), served, strict=True)
        if {own, *others} != set(stations)
    }
    if pooled and len(stations) <= MOST_STATIONS:
        title = Text(en="Pooled desks", zh="岗位通办")
        reason = Text(
            en="Everybody does every step that anybody does, at the same pace; learning costs nothing here.",
            zh="各岗位人员均可办理本单位全部环节，办理速度不变，不计学习成本。",
        )
        yield "pooled-desks", title, reason, {path: f"[{', '.join(one)}]" for path, one in pooled.items()}
