"""Old petition households 信访老户: cases with a history, which petition until visits have settled them.

A household comes as often as the rule says, at the unit that it belongs to, until it is settled. Leaders take
the households with the longest history; the hours of their visits add up, and settle one when they reach what
it needs. Who has settled one takes on another. What each household is, and when it would come, is the same
under every policy.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.scenario.calendar import WorkingCalendar
from sim.scenario.schema import Scenario
from sim.scenario.scorecard import Scorecard
from sim.scenario.service import Kind

from .demand import intensities, poisson_times
from .duties import at_duty
from .shapes import mean_one_lognormal
from .streams import Streams

if TYPE_CHECKING:
    from .staff import Person

VISITS = "pairing.visits"  # the standing duty of leaders
HOUSEHOLD = "household.petition"  # the kind of their petitions: with a dot, which no file can write
NEVER = np.iinfo(np.int64).max


def with_households(scenario: Scenario, kind: Kind) -> Scenario:
    """Return the scenario with the petitions of old households as a further kind, made from `kind`."""
    of = scenario.frictions.old_households.kind
    title = kind.title.model_copy(
        update={"en": f"{kind.title.en} of an old household", "zh": f"{kind.title.zh}（老户）"}
    )
    staff = {
        name: group
        if group.skills == "all" or of not in group.skills
        else group.model_copy(update={"skills": (*group.skills, HOUSEHOLD)})
        for name, group in scenario.staff.items()
    }
    cards = {name: _seeing_them(card, of) for name, card in scenario.scorecards.items()}
    kinds = scenario.kinds | {HOUSEHOLD: kind.model_copy(update={"title": title})}
    return scenario.model_copy(update={"kinds": kinds, "staff": staff, "scorecards": cards})


def _seeing_them(card: Scorecard, of: str) -> Scorecard:
    """Return the scorecard whose items of petitions see those of old households as well."""
    items = {
        name: item.model_copy(update={"kinds": (*item.kinds, HOUSEHOLD)}) if of in item.kinds else item
        for name, item in card.items.items()
    }
    return card.model_copy(update={"items": items})


@dataclass(frozen=True)
class Households:
    """The old households of a replication, arrays (households,).

    unit : where each petitions. history_years : since its first petition. needed_h : hours of visits that
    settle it. settled_s : when they have, `NEVER` = not in the horizon.
    petitions : by kind and unit, when they would come if nobody were settled; whose : the household of each.
    """

    unit: np.ndarray
    history_years: np.ndarray
    needed_h: np.ndarray
    settled_s: np.ndarray
    petitions: dict[tuple[str, str], np.ndarray]
    whose: dict[tuple[str, str], np.ndarray]

    @property
    def key(self) -> bytes:
        """What of it decides which requests come."""
        moments = [times.tobytes() for times in self.petitions.values()]
        return b"".join([self.settled_s.tobytes(), *moments])

    def unsettled(self, requests: pd.DataFrame) -> pd.DataFrame:
        """Return the requests without petitions of households that are settled by then."""
        kept = np.ones(len(requests), bool)
        for (kind, unit), whose in self.whose.items():
            mine = np.flatnonzero((requests["kind"] == kind) & (requests["unit"] == unit))
            household = whose[requests["number"].to_numpy()[mine]]
            kept[mine] = requests["arrival_s"].to_numpy()[mine] < self.settled_s[household]
        return requests[kept]


def households(
    scenario: Scenario,
    calendar: WorkingCalendar,
    people: list[Person],
    begin_s: int,
    end_s: int,
    streams: Streams,
) -> Households | None:
    """Draw the old households and settle those that leaders visit; None where there is no such rule."""
    rule = scenario.frictions.old_households
    if not rule.on:
        return None
    count = rule.households
    curves = dict(intensities(scenario, scenario.demand[rule.kind], calendar))
    volumes = np.array([curve.cumulative[-1] for curve in curves.values()])
    names, edges = list(curves), np.cumsum(volumes) / volumes.sum()
    luck = np.array([streams("household", str(one)).random(3) for one in range(count)])
    unit = np.minimum(np.searchsorted(edges, luck[:, 0], side="right"), len(names) - 1)
    history = rule.history_years * mean_one_lognormal(luck[:, 1], rule.history_cv)
    needed = rule.hours_to_settle * history / rule.history_years
    needed = needed * mean_one_lognormal(luck[:, 2], rule.hours_cv)
    # One petition a year, as the public comes over the year.
    yearly = {name: rule.petitions_a_year / scenario.demand[rule.kind].volumes[name] for name in names}
    scale = scenario.demand[rule.kind].scale
    times: dict[tuple[str, str], list[tuple[np.ndarray, int]]] = {}
    for one in range(count):
        name = names[unit[one]]
        expected = curves[name].times(yearly[name] / scale)
        own = poisson_times(expected, begin_s, end_s, streams("household petitions", str(one)))
        times.setdefault((HOUSEHOLD, name), []).append((own, one))
    petitions, whose = {}, {}
    for cell, parts in times.items():
        moments = np.concatenate([own for own, _ in parts])
        of = np.concatenate([np.full(len(own), one) for own, one in parts])
        order = np.argsort(moments, kind="stable")
        petitions[cell], whose[cell] = moments[order], of[order]
    settled = settled_s(scenario, calendar, people, history, needed)
    return Households(unit, history, needed, settled, petitions, whose)


def settled_s(
    scenario: Scenario,
    calendar: WorkingCalendar,
    people: list[Person],
    history: np.ndarray,
    needed_h: np.ndarray,
) -> np.ndarray:
    """Return when the visits of leaders settle each household, int64 (households,) s.

    Leaders take turns in choosing, the longest history first. Each gives the hours of a visit to one of their
    households, the one that needs the least. Who has settled one takes on the next that nobody visits.
    """
    pairing = scenario.service_rules.petition_pairing
    settled = np.full(len(needed_h), NEVER)
    leaders = [person for person in people if person.role == pairing.role]
    if not pairing.on or not leaders:
        return settled
    order = np.argsort(-history, kind="stable").tolist()
    taken = order[: pairing.households_each * len(leaders)]
    waiting = deque(order[len(taken) :])
    own = [taken[turn :: len(leaders)] for turn in range(len(leaders))]
    visits = [_visits(leader, scenario, calendar) for leader in leaders]
    spent_h = np.zeros(len(leaders))  # on households that are settled
    to_come: list[tuple[int, int, int]] = []  # who settles which household next, and when

    def goes_on(turn: int) -> None:
        """Note the next household that a leader will settle, if there is time for it."""
        if not own[turn]:
            return
        next_ = min(own[turn], key=lambda one: (needed_h[one], own[turn].index(one)))
        own[turn].remove(next_)
        spent_h[turn] += needed_h[next_]
        ends, hours = visits[turn]
        visit = np.searchsorted(hours, spent_h[turn])
        if visit < len(hours):
            heappush(to_come, (int(ends[visit]), turn, next_))

    for turn in range(len(leaders)):
        goes_on(turn)
    while to_come:
        now_s, turn, household = heappop(to_come)
        settled[household] = now_s
        if waiting:
            own[turn].append(waiting.popleft())
        goes_on(turn)
    return settled


def _visits(leader: Person, scenario: Scenario, calendar: WorkingCalendar) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of a leader's visits, (n,) s, and the hours spent by then, (n,)."""
    away = leader.away.get("duty", np.empty((0, 2), np.int64))
    spans = at_duty(scenario.duties[VISITS], away, calendar)
    return spans[:, 1], np.cumsum((spans[:, 1] - spans[:, 0]) / 3600)
