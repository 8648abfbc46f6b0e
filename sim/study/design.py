"""A study: one scenario, a baseline and other policies, many replications; its units of work and results."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.errors import InputError, nearest
from sim.scenario.part import Text, given
from sim.scenario.posts import posts
from sim.scenario.reform import CURRENT, Policy, PolicyLike, reform
from sim.scenario.schema import Scenario

from . import tables
from .file import StudyFile
from .result import Unit, code_version, unit_key
from .store import Store
from .work import tables_digest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.evaluate.precision import Plan


class Rules(NamedTuple):
    """Digests of a policy's rules: whole, as far as they decide the work, and who comes."""

    whole: str
    work: str
    draw: str


class Versions(NamedTuple):
    """Digests that name results: of the code, of the scenario's CSV files, and by policy of the rules."""

    code: str
    tables: str
    rules: dict[str, Rules]


@dataclass
class Study:
    """A study that was checked: read from its file (`sim.study`), or asked for in Python (`Study.of`).

    ``file`` is the content of the study file, or what it would say; ``scenario`` the scenario over the
    study's years; ``policies`` the policies by name, the baseline first; ``folder`` is where results are
    kept, ``results/<name>`` under the working directory; ``path`` the file, if there is one; ``as_loaded``
    the scenario before the study's changes.
    """

    name: str
    file: StudyFile
    scenario: Scenario
    policies: dict[str, Policy]
    folder: Path
    path: Path | None
    as_loaded: Scenario | None = field(default=None, repr=False, compare=False)
    _units: list[Unit] = field(default_factory=list, repr=False, compare=False)  # the first ones
    _years: dict[str, tables.Years] = field(default_factory=dict, repr=False, compare=False)  # by key

    @classmethod
    def of(
        cls,
        scenario: Scenario | str | Path,
        policies: Sequence[PolicyLike] | PolicyLike = (),
        *,
        baseline: PolicyLike = CURRENT,
        behaviours: Sequence[str] = ("mechanical",),
        replications: int = 10,
        seed: int = 0,
        years: int | None = None,
        keep_requests: bool = False,
        name: str | None = None,
        folder: str | Path | None = None,
    ) -> Study:
        """Make a study without a file; its results are kept, named and shared as those of any other.

        Parameters
        ----------
        scenario : a loaded scenario, or its name or path.
        policies : names, files, changes or `Policy` objects; give changes a name with `Policy.of`.
        baseline : the policy with which the others are compared.
        behaviours : names of `sim.behaviour.BEHAVIOURS`; every policy is run under each.
        replications, seed : how many replications, 2 or more, and nature's choice.
        years : take the place of the scenario's ``horizon.years``.
        keep_requests : keep every request as well.
        name : of the study, by default the scenario's.
        folder : where results are kept, by default ``results/<name>`` under the working directory.

        Raises
        ------
        InputError
            For anything wrong with the scenario, a policy or a number, as in a file.

        Examples
        --------
        >>> two = Policy.of({"staff.clerk.count": 2}, name="two-clerks")
        >>> study = Study.of("one-office", [two], replications=3, name="clerks")
        >>> table = study.run(workers=1, progress=False).compare("two-clerks", outcomes=["arrivals"])
        >>> table["difference"].item()  # the same citizens come
        0.0
        """
        from .load import make_study

        asked = {"behaviours": behaviours, "replications": replications, "seed": seed, "years": years}
        asked["keep_requests"] = keep_requests
        return make_study(scenario, policies, baseline=baseline, name=name, folder=folder, asked=asked)

    @property
    def title(self) -> Text:
        return self.file.title

    @property
    def question(self) -> Text:
        return self.file.question

    @property
    def baseline(self) -> str:
        """The policy with which the others are compared."""
        return self.file.baseline

    @property
    def replications(self) -> int:
        """As many as the file says; where it gives a precision, the number at which that is reached, or as
        many as it seems to need by what is on disk."""
        return self.plan.replications if self.plan else self.file.most

    @property
    def seed(self) -> int:
        return self.file.seed

    @property
    def focus(self) -> tuple[str, ...]:
        """The outcomes to be shown first."""
        return self.file.focus

    @property
    def for_all(self) -> tuple[Scenario, Policy] | None:
        """What the study changes under every policy, and in what; None if it is nothing."""
        changes = dict(self.file.changes)
        if self.file.years is not None:
            changes["horizon.years"] = self.file.years
        if not changes or self.as_loaded is None:
            return None
        return self.as_loaded, Policy("study", self.title, self.question, changes)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of work: policy × behaviour × replication. Units of equal rules have equal keys."""
        return self._first(self.replications)

    @property
    def all_units(self) -> tuple[Unit, ...]:
        """The units of as many replications as there may be."""
        return self._first(self.file.most)

    def _first(self, replications: int) -> tuple[Unit, ...]:
        """The units of the first `replications`, made when they are first asked for."""
        from sim.behaviour import BEHAVIOURS

        code, _, rules = self.versions
        each = len(self.policies) * len(self.file.behaviours)
        for replication in range(len(self._units) // each, replications):
            for behaviour in self.file.behaviours:
                for policy, digests in rules.items():
                    key = unit_key(digests.whole, behaviour, self.seed, replication, code)
                    work = digests.whole if BEHAVIOURS[behaviour].READS_RULES else digests.work
                    self._units.append(Unit(policy, behaviour, replication, key, work, digests.draw))
        return tuple(self._units[: replications * each])

    @cached_property
    def versions(self) -> Versions:
        """What the results are named by, as it was when it was first asked for."""
        code, csv = code_version(), tables_digest(self.scenario)  # before the rules: an edit is then noticed
        rules = {name: reform(self.scenario, policy) for name, policy in self.policies.items()}
        digests = {
            name: Rules(one.digest(), one.digest(of_work=True), one.digest(of_draw=True))
            for name, one in rules.items()
        }
        return Versions(code, csv, digests)

    @cached_property
    def store(self) -> Store:
        return Store(self.folder)

    def missing(self) -> list[Unit]:
        """The units without a sound result on disk, as it is now; damaged files are set aside."""
        self.refresh()
        sound = self.store.sound({unit.key for unit in self.units}, self.file.keep_requests)
        return [unit for unit in self.units if unit.key not in sound]

    @property
    def failed(self) -> dict[Unit, str]:
        """The units whose last attempt failed, each with what went wrong (a traceback)."""
        texts = self.store.failures({unit.key for unit in self.units})
        return {unit: texts[unit.key] for unit in self.units if unit.key in texts}

    def refresh(self) -> None:
        """Forget what was read from disk: more may have been computed."""
        for name in ("outcomes", "plan"):
            self.__dict__.pop(name, None)

    @cached_property
    def plan(self) -> Plan | None:
        """How far a study that asks for a precision has come; None where the number is given.

        Replications count from the first one on, as long as every unit is done or has failed.
        """
        asked = self.file.precision
        if asked is None:
            return None
        from sim.evaluate.precision import Aim, plan

        series = tables.differences(self._settled(), self.baseline, asked.half_width)
        aims = {key: Aim(values, asked.half_width[key[-1]]) for key, values in series.items()}
        return plan(aims, asked.at_least, asked.at_most)

    def _settled(self) -> Iterator[dict[tuple[str, str], tables.Years]]:
        """For each replication that is settled: the bureau's outcomes by policy and behaviour."""
        each = len(self.policies) * len(self.file.behaviours)
        units = self._first(min(self.file.most, len(self.store.files())))  # each has a file of its own
        keys = {unit.key for unit in units}
        done = self.store.sound(keys, self.file.keep_requests)
        settled = done | self.store.failures(keys - done).keys()
        for first in range(0, len(units), each):
            replication = units[first : first + each]
            if any(unit.key not in settled for unit in replication):
                return
            yield {(unit.policy, unit.behaviour): self._values(unit.key, done) for unit in replication}

    def _values(self, key: str, done: set[str]) -> tables.Years:
        if key not in done:
            return {}
        if key not in self._years:
            table, outcomes = self.store.read(key), given(self.file.precision).half_width
            self._years[key] = {} if table is None else tables.bureau_years(table, outcomes)
        return self._years[key]

    def run(self, workers: int | None = None, progress: bool = True, scheduler: str | None = None) -> Study:
        """Compute what is missing; returns the study.

        On `workers` processes (all processors if left out), or at the Dask `scheduler` (``tcp://…``); if
        neither is given, where the file says. Results do not depend on it. A replication that fails is told
        in `failed`; the others go on. In a script the call must stand under ``if __name__ ==
        "__main__":``, as always where Python starts processes.

        Raises InputError for a number of workers under 1, a scheduler that does not answer and a folder
        that cannot be written to; RunError when it cannot go on: disk full, scheduler gone, code edited.
        """
        from .run import run

        run(self, workers=workers, progress=progress, scheduler=scheduler)
        return self

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes that are on disk, long: policy, behaviour, replication, year (0 for a stretch of
        minutes), month (0 = whole year), unit ("" = bureau), kind ("" = all), person ("" = none), outcome,
        value. Texts are categorical. Missing units are warned of.

        Raises InputError when nothing was computed yet.
        """
        return self._joined(self.store.read).to_pandas()

    def _joined(self, read: Callable[[str], pa.Table | None]) -> pa.Table:
        table, absent = tables.joined(self.units, read)
        if table is None:
            raise InputError(f"the study '{self.name}' has no results yet", remedy=self._how)
        if absent:
            warnings.warn(
                f"{absent} of {len(self.units)} replications of '{self.name}' are missing: {self._how}",
                stacklevel=3,
            )
        return table

    @property
    def _how(self) -> str:
        """What computes what is missing."""
        return "Call run()" if self.path is None else f"sim run {self.name}"

    def requests(self, policy: str, replication: int, behaviour: str | None = None) -> pd.DataFrame:
        """Every request of one replication, under the study's first behaviour if none is given; only for
        studies with ``keep_requests: true``.

        Raises InputError when the study does not keep requests, or this unit is unknown or not computed.
        """
        wanted = (policy, replication, behaviour or self.file.behaviours[0])
        found = [u for u in self.units if (u.policy, u.replication, u.behaviour) == wanted]
        self._keeps_requests()
        table = self.store.read_requests(found[0].key) if found else None
        if table is None:
            raise InputError(f"'{policy}', replication {replication}, is not computed", remedy=self._how)
        return table.to_pandas()

    def dated(self, requests: pd.DataFrame) -> pd.DataFrame:
        """Rows of `Study.requests` with a date beside each moment: ``finish_s`` gets ``finish``,
        datetime64[s]; what has not happened has none (NaT)."""
        from sim.flow.dates import dated
        from sim.scenario.calendar import calendar_of

        return dated(requests, calendar_of(self.scenario).first)

    def _keeps_requests(self) -> None:
        if not self.file.keep_requests:
            raise InputError(f"the study '{self.name}' keeps no requests", remedy="Set keep_requests: true")

    @cached_property
    def posts(self) -> pd.DataFrame:
        """The posts under each policy, by its name (`sim.scenario.posts`): headcount (people), payroll (full
        pay a year, in the scenario's currency), and headcount_change, payroll_change to the baseline's.
        """
        import pandas as pd

        rows = {name: posts(reform(self.scenario, policy)) for name, policy in self.policies.items()}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["headcount", "payroll"])
        for name in ("headcount", "payroll"):
            table[f"{name}_change"] = table[name] - table[name][self.baseline]
        return table.rename_axis("policy")

    def sql(self, query: str) -> pd.DataFrame:
        """The answer of DuckDB to a query.

        Over ``outcomes``, ``units`` (policy, behaviour, replication, key, state, error), ``posts`` (policy
        and the columns of `Study.posts`) and, where the study keeps them, ``requests`` (policy, behaviour,
        replication and the columns of `Study.requests`).

        Raises InputError for a query that DuckDB cannot answer, and where there are no results yet.
        """

        def requests() -> pa.Table:
            self._keeps_requests()
            return self._joined(self.store.read_requests)

        views = {
            "outcomes": lambda: self._joined(self.store.read),
            "units": lambda: tables.states(self.units, self.store, self.file.keep_requests),
            "posts": lambda: self.posts.reset_index(),
            "requests": requests,
        }
        return tables.query(query, views)

    def compare(
        self,
        policy: str,
        to: str | None = None,
        level: str = "bureau",
        outcomes: Sequence[str] | None = None,
        behaviour: str | None = None,
    ) -> pd.DataFrame:
        """Paired differences of `policy` to the baseline (or `to`) with intervals: `sim.evaluate.compare`.

        Under each of the study's behaviours, or under the one that is given.

        Raises InputError for a policy or behaviour that is not of this study.
        """
        from sim.evaluate.compare import compare

        to = self.baseline if to is None else to
        for name in (policy, to):
            if name not in self.policies:
                raise InputError(
                    f"'{name}' is not a policy of the study '{self.name}'",
                    remedy=nearest(name, self.policies),
                )
        rows = self.outcomes
        if behaviour is not None:
            if behaviour not in self.file.behaviours:
                raise InputError(
                    f"'{behaviour}' is not a behaviour of the study '{self.name}'",
                    remedy=nearest(behaviour, self.file.behaviours),
                )
            rows = rows[rows["behaviour"] == behaviour]
        return compare(rows, policy, to, level=level, only=outcomes)
