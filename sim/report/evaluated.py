"""A study's evaluation as tables: luck, ranks, size, perverse incentives, and who gains and loses.

Each table is made when it is first asked for, from the results on disk. One that the study does not allow is
None: without scores, without pay, or with too few replications.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.report.results import Results
from sim.scenario.errors import InputError
from sim.scenario.part import given

if TYPE_CHECKING:
    import pandas as pd

    from sim.rules.schedule import Schedule
    from sim.scenario import Scenario

FEWEST = 3  # replications from which luck is told
_TABLES = (
    "rate", "observed", "score", "price", "bottom", "naming", "repetition", "sizes", "loads", "remedies",
    "chances", "truly", "alarm", "corners", "gains", "inequality", "sides",
)  # fmt: skip


def _none_if_impossible(
    make: Callable[[Evaluated], pd.DataFrame | None],
) -> Callable[[Evaluated], pd.DataFrame | None]:
    """Give None where the results do not allow a table, such as units that never differ."""

    def made(self: Evaluated) -> pd.DataFrame | None:
        try:
            return make(self)
        except InputError:
            return None

    made.__doc__ = make.__doc__
    return made


@dataclass
class Evaluated:
    """The evaluation of a study's results under one behaviour.

    results : the study's results under it.
    """

    results: Results

    @cached_property
    def rules(self) -> Scenario:
        """The scenario under the baseline."""
        return self.results.rules(self.results.baseline)

    @property
    def enough(self) -> bool:
        """Whether there are replications enough to tell of luck."""
        return self.results.replications >= FEWEST

    @cached_property
    def scored(self) -> bool:
        """Whether units have scores, by which they are judged, in years."""
        here = self.results.has("score", "unit", under=[self.results.baseline])
        return here and self.rules.assessment is not None

    @property
    def line(self) -> float:
        """The score from which a unit is advanced, points."""
        return float(given(self.rules.assessment).advanced_threshold)

    @property
    def count(self) -> int:
        """Places at the bottom; three where the baseline names none."""
        return int(given(self.rules.assessment).bottom_count) or 3

    @cached_property
    def schedule(self) -> Schedule:
        """Share of assessment pay by score under the baseline."""
        from sim.rules.schedule import pay_schedule

        return pay_schedule(given(self.rules.pay))

    @cached_property
    def people(self) -> pd.DataFrame:
        """The people by name: unit, grade, role."""
        import pandas as pd

        from sim.scenario.check import people_of

        rows = [
            (name, staff.unit, staff.grade, staff.role)
            for group, staff in self.rules.staff.items()
            for name in people_of(group, staff.count, staff.names)
        ]
        return pd.DataFrame(rows, columns=["person", "unit", "grade", "role"]).set_index("person")

    @cached_property
    def sizes_of_units(self) -> dict[str, int]:
        """People of each unit."""
        return {str(unit): int(count) for unit, count in self.people.groupby("unit").size().items()}

    @cached_property
    @_none_if_impossible
    def rate(self) -> pd.DataFrame | None:
        """Reliability of the yearly on-time rate of scored units."""
        from sim.evaluate.reliability import reliability

        if not self.enough or not self.scored:
            return None
        found = reliability(self.results.outcomes, self.results.baseline, self.line / 100)
        return found[found["unit"].isin(self._with_card)].reset_index(drop=True)

    @cached_property
    def _with_card(self) -> list[str]:
        return [unit for unit in self.rules.units if self.rules.type_of(unit).scorecard]

    @cached_property
    @_none_if_impossible
    def observed(self) -> pd.DataFrame | None:
        """The same from the first replication alone, as a bureau could compute it."""
        from sim.evaluate.reliability import observed_reliability

        if not self.scored or not self.results.in_years:
            return None
        found = observed_reliability(self.results.outcomes, self.results.baseline, self.line / 100)
        return found[found["unit"].isin(self._with_card)].reset_index(drop=True)

    @cached_property
    @_none_if_impossible
    def score(self) -> pd.DataFrame | None:
        """Reliability of the yearly score."""
        from sim.evaluate.reliability import reliability

        if not self.enough or not self.scored:
            return None
        return reliability(self.results.outcomes, self.results.baseline, self.line, of="score")

    @cached_property
    @_none_if_impossible
    def price(self) -> pd.DataFrame | None:
        """What noise costs the units whose pay hangs on the score."""
        from sim.evaluate.noise import price_of_noise

        if self.score is None or self.rules.pay is None:
            return None
        found = price_of_noise(self.score, self.schedule, self.rules.pay.full_pay_threshold, count=self.count)
        return found[found["unit"].isin(self.results.bound_units)].reset_index(drop=True)

    @cached_property
    @_none_if_impossible
    def bottom(self) -> pd.DataFrame | None:
        """How often each unit is at the bottom, and its sets of ranks."""
        from sim.evaluate.ranks import bottom_by_unit

        if not self.enough or not self.scored:
            return None
        return bottom_by_unit(self.results.outcomes, self.results.baseline, self.count)

    @cached_property
    @_none_if_impossible
    def chances(self) -> pd.DataFrame | None:
        """Chances of a place at the bottom by the on-time rate alone, with and without the queue."""
        import numpy as np
        import pandas as pd

        from sim.evaluate.ranks import bottom_of_counts

        if self.rate is None:
            return None
        own = self.rate[(self.rate["cases"] >= 1) & self.rate["design_effect"].notna()]
        cases = np.round(own["cases"].to_numpy(float))
        fewer = np.maximum(np.round(cases / np.maximum(own["design_effect"], 1)), 1)
        return pd.DataFrame(
            {
                "unit": own["unit"].to_numpy(),
                "independent": bottom_of_counts(cases, own["true"], self.count),
                "queue": bottom_of_counts(fewer, own["true"], self.count),
            }
        )

    @cached_property
    @_none_if_impossible
    def truly(self) -> pd.DataFrame | None:
        """Each unit's chance to be truly at the bottom by its on-time rate, as one observed year tells it."""
        import numpy as np
        import pandas as pd

        from sim.evaluate.ranks import true_bottom

        if self.observed is None:
            return None
        own = self.observed[self.observed["design_effect"].notna()]
        cases = own["cases"].to_numpy(float) / np.maximum(own["design_effect"].to_numpy(float), 1)
        chance, right = true_bottom(own["true"].to_numpy(float) * cases, cases, self.count)
        return pd.DataFrame({"unit": own["unit"].to_numpy(), "truly_bottom": chance, "all_right": right})

    @cached_property
    @_none_if_impossible
    def naming(self) -> pd.DataFrame | None:
        """How well the lowest are named, by four rules."""
        from sim.evaluate.ranks import naming_rules

        if not self.enough or not self.scored:
            return None
        return naming_rules(self.results.outcomes, self.results.baseline, self.count)

    @cached_property
    @_none_if_impossible
    def repetition(self) -> pd.DataFrame | None:
        """How far a year's ranking repeats."""
        from sim.evaluate.ranks import repetition

        if not self.enough or not self.scored:
            return None
        return repetition(self.results.outcomes, self.results.baseline, self.count)

    @cached_property
    @_none_if_impossible
    def sizes(self) -> pd.DataFrame | None:
        """False alarms and deductions of small, middle and large units that the pay rule binds."""
        from sim.evaluate.fairness import by_size

        if not self.enough or not self.scored or self.rules.pay is None:
            return None
        people = {unit: self.sizes_of_units.get(unit, 0) for unit in self.results.bound_units}
        return by_size(self.results.outcomes, self.results.baseline, self.line, people, self.schedule)

    @cached_property
    @_none_if_impossible
    def loads(self) -> pd.DataFrame | None:
        """Each unit's people and load, beside the load that its size allows."""
        import pandas as pd

        from sim.evaluate.fairness import highest_load

        if not self.results.has("utilisation", "unit", under=[self.results.baseline]):
            return None
        means = self.results.means("unit", "utilisation", self.results.baseline)["mean"]
        units = [unit for unit in self._with_card if unit in means.index and self.sizes_of_units.get(unit)]
        people = [self.sizes_of_units[unit] for unit in units]
        found = {"unit": units, "people": people, "load": means[units].to_numpy()}
        return pd.DataFrame(found | {"allowed": highest_load(people)}) if units else None

    @cached_property
    @_none_if_impossible
    def remedies(self) -> pd.DataFrame | None:
        """Remedies of unequal noise."""
        from sim.evaluate.fairness import remedies

        return None if self.score is None else remedies(self.score, self.line)

    @cached_property
    @_none_if_impossible
    def alarm(self) -> pd.DataFrame | None:
        """Harm outside the score and the gaming gap, by policy."""
        from sim.evaluate.alarm import perverse_incentives

        if not self.scored or not self.results.alternatives:
            return None
        rules = [self.results.rules(name) for name in self.results.policies]
        chosen = self.results.outcomes[self.results.outcomes["policy"].isin(self.results.policies)]
        return perverse_incentives(
            chosen,
            self.results.baseline,
            scored=set.intersection(*map(_scored, rules)),
            unscored_kinds=sorted(set.union(*map(_unscored_kinds, rules))),
        )

    @cached_property
    @_none_if_impossible
    def corners(self) -> pd.DataFrame | None:
        """Bunching of scores at the corners of each policy's pay rule, by policy."""
        import pandas as pd

        from sim.evaluate.bunching import at_corners

        if not self.scored:
            return None
        parts = []
        for policy in self.results.policies:
            rules = self.results.rules(policy)
            if rules.pay is None or rules.pay.basis != "score":
                continue
            found = at_corners(self.results.outcomes, policy, _of_full_pay(rules), self.results.bound_units)
            parts.append(found.assign(policy=policy))
        return pd.concat(parts, ignore_index=True) if parts else None

    @cached_property
    @_none_if_impossible
    def gains(self) -> pd.DataFrame | None:
        """Who gains and who loses, by policy, grouping and group."""
        import pandas as pd

        from sim.evaluate.distribution import GROUPINGS, gains_by

        rows = self.results.level("person", "pay")
        ranks = self.results.level("unit", "rank")
        both = pd.concat([rows, ranks])
        parts = [
            gains_by(both, policy, self.results.baseline, self.people, by=by).assign(policy=policy, by=by)
            for policy in self.results.with_pay_changed()
            for by in GROUPINGS
            if by != "rank" or len(ranks)
        ]
        return pd.concat(parts, ignore_index=True) if parts else None

    @cached_property
    @_none_if_impossible
    def inequality(self) -> pd.DataFrame | None:
        """How unequal pay is, by policy."""
        from sim.evaluate.distribution import inequality

        if not self.results.has("pay", "person", under=[self.results.baseline]):
            return None
        rows = self.results.level("person", "pay")
        return inequality(rows[rows["policy"].isin(self.results.policies)], self.results.baseline)

    @cached_property
    @_none_if_impossible
    def sides(self) -> pd.DataFrame | None:
        """Who changes side when the threshold moves by a point."""
        from sim.evaluate.distribution import at_threshold

        if not self.scored:
            return None
        return at_threshold(self.results.outcomes, self.results.baseline, self.line)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables that there are, by name."""
        found = {name: getattr(self, name) for name in _TABLES}
        return {name: table for name, table in found.items() if table is not None and not table.empty}


def _scored(rules: Scenario) -> set[str]:
    """Return the indicators that the scorecards count."""
    return {item.indicator for card in rules.scorecards.values() for item in card.items.values()}


def _unscored_kinds(rules: Scenario) -> set[str]:
    """Return the kinds of matters at which no item of a scorecard looks."""
    from sim.scenario.indicators import INDICATORS

    looked_at: set[str] = set()
    for card in rules.scorecards.values():
        for item in card.items.values():
            if INDICATORS[item.indicator].of in ("cases", "work"):
                looked_at |= set(item.kinds or rules.kinds)
    return set(rules.kinds) - looked_at


def _of_full_pay(rules: Scenario) -> Schedule:
    """Return pay by score, in per cent of full pay, of the mean person whom the rule binds."""
    import numpy as np

    from sim.rules.schedule import bonus_schedule, combined, pay_schedule

    pay = given(rules.pay)
    grades = [
        (rules.grades[staff.grade], staff.count)
        for staff in rules.staff.values()
        if rules.type_of(staff.unit).pay_bound
    ]
    parts = np.sum(
        [np.array([one.base_pay, one.assessment_pay, one.target_bonus]) * count for one, count in grades],
        axis=0,
    )
    share = 100 * parts / parts.sum()
    found = combined([(pay_schedule(pay), share[1:2]), (bonus_schedule(pay), share[2:])])
    return type(found)(found.at, found.before[0], found.here[0])
