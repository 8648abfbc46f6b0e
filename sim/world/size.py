"""The size of one replication: computed from the rules before anything is drawn, and refused above a limit.

Expected requests come from the same demand as the draw (`demand.expected_requests`). Expected visits to steps
solve the route's linear system, which detects a loop that is seldom left. Memory is the number of requests,
visits, sittings and spans of duty times their measured bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.cache import LruCache
from sim.scenario.calendar import WorkingCalendar, calendar_of, horizon_s, year_starts
from sim.scenario.errors import InputError
from sim.scenario.policy import CURRENT, PolicyLike, load_policy
from sim.scenario.projects import PROJECT
from sim.scenario.reform import blamed, reform
from sim.scenario.schema import Scenario
from sim.scenario.service import Kind
from sim.scenario.source import Path_
from sim.scenario.steps import END, Branch, Check, Return

from .demand import expected_requests, replayed
from .routes import MOST_CARELESS
from .service_rules import in_force

VARIABLE = "JINGXI_MEMORY_GB"  # environment variable with the limit
DEFAULT_GB = 8.0  # 64 times the county of binhai, with room to spare
# Bytes at the peak of a replication, fitted to binhai times 1, 16 and 64 (`benchmarks.growth`).
REQUEST, VISIT, SITTING, SPAN, PERSON, QUEUE_SERVED = 150, 90, 100, 100, 3000, 40
FEW_VISITS = 1000  # visits to a step per request; above, the message names the route, not the demand


@dataclass(frozen=True)
class Share:
    """The memory due to one parameter: its path, its amount in words, and its bytes."""

    path: Path_
    what: str
    size: float


def check_runs(scenario: Scenario, policy: PolicyLike = CURRENT) -> Scenario:
    """Return the scenario under a policy with its rules in force, after a check that a replication can run.

    The check makes its calendar and tables, and computes its size. Raises InputError, at the line of the
    policy at fault.
    """
    policy = load_policy(scenario, policy)
    rules = reform(scenario, policy)
    try:
        return _runs(rules)
    except InputError as error:
        if rules is scenario:
            raise
        _runs(scenario)  # which may be at fault itself
        raise blamed(error, scenario, policy) from None


def _runs(scenario: Scenario) -> Scenario:
    try:
        rules, calendar = in_force(scenario), calendar_of(scenario)
        check_size(rules, calendar, replayed(scenario, None))
    except InputError as error:
        if error.file is not None or error.path is None:
            raise
        raise scenario.source.error(error.message, tuple(error.path.split(".")), error.remedy) from None
    return rules


_of_requests: LruCache[list[Share]] = LruCache(16)  # by what decides which come and what they need


def check_size(
    scenario: Scenario,
    calendar: WorkingCalendar,
    given: pd.DataFrame | None = None,
    digest: str | None = None,
) -> None:
    """Refuse a replication that would take more memory than allowed.

    `scenario` has its rules in force; `given` is the replay table. `digest` is that of the scenario's draw
    (`Scenario.digest`), where it is known. Raises InputError that names the parameter with the largest share.
    """
    limit = limit_gb()
    shares = _shares(scenario, calendar, given, digest)
    total = sum(share.size for share in shares) / 1e9
    if total > limit:
        most = max(shares, key=lambda share: share.size)
        needed = f"{total:,.0f} GB" if total < 1e9 else "endless"
        raise InputError(
            f"one replication would take about {needed} of memory, above the limit of {limit:g} GB: "
            f"{most.what}",
            path=".".join(most.path),
            remedy=f"Lower it, or raise the limit with the environment variable {VARIABLE}",
        )


def limit_gb() -> float:
    """Return the memory that one replication may take, in GB."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return DEFAULT_GB
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not 0 < limit < float("inf"):
        raise InputError(f"{VARIABLE} is '{text}'", remedy=f"Give a number of GB, for example {VARIABLE}=16")
    return limit


def _shares(
    scenario: Scenario, calendar: WorkingCalendar, given: pd.DataFrame | None, digest: str | None = None
) -> list[Share]:
    begin_s, end_s = horizon_s(scenario)

    def of_requests() -> list[Share]:
        return list(_requests(scenario, calendar, begin_s, end_s, given))

    shares = _of_requests.get(digest, of_requests) if digest and given is None else of_requests()
    return [*shares, *_committees(scenario, begin_s, end_s), *_people(scenario, calendar.days)]


def _requests(
    scenario: Scenario, calendar: WorkingCalendar, begin_s: int, end_s: int, given: pd.DataFrame | None
) -> Iterator[Share]:
    """Yield the share of the requests of each kind."""
    come: dict[str, dict[Path_, float]] = {}
    where: Path_
    for (kind, unit), count in expected_requests(scenario, calendar, begin_s, end_s).items():
        demand = scenario.demand[kind]
        where = ("demand", kind, "rates") if demand.rates is not None else ("demand", kind, "volumes", unit)
        come.setdefault(kind, {})[where] = come.get(kind, {}).get(where, 0.0) + count
    if given is not None and "kind" in given:
        for name_of_kind, count in given["kind"].value_counts().items():
            come[str(name_of_kind)] = {("replay",): float(count)}
    for name, part in scenario.projects.classes.items():
        if (kind := f"{PROJECT}{name}") in scenario.kinds:
            years = max(len(year_starts(scenario)) - 1, 0)
            path = ("projects", "classes", name, "a_year")
            come[kind] = {(*path, unit): float(count * years) for unit, count in part.a_year.items()}
    for kind, counts in come.items():
        if kind not in scenario.kinds:
            continue
        visits = visits_of(scenario.kinds[kind])
        each = REQUEST + VISIT * sum(visits.values())
        busiest, most = max(visits.items(), key=lambda item: item[1])
        total = sum(counts.values())
        if most > FEW_VISITS and total > 0:
            often = f"{most:,.0f} times" if most < 1e15 else "without end"
            what = f"a request of '{kind}' comes to this step {often} on average"
            yield Share(("kinds", kind, "route", busiest), what, total * each)
            continue
        where, count = max(counts.items(), key=lambda item: item[1])
        yield Share(where, f"{total:,.0f} requests of '{kind}' are expected", total * each)


def visits_of(kind: Kind) -> dict[str, float]:
    """Return the mean number of visits of a request to each step of its route.

    It is an upper bound where requests are sent back a bounded number of times, and infinite where it cannot
    be computed. The visits v solve v = e₁ + Pᵀv + Bᵀb: P has the chances of going on; b, those sent back, is
    at most chance × v and at most ``at_most``.
    """
    names = list(kind.route)
    place = {name: number for number, name in enumerate(names)}
    onward = np.zeros((len(names), len(names)))
    back: list[
        tuple[int, float, float, np.ndarray]
    ] = []  # step, chance, at most, change of visits by going back
    following = dict(zip(names, [*names[1:], END], strict=True))
    for name, step in kind.route.items():
        index = place[name]
        if isinstance(step, Branch):
            ways = {target: chance / sum(step.to.values()) for target, chance in step.to.items()}
        elif isinstance(step, Check):
            detected = min(1.0, MOST_CARELESS * step.chance) * step.caught
            ways = {step.sound: 1 - detected}
            ways[step.next] = ways.get(step.next, 0.0) + detected
        else:
            ways = {step.next or following[name]: 1.0}
        for target, chance in ways.items():
            if target in place:
                onward[index, place[target]] += chance
        if isinstance(step, Return) and step.chance > 0:
            turned = np.zeros(len(names))
            turned[place[step.back_to]] += 1.0
            for target in ways:
                if target in place:
                    turned[place[target]] -= 1.0
            back.append((index, step.chance, float(step.at_most), turned))
    first = np.eye(len(names))[0]
    try:
        solved = np.linalg.solve(
            (np.eye(len(names)) - onward).T, np.column_stack([first, *(b[3] for b in back)])
        )
    except np.linalg.LinAlgError:
        return dict.fromkeys(names, np.inf)
    visits, sent = solved[:, 0], np.zeros(len(back))
    for _ in range(20 * len(names) + 100):
        more = np.array([min(chance * visits[index], most) for index, chance, most, _ in back])
        if (np.abs(more - sent) <= 1e-9 + 1e-6 * np.abs(sent)).all():
            break
        sent = more
        visits = solved[:, 0] + solved[:, 1:] @ sent
    if not np.isfinite(visits).all() or visits.min() < -1e-6 * max(1.0, visits.max()):
        return dict.fromkeys(names, np.inf)
    return dict(zip(names, np.maximum(visits, 0.0).tolist(), strict=True))


def _committees(scenario: Scenario, begin_s: int, end_s: int) -> Iterator[Share]:
    for name, committee in scenario.committees.items():
        rounds = 1.0
        if committee.every_minutes is not None:
            rounds += (end_s - begin_s) / 60 / committee.every_minutes
        sittings = rounds * len(committee.first)
        what = f"'{name}' sits {sittings:,.0f} times in the horizon"
        yield Share(("committees", name, "every_minutes"), what, sittings * SITTING)


def _people(scenario: Scenario, days: int) -> Iterator[Share]:
    total = sum(staff.count for staff in scenario.staff.values())
    size, most = 0.0, ("", 0.0)
    for name, staff in scenario.staff.items():
        week = scenario.calendar.week if staff.week is None else staff.week
        spans = (
            days / 7 * sum(len(hours) for hours in week.values())
            if staff.roster is None
            else len(staff.roster)
        )
        kinds = len(scenario.kinds if staff.skills == "all" else staff.skills)
        queues = kinds * (1 + len(staff.also_serves))
        own = staff.count * (PERSON + SPAN * spans + QUEUE_SERVED * queues)
        size += own
        most = max(most, (name, own), key=lambda one: one[1])
    one_group = most[1] > size / 2
    yield Share(("staff", most[0], "count") if one_group else ("staff",), f"{total:,} people", size)
