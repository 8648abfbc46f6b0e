"""Say what an estimate tells: each figure beside the baseline's, with the interval of its difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.evaluate import winners_losers
from sim.evaluate.compare import compare, paired
from sim.evaluate.estimate import mean_interval
from sim.evaluate.gains import pay_bins
from sim.report.assumptions import counts
from sim.report.outcomes import IF_ANY, OWN_LIMITS, outcome_of
from sim.report.words import change, exact, judged, number, percent_interval, pick, standard_error
from sim.rules.outcomes import Outcome
from sim.scenario import Scenario
from sim.scenario.currency import MONEY
from sim.scenario.policy import CURRENT

from .trials import OF_UNITS, REPLICATIONS
from .words import say

SHOWN = {  # outcomes of the bureau, by heading
    "service": (
        "mean_processing_days",
        "p90_processing_days",
        "mean_wait_minutes",
        "on_time_rate",
        "withdrawn",
        "overdue_open",
    ),
    "scores": (
        "mean_score",
        "share_not_advanced",
        "share_not_promotable",
        "share_certified",
        "share_excellent",
    ),
    "pay": ("pay_total", "assessment_pay", "bonus", "reward_fund", "pay_gini", "study_hours", "effort"),
}
TIME, WAIT = "mean_processing_days", "mean_wait_minutes"
CARDS = (TIME, "on_time_rate", "withdrawn", "mean_score", "pay_total")
_TEN_THOUSAND = 1e4  # 万
_DAY = 1440  # minutes
_MOST_UNITS = 30  # rows of units


@dataclass(frozen=True)
class Answer:
    """An estimate in one language.

    rows : outcomes under the draft and under the baseline, of `Trial.stages`. own_limits : whether the draft
    sets other time limits than the baseline.
    """

    scenario: Scenario
    rows: pd.DataFrame
    policy: str
    behaviour: str
    lang: str
    own_limits: bool = False

    def told(self) -> dict[str, Any]:
        """Return the answer as plain data for the page.

        Returns
        -------
        dict
            ``replications``; ``cards`` and ``groups`` of figures, each with ``label``, ``unit``, ``before``,
            ``after``, ``change`` (with its 95 % interval), ``verdict``, ``word`` and ``bar`` (difference,
            low, high); ``people``: who gains and who loses; ``units``: what changes in which unit;
            ``marks``: the baseline's mean scores of the units that the pay rule binds; ``holds`` and
            ``lacks``: what the intervals hold, and what not.
        """
        wanted = [name for names in SHOWN.values() for name in names if self._fits(name)]
        table = compare(self.rows, self.policy, CURRENT, only=wanted).set_index("outcome")
        days = [outcome_of(str(name)).unit.en == "calendar days" for name in table.index]
        short = bool((table.loc[days, "baseline"] < 1).all())
        figures = {str(name): self._figure(str(name), row, short) for name, row in table.iterrows()}
        people = self._people()
        cards = [figures[name] for name in CARDS if name in figures]
        if TIME not in figures and WAIT in figures:  # of a stretch of minutes
            cards.insert(0, figures[WAIT])
        return {
            "replications": int(table["n"].max()),
            "of": REPLICATIONS,
            "cards": cards + ([people["card"]] if people else []),
            "groups": [
                {"title": say(key, self.lang), "rows": [figures[name] for name in names if name in figures]}
                for key, names in SHOWN.items()
            ],
            "people": people and people["bins"],
            "units": self._units(),
            "marks": self._marks(),
            "holds": self._holds(int(table["n"].max())),
            "lacks": self._lacks(),
        }

    def _fits(self, name: str) -> bool:
        """Return whether it is shown: none in days of a stretch of minutes, nor what never happens."""
        if name in IF_ANY and not (self.rows.loc[self.rows["outcome"] == name, "value"] > 0).any():
            return False
        return self.scenario.horizon.minutes is None or outcome_of(name).unit.en != "calendar days"

    def _figure(self, name: str, row: pd.Series, short: bool) -> dict[str, Any]:
        """Return one outcome beside the baseline's; `short`: all that takes days takes less than one."""
        outcome = outcome_of(name)
        scale, unit = self._scaled(outcome, float(row["baseline"]), short)
        before, after, difference, low, high = (
            float(row[key]) * scale for key in ("baseline", "policy_mean", "difference", "low", "high")
        )
        percent = "%" if outcome.unit.en == "%" else ""
        same = bool(row["exact_zero"])
        se = self._error(name) * scale if same else standard_error(low, high)
        word = say("same", self.lang) if same else pick(judged(outcome.better, low, high), self.lang)
        return {
            "name": name,
            "label": pick(outcome, self.lang),
            "unit": unit,
            "before": (number(before, se=se) if se else exact(before)) + percent,
            "after": (number(after, se=se) if se else exact(after)) + percent,
            "change": say("same", self.lang) if same else change(difference, low, high, self.lang),
            "change_unit": say("points", self.lang) if percent and not same else "",
            "word": word,
            "verdict": "same" if same else _verdict(outcome, low, high),
            "bar": None if same else [difference, low, high],
        }

    def _error(self, name: str) -> float:
        """Return the standard error of the baseline's mean of an outcome of the bureau."""
        rows = self.rows
        rows = rows[(rows["policy"] == CURRENT) & (rows["outcome"] == name)]
        runs = rows[(rows["unit"] == "") & (rows["person"] == "")].groupby("replication")["value"].mean()
        return float(runs.std() / len(runs) ** 0.5)

    def _scaled(self, outcome: Outcome, size: float, short: bool) -> tuple[float, str]:
        """Return the factor by which an outcome is shown, and its unit: 万元 for large sums in Chinese,
        minutes where all is done within a day."""
        if outcome.unit.en == "calendar days" and short:
            return outcome.scale * _DAY, pick(outcome_of(WAIT).unit, self.lang)
        unit = pick(outcome.unit_in(self.scenario.currency), self.lang)
        if self.lang == "zh" and outcome.unit.en.startswith(MONEY) and abs(size) >= 10 * _TEN_THOUSAND:
            return outcome.scale / _TEN_THOUSAND, "万" + unit
        return outcome.scale, "" if unit in ("1", "%") else unit

    def _people(self) -> dict[str, Any] | None:
        """Return who gains and who loses pay, as a card and by how much; None where nobody is paid."""
        pairs = paired(self.rows, self.policy, CURRENT, level="person", only=["pay"])
        if pairs.empty:
            return None
        less = pay_bins(pairs["baseline"].to_numpy(), pairs["policy_value"].to_numpy())[0] <= 1
        share = mean_interval(pd.Series(less).groupby(pairs["replication"]).mean().to_numpy())
        card = {
            "name": "losing",
            "label": say("losing", self.lang),
            "after": self._share(share.estimate, share.low, share.high),
            "verdict": "worse" if share.low > 0 else "not-clear" if less.any() else "same",
        }
        bins = [
            {
                "label": say(str(name), self.lang),
                "share": float(row["share"]),
                "people": exact(round(float(row["count"]), 1)),  # means of replications: they add up
                "text": self._share(row["share"], row["low"], row["high"]),
            }
            for name, row in winners_losers(self.rows, self.policy, CURRENT).iterrows()
        ]
        return {"card": card, "bins": bins}

    def _share(self, share: float, low: float, high: float) -> str:
        """Format a share of people with its interval; of nobody or everybody in words."""
        if low == high and share in (0.0, 1.0):
            return say("everybody" if share else "nobody", self.lang)
        return percent_interval(share, max(low, 0.0), min(high, 1.0), se=standard_error(low, high))

    def _units(self) -> dict[str, Any] | None:
        """Return what changes in which unit, those whose pay and score change most first."""
        table = compare(self.rows, self.policy, CURRENT, level="unit", only=list(OF_UNITS))
        table = table[~table["exact_zero"].astype(bool)]
        if table.empty:
            return None
        wide = table.pivot(index="unit", columns="outcome", values="difference").abs()
        order = [name for name in ("pay", "score", "on_time_rate") if name in wide]
        units = list(wide.fillna(0.0).sort_values(order, ascending=False, kind="stable").index)
        found = {(row["unit"], row["outcome"]): row for _, row in table.iterrows()}
        columns = [name for name in OF_UNITS if name in order]
        heads = [self._heading(name) for name in columns]
        return {
            "head": [say("unit", self.lang), *heads],
            "rows": [
                [pick(self.scenario.units[unit].title, self.lang)]
                + [self._cell(name, found.get((unit, name))) for name in columns]
                for unit in units[:_MOST_UNITS]
            ],
            "rest": say("more_units", self.lang, count=len(units) - _MOST_UNITS)
            if len(units) > _MOST_UNITS
            else "",
        }

    def _marks(self) -> list[float]:
        rows, units = self.rows, self.scenario.units
        rows = rows[(rows["policy"] == CURRENT) & (rows["outcome"] == "score") & (rows["unit"] != "")]
        means = rows.groupby("unit", observed=True)["value"].mean().dropna()
        bound = [unit for unit in means.index if self.scenario.unit_types[units[unit].type].pay_bound]
        return [round(float(means[unit]), 2) for unit in bound]

    def _cell(self, name: str, row: pd.Series | None) -> dict[str, str]:
        if row is None:
            return {"text": say("same", self.lang), "verdict": "same"}
        outcome = outcome_of(name)
        difference, low, high = (float(row[key]) * outcome.scale for key in ("difference", "low", "high"))
        return {
            "text": change(difference, low, high, self.lang),
            "verdict": _verdict(outcome, low, high),
        }

    def _heading(self, name: str) -> str:
        """Return an outcome with the unit of its difference: ``Pay (yuan)``."""
        label = pick(outcome_of(name), self.lang)
        unit = pick(outcome_of(name).unit_in(self.scenario.currency), self.lang)
        unit = say("points", self.lang) if unit == "%" else unit
        return f"{label}（{unit}）" if self.lang == "zh" else f"{label} ({unit})"

    def _holds(self, replications: int) -> str:
        behaviour = say(f"if_{self.behaviour}", self.lang)
        horizon = "year" if self.scenario.horizon.minutes is None else "stretch"
        length = say(horizon, self.lang)
        held = say("holds", self.lang, count=replications, length=length, behaviour=behaviour)
        if not self.own_limits:
            return held
        return held + (f" {OWN_LIMITS.en}" if self.lang == "en" else OWN_LIMITS.zh)

    def _lacks(self) -> list[str]:
        """Return what the intervals do not hold, one sentence each."""
        assumed = say("lacks_assumed", self.lang, count=counts(self.scenario)[0])
        response = say(f"lacks_{self.behaviour}", self.lang)
        return [assumed, response, say("lacks_years", self.lang), say("lacks_replications", self.lang)]


def _verdict(outcome: Outcome, low: float, high: float) -> str:
    """Return the class of a difference: better, worse, a-change, not-clear."""
    return judged(outcome.better, low, high).en.replace(" ", "-")
