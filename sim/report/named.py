"""Name what a study is of, in one language: policies, units, kinds of matter, outcomes, years and months."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sim.report.labels import shortened
from sim.report.outcomes import BY_LIMIT, OWN_LIMITS, limits_differ, outcome_of
from sim.report.words import pick
from sim.scenario.part import Text
from sim.world.reroute import Route, route_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario import Scenario
    from sim.scenario.service import Kind
    from sim.study import Study

_LONGEST_QUOTED = 80  # columns
_POINTS = Text(en="percentage points", zh="个百分点")


class Named:
    """The part of `Results` that names things in its language."""

    if TYPE_CHECKING:
        study: Study
        lang: str

        @cached_property
        def policies(self) -> list[str]: ...

        @property
        def baseline(self) -> str: ...

        @cached_property
        def calendar_years(self) -> list[int]: ...

        def rules(self, policy: str) -> Scenario: ...

    def text(self, en: str, zh: str) -> str:
        return en if self.lang == "en" else zh

    def policy(self, name: str) -> str:
        return pick(self.study.policies[name].title, self.lang)

    def quoted(self, name: str) -> str:
        """Name a policy within a sentence; a title too long for one keeps its beginning and end."""
        title = shortened(self.policy(name), _LONGEST_QUOTED)
        return self.text(f'"{title}"', f"“{title}”")

    def listed(self, names: list[str]) -> str:
        """Join names: ``"A", "B" and "C"``, ``“A”、“B”和“C”``."""
        quoted = [self.quoted(name) for name in names]
        if len(quoted) < 2:
            return "".join(quoted)
        comma, last = self.text(", ", "、"), self.text(" and ", "和")
        return comma.join(quoted[:-1]) + last + quoted[-1]

    def unit(self, name: str) -> str:
        return pick(self.study.scenario.units[name].title, self.lang)

    def kind(self, name: str) -> str:
        return pick(self._titles[name], self.lang)

    def route(self, kind: str) -> Route:
        """Return the steps of a kind of matter, with those that rules add, by name."""
        return route_of(self._kinds[kind])

    @cached_property
    def _in_force(self) -> list[Scenario]:
        from sim.world import in_force

        return [in_force(self.rules(policy)) for policy in self.policies]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        """The kinds of matter under any policy, with those that rules add, such as target projects."""
        return {name: kind for scenario in self._in_force for name, kind in scenario.kinds.items()}

    @cached_property
    def other_limits(self) -> list[str]:
        """The policies under which some kind of matter has another time limit than under the baseline."""
        given = dict(zip(self.policies, self._in_force, strict=True))
        return [policy for policy, own in given.items() if limits_differ(own, given[self.baseline])]

    @cached_property
    def _titles(self) -> dict[str, Text]:
        """The titles of kinds of matter, and of what else outcomes are told of (`sim.scenario.subjects`)."""
        from sim.scenario.subjects import subjects

        others = {name: title for scenario in self._in_force for name, title in subjects(scenario).items()}
        return {name: kind.title for name, kind in self._kinds.items()} | others

    def outcome(self, name: str) -> str:
        return pick(outcome_of(name), self.lang)

    def measure(self, name: str, difference: bool = False) -> str:
        """The unit of an outcome, as it is written; a share's difference is in percentage points."""
        one = outcome_of(name)
        return pick(
            _POINTS if difference and one.unit.en == "%" else one.unit_in(self.study.scenario.currency),
            self.lang,
        )

    def heading(self, name: str) -> str:
        """Return an outcome with its unit, as a heading of columns and axes: ``Pay (yuan)``."""
        label, unit = self.outcome(name), self.measure(name)
        if name in BY_LIMIT and self.other_limits:
            label, unit = (
                self.text(f"{label}, by each rule's limit", label),
                self.text(unit, f"各按本方案时限，{unit}"),
            )
        return label if unit == "1" else f"{label} ({unit})" if self.lang == "en" else f"{label}（{unit}）"

    def by_own_limit(self, outcomes: Iterable[str]) -> str:
        """Say under a figure that rules differ in the limit by which these outcomes are measured; else ""."""
        if not (self.other_limits and set(outcomes) & set(BY_LIMIT)):
            return ""
        return self.text(f" {OWN_LIMITS.en}", OWN_LIMITS.zh)

    def year(self, year: int) -> str:
        """An assessment year as it is read: ``2025``, and ``2025/26`` where it begins in another month."""
        return self.study.scenario.horizon.told(year)

    def month(self, month: int, year: int | None = None) -> str:
        """A month of an assessment year as it is read: ``month 1 of 2026``, ``2026年1月``; without `year`,
        of any."""
        if year is None:
            return self.text(f"month {month}", f"{month}月")
        in_year = self.study.scenario.horizon.year_of(year, month)
        return self.text(f"month {month} of {in_year}", f"{in_year}年{month}月")

    @property
    def _one_fiscal_year(self) -> int | None:
        """The only assessment year, if it is no calendar year: its months lie in two."""
        years = self.calendar_years
        return None if len(years) > 1 or self.study.scenario.horizon.by_calendar_year else years[0]

    @cached_property
    def month_ticks(self) -> list[str]:
        """The months of an assessment year in its order, as an axis names them: where they lie in two
        calendar years, the first of each with its year."""
        horizon, year = self.study.scenario.horizon, self._one_fiscal_year
        months = [(horizon.start.month - 1 + later) % 12 + 1 for later in range(12)]
        if year is None:
            return [str(month) for month in months]
        told = {months[0], 1}
        return [f"{m}\n{horizon.year_of(year, m)}" if m in told else str(m) for m in months]

    def month_of_any_year(self, month: int) -> str:
        """A month of the figures that take all years together, with its year where there is only one."""
        return self.month(month, self._one_fiscal_year)
