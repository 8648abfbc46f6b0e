"""Check the parts of a scenario against each other: names exist, routes end, somebody can do the work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .check_rules import OWN, Able, Problem, able_staff, known, nobody, rule_problems
from .request_tables import read_rates, read_replay
from .schema import Scenario
from .service import Kind, Profile
from .steps import END, Branch, Return, Sitting, Step, Work

Used = tuple[str, str, str, str, str]  # work is done: kind, step, key of the station, unit, role


def problems(scenario: Scenario) -> Iterator[Problem]:
    """Return every inconsistency between the parts, in the order of the file."""
    yield from _organisation(scenario)
    for name, kind in scenario.kinds.items():
        yield from _route(scenario, name, kind)
    homes = {kind: home_units(scenario, kind) for kind in scenario.kinds}
    used, able = list(stations_used(scenario, homes)), able_staff(scenario)
    yield from _demand(scenario, used, able)
    yield from _duties(scenario)
    yield from _assessment(scenario, used)
    yield from rule_problems(scenario, homes, able)


def _organisation(scenario: Scenario) -> Iterator[Problem]:
    for name, unit in scenario.units.items():
        if name == OWN:
            message = f"a unit cannot be called '{OWN}', which means the unit a request came to"
            yield Problem(("units", name), message, "Give it another name")
        yield from known(("units", name, "type"), unit.type, "unit type", scenario.unit_types)
    for name, kind_of_unit in scenario.unit_types.items():
        if kind_of_unit.scorecard is not None:
            yield from known(
                ("unit_types", name, "scorecard"), kind_of_unit.scorecard, "scorecard", scenario.scorecards
            )
        if kind_of_unit.preemption != "none" and kind_of_unit.discipline != "class_priority":
            yield Problem(
                ("unit_types", name, "preemption"),
                "preemption needs the discipline 'class_priority'",
                "Set 'discipline', or preemption: none",
            )
    for name, staff in scenario.staff.items():
        here = ("staff", name)
        yield from known((*here, "unit"), staff.unit, "unit", scenario.units)
        yield from known((*here, "role"), staff.role, "role", scenario.roles)
        yield from known((*here, "grade"), staff.grade, "grade", scenario.grades)
        for number, skill in enumerate(() if staff.skills == "all" else staff.skills):
            yield from known((*here, "skills", str(number)), skill, "skill", scenario.kinds)
        for number, station in enumerate(staff.also_serves):
            other, _, role = station.partition("/")
            there = (*here, "also_serves", str(number))
            yield from known(there, other, "unit", scenario.units)
            yield from known(there, role, "role", scenario.roles)
            if (
                other in scenario.units
                and staff.unit in scenario.units
                and _sound_types(scenario, other, staff.unit)
            ):
                first, second = (
                    scenario.setting(staff.unit, "discipline"),
                    scenario.setting(other, "discipline"),
                )
                if first != second:
                    yield Problem(
                        there,
                        f"{staff.unit} serves by '{first}' and {unit} by '{second}': who would be next?",
                        "Give both units the same discipline",
                    )
        for person in staff.names:
            if re.fullmatch(r".* \(\d{4}\)", person):
                yield Problem(
                    (*here, "names"),
                    f"'{person}' is how somebody is called who takes a post in that year",
                    "Leave the year out of the name",
                )
    yield from _names_taken(scenario)


def _names_taken(scenario: Scenario) -> Iterator[Problem]:
    """Report people of the same name. Those of a numbered group are not listed: there may be millions."""
    given: dict[str, str] = {}  # the group of a person who has a name of their own
    by_stem: dict[str, list[tuple[str, int]]] = {}  # those of them whose name ends with a number
    numbered: dict[str, int] = {}  # how many people a numbered group has
    for group, staff in scenario.staff.items():
        found = []
        if not staff.names and staff.count > 1:
            numbered[group] = staff.count
            found = [(p, given[p]) for p, number in by_stem.get(group, ()) if number <= staff.count]
        else:
            for person in people_of(group, staff.count, staff.names):
                stem, number = _stem(person)
                if person in given or 1 <= number <= numbered.get(stem, 0):
                    found.append((person, given.get(person, stem)))
                given[person] = group
                if number:
                    by_stem.setdefault(stem, []).append((person, number))
        for person, other in found:
            yield Problem(
                ("staff", group, "names"),
                f"the name '{person}' is already taken by staff.{other}",
                "Give every person a name of their own",
            )


def _stem(person: str) -> tuple[str, int]:
    """Split a name as `people_of` makes them into the group and the number; 0 for any other name."""
    stem, _, number = person.rpartition("_")
    right = number.isascii() and number.isdigit() and not number.startswith("0") and len(number) < 6
    return stem, int(number) if right else 0


def _sound_types(scenario: Scenario, *units: str) -> bool:
    return all(scenario.units[unit].type in scenario.unit_types for unit in units)


def people_of(group: str, count: int, names: tuple[str, ...]) -> list[str]:
    """Return the names of the people of a staff entry: as given, or the group's name with a number."""
    return (
        list(names[:count])
        if names
        else [group]
        if count == 1
        else [f"{group}_{number}" for number in range(1, count + 1)]
    )


def successors(kind: Kind) -> dict[str, dict[str, str]]:
    """Return the possible successors of each step: ``{step: {role of the exit: next step or 'end'}}``."""
    names = list(kind.route)
    following = dict(zip(names, [*names[1:], END], strict=True))
    exits: dict[str, dict[str, str]] = {}
    for name, step in kind.route.items():
        if isinstance(step, Branch):
            exits[name] = {f"to.{target}": target for target, chance in step.to.items() if chance > 0}
            continue
        exits[name] = {"next": step.next or following[name]}
        if isinstance(step, Return) and step.chance > 0:
            exits[name]["back_to"] = step.back_to
    return exits


def _route(scenario: Scenario, name: str, kind: Kind) -> Iterator[Problem]:
    here = ("kinds", name, "route")
    targets = [*kind.route, END]
    if END in kind.route:
        message = f"a step cannot be called '{END}', which is the end of a route"
        yield Problem((*here, END), message, "Give it another name")
    sound = True
    for step_name, step in kind.route.items():
        there = (*here, step_name)
        if isinstance(step, Branch):
            for target in step.to:
                if target not in targets:
                    sound = False
                    yield from known((*there, "to", target), target, "step", targets)
            total = sum(step.to.values())
            if abs(total - 1) > 1e-9:
                yield Problem((*there, "to"), f"the probabilities sum to {total:g}", "They must sum to 1")
        else:
            for key in ("next", "back_to"):
                following = getattr(step, key, None)
                if following is not None and following not in targets:
                    sound = False
                    yield from known((*there, key), following, "step", targets)
        if isinstance(step, Sitting):
            yield from known((*there, "committee"), step.committee, "committee", scenario.committees)
        if isinstance(step, Work):
            if step.same_person and step_name == next(iter(kind.route)):
                message = "nobody worked on the matter before its first step"
                yield Problem((*there, "same_person"), message, "Ask for the same person at a later step")
            if step.joined_by == step.at:
                message, remedy = (
                    f"'{step.at}' is the station itself",
                    "Raise 'people', or name another station",
                )
                yield Problem((*there, "joined_by"), message, remedy)
            for key, station in _stations(step):
                unit, _, role = station.partition("/")
                yield from known((*there, key), unit, "unit", [OWN, *scenario.units])
                yield from known((*there, key), role, "role", scenario.roles)
    if sound:
        yield from _endless(here, kind)


def _endless(here: tuple[str, ...], kind: Kind) -> Iterator[Problem]:
    """Check that every reachable step leads to the end, and not only by a bounded number of returns."""
    exits = successors(kind)
    onward = {
        step: {target for role, target in ways.items() if role != "back_to"} for step, ways in exits.items()
    }
    ending = {END}
    while more := {step for step, ways in onward.items() if ways & ending} - ending:
        ending |= more
    reached = _reached(kind, {step: set(ways.values()) for step, ways in exits.items()})
    if stuck := [step for step in kind.route if step in reached and step not in ending]:
        yield Problem(
            (*here, stuck[-1]),  # where the loop closes, mostly
            f"the route never ends: from step '{stuck[-1]}' the end cannot be reached",
            "Let a 'next' or a branch lead to 'end'",
        )
        return
    # A way that is closed for now (a chance of 0, as a policy may set it) still leads there.
    written = {step: set(ways.values()) | _closed(kind.route[step]) for step, ways in exits.items()}
    known = _reached(kind, written)
    for step in kind.route:
        if step not in known:
            yield Problem((*here, step), f"no request ever reaches step '{step}'", "Lead to it, or delete it")


def _reached(kind: Kind, ways: dict[str, set[str]]) -> set[str]:
    reached, frontier = {END}, [next(iter(kind.route))]
    while frontier:
        step = frontier.pop()
        if step not in reached:
            reached.add(step)
            frontier.extend(ways[step])
    return reached


def _closed(step: Step) -> set[str]:
    if isinstance(step, Branch):
        return set(step.to)
    return {step.back_to} if isinstance(step, Return) else set()


def _stations(step: Work) -> list[tuple[str, str]]:
    """Return the stations whose people do a step, each once, with the key that names it."""
    joined = [] if step.joined_by in (None, step.at) else [("joined_by", step.joined_by)]
    return [("at", step.at), *joined]


def stations_used(scenario: Scenario, homes: dict[str, list[str]]) -> Iterator[Used]:
    """Return each (kind, step, key, unit, role) at which work of some demand is done.

    `homes` are the units with which each kind's requests are filed.
    """
    for name, kind in scenario.kinds.items():
        for step_name, step in kind.route.items():
            for key, station in _stations(step) if isinstance(step, Work) else ():
                unit, _, role = station.partition("/")
                for place in homes[name] if unit == OWN else [unit]:
                    yield name, step_name, key, place, role


def home_units(scenario: Scenario, kind: str) -> list[str]:
    """Return the units with which requests of a kind are filed, from volumes or a table."""
    if scenario.replay is not None:
        replay = read_replay(scenario.folder / scenario.replay, scenario)
        if kind in replay.units:
            return replay.units[kind]
    demand = scenario.demand.get(kind)
    if demand is None:
        return []
    if demand.rates is not None:
        rates = read_rates(scenario.folder / demand.rates, scenario)
        return [unit for unit, rate in rates.items() if rate.any()]
    return [unit for unit, volume in demand.volumes.items() if volume > 0]


def _demand(scenario: Scenario, used: list[Used], able: Able) -> Iterator[Problem]:
    for name, demand in scenario.demand.items():
        here: tuple[str, ...] = ("demand", name)
        yield from known(here, name, "kind", scenario.kinds)
        for unit in demand.volumes:
            yield from known((*here, "volumes", unit), unit, "unit", scenario.units)
        if demand.profile is not None:
            yield from known((*here, "profile"), demand.profile, "profile", scenario.profiles)
            profile = scenario.profiles.get(demand.profile, Profile())
            if demand.per == "hour" and 0 in profile.hours and not profile.follows_opening:
                yield Problem(
                    (*here, "per"),
                    f"a rate an hour, and by '{demand.profile}' nobody comes at some hours: of which is it?",
                    "Give a rate a day; or write 'while_open: true' there, for a rate an hour of opening",
                )
    for kind, step, key, unit, role in used:
        if unit not in scenario.units or role not in scenario.roles:
            continue
        here = ("kinds", kind, "route", step)
        if (unit, role, kind) not in able:
            yield nobody((*here, key), unit, role, kind)
            continue
        work = scenario.kinds[kind].route[step]
        people = getattr(work, "people", 1)
        if key == "at" and able[unit, role, kind] < people:
            yield Problem(
                (*here, "people"),
                f"{people} people at once, and {able[unit, role, kind]} at {unit}/{role} can do '{kind}'",
                f"Give {unit} more staff in role '{role}' with the skill, or lower 'people'",
            )


def _duties(scenario: Scenario) -> Iterator[Problem]:
    for block in ("training", "duties"):
        for name, part in getattr(scenario, block).items():
            for number, role in enumerate(part.roles):
                yield from known((block, name, "roles", str(number)), role, "role", scenario.roles)
    for name, duty in scenario.duties.items():
        for number, unit in enumerate(() if duty.units == "all" else duty.units):
            yield from known(("duties", name, "units", str(number)), unit, "unit", scenario.units)


def _assessment(scenario: Scenario, used: list[Used]) -> Iterator[Problem]:
    assessed = [name for name, part in scenario.unit_types.items() if part.scorecard is not None]
    for block in ("assessment", "pay"):
        if assessed and getattr(scenario, block) is None:
            yield Problem(
                (block,),
                f"missing, but units of type '{assessed[0]}' are assessed",
                f"Add '{block}', or remove the scorecard",
            )
    for card, part in scenario.scorecards.items():
        for name, item in part.items.items():
            for number, kind in enumerate(item.kinds):
                here = ("scorecards", card, "items", name, "kinds", str(number))
                yield from known(here, kind, "kind", scenario.kinds)
            if item.limit is not None:
                asked = item.kinds or tuple(scenario.kinds)
                limits = {
                    limit for kind in asked if kind in scenario.kinds for limit in scenario.kinds[kind].limits
                }
                yield from known(
                    ("scorecards", card, "items", name, "limit"), item.limit, "further limit", limits
                )
    for name in scenario.kinds:
        if scenario.kinds[name].limit is None:
            for unit in [unit for kind, *_, unit, _ in used if kind == name and unit in scenario.units]:
                if (
                    _sound_types(scenario, unit)
                    and scenario.setting(unit, "discipline") == "earliest_due_date"
                ):
                    yield Problem(
                        ("kinds", name, "limit"),
                        f"{unit} serves by earliest due date, but '{name}' has no time limit",
                        "Give a limit",
                    )
                    break
