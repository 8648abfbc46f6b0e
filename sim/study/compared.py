"""What a study says of its policies: comparisons, choices with a guarantee, shares of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.scenario.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.policy import Policy
    from sim.scenario.schema import Scenario

    from .file import StudyFile


class Compared:
    """The part of a `Study` that compares its policies."""

    if TYPE_CHECKING:
        name: str
        file: StudyFile
        scenario: Scenario
        policies: dict[str, Policy]

        @property
        def baseline(self) -> str: ...

        @property
        def focus(self) -> tuple[str, ...]: ...

        @property
        def outcomes(self) -> pd.DataFrame: ...

        @property
        def posts(self) -> pd.DataFrame: ...

    def compare(
        self,
        policy: str,
        to: str | None = None,
        level: str = "bureau",
        outcomes: Sequence[str] | None = None,
        behaviour: str | None = None,
    ) -> pd.DataFrame:
        """Compare a policy with the baseline on common random numbers.

        Parameters
        ----------
        policy : str
            The name of a policy of the study.
        to : str, optional
            The policy with which to compare it; the baseline by default.
        level : str, optional
            What a row is about: ``bureau``, ``unit``, ``kind``, ``person``, ``month``, ``unit_month``,
            ``year``, ``unit_year``, ``kind_year`` or ``year_month``.
        outcomes : sequence of str, optional
            The names of outcomes; all by default.
        behaviour : str, optional
            One of the study's behaviours; all by default, with a column ``behaviour`` where there are
            several.

        Returns
        -------
        DataFrame
            One row per outcome, and per unit, kind, … of the level. ``baseline`` and ``policy_mean`` are
            means over ``n`` replications. ``difference`` is the mean paired difference, with its 95 % t
            interval ``low`` to ``high`` of half-width ``half_width``. ``share_better`` is the share of
            replications in which the policy does better. ``exact_zero`` says that all pairs are equal.
            ``p_value`` is of the paired t test. ``p_holm`` is corrected for one outcome's rows under all
            policies and behaviours of the study, as in its reports.

        Raises
        ------
        InputError
            If a policy, a behaviour, an outcome or the level is unknown, or there are no results yet.

        Notes
        -----
        Replications are paired, and years are averaged within a replication first. A pair with a missing
        value is left out.

        References
        ----------
        Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
        Statistics, 6(2), 65–70.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> table = study.compare("one-more-clerk", outcomes=["on_time_rate", "pay_total"])
        >>> table[["outcome", "baseline", "policy_mean", "n"]].round(2)
                        outcome  baseline  policy_mean  n
        0  on_time_rate [share]      0.71            1  3
        1      pay_total [yuan]    70,292      168,000  3
        """
        from sim.evaluate.compare import against
        from sim.rules.shown_table import with_units

        from .choices import candidates

        to = self.baseline if to is None else to
        for name in (policy, to):
            if name not in self.policies:
                raise InputError(
                    f"'{name}' is not a policy of the study '{self.name}'",
                    remedy=nearest(name, self.policies),
                )
        self._under(behaviour)  # a known one
        known = set(self.outcomes["policy"].unique())
        if missing := [name for name in (policy, to) if name not in known]:
            raise InputError(f"no results for policy '{missing[0]}'", remedy=nearest(missing[0], known))
        family = [name for name in candidates(self, self.outcomes) if name != to]
        family += [policy] if policy not in family else []
        table = against(self.outcomes, family, to, level=level, only=outcomes)
        table = table[table["policy"] == policy].drop(columns="policy")
        if behaviour is not None and "behaviour" in table:
            table = table[table["behaviour"] == behaviour].drop(columns="behaviour")
        return with_units(table.reset_index(drop=True), self.scenario.currency)

    def choose(
        self,
        outcome: str | None = None,
        *,
        delta: float | None = None,
        behaviour: str | None = None,
        procedure: str = "kim-nelson",
        budget: int | None = None,
    ) -> pd.DataFrame:
        """Choose among the policies by one outcome of the bureau, with a guarantee, and with what each costs.

        Parameters
        ----------
        outcome : str, optional
            An outcome with a better side. By default the first of the study's ``focus`` that has one, else
            ``on_time_rate``.
        delta : float, optional
            The least difference that matters, in the unit of the tables (shares are 0 to 1). By default 0.005
            of a share, and 1 % of the baseline's mean of anything else.
        behaviour : str, optional
            One of the study's behaviours; all by default, with a column ``behaviour`` where there are
            several.
        procedure : str, optional
            What tells the replications that are ``needed``: ``kim-nelson``, ``rinott``, ``dudewicz-dalal``,
            ``subset`` (screening first, for hundreds of policies) or ``ocba`` (no guarantee).
        budget : int, optional
            The replications that ``ocba`` shares out among the policies.

        Returns
        -------
        DataFrame
            One row per policy. ``selected``: with probability 0.95 its mean is at most `delta` below the
            best; ``shortfall`` is how far below it may be. ``recommended``: the interval ``low`` to ``high``
            of its difference from the baseline excludes 0, and the difference is more than `delta`. The
            intervals of all policies and behaviours hold together with probability 0.95. ``best_low`` to
            ``best_high`` is Hsu's interval of the mean less the best of the others'. ``equivalent``: shown to
            differ by less than `delta`, by two one-sided tests. ``needed``: replications in all, until the
            procedure is sure. ``headcount_change``, ``payroll_change`` and ``pay_change`` (of pay received)
            are the cost against the baseline, per year. ``note`` says what an estimate lacks.

        Raises
        ------
        InputError
            If a name is unknown, neither more nor less of the outcome is better, `delta` is not above 0, or
            there are no results yet.

        Notes
        -----
        Replications are paired, and years are averaged within a replication first. The intervals are
        Bonferroni's, which allow for any dependence. Of shares they reach as far as Student's t or Hall's
        transformation of it asks. A single replication gives no estimate.

        References
        ----------
        Hsu, J. C. (1984). Constrained simultaneous confidence intervals for multiple comparisons with the
        best. Annals of Statistics, 12(3), 1136–1144.

        Kim, S.-H. & Nelson, B. L. (2001). A fully sequential procedure for indifference-zone selection in
        simulation. ACM Transactions on Modeling and Computer Simulation, 11(3), 251–273.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> table = study.choose("mean_wait_minutes", delta=5)
        >>> table[["policy", "good", "selected", "recommended", "payroll_change"]]
                   policy   good  selected  recommended  payroll_change
        0         current  False     False        False               0
        1  one-more-clerk   True      True         True          84,000
        """
        from sim.evaluate.choose import choose
        from sim.rules.shown_table import with_units

        from .choices import candidates, costs, main_outcome

        rows = self._under(behaviour)
        table = choose(
            rows,
            outcome or main_outcome(self, rows),
            self.baseline,
            policies=candidates(self, rows),
            delta=delta,
            procedure=procedure,
            budget=budget,
            family=self.outcomes["behaviour"].nunique(),
        )
        return with_units(table.merge(costs(self, rows), how="left"), self.scenario.currency)

    def undominated(
        self,
        goals: Sequence[str] | Mapping[str, str] | None = None,
        *,
        behaviour: str | None = None,
        resamples: int = 2000,
    ) -> pd.DataFrame:
        """Tell which policies no other dominates by several goals at once: service, cost and fairness.

        Parameters
        ----------
        goals : sequence of str, or dict of str to str, optional
            Outcomes of the bureau, or each with its better side, ``higher`` or ``lower``. Of pay less is
            better. By default the outcome of `choose`, ``pay_total`` and ``pay_gini``, as far as there are.
        behaviour : str, optional
            One of the study's behaviours; its first by default.
        resamples : int, optional
            How often whole replications are resampled.

        Returns
        -------
        DataFrame
            One row per policy: the mean of each goal; ``undominated``; the policies it is ``dominated_by``;
            ``probability``, the share of resamples in which nothing dominates it.

        Raises
        ------
        InputError
            If a name is unknown, a goal has no better side, there are fewer than two goals, or there are no
            results yet.

        Notes
        -----
        A policy is dominated if another is at least as good by every goal and better by one. Differences by
        rounding alone count as none.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> table = study.undominated(["mean_wait_minutes", "pay_total"])
        >>> table[["policy", "undominated", "probability"]]  # better service costs more
                   policy  undominated  probability
        0         current         True            1
        1  one-more-clerk         True            1
        """
        from sim.evaluate.goals import undominated
        from sim.rules.shown_table import with_units

        from .choices import candidates
        from .choices import goals as usual

        rows = self._under(behaviour or self.file.behaviours[0])
        asked = usual(self, rows) if goals is None else goals
        found = undominated(rows, asked, policies=candidates(self, rows), resamples=resamples)
        return with_units(found, self.scenario.currency)

    def _under(self, behaviour: str | None) -> pd.DataFrame:
        """The outcomes under one of the study's behaviours, or all."""
        if behaviour is None:
            return self.outcomes
        if behaviour not in self.file.behaviours:
            raise InputError(
                f"'{behaviour}' is not a behaviour of the study '{self.name}'",
                remedy=nearest(behaviour, self.file.behaviours),
            )
        return self.outcomes[self.outcomes["behaviour"] == behaviour]

    def shares(self, outcomes: Sequence[str] | None = None, behaviour: str | None = None) -> pd.DataFrame:
        """Compute what each of the study's measures adds: to all the others, alone, and by going with them.

        Parameters
        ----------
        outcomes : sequence of str, optional
            The names of outcomes of the bureau; all by default.
        behaviour : str, optional
            One of the study's behaviours; all by default, with a column ``behaviour`` where there are
            several.

        Returns
        -------
        DataFrame
            One row per measure, effect and outcome, with the columns of `compare`. The effect is ``last``:
            the whole against the whole without the measure; ``alone``: the measure alone against none;
            ``interaction``: last less alone; or ``total``, with measure "": the whole against none.

        Raises
        ------
        InputError
            If the study has no measures, an outcome or a behaviour is unknown, or there are no results yet.

        References
        ----------
        Shapley, L. S. (1953). A value for n-person games. Contributions to the Theory of Games, 2, 307–317.

        Examples
        --------
        >>> import sim
        >>> base = sim.Policy.of({"staff.clerk.count": 2, "pay.deduction_per_point": 2}, name="both")
        >>> titles = {"clerk": {"en": "Second clerk", "zh": "增员"}, "two": {"en": "2 %", "zh": "下浮2%"}}
        >>> offs = {"clerk": {"staff.clerk.count": 1}, "two": {"pay.deduction_per_point": 1}}
        >>> parts = [{"name": name, "title": titles[name], "without": offs[name]} for name in offs]
        >>> study = sim.Study.of("one-office", baseline=base, measures=parts, replications=3, name="parts")
        >>> table = study.run(workers=1, progress=False).shares(["pay_total"])
        >>> table[table["measure"] == "two"][["effect", "difference"]].round(0)  # two clerks lose nothing
                effect  difference
        1         last           0
        3        alone      -5,765
        5  interaction       5,765
        """
        from sim.evaluate.shares import shares
        from sim.rules.shown_table import with_units

        if not self.file.measures:
            raise InputError(f"the study '{self.name}' has no measures", remedy="Give 'measures' in its file")
        names = [measure.name for measure in self.file.measures]
        found = shares(self._under(behaviour), self.baseline, names, only=outcomes)
        return with_units(found, self.scenario.currency)
