"""Check service rules, frictions, projects and people against the rest of a scenario.

Names exist, and where a rule is on, somebody can do the work that it brings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .errors import nearest
from .schema import Scenario
from .source import Path_

OWN = "own"
PARTNER = "partner."  # the unit that helps the one a request came to; with a dot, which no file can write
Able = Counter[tuple[str, str, str]]  # how many can do it, by unit, role, kind


class Problem(NamedTuple):
    path: tuple[str, ...]
    message: str
    remedy: str | None = None


def known(path: tuple[str, ...], name: str, what: str, names: Iterable[str]) -> Iterator[Problem]:
    """Report an unknown name."""
    if name not in names:
        yield Problem(path, f"unknown {what} '{name}'", nearest(name, names))


def all_known(
    path: tuple[str, ...], given: Iterable[str], what: str, names: Iterable[str]
) -> Iterator[Problem]:
    """Report unknown names in a list or the keys of a block; 'all' is always known."""
    if given == "all":
        return
    keyed = isinstance(given, dict)
    for number, name in enumerate(given):
        yield from known((*path, name if keyed else str(number)), name, what, names)


def able_staff(scenario: Scenario) -> Able:
    """Return how many people can do what where; without those of whom there is nobody."""
    able: Able = Counter()
    for staff in scenario.staff.values():
        if staff.count > 0:
            stations = {(staff.unit, staff.role), *(tuple(one.split("/")) for one in staff.also_serves)}
            for unit, role in stations:
                for skill in scenario.kinds if staff.skills == "all" else staff.skills:
                    able[unit, role, skill] += staff.count
    return able


def rule_problems(scenario: Scenario, homes: dict[str, list[str]], able: Able) -> Iterator[Problem]:
    """Return every problem of the rules.

    `homes` are the units with which each kind's requests are filed; `able` is `able_staff`.
    """
    yield from _kinds(scenario)
    yield from _shares(scenario)
    yield from _doorstep(scenario, homes, able)
    yield from _teams(scenario)
    yield from _pairing(scenario)
    yield from _assistance(scenario, homes, able)
    if scenario.practice.on and scenario.practice.visit_rate > 0:
        yield from known(("practice", "visit_duty"), scenario.practice.visit_duty, "duty", scenario.duties)
    yield from _seen_outside(scenario)
    yield from _mended_at(scenario, homes, able)
    yield from _projects(scenario)
    own = ("behaviour", "responsive", "people", "by_unit")
    yield from all_known(own, scenario.behaviour.responsive.people.by_unit, "unit", scenario.units)
    lines, careers, types = scenario.assessment, scenario.careers, scenario.unit_types
    if lines is not None:
        yield from all_known(("assessment", "excellent_types"), lines.excellent_types, "unit type", types)
    yield from all_known(("careers", "grassroots_types"), careers.grassroots_types, "unit type", types)
    yield from all_known(("careers", "head_roles"), careers.head_roles, "role", scenario.roles)
    for name, award in scenario.awards.items():
        yield from all_known(("awards", name, "roles"), award.roles, "role", scenario.roles)


def _kinds(scenario: Scenario) -> Iterator[Problem]:
    for block in ("service_rules", "frictions"):
        for name, part in getattr(scenario, block):
            if hasattr(part, "kinds"):
                yield from all_known((block, name, "kinds"), part.kinds, "kind", scenario.kinds)


def _shares(scenario: Scenario) -> Iterator[Problem]:
    """Check that a request comes by one channel."""
    rules = scenario.service_rules
    on = [name for name in ("online", "early", "doorstep") if getattr(rules, name).on]
    for kind in scenario.kinds:
        total = sum(getattr(rules, name).kinds.get(kind, 0.0) for name in on)
        if total > 1 + 1e-9:
            yield Problem(
                ("service_rules", on[-1], "kinds", kind),
                f"{' and '.join(on)} together take {total:g} of '{kind}'",
                "Let the shares of a kind sum to at most 1",
            )


def _doorstep(scenario: Scenario, homes: dict[str, list[str]], able: Able) -> Iterator[Problem]:
    rule, here = scenario.service_rules.doorstep, ("service_rules", "doorstep")
    if not rule.on:
        return
    yield from known((*here, "role"), rule.role, "role", scenario.roles)
    if rule.role not in scenario.roles:
        return
    for kind, share in rule.kinds.items():
        if kind in scenario.kinds and share > 0:
            for unit in homes.get(kind, ()):
                if unit in scenario.units and (unit, rule.role, kind) not in able:
                    yield nobody((*here, "kinds", kind), unit, rule.role, kind)


def nobody(path: tuple[str, ...], unit: str, role: str, kind: str) -> Problem:
    """Report work that nobody can do."""
    return Problem(
        path,
        f"nobody at {unit}/{role} can do '{kind}'",
        f"Give {unit} staff in role '{role}' with the skill",
    )


def _teams(scenario: Scenario) -> Iterator[Problem]:
    rules = scenario.service_rules
    here: Path_ = ("service_rules", "pooling")
    yield from all_known((*here, "units"), rules.pooling.units, "unit", scenario.units)
    yield from all_known((*here, "roles"), rules.pooling.roles, "role", scenario.roles)
    if rules.pooling.on:
        yield from _same_discipline(scenario, (*here, "units"), rules.pooling.units)
    for name, team in rules.mobile_support.teams.items():
        here = ("service_rules", "mobile_support", "teams", name)
        yield from all_known((*here, "groups"), team.groups, "group of staff", scenario.staff)
        yield from all_known((*here, "units"), team.units, "unit", scenario.units)
        if rules.mobile_support.on:
            own = tuple(scenario.staff[group].unit for group in team.groups if group in scenario.staff)
            yield from _same_discipline(scenario, (*here, "units"), (*own, *team.units))


def _same_discipline(scenario: Scenario, path: tuple[str, ...], units: tuple[str, ...]) -> Iterator[Problem]:
    """Check that units served by the same people have one queue discipline."""
    sound = [
        unit for unit in units if unit in scenario.units and scenario.units[unit].type in scenario.unit_types
    ]
    disciplines = {unit: scenario.setting(unit, "discipline") for unit in sound}
    if len(set(disciplines.values())) > 1:
        first = next(iter(disciplines))
        other = next(unit for unit in disciplines if disciplines[unit] != disciplines[first])
        yield Problem(
            path,
            f"{first} serves by '{disciplines[first]}' and {other} by '{disciplines[other]}': "
            "who would be next?",
            "Give all units that share people the same discipline",
        )


def _pairing(scenario: Scenario) -> Iterator[Problem]:
    rule = scenario.service_rules.petition_pairing
    path = ("service_rules", "petition_pairing", "role")
    if not rule.on:
        return
    yield from known(path, rule.role, "role", scenario.roles)
    if rule.role in scenario.roles and not any(
        staff.role == rule.role and staff.count > 0 for staff in scenario.staff.values()
    ):
        yield Problem(path, f"nobody is '{rule.role}'", "Name a role that somebody has")


def _assistance(scenario: Scenario, homes: dict[str, list[str]], able: Able) -> Iterator[Problem]:
    rule, here = scenario.service_rules.assistance, ("service_rules", "assistance")
    yield from all_known((*here, "partners"), rule.partners, "unit", scenario.units)
    for unit, partner in rule.partners.items():
        path = (*here, "partners", unit)
        yield from known(path, partner, "unit", scenario.units)
        if partner == unit:
            yield Problem(path, f"'{unit}' would help itself", "Name another unit")
    if not rule.on:
        return
    yield from known((*here, "role"), rule.role, "role", scenario.roles)
    for kind in (kind for kind in rule.kinds if kind in scenario.kinds):
        for unit in homes.get(kind, ()):
            partner_of = rule.partners.get(unit)
            if partner_of is None:
                message = f"'{kind}' comes to {unit}, which no unit helps"
                yield Problem((*here, "partners"), message, f"Say which unit helps {unit}")
            elif (partner_of, rule.role, kind) not in able and partner_of in scenario.units:
                yield nobody((*here, "partners", unit), partner_of, rule.role, kind)


def _seen_outside(scenario: Scenario) -> Iterator[Problem]:
    """Check what violations, old households, inspections and meetings name."""
    frictions, rules = scenario.frictions, scenario.service_rules
    if frictions.violations.on:
        here = ("frictions", "violations", "duty")
        yield from known(here, frictions.violations.duty, "standing duty", scenario.duties)
    if frictions.old_households.on:
        path = ("frictions", "old_households", "kind")
        yield from known(path, frictions.old_households.kind, "kind", scenario.kinds)
        demand = scenario.demand.get(frictions.old_households.kind)
        if frictions.old_households.kind in scenario.kinds and (
            demand is None or not demand.scale or not any(demand.volumes.values())
        ):
            yield Problem(path, "nobody comes with it by volumes", "Name a kind that has 'demand' by volumes")
    for name, rule in (
        ("superior_inspection", rules.superior_inspection),
        ("joint_meeting", rules.joint_meeting),
    ):
        if rule.on:
            yield from known(("service_rules", name, "role"), rule.role, "role", scenario.roles)
    yield from all_known(("satisfaction", "kinds"), scenario.satisfaction.kinds, "kind", scenario.kinds)
    named = scenario.departments.titles
    for name, shared in (
        ("information_sharing", rules.information_sharing.departments),
        ("joint_meeting", rules.joint_meeting.departments),
    ):
        yield from all_known(("service_rules", name, "departments"), shared, "department", named)
    yield from all_known(
        ("departments", "delay_factor"), scenario.departments.delay_factor, "department", named
    )
    yield from all_known(("departments", "cv"), scenario.departments.cv, "department", named)
    for kind, part in scenario.kinds.items() if scenario.departments.on else ():
        for step, delay in part.route.items():
            asked = getattr(delay, "departments", {})
            yield from all_known(("kinds", kind, "route", step, "departments"), asked, "department", named)


def _mended_at(scenario: Scenario, homes: dict[str, list[str]], able: Able) -> Iterator[Problem]:
    """Return the stations at which errors are corrected and acts reversed, if named."""
    for name in ("errors", "overreach"):
        friction, path = getattr(scenario.frictions, name), ("frictions", name, "at")
        if friction.at is None:
            continue
        unit, _, role = friction.at.partition("/")
        found = [
            *known(path, unit, "unit", [OWN, *scenario.units]),
            *known(path, role, "role", scenario.roles),
        ]
        yield from found
        if found or not friction.on:
            continue
        for kind in scenario.kinds if friction.kinds == "all" else friction.kinds:
            for place in homes.get(kind, ()) if unit == OWN else [unit]:
                if kind in scenario.kinds and place in scenario.units and (place, role, kind) not in able:
                    yield nobody(path, place, role, kind)


def _projects(scenario: Scenario) -> Iterator[Problem]:
    projects, here = scenario.projects, ("projects",)
    manned = {
        station
        for staff in scenario.staff.values()
        if staff.count > 0
        for station in (f"{staff.unit}/{staff.role}", *staff.also_serves)
    }
    wanted = any(any(part.a_year.values()) for part in projects.classes.values())
    if projects.on and wanted and scenario.horizon.years is None:
        message = "projects are of a year, but the horizon is in minutes"
        yield Problem((*here, "on"), message, "Give the horizon in years, or switch the projects off")
    if projects.accepted_at is not None:
        unit, _, role = projects.accepted_at.partition("/")
        yield from known((*here, "accepted_at"), unit, "unit", [OWN, *scenario.units])
        yield from known((*here, "accepted_at"), role, "role", scenario.roles)
    for name, part in projects.classes.items():
        there = (*here, "classes", name)
        yield from all_known((*there, "a_year"), part.a_year, "unit", scenario.units)
        if not projects.on:
            continue
        yield from known((*there, "role"), part.role, "role", scenario.roles)
        for unit in (unit for unit, count in part.a_year.items() if count and unit in scenario.units):
            needed = [
                f"{unit}/{part.role}",
                f"{unit}/{projects.break_down_role}",
                (projects.accepted_at or f"{unit}/{projects.break_down_role}").replace(f"{OWN}/", f"{unit}/"),
            ]
            for station in needed:
                place, _, role = station.partition("/")
                if place in scenario.units and role in scenario.roles and station not in manned:
                    message = f"nobody is at {station}, where projects of '{unit}' are worked on"
                    remedy = "Take the unit out, or name a role it has"
                    yield Problem((*there, "a_year", unit), message, remedy)
    if projects.on and wanted:
        path = (*here, "break_down_role")
        yield from known(path, projects.break_down_role, "role", scenario.roles)
