"""A study's evaluation as tables: luck, ranks, size, perverse incentives, and who gains and loses.

Each table is made when it is first asked for, from the results on disk. One that the study does not allow is
None: without scores, without pay, or with too few replications.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.report.results import Results
from sim.report.words import Text
from sim.scenario.errors import InputError
from sim.scenario.part import given

if TYPE_CHECKING:
    import pandas as pd

    from sim.rules.schedule import Schedule
    from sim.scenario import Scenario

FEWEST = 3  # replications from which luck is told
NEEDED = {  # what a table rests on, and what is said where a study has none of it
    "enough": Text(en=f"there are fewer than {FEWEST} replications", zh=f"模拟次数少于{FEWEST}次"),
    "scored": Text(en="units have no yearly score", zh="各单位没有年度得分"),
    "targets": Text(en="no scorecard has a target for the on-time rate", zh="考核未规定按时办结率目标值"),
    "several_bound": Text(
        en="pay hangs on the score of fewer than three units", zh="工资与得分挂钩的单位不足三个"
    ),
    "paid": Text(en="no pay hangs on a score", zh="工资不与得分挂钩"),
    "in_years": Text(en="the horizon is not in years", zh="模拟期不以年计"),
    "compared": Text(en="there is nothing to compare with the baseline", zh="没有可与基准对比的方案"),
}
_NOTHING = Text(en="the results hold nothing of it", zh="结果中没有相关内容")
TITLES: dict[str, Text] = {}  # of the tables, by name, in order


def _table(en: str, zh: str, *needs: str) -> Callable[[Callable[[Evaluated], pd.DataFrame | None]], Any]:
    """Make a table that is None, with the reason noted in `why`, where the results do not allow it.

    `needs` are names of `NEEDED`.
    """

    def decorated(make: Callable[[Evaluated], pd.DataFrame | None]) -> Any:
        name = make.__name__
        TITLES[name] = Text(en=en, zh=zh)

        def made(self: Evaluated) -> pd.DataFrame | None:
            if lacking := [need for need in needs if not getattr(self, need)]:
                self.why[name] = NEEDED[lacking[0]]
                return None
            try:
                found = make(self)
            except InputError as error:  # such as units that never differ
                self.why[name] = Text(
                    en=f"the results do not allow it ({error.message})", zh="结果不足以计算"
                )
                return None
            if found is None or found.empty:
                self.why[name] = _NOTHING
                return None
            return found

        made.__doc__ = make.__doc__
        return cached_property(made)

    return decorated


@dataclass
class Evaluated:
    """The evaluation of a study's results under one behaviour.

    results : the study's results under it. why : of each table that is None, the reason.
    """

    results: Results
    why: dict[str, Text] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def rules(self) -> Scenario:
        """The scenario under the baseline."""
        return self.results.rules(self.results.baseline)

    @property
    def of_units(self) -> pd.DataFrame:
        """The results of units over whole years."""
        return self.results.rows("unit")

    @property
    def enough(self) -> bool:
        """Whether there are replications enough to tell of luck."""
        return self.results.replications >= FEWEST

    @property
    def paid(self) -> bool:
        """Whether pay hangs on the score."""
        return self.rules.pay is not None

    @property
    def several_bound(self) -> bool:
        """Whether the units whose pay hangs on the score can be told apart by size."""
        from sim.evaluate.fairness import CLASSES

        return len(self.results.bound_units) >= len(CLASSES)

    @property
    def in_years(self) -> bool:
        """Whether the horizon is in whole years."""
        return self.results.in_years

    @property
    def compared(self) -> bool:
        """Whether there are alternatives to the baseline."""
        return bool(self.results.alternatives)

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

    @_table("Reliability of the yearly on-time rate", "年度按时办结率的信度", "enough", "targets")
    def rate(self) -> pd.DataFrame | None:
        """Reliability of the yearly on-time rate of scored units."""
        from sim.evaluate.reliability import reliability

        return self._by_target(lambda line: reliability(self.of_units, self.results.baseline, line))

    @cached_property
    def targets(self) -> dict[str, float]:
        """The share of cases in time that each unit's scorecard asks for, by unit.

        It is the item's target; or the line for the score, where the score is nothing but that share.
        """
        found = {}
        for unit in self.rules.units:
            card = self.rules.type_of(unit).scorecard
            items = self.rules.scorecards[card].items.values() if card else ()
            asked = [item.target for item in items if item.indicator == "on_time_rate"]
            if target := next((target for target in asked if target is not None), None):
                found[unit] = float(target)
            elif self.scored and asked and len(asked) == len(items):
                found[unit] = self.line / 100
        return found

    def _by_target(self, make: Callable[[float], pd.DataFrame]) -> pd.DataFrame:
        """Return a table of units, each held against its own target, ``line``."""
        import pandas as pd

        parts = []
        for line in sorted(set(self.targets.values())):
            units = [unit for unit, target in self.targets.items() if target == line]
            found = make(line)
            parts.append(found[found["unit"].isin(units)].assign(line=line))
        table = pd.concat(parts, ignore_index=True)
        order = {unit: place for place, unit in enumerate(self.rules.units)}
        return table.sort_values("unit", key=lambda units: units.map(order), ignore_index=True)

    @cached_property
    def _with_card(self) -> list[str]:
        return [unit for unit in self.rules.units if self.rules.type_of(unit).scorecard]

    @_table("Reliability from one observed year", "由单一年度数据估计的信度", "targets", "in_years")
    def observed(self) -> pd.DataFrame | None:
        """The same from the first replication alone, as a bureau could compute it."""
        from sim.evaluate.reliability import observed_reliability

        outcomes, baseline = self.results.rows("unit_month"), self.results.baseline
        return self._by_target(lambda line: observed_reliability(outcomes, baseline, line))

    @_table("Reliability of the yearly score", "年度得分的信度", "enough", "scored")
    def score(self) -> pd.DataFrame | None:
        """Reliability of the yearly score."""
        from sim.evaluate.reliability import reliability

        return reliability(self.of_units, self.results.baseline, self.line, of="score")

    @_table("What luck costs", "偶然因素的代价", "enough", "scored", "paid")
    def price(self) -> pd.DataFrame | None:
        """What noise costs the units whose pay hangs on the score."""
        from sim.evaluate.noise import price_of_noise

        if self.score is None:
            return None
        found = price_of_noise(
            self.score, self.schedule, given(self.rules.pay).full_pay_threshold, count=self.count
        )
        return found[found["unit"].isin(self.results.bound_units)].reset_index(drop=True)

    @_table("How often each unit is at the bottom", "各单位列入末位的次数", "enough", "scored")
    def bottom(self) -> pd.DataFrame | None:
        """How often each unit is at the bottom, and its sets of ranks."""
        from sim.evaluate.ranks import bottom_by_unit

        return bottom_by_unit(self.of_units, self.results.baseline, self.count)

    @_table("Chances of a place at the bottom", "列入末位的概率", "enough", "scored")
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

    @_table(
        "Who truly is at the bottom, by one observed year",
        "由单一年度判断谁真正处于末位",
        "scored",
        "in_years",
    )
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

    @_table("How well the lowest are named", "末位认定的准确性", "enough", "scored")
    def naming(self) -> pd.DataFrame | None:
        """How well the lowest are named, by four rules."""
        from sim.evaluate.ranks import naming_rules

        return naming_rules(self.of_units, self.results.baseline, self.count)

    @_table("How far a ranking repeats", "排名的可重复性", "enough", "scored")
    def repetition(self) -> pd.DataFrame | None:
        """How far a year's ranking repeats."""
        from sim.evaluate.ranks import repetition

        return repetition(self.of_units, self.results.baseline, self.count)

    @_table("False alarms by size of unit", "不同规模单位的误判", "enough", "scored", "paid", "several_bound")
    def sizes(self) -> pd.DataFrame | None:
        """False alarms and deductions of small, middle and large units that the pay rule binds."""
        from sim.evaluate.fairness import by_size

        people = {unit: self.sizes_of_units.get(unit, 0) for unit in self.results.bound_units}
        return by_size(self.of_units, self.results.baseline, self.line, people, self.schedule)

    @_table("The load that a size allows", "规模所能承受的负荷")
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

    @_table("Remedies of unequal luck", "偶然因素不均的补救办法", "enough", "scored")
    def remedies(self) -> pd.DataFrame | None:
        """Remedies of unequal noise."""
        from sim.evaluate.fairness import remedies

        return None if self.score is None else remedies(self.score, self.line)

    @_table("Harm outside the score", "考核未计方面的损害", "scored", "compared")
    def alarm(self) -> pd.DataFrame | None:
        """Harm outside the score and the gaming gap, by policy."""
        import pandas as pd

        from sim.evaluate.alarm import perverse_incentives

        rules = [self.results.rules(name) for name in self.results.policies]
        rows = pd.concat([self.results.rows("bureau"), self.results.rows("kind")])
        chosen = rows[rows["policy"].isin(self.results.policies)]
        return perverse_incentives(
            chosen,
            self.results.baseline,
            scored=set.intersection(*map(_scored, rules)),
            unscored_kinds=sorted(set.union(*map(_unscored_kinds, rules))),
        )

    @_table("Scores at the thresholds", "门槛处的得分", "scored")
    def corners(self) -> pd.DataFrame | None:
        """Bunching of scores at the corners of each policy's pay rule, by policy."""
        import pandas as pd

        from sim.evaluate.bunching import at_corners

        parts = []
        for policy in self.results.policies:
            rules = self.results.rules(policy)
            if rules.pay is None or rules.pay.basis != "score":
                continue
            found = at_corners(self.of_units, policy, _of_full_pay(rules), self.results.bound_units)
            parts.append(found.assign(policy=policy))
        return pd.concat(parts, ignore_index=True) if parts else None

    @_table("Who gains and who loses", "收入增减情况")
    def gains(self) -> pd.DataFrame | None:
        """Who gains and who loses, by policy, grouping and group."""
        import pandas as pd

        from sim.evaluate.distribution import GROUPINGS, gains_of_pairs, rank_fifths

        has_ranks = self.results.has("rank", "unit", under=[self.results.baseline])
        fifths = rank_fifths(self.of_units, self.results.baseline) if has_ranks else None
        parts = [
            gains_of_pairs(self.results.pay_pairs[policy], self.people, by, fifths).assign(
                policy=policy, by=by
            )
            for policy in self.results.with_pay_changed()
            for by in GROUPINGS
            if by != "rank" or has_ranks
        ]
        return pd.concat(parts, ignore_index=True) if parts else None

    @_table("How unequal pay is", "工资差距")
    def inequality(self) -> pd.DataFrame | None:
        """How unequal pay is, by policy."""
        from sim.evaluate.distribution import inequality

        if not self.results.has("pay", "person", under=[self.results.baseline]):
            return None
        rows = self.results.level("person", "pay")
        return inequality(rows[rows["policy"].isin(self.results.policies)], self.results.baseline)

    @_table("Who changes side when the line moves", "门槛移动时改变归属的单位", "scored")
    def sides(self) -> pd.DataFrame | None:
        """Who changes side when the threshold moves by a point."""
        from sim.evaluate.distribution import at_threshold

        return at_threshold(self.of_units, self.results.baseline, self.line)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables that there are, by name."""
        found = {name: getattr(self, name) for name in TITLES}
        return {name: table for name, table in found.items() if table is not None}

    def left_out(self) -> list[tuple[Text, Text]]:
        """Return the title of each table that there is not, and the reason."""
        self.tables()
        return [(TITLES[name], self.why[name]) for name in TITLES if name in self.why]


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
        (rules.grades[staff.grade], staff.full_posts)
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
