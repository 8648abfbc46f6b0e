"""Note what is valid but suspicious in a scenario: settings without effect, times too short for the clock.

`sim check` prints them; loading is silent, since a scenario may hold what only a policy uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from .calendar import calendar_of, span_of
from .counts import number_of
from .errors import InputError
from .no_effect import without_effect
from .open_matters import open_matters
from .schema import Scenario
from .source import Path_
from .steps import Delay, Draw, Return, Sitting, Work
from .unlikely import unlikely

SHORT_MINUTES = 1.0  # under it, whole seconds are felt (docs/validation.md gives the size)
_MINUTES = {"minutes": 1.0, "hours": 60.0}


def notes(scenario: Scenario) -> list[InputError]:
    """Return the notes in the order of the file, each with file, line and path."""
    found = [
        *_days(scenario),
        *_unused(scenario),
        *without_effect(scenario),
        *unlikely(scenario),
        *_short(scenario),
        *_kept(scenario),
    ]
    told = [scenario.source.error(message, path) for path, message in found]
    return sorted(told, key=lambda note: note.line or 0)


def _days(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Note days in `open` or `closed` that change nothing, or lie outside the horizon."""
    first, days = span_of(scenario)
    last = first + dt.timedelta(days=days - 1)
    for name in ("closed", "open"):
        given = getattr(scenario.calendar, name)
        without = scenario.calendar.model_copy(update={name: ()})
        plain = calendar_of(scenario.model_copy(update={"calendar": without})) if given else None
        for number, date in enumerate(given):
            here = ("calendar", name, str(number))
            if not first <= date <= last:
                yield here, f"{date} lies outside the horizon, {first} to {last}; it has no effect"
            elif plain is not None and plain.working[plain.day_of(date)] == (name == "open"):
                state = "worked" if name == "open" else "a day off"
                yield here, f"{date} is {state} in any case; this has no effect"


def _station(text: str) -> tuple[str, str]:
    unit, _, role = text.partition("/")
    return unit, role


def _unused(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Parts that nothing else in the scenario names. What a policy may switch on counts as used."""
    staffed = [staff for staff in scenario.staff.values() if staff.count > 0]
    steps = [step for kind in scenario.kinds.values() for step in kind.route.values()]
    stations = [(staff.unit, staff.role) for staff in staffed]
    stations += [_station(text) for staff in staffed for text in staff.also_serves]
    asked = [
        _station(one)
        for step in steps
        if isinstance(step, Work)
        for one in (step.at, step.joined_by)
        if one is not None
    ]
    used: dict[str, Iterable[str]] = {
        "units": {
            *(unit for unit, _ in [*stations, *asked]),
            *(unit for demand in scenario.demand.values() for unit in demand.volumes),
            *(unit for part in scenario.projects.classes.values() for unit in part.a_year),
        },
        "roles": {role for _, role in [*stations, *asked]},
        "grades": {staff.grade for staff in scenario.staff.values()},
        "unit_types": {unit.type for unit in scenario.units.values()},
        "profiles": {demand.profile for demand in scenario.demand.values() if demand.profile},
        "committees": {step.committee for step in steps if isinstance(step, Sitting)},
        "scorecards": {part.scorecard for part in scenario.unit_types.values() if part.scorecard},
    }
    open_ = open_matters(scenario)
    by_table = scenario.replay is not None or any(demand.rates for demand in scenario.demand.values())
    if by_table:  # which units it names is not known here
        used["units"] = scenario.units
    if scenario.replay is None:
        used["kinds"] = {
            kind
            for kind, demand in scenario.demand.items()
            if demand.scale > 0 and (demand.rates is not None or any(demand.volumes.values()))
        }
    if open_ is not None:
        used["units"] = {*used["units"], *open_.unit}
        used["kinds"] = {*used.get("kinds", scenario.kinds), *open_.kind}
    said = {
        "units": "nobody works there and no request comes there",
        "roles": "nobody has this role and no step asks for it",
        "grades": "nobody has this grade",
        "unit_types": "no unit is of this type",
        "profiles": "no demand has this profile",
        "committees": "no step is taken there",
        "scorecards": "no type of unit is assessed by it",
        "kinds": "no request of this kind ever comes",
    }
    for block, names in used.items():
        for name in getattr(scenario, block):
            if name not in names:
                yield (block, name), f"{said[block]}; it has no effect"
    for name, staff in scenario.staff.items():
        if 0 < staff.count < len(staff.names):
            yield (
                ("staff", name, "names"),
                f"{number_of(len(staff.names), 'name')} for {staff.count}; the last have no effect",
            )
    roles = {staff.role for staff in staffed}
    for block in ("training", "duties", "awards"):
        for name, part in getattr(scenario, block).items():
            if part.roles != "all" and not roles & set(part.roles):
                yield (block, name, "roles"), "nobody has such a role; it has no effect"
    for name, demand in scenario.demand.items():
        if demand.scale == 0:
            yield ("demand", name, "scale"), "the factor is 0, so nobody comes"
    if open_ is not None and scenario.horizon.warm_up_days:
        yield (
            ("work_in_progress",),
            "the warm-up leaves open matters, too, and these are added; leave 'warm_up_days' out",
        )
    if scenario.calendar.make_up_days is not True and scenario.calendar.country != "CN":
        yield ("calendar", "make_up_days"), "only China has make-up days; this has no effect"


def _short(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Note the shortest of the times that are too short: a scenario made of a log may have hundreds."""
    found = sorted(_short_times(scenario), key=lambda one: one[1])
    if found:
        (path, minutes), others = found[0], len(found) - 1
        told = f"a mean of {60 * minutes:.3g} seconds" + (
            f", and {others:,} more under a minute" if others else ""
        )
        yield (
            path,
            f"{told}: the clock counts whole seconds, so results are off by some per cent; scale times up",
        )


def _short_times(scenario: Scenario) -> Iterator[tuple[Path_, float]]:
    """Mean times under a minute, for which rounding to whole seconds matters, and their minutes."""
    for name, kind in scenario.kinds.items():
        here = ("kinds", name)
        if kind.patience_minutes is not None and kind.patience_minutes < SHORT_MINUTES:
            yield (*here, "patience_minutes"), kind.patience_minutes
        for step_name, step in kind.route.items():
            there = (*here, "route", step_name)
            if isinstance(step, Work | Sitting):
                if 0 < step.minutes < SHORT_MINUTES and not _is_whole(step, step.minutes):
                    yield (*there, "minutes"), step.minutes
            elif isinstance(step, Delay | Return) and step.per in _MINUTES:
                minutes = step.amount * _MINUTES[step.per]
                if minutes < SHORT_MINUTES and not _is_whole(step, minutes):
                    yield (*there, "amount"), minutes


def _is_whole(step: Draw | Sitting, minutes: float) -> bool:
    """Whether a step always takes the same whole seconds, which the clock counts as they are."""
    constant = isinstance(step, Sitting) or step.distribution == "constant"
    seconds = round(60 * minutes)
    return constant and seconds >= 1 and abs(60 * minutes - seconds) < 0.001


def _kept(scenario: Scenario) -> Iterator[tuple[Path_, str]]:
    """Note pay by deduction that no score can use up, though its floor is lower (article: 直至扣完)."""
    pay = scenario.pay
    if pay is None or pay.schedule is not None or pay.basis != "score" or not pay.deduction_per_point:
        return
    kept = 1 - pay.deduction_per_point * pay.full_pay_threshold / 100
    if kept > pay.floor + 1e-9:
        needed = 100 * (1 - pay.floor) / pay.full_pay_threshold
        yield (
            ("pay", "deduction_per_point"),
            f"a score of 0 keeps {kept:.0%} of assessment pay: the floor of {pay.floor:.0%} is out of reach; "
            f"from {needed:.3g} % a point on it is reached",
        )
