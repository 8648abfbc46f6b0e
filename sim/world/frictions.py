"""Frictions on a request's way, written into its route.

Each chance is decided by the request's own luck, so a rule that lowers a chance spares some of the same
requests and affects no others.
"""

from __future__ import annotations

from sim.scenario.frictions import Absence, Errors, Misdirection, Overreach, RepeatPetitions
from sim.scenario.schema import Scenario
from sim.scenario.steps import END, Check, Delay, Work

from .reroute import Route, at_the_end, before, fork, in_front, pause, task, works

# Steps that outcomes count
UNSEEN = "violation.unseen"  # a violation goes on
IDLE = "absence.idle"  # nobody takes the matter up
COMPLAINT, REVERSAL = "overreach.complaint", "overreach.reversal"
AGAIN = "repeat.again"  # until the matter comes again


def with_frictions(scenario: Scenario, kind: str, route: Route) -> Route:
    """Return the route of a kind with its frictions after it was begun at the right desk."""
    frictions, clarity = scenario.frictions, scenario.service_rules.clarity
    inspected = scenario.service_rules.superior_inspection
    if frictions.absence.on and _concerns(frictions.absence.kinds, kind):
        chance = clarity.absence_factor if clarity.on else 1.0
        if inspected.on:
            chance *= inspected.absence_factor
        route = absent(route, frictions.absence, chance, inspected.idle_factor if inspected.on else 1.0)
    last = next((step.at for step in reversed(works(route).values())), None)
    if frictions.errors.on and kind in frictions.errors.kinds and last:
        route = erroneous(route, frictions.errors, frictions.errors.kinds[kind], last)
    if frictions.overreach.on and _concerns(frictions.overreach.kinds, kind) and last:
        chance = (clarity.overreach_factor if clarity.on else 1.0) * educated(scenario)
        if inspected.on:
            chance *= inspected.overreach_factor
        time = inspected.complaint_factor if inspected.on else 1.0
        route = overreaching(route, frictions.overreach, chance, last, time)
    if frictions.repeat_petitions.on and kind in frictions.repeat_petitions.kinds:
        route = repeated(route, frictions.repeat_petitions, 1.0 - paired_effect(scenario))
    return route


def educated(scenario: Scenario) -> float:
    """Return the factor of a year's integrity education on acts without mandate."""
    sessions = scenario.study.integrity_sessions_a_year if scenario.study is not None else 0
    return (1.0 - scenario.frictions.overreach.integrity_effect) ** sessions


def _concerns(kinds: str | tuple[str, ...], kind: str) -> bool:
    return kinds == "all" or kind in kinds


def misdirected(scenario: Scenario, kind: str, route: Route) -> Route:
    """Return the route with the wrong desk before it.

    A misdirected applicant comes back days later; under first-asked responsibility a short step of work at
    the station of the first step hands them on.
    """
    friction, clarity = scenario.frictions.misdirection, scenario.service_rules.clarity
    if not (friction.on and _concerns(friction.kinds, kind)):
        return route
    first, first_asked = next(iter(route)), scenario.service_rules.first_asked
    desk = next((step.at for step in works(route).values()), None)
    if first_asked.on and desk:
        aside: Work | Delay = task(desk, first_asked.minutes, first, complexity=False)
    else:
        aside = _waiting(friction, "applicant", first, stops_clock=friction.stops_clock)
    chance = friction.chance * (clarity.misdirection_factor if clarity.on else 1.0)
    booklet = scenario.service_rules.booklet
    if booklet.on and _concerns(booklet.kinds, kind):
        chance *= booklet.misdirection_factor
    return in_front(route, {"desk.asked": fork(chance, "desk.wrong", first), "desk.wrong": aside})


def unseen(scenario: Scenario, kind: str, route: Route) -> Route:
    """Return the route of a kind of violations, which begins when one is found: until then it goes on unseen.

    The delay drawn is that until others report it; patrol may shorten it (`sim.world.violations`).
    """
    friction = scenario.frictions.violations
    if not (friction.on and kind in friction.kinds):
        return route
    until_reported = pause(
        "other", friction.days, friction.cv, next(iter(route)), stops_clock=False, restarts_clock=True
    )
    return in_front(route, {UNSEEN: until_reported.model_copy(update={"per": "calendar_days"})})


def _waiting(
    friction: Misdirection | Overreach | Absence | RepeatPetitions | Errors,
    reason: str,
    next_: str,
    *,
    stops_clock: bool,
    restarts_clock: bool = False,
    time: float = 1.0,
) -> Delay:
    return pause(
        reason,
        friction.days * time,
        friction.cv,
        next_,
        stops_clock=stops_clock,
        restarts_clock=restarts_clock,
    )


def absent(route: Route, friction: Absence, factor: float, time: float = 1.0) -> Route:
    """Return the route with a possible pause before its middle step of work; the time limit runs on."""
    places = list(works(route))
    if not places:
        return route
    middle = places[len(places) // 2]
    return before(
        route,
        middle,
        {
            "absence.asked": fork(friction.chance * factor, IDLE, middle),
            IDLE: _waiting(friction, "other", middle, stops_clock=False, time=time),
        },
    )


def erroneous(route: Route, friction: Errors, chance: float, last: str) -> Route:
    """Return the route with a possible error at its end, which is corrected if found.

    Until it is found the time limit stands still: the request seemed finished.
    """
    return at_the_end(
        route,
        {
            "error.check": Check(chance=chance, caught=friction.caught, next="error.found", sound=END),
            "error.found": _waiting(friction, "other", "error.correct", stops_clock=True),
            "error.correct": task(friction.at or last, friction.minutes, END, complexity=True),
        },
    )


def overreaching(route: Route, friction: Overreach, factor: float, last: str, time: float = 1.0) -> Route:
    """Return the route with a possible complaint after its end of an act without mandate, then reversed.

    Until the complaint, the time limit stands still.
    """
    return at_the_end(
        route,
        {
            "overreach.done": fork(friction.chance * factor, COMPLAINT, END),
            COMPLAINT: _waiting(friction, "applicant", REVERSAL, stops_clock=True, time=time),
            REVERSAL: task(friction.at or last, friction.minutes, END, complexity=True),
        },
    )


def repeated(route: Route, friction: RepeatPetitions, factor: float) -> Route:
    """Return the route with possible repeats after its end: it begins again, and may repeat again.

    Each repeat begins a new time limit; a request that was late stays late.
    """
    first = next(iter(route))
    return at_the_end(
        route,
        {
            "repeat.asked": fork(friction.chance * factor, AGAIN, END),
            AGAIN: _waiting(friction, "applicant", first, stops_clock=False, restarts_clock=True),
        },
    )


def paired_effect(scenario: Scenario) -> float:
    """Return the share of repeat petitions that pairing leaders with petition households settles, 0 to 1.

    It is paired households over all long-standing ones (at most 1), times the effect on a paired one.
    """
    pairing = scenario.service_rules.petition_pairing
    if not pairing.on or scenario.frictions.old_households.on:  # those households are cases of their own
        return 0.0
    leaders = sum(staff.count for staff in scenario.staff.values() if staff.role == pairing.role)
    paired = pairing.households_each * leaders
    return pairing.effect * min(1.0, paired / pairing.old_households)
