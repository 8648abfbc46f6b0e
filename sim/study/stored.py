"""What a study has on disk, as tables: outcomes, requests, posts, and queries of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.counts import number_of
from sim.scenario.errors import InputError
from sim.scenario.policy import Policy
from sim.scenario.posts import posts
from sim.scenario.reform import reform

from . import tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.evaluate.precision import Plan
    from sim.scenario.schema import Scenario

    from .file import StudyFile
    from .result import Unit
    from .store import Store

    Read = Callable[[str], pa.Table | None]  # the table of a key, if there is one


class Stored:
    """The part of a `Study` that reads its results."""

    if TYPE_CHECKING:
        name: str
        called: str
        path: Path | None
        file: StudyFile
        scenario: Scenario
        policies: dict[str, Policy]

        @property
        def baseline(self) -> str: ...

        @property
        def units(self) -> tuple[Unit, ...]: ...

        @property
        def store(self) -> Store: ...

        @cached_property
        def plan(self) -> Plan | None: ...

        def _planned(self, read: Read) -> Plan | None: ...

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes on disk, in long form. Missing units are warned of.

        Columns: policy, behaviour, replication, year (0 for a horizon in minutes), month (0 = whole year),
        unit ("" = bureau), kind ("" = all), person ("" = none), outcome, value. Texts are categorical.

        Raises
        ------
        InputError
            If there are no results yet.
        """
        from sim.rules.shown_table import with_units

        read = cache(self.store.read)  # each result once, for the plan and for the table
        if "plan" not in self.__dict__:
            self.plan = self._planned(read)
        table = self._joined(read)
        del read
        return with_units(table.to_pandas(split_blocks=True), self.scenario.currency)

    def _joined(self, read: Read) -> pa.Table:
        table, absent = tables.joined(self.units, read)
        if table is None:
            raise InputError(f"the study '{self.name}' has no results yet", remedy=self._how)
        if absent:
            warnings.warn(
                f"{absent} of {number_of(len(self.units), 'replication')} of '{self.name}' are "
                f"missing: {self._how}",
                stacklevel=3,
            )
        return table

    @property
    def _how(self) -> str:
        """What computes what is missing."""
        return "Call run()" if self.path is None else f"sim run {self.called}"

    def requests(self, policy: str, replication: int, behaviour: str | None = None) -> pd.DataFrame:
        """Read every request of one replication.

        Parameters
        ----------
        policy : str
            The name of a policy of the study.
        replication : int
            The replication, from 0.
        behaviour : str, optional
            The behaviour; the first of the study by default.

        Returns
        -------
        DataFrame
            One row per request, with the columns of `Result.requests` and its number, ``request``.

        Raises
        ------
        InputError
            If the study lacks ``keep_requests: true``, or the replication is unknown or not computed.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> requests = study.requests("one-more-clerk", replication=0)
        >>> len(requests) == len(study.requests("current", replication=0))  # the same citizens
        True
        """
        wanted = (policy, replication, behaviour or self.file.behaviours[0])
        found = [u for u in self.units if (u.policy, u.replication, u.behaviour) == wanted]
        self._keeps_requests()
        table = self.store.read_requests(found[0].key) if found else None
        if table is None:
            raise InputError(f"'{policy}', replication {replication}, is not computed", remedy=self._how)
        return table.to_pandas()

    def dated(self, requests: pd.DataFrame) -> pd.DataFrame:
        """Add a date beside each moment of a table.

        Parameters
        ----------
        requests : DataFrame
            Rows of `Study.requests`.

        Returns
        -------
        DataFrame
            The table with a column ``finish`` (datetime64[s]) beside ``finish_s``, and so on. NaT means that
            it has not happened.

        Raises
        ------
        InputError
            If the calendar of the scenario cannot be made.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> study.dated(study.requests("current", replication=0))["arrival"].iloc[0].year
        2025
        """
        from sim.flow.dates import dated
        from sim.scenario.calendar import calendar_of

        return dated(requests, calendar_of(self.scenario).first)

    def _keeps_requests(self) -> None:
        if not self.file.keep_requests:
            raise InputError(f"the study '{self.name}' keeps no requests", remedy="Set keep_requests: true")

    @cached_property
    def posts(self) -> pd.DataFrame:
        """Headcount and payroll under each policy, indexed by ``policy``.

        Columns: headcount (people), payroll (full pay per year, in the scenario's currency), and
        headcount_change and payroll_change, the differences to the baseline.
        """
        import pandas as pd

        rows = {name: posts(reform(self.scenario, policy)) for name, policy in self.policies.items()}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["headcount", "payroll"])
        for name in ("headcount", "payroll"):
            table[f"{name}_change"] = table[name] - table[name][self.baseline]
        return table.rename_axis("policy")

    def sql(self, query: str) -> pd.DataFrame:
        """Query the results with DuckDB.

        Parameters
        ----------
        query : str
            A query over the tables ``outcomes``, ``units``, ``posts`` and, where the study keeps them,
            ``requests``.

        Returns
        -------
        DataFrame
            The answer.

        Raises
        ------
        InputError
            If DuckDB cannot answer the query, or there are no results yet.

        Notes
        -----
        ``units`` has the columns policy, behaviour, replication, key, state and error. The others have the
        columns of `outcomes`, `posts` and `requests`, with policy, behaviour and replication in front where
        they apply.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> study.sql("SELECT policy, state, count(*) AS n FROM units GROUP BY ALL ORDER BY policy")
                   policy state  n
        0         current  done  3
        1  one-more-clerk  done  3
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
