"""One assessment period as it was counted: what all who judge it differently share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.scenario.indicators import INDICATORS, names
from sim.scenario.projects import PROJECT

from .indicators import Answers, Cohort, counted_as, rates
from .people import People
from .statistics import by_group

if TYPE_CHECKING:
    from .personal import Deeds

Values = dict[str, np.ndarray]  # by outcome, each float (n,)


@dataclass(frozen=True)
class Files:
    """The cases falling due of which an inspection takes its sample.

    having : by indicator, and for each unit, bool (cases,) as recorded. case_numbers : by which it draws
    them: for each unit, int64 (cases,).
    """

    having: dict[str, list[np.ndarray]]
    case_numbers: list[np.ndarray]
    _found: dict[Hashable, tuple[object, np.ndarray]] = field(default_factory=dict, repr=False, compare=False)

    def found(self, what: Hashable, draws: object, look: Callable[[], np.ndarray]) -> np.ndarray:
        """Return what an inspection with the luck `draws` finds, (n,): looked at once for all who judge."""
        if what not in self._found or self._found[what][0] is not draws:
            self._found[what] = draws, look()
        return self._found[what][1]


class Evidence(NamedTuple):
    """What is known of all units.

    true, seen : indicators in truth and as recorded, by name, float (units,), NaN = no cases. files : returns
    what an inspection looks at; asked only where there is one.
    """

    true: Values
    seen: Values
    files: Callable[[], Files]


class Pace(NamedTuple):
    """The effort of units so far: what an indicator of pace is made of.

    effort : (months, units, kinds), 1 = usual, in the months gone. volume : (units, kinds), usual shares of
    work, rows sum to 1 (0 without work). months : of the whole year.
    """

    effort: np.ndarray
    volume: np.ndarray
    months: int

    def extra(self, kinds: list[int]) -> np.ndarray:
        """Return the mean extra effort of units for these kinds, weighted by usual work, (units,)."""
        volume = self.volume[:, kinds]
        whole = volume.sum(axis=1)
        share = np.divide(volume, whole[:, None], out=np.zeros_like(volume), where=whole[:, None] > 0)
        return np.sum(share * (self.effort[:, :, kinds].mean(axis=0) - 1), axis=1)


class Cases(NamedTuple):
    """Who answers for which requests, and of each request (n,) its kind, position, its number, by which an
    inspection draws it, and what the assessment sees of it: a case, if it is due or overdue."""

    answers: Answers
    kind: np.ndarray
    case_number: np.ndarray
    seen: Cohort

    def are_of(self, kinds: list[int]) -> np.ndarray:
        """Return which requests are of these kinds, bool (n,)."""
        wanted = np.zeros(max(self.kind.max(initial=0), *kinds, 0) + 2, bool)  # the last: of no kind, −1
        wanted[kinds] = True
        return wanted[self.kind]

    def rates(self, count: int, kinds: list[int] | None = None) -> Values:
        """Return the indicators of the cases of these kinds, or of all, by who answers, each (count,)."""
        return rates(self.seen, self.answers, count, None if kinds is None else self.are_of(kinds))


@dataclass(frozen=True)
class Measured:
    """One assessment period as it was counted (`measure`).

    units, kinds : their names in the scenario's order, by which all positions are told. people : what is
    known of each; staff : int (people,), the position of each one's unit.
    by_unit, by_kind, of_person, of_bureau : outcomes by name, float (units,), (kinds,), (people,), (1,).
    by_month : outcomes of the units and of the bureau, float (months, units) and (months, 1), and the
    months' numbers; None for a stretch of minutes.
    pace : the effort of units by month; None where nothing is known of it.
    by_unit_and_kind : outcomes by name, float (units, kinds), NaN = no work of the kind.
    conduct : outcomes of the units' conduct, float (months, units), and the months' numbers; None where
    nothing was said of it. effort : by kind, float (months, units, kinds), NaN = no work of it; None
    likewise.
    of_people : indicators that are of people and not of cases, float (units,).
    audited : false records found in cases falling due, float (units,).
    cases, recorded : cases in truth, and by the due dates that were written down.
    deeds : what was counted of each person, where people are judged by their own records.
    limits : cases and recorded by a further time limit in place of the committed one, by its name.
    of_limits : outcomes by each further limit, of units and of the bureau, float (units,) and (1,).
    """

    year: int
    start_s: int
    end_s: int
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    people: People
    staff: np.ndarray
    of_people: Values
    audited: np.ndarray
    cases: Cases
    recorded: Cases
    by_unit: Values = field(default_factory=dict)
    by_kind: Values = field(default_factory=dict)
    of_bureau: Values = field(default_factory=dict)
    of_person: Values = field(default_factory=dict)
    by_month: tuple[Values, Values, np.ndarray] | None = None
    pace: Pace | None = None
    by_unit_and_kind: Values = field(default_factory=dict)
    conduct: tuple[Values, np.ndarray] | None = None
    effort: np.ndarray | None = None
    deeds: Deeds | None = None
    subjects: tuple[str, ...] = ()  # what further outcomes are of, told where kinds are: duties, departments
    limits: dict[str, tuple[Cases, Cases]] = field(default_factory=dict)
    of_limits: dict[str, tuple[Values, Values]] = field(default_factory=dict)
    _evidence: dict[tuple[tuple[str, ...], str | None], Evidence] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def projects(self) -> tuple[str, ...]:
        """The kinds that are target projects."""
        return tuple(kind for kind in self.kinds if kind.startswith(PROJECT))

    def evidence(self, kinds: tuple[str, ...] = (), limit: str | None = None) -> Evidence:
        """Of the cases of these kinds, or of all; by the committed time limit, or a further one.

        Kept: all who judge this year ask for the same.
        """
        asked = kinds, limit
        if asked not in self._evidence:
            places = [self.kinds.index(kind) for kind in kinds if kind in self.kinds]
            cases, recorded = (self.cases, self.recorded) if limit is None else self.limits[limit]
            of = places if kinds else None
            true = self._indicators(cases, of)
            seen = true if cases is recorded else self._indicators(recorded, of)
            # a function, not a method: else each period held itself, and its arrays stayed in memory
            files = cache(partial(_files, recorded, of, len(self.units)))
            self._evidence[asked] = Evidence(true, seen, files)
        return self._evidence[asked]

    def _indicators(self, cases: Cases, kinds: list[int] | None) -> Values:
        return cases.rates(len(self.units), kinds) | self.of_people


def _files(cases: Cases, kinds: list[int] | None, units: int) -> Files:
    unit, request = cases.answers
    due = cases.seen.has("due") if kinds is None else cases.seen.has("due") & cases.are_of(kinds)
    pairs = np.flatnonzero(due.take(request))
    order, ends = by_group(unit[pairs], units)
    of = request[pairs[order]]
    sampled = {counted_as(name): INDICATORS[name].flag for name in names(sampled=True)}
    having = {name: _split(cases.seen.has(flag), of, ends) for name, flag in sampled.items()}
    return Files(having, _split(cases.case_number, of, ends))


def _split(values: np.ndarray, of: np.ndarray, ends: np.ndarray) -> list[np.ndarray]:
    """Return the values of the requests `of` by unit; `ends` are as from `by_group`."""
    return np.split(values.take(of), ends[:-1])[1:]  # the first are of no unit
