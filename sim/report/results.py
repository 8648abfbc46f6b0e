"""Hold a finished study's results, in tables for the sentences, figures and files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.report.named import Named
from sim.report.once import once
from sim.report.outcomes import DEDUCTED, IF_ANY, LEADERS, OF_DUE, PAY, RANKS, SCORES, SERVICE, outcome_of
from sim.report.words import change, check_language, exact, number, pick, standard_error
from sim.scenario.errors import InputError, nearest
from sim.scenario.folders import not_linked_away
from sim.scenario.part import Text
from sim.scenario.table_file import read_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.evaluate.rates import ShareInterval
    from sim.report.robust import Robust
    from sim.scenario import Scenario
    from sim.study import Study
    from sim.study.at_points import Kept

MOST_QUEUED = 1_000_000.0
MISFIT_COLUMNS = ("unit", "days", "hour", "observed", "simulated")

NO_CHANGE = Text(en="no change", zh="无变化")  # in any replication


@dataclass
class Results(Named):
    """A study's results on disk under one behaviour, told in one language. Nothing is simulated.

    Values stay in the tables' own units (shares 0 to 1, …) until they are printed.
    """

    study: Study
    lang: str
    behaviour: str = ""

    def __post_init__(self) -> None:
        check_language(self.lang)
        known = self.study.file.behaviours
        self.behaviour = self.behaviour or known[0]
        if self.behaviour not in known:
            raise InputError(
                f"no behaviour '{self.behaviour}' in this study", remedy=nearest(self.behaviour, known)
            )

    @cached_property
    def sides(self) -> list[Results]:
        """These results and those under the study's other behaviours, as far as there are any."""
        found = self.study.outcomes["behaviour"].unique()
        others = [name for name in self.study.file.behaviours if name != self.behaviour and name in found]
        sides = [self, *(Results(self.study, self.lang, name) for name in others)]
        for other in sides[1:]:  # one family: they share what they have compared
            other.__dict__["sides"] = [other, *(side for side in sides if side is not other)]
        return sides

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """The rows of the study's long table under this behaviour."""
        rows = self.study.outcomes
        rows = rows[rows["behaviour"] == self.behaviour].drop(columns="behaviour")
        return rows.assign(outcome=rows["outcome"].cat.add_categories([DEDUCTED.name, LEADERS.name]))

    def _with_means(self, bureau: pd.DataFrame) -> pd.DataFrame:
        """Return the bureau's rows with its `pay_share` and `units_deducted` added."""
        import pandas as pd

        units = self.rows("unit")
        shares = units[(units["outcome"] == "pay_share") & units["unit"].isin(self.bound_units)]
        keys = ["policy", "replication", "year"]
        by_year = shares.groupby(keys)["value"].agg(
            pay_share="mean", units_deducted=lambda share: (share < 1).mean()
        )
        means = by_year.reset_index().melt(keys, var_name="outcome")
        work = self.level("person", "busy_hours")
        leaders = work[work["unit"].isin(self.leading_units)].groupby(keys, observed=True)["value"].sum()
        hours = leaders.reset_index().assign(outcome=LEADERS.name)
        means = pd.concat([means, hours]).assign(month=0, unit="", kind="", person="")[list(bureau)]
        return pd.concat([bureau, means.astype(bureau.dtypes)], ignore_index=True)

    @cached_property
    def robust(self) -> Kept | None:
        """The stored sensitivity run of the study, if it is of this behaviour too; None without one."""
        from sim.study.at_points import kept

        found = kept(self.study)
        return None if found is None or self.behaviour not in found.made["behaviours"] else found

    @cached_property
    def doubts(self) -> Robust | None:
        """What that run says under this behaviour."""
        from sim.report.robust import Robust

        return None if self.robust is None else Robust(self, self.robust)

    @cached_property
    def policies(self) -> list[str]:
        """The policies that have results, the baseline first; those of measures are told by their shares."""
        from sim.evaluate.shares import parts

        of_measures = parts([measure.name for measure in self.study.file.measures])
        present = set(self.rows("bureau")["policy"].unique())
        if self.baseline not in present:
            raise InputError(f"'{self.baseline}' has no results yet", remedy=f"sim run {self.study.called}")
        if len(present) == 1 < len(self.study.policies) and not of_measures:
            raise InputError(
                f"only '{self.baseline}' has results, and nothing that could be compared with it",
                remedy=f"sim run {self.study.called}",
            )
        return [name for name in self.study.policies if name in present and name not in of_measures]

    @property
    def baseline(self) -> str:
        return self.study.baseline

    @property
    def alternatives(self) -> list[str]:
        return [name for name in self.policies if name != self.baseline]

    @cached_property
    def replications(self) -> int:
        """How many replications every policy has."""
        return int(self.rows("bureau").groupby("policy")["replication"].nunique().min())

    @cached_property
    def years(self) -> int:
        """Simulated years of a policy; of a stretch of minutes, its replications."""
        rows = self.rows("bureau")
        rows = rows[rows["policy"] == self.baseline]
        return len(rows[["replication", "year"]].drop_duplicates())

    @cached_property
    def calendar_years(self) -> list[int]:
        """The years of a replication; [0] for a stretch of minutes."""
        return sorted(int(year) for year in self.rows("bureau")["year"].unique())

    @property
    def in_years(self) -> bool:
        return self.study.scenario.horizon.years is not None

    @cached_property
    def bound_units(self) -> list[str]:
        """The units whose people's pay hangs on the score."""
        scenario = self.study.scenario
        return [
            unit for unit in scenario.units if (its := scenario.type_of(unit)).pay_bound and its.scorecard
        ]

    @cached_property
    def leading_units(self) -> list[str]:
        """The units in which there are leaders alone: the role that is paired with petition households."""
        scenario = self.study.scenario
        role = scenario.service_rules.petition_pairing.role
        roles = {
            unit: {one.role for one in scenario.staff.values() if one.unit == unit} for unit in scenario.units
        }
        return [unit for unit, found in roles.items() if found == {role}]

    @once
    def level(self, level: str, outcome: str) -> pd.DataFrame:
        """Return the rows of one outcome at a level of `sim.evaluate.compare.LEVELS`."""
        rows = self.rows(level)
        return rows[rows["outcome"] == outcome]

    def rows(self, level: str) -> pd.DataFrame:
        """Return all rows of one level, cached; levels with and without the year have the same."""
        from sim.evaluate.compare import LEVELS, at_level

        keys = tuple(key for key in LEVELS[level] if key != "year")
        if keys not in self._levels:
            rows = at_level(self.outcomes, level)
            self._levels[keys] = rows if keys else self._with_means(rows)
        return self._levels[keys]

    @cached_property
    def _levels(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    def has(self, outcome: str, level: str = "bureau", *, under: Sequence[str] = ()) -> bool:
        """Return whether an outcome was measured under any policy, or under each of those given.

        What a scenario does not have (limits, scorecards, pay, people) has no outcome: nothing is read of one
        before this was asked. One of `IF_ANY` is measured where it is not 0.
        """
        found = self._measured(level, outcome)
        return found.issuperset(under) if under else bool(found)

    @once
    def _measured(self, level: str, outcome: str) -> set[str]:
        """Return the policies under which an outcome has a value."""
        rows = self.level(level, outcome)
        there = rows["value"] > 0 if outcome in IF_ANY else rows["value"].notna()
        return set(rows.loc[there, "policy"].unique())

    def everywhere(self, outcome: str) -> bool:
        """Return whether an outcome of the bureau has a replication with a value under every policy."""
        from sim.evaluate.choose import by_replication

        try:
            return not by_replication(self.rows("bureau"), outcome, self.policies).empty
        except InputError:
            return False

    def with_pay_changed(self) -> list[str]:
        """The alternatives that change pay, of those that pay somebody whom the baseline pays, too."""
        return [name for name in self.alternatives if "pay" in self.touched(name) and name in self._winners]

    def available(self, names: tuple[str, ...], level: str = "bureau") -> list[str]:
        """Those of the outcomes that were measured; of a stretch of minutes none that is told in days."""
        found = [name for name in names if self.has(name, level)]
        return [name for name in found if self.in_years or outcome_of(name).unit.en != "calendar days"]

    def differences(self, level: str = "bureau", only: tuple[str, ...] = ()) -> pd.DataFrame:
        """Compare every alternative with the baseline by `sim.evaluate.compare.against`.

        One outcome is one family, over all policies and behaviours of the study: `only` these outcomes have
        the same rows as among all, sooner.
        """
        import pandas as pd

        if (level, only) not in self._compared:
            from sim.evaluate.compare import against

            rows = [side.rows(level).assign(behaviour=side.behaviour) for side in self.sides]
            if only:
                rows = [own[own["outcome"].isin(only)] for own in rows]
            policies = dict.fromkeys(name for side in self.sides for name in side.alternatives)
            table = against(pd.concat(rows, ignore_index=True), list(policies), self.baseline, level=level)
            for side in self.sides:
                mine = table
                if "behaviour" in table:
                    mine = table[table["behaviour"] == side.behaviour].drop(columns="behaviour")
                side._compared[level, only] = mine.reset_index(drop=True)
        return self._compared[level, only]

    @cached_property
    def _compared(self) -> dict[tuple[str, tuple[str, ...]], pd.DataFrame]:
        return {}

    def difference(self, policy: str, outcome: str) -> pd.Series | None:
        """Return the bureau's row of `differences`, or None without one."""
        place = self._places.get((policy, outcome))
        return None if place is None else self.differences().iloc[place]

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        rows = self.differences()
        pairs = zip(rows["policy"], rows["outcome"], strict=True)
        return {pair: place for place, pair in enumerate(pairs)}

    def means(self, level: str, outcome: str, policy: str) -> pd.DataFrame:
        """One outcome by the level's key under a policy: mean with its 95 % interval low, high over the
        replications, what the interval lacks (note), and the least and greatest year."""
        import pandas as pd

        from sim.evaluate.compare import LEVELS

        rows = self.level(level, outcome)
        rows = rows[rows["policy"] == policy]
        table = {}
        for key, part in rows.groupby(
            LEVELS[level][0] if level != "unit_month" else LEVELS[level], sort=False
        ):
            found = self.estimate(part, level)
            bounds = (found.low, found.high, found.note)
            table[key] = (found.estimate, *bounds, part["value"].min(), part["value"].max())
        columns = ["mean", "low", "high", "note", "least", "greatest"]
        return pd.DataFrame.from_dict(table, orient="index", columns=columns)

    def estimate(self, rows: pd.DataFrame, level: str) -> ShareInterval:
        """Compute the mean of rows of one outcome and policy, with its 95 % interval over the replications.

        A share has an interval between 0 and 1 (`sim.evaluate.rates`). Of units and kinds, a share of cases
        is that of all their cases; of the bureau, each year counts alike, as in differences.
        """
        from sim.evaluate import mean_interval
        from sim.evaluate.rates import ShareInterval, share_interval

        rows = rows[rows["value"].notna()]
        means = rows.groupby("replication")["value"].mean()
        outcome = str(rows["outcome"].iloc[0]) if len(rows) else ""
        if not outcome or outcome_of(outcome).unit.en != "%" or not means.between(0, 1).all():
            found = mean_interval(means.to_numpy())
            return ShareInterval(found.estimate, found.low, found.high, found.n)
        if outcome not in OF_DUE or not self.has("due_cases", level):
            return share_interval(means.to_numpy())
        keys = ["policy", "replication", "year", "month", "unit", "kind"]
        due = self.level(level, "due_cases")[[*keys, "value"]].rename(columns={"value": "cases"})
        both = rows.merge(due, on=keys)
        both["hits"] = both["value"] * both["cases"]
        sums = both.groupby("replication")[["hits", "cases"]].sum()
        if level == "bureau" or not sums["cases"].gt(0).any():
            return share_interval(means.to_numpy(), float(sums["cases"].mean()) or None)
        return share_interval((sums["hits"] / sums["cases"]).clip(0, 1).to_numpy(), sums["cases"].to_numpy())

    @once
    def bureau_mean(self, outcome: str, policy: str) -> ShareInterval:
        """Return the bureau's mean over the replications with its 95 % interval."""
        rows = self.level("bureau", outcome)
        return self.estimate(rows[rows["policy"] == policy], "bureau")

    @once
    def touched(self, policy: str) -> set[str]:
        """Return which of "service", "scores", "pay" and "ranks" a policy changes in any replication."""
        rows = self.differences().query("policy == @policy")
        moved = set(rows.loc[~rows["exact_zero"], "outcome"])
        groups = {"service": SERVICE, "scores": SCORES, "pay": PAY}
        found = {name for name, outcomes in groups.items() if moved & set(outcomes)}
        units = self.differences("unit", RANKS).query("policy == @policy")
        return found | ({"ranks"} if not units["exact_zero"].all() else set())

    def winners(self, policy: str) -> pd.DataFrame:
        """`sim.evaluate.winners_losers` among people, against the baseline; of `with_pay_changed`."""
        return self._winners[policy]

    def moved(self, policy: str, way: str) -> float | None:
        """Return the share of people that gain ("gain") or lose ("loss") pay; None where none is known."""
        table = self._winners.get(policy)
        return None if table is None else float(table.loc[[f"{way}_over_5", f"{way}_to_5"], "share"].sum())

    @cached_property
    def _winners(self) -> dict[str, pd.DataFrame]:
        """By policy of `pay_pairs`."""
        from sim.evaluate.gains import counted

        return {name: counted(pairs) for name, pairs in self.pay_pairs.items()}

    @cached_property
    def pay_pairs(self) -> dict[str, pd.DataFrame]:
        """People's pay under each alternative beside the baseline's, of `sim.evaluate.compare.paired`.

        Only of policies that pay somebody whom the baseline pays too.
        """
        from sim.evaluate.compare import paired

        rows = self.level("person", "pay")
        there = [one for one in self.alternatives if self.has("pay", "person", under=(self.baseline, one))]
        pairs = {name: paired(rows, name, self.baseline, level="person") for name in there}
        return {name: found for name, found in pairs.items() if not found.empty}

    def rules(self, policy: str) -> Scenario:
        """Return the scenario under a policy."""
        from sim.scenario.reform import reform

        return reform(self.study.scenario, self.study.policies[policy])

    @cached_property
    def misfit(self) -> pd.DataFrame | None:
        """Mean queues beside the observed, `MISFIT_COLUMNS`, from the scenario's data/misfit.csv, or None.

        The file is read, never made here.
        """
        import pandas as pd

        file = self.study.scenario.folder / "data" / "misfit.csv"
        if not file.is_file():
            return None
        table = read_table(not_linked_away(file, self.study.scenario.folder))
        table.check_columns(MISFIT_COLUMNS)
        numbers = {
            "hour": table.numbers("hour", "0 to 23", most=23, whole=True).astype(int),
            **{
                name: table.numbers(name, "A mean number of people, 0 or more", most=MOST_QUEUED)
                for name in ("observed", "simulated")
            },
        }
        unit = table.names("unit", self.study.scenario.units)
        return pd.DataFrame({"unit": unit, "days": table.columns["days"], **numbers})

    def same_rules(self, policy: str) -> bool:
        """Return whether the policy's rules equal the baseline's exactly."""
        keys = {
            u.policy: u.key for u in self.study.units if u.replication == 0 and u.behaviour == self.behaviour
        }
        return keys[policy] == keys[self.baseline]

    def bottom_shares(self) -> pd.DataFrame:
        """How often each unit was at the bottom in the baseline's simulated years, the most frequent first.

        Columns times, share, and the share's 95 % interval low, high over the replications: the years of one
        are not independent.
        """
        import pandas as pd

        from sim.evaluate.rates import share_interval

        rows = self.level("unit", "bottom")
        rows = rows[(rows["policy"] == self.baseline) & rows["value"].notna()]
        found = {}
        for unit, mine in rows.groupby("unit", sort=False):
            years = mine.groupby("replication")["value"].agg(["mean", "size"])
            share = share_interval(years["mean"].to_numpy(), years["size"].to_numpy())
            found[unit] = (int(mine["value"].sum()), share.estimate, share.low, share.high)
        table = pd.DataFrame.from_dict(found, orient="index", columns=["times", "share", "low", "high"])
        return table.sort_values("share", ascending=False, kind="stable")

    def value(self, outcome: str, value: float, se: float | None = None) -> str:
        """Format a value without its unit, except %."""
        scale = outcome_of(outcome).scale
        text = number(value * scale, se=se * scale) if se else exact(value * scale)
        return f"{text}%" if self.measure(outcome) == "%" and not math.isnan(value) else text

    def before_and_after(self, row: pd.Series) -> tuple[str, str]:
        """Format the baseline's and the policy's mean of a difference, as finely as its interval allows."""
        se = standard_error(row["low"], row["high"])
        if row["exact_zero"] and self.has(row["outcome"], under=[self.baseline]):  # as finely as its mean
            own = self.bureau_mean(row["outcome"], self.baseline)
            se = standard_error(own.low, own.high)
        before, after = (self.value(row["outcome"], row[name], se) for name in ("baseline", "policy_mean"))
        return before, after

    def mean(self, outcome: str, policy: str) -> str:
        """Format the bureau's mean under a policy as finely as its interval allows, without unit but %."""
        found = self.bureau_mean(outcome, policy)
        return self.value(outcome, found.estimate, standard_error(found.low, found.high))

    def change(self, row: pd.Series) -> str:
        """A row of `differences` as printed: ``+1.2 [+0.9, +1.5]``, without its unit."""
        if row["exact_zero"]:
            return pick(NO_CHANGE, self.lang)
        scale = outcome_of(row["outcome"]).scale
        difference, low, high = (scale * float(row[name]) for name in ("difference", "low", "high"))
        return change(difference, low, high, self.lang)
