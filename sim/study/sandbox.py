"""Pilots in some offices with a same-seed twin world as truth, and what an outside evaluator finds."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from sim.behaviour import BEHAVIOURS
from sim.evaluate.designs import (
    DESIGNS,
    Panel,
    discontinuity,
    regression_to_the_mean,
)
from sim.evaluate.sandbox import named_lowest, performance, reliability
from sim.flow.stuck import Stuck
from sim.replication import simulate
from sim.rules import OUTCOMES
from sim.scenario import InputError, Policy, Scenario, load, load_policy, reform
from sim.scenario.counts import number_of
from sim.scenario.errors import nearest
from sim.scenario.idle import NoEffect
from sim.scenario.paths import down
from sim.scenario.policy import CURRENT
from sim.scenario.reform import made_upon
from sim.scenario.shown import Shown, listed

from .load import over_years

Assigned = Literal["random", "lowest"]


@dataclass(frozen=True, repr=False)
class Sandbox(Shown):
    """Pilots and what designs found of them, as returned by `sandbox`.

    Attributes
    ----------
    performance : DataFrame
        Bias, coverage and power by design; see `sim.evaluate.sandbox.performance`.
    estimates : DataFrame
        One row per pilot and design. Columns: replication, design, truth, value, se, low, high, p, note.
    effects : DataFrame
        The true effect by replication, unit and year with the policy, spillovers included. Columns:
        replication, unit, year, treated, effect.
    panel : DataFrame
        What an outside evaluator sees. Columns: replication, year, month (0 = whole year), unit, treated,
        outcome, value.
    regression : dict of str to float
        Regression to the mean of the units that would be named lowest: ``reliability`` and ``sd`` of a year's
        outcome; ``expected``, the improvement if nothing is done that theory gives for offices of equal
        noise; ``expected_unequal``, the same for offices of their own noise.

    Examples
    --------
    >>> import sim
    >>> pilots = sim.sandbox("binhai", {}, treated=3, replications=2, before=1, after=1)
    >>> float(pilots.effects["effect"].abs().max())  # nothing is done
    0.0
    """

    performance: pd.DataFrame
    estimates: pd.DataFrame
    effects: pd.DataFrame
    panel: pd.DataFrame
    regression: dict[str, float]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("pilots", str(self.estimates["replication"].nunique())),
            ("true effect", f"{self.estimates['truth'].mean():.4g} in the mean"),
            *(
                (f"bias of {design}", "no estimate" if math.isnan(bias) else f"{bias:.4g}")
                for design, bias in self.performance["bias"].iloc[:5].items()
            ),
            ("designs", listed(list(self.performance.index))),
            ("see", ".performance, .estimates, .effects, .panel, .regression"),
        ]

    def discontinuity(
        self, outcome: str = "score", cutoff: float = 95.0, bandwidth: float = 3.0
    ) -> pd.DataFrame:
        """Estimate the jump of next year's outcome at a cutoff of this year's score.

        Parameters
        ----------
        outcome : str, optional
            A yearly outcome of the panel.
        cutoff, bandwidth : float, optional
            Points of the score.

        Returns
        -------
        DataFrame
            One row. Columns: value, se, low, high, p, note. The note says whether the density of scores
            breaks at the cutoff.

        Raises
        ------
        InputError
            If the panel lacks the outcome or has a single year.

        References
        ----------
        Imbens, G. W. and Lemieux, T. (2008). Regression discontinuity designs: A guide to practice. Journal
        of Econometrics, 142(2), 615–635.

        Examples
        --------
        >>> import sim
        >>> pilots = sim.sandbox("binhai", {}, treated=3, replications=2, before=1, after=1)
        >>> pilots.discontinuity()["note"].item()
        'no estimate: fewer than ten unit-years on a side'
        """
        yearly = self.panel[self.panel["month"] == 0]
        if outcome not in set(yearly["outcome"]) or yearly["year"].nunique() < 2:
            raise InputError(
                f"no '{outcome}' of two years", remedy="Choose 'score', and years before and after"
            )
        keys = ["replication", "unit"]
        now = yearly[yearly["outcome"] == "score"]
        then = yearly[yearly["outcome"] == outcome].assign(year=lambda rows: rows["year"] - 1)
        both = now.merge(then, on=[*keys, "year"], suffixes=("", "_next"))
        cluster = both.groupby(keys, sort=False).ngroup().to_numpy()
        found = discontinuity(
            both["value"].to_numpy(), both["value_next"].to_numpy(), cutoff, bandwidth, cluster
        )
        return pd.DataFrame([vars(found)])


def sandbox(
    scenario: Scenario | str | Path,
    changes: Mapping[str, Any],
    *,
    treated: int | Sequence[str] = 7,
    assigned: Assigned = "random",
    outcome: str = "score",
    before: int = 2,
    after: int = 2,
    replications: int = 20,
    seed: int = 0,
    behaviour: str = "mechanical",
    baseline: str | Path = CURRENT,
) -> Sandbox:
    """Pilot a policy in some offices, evaluate it as an outsider would, and score the designs by the truth.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or its name or path as for `load`.
    changes : Mapping of str to Any
        The changes in a treated office, by dotted paths in which ``{unit}`` stands for it. A text such as
        ``"+1"`` adds to the number that is there. No changes: nothing is done, and the true effect is 0.
    treated : int or sequence of str, optional
        How many certifiable offices are treated, or which.
    assigned : {'random', 'lowest'}, optional
        Whether offices are drawn, or those with the lowest outcome in the last year before are named.
    outcome : str, optional
        A yearly outcome of units that the evaluator looks at.
    before, after : int, optional
        Years without and with the policy, 1 or more.
    replications : int, optional
        The number of pilots, 2 or more. Each has its own draw of offices and its own citizens.
    seed : int, optional
        The seed of all random streams.
    behaviour : str, optional
        How people respond to the rules.
    baseline : str or Path, optional
        The policy that holds where the pilot does not.

    Returns
    -------
    Sandbox
        Performance of the designs, their estimates, the true effects, and the evaluator's panel.

    Raises
    ------
    InputError
        If a name, a number or a change is wrong, or too few offices have the outcome.

    Notes
    -----
    Each pilot is two worlds of the same seed: one with the policy in the treated offices, one without. The
    years before are those of the world without, the years after those of the world with. The policy thus
    holds there from the first day, and its first year seen is one in which it is established. The truth is
    the difference of the worlds in the treated offices in the years after; untreated offices feel spillovers,
    which `effects` shows.

    References
    ----------
    Morris, T. P., White, I. R. and Crowther, M. J. (2019). Using simulation studies to evaluate statistical
    methods. Statistics in Medicine, 38(11), 2074–2102.

    Examples
    --------
    >>> import sim
    >>> clerk = {"staff.{unit}_window.count": "+1"}
    >>> pilots = sim.sandbox("binhai", clerk, treated=5, replications=2, before=1, after=1)
    >>> pilots.estimates["design"].nunique()
    6
    """
    if not isinstance(changes, Mapping) or not all(isinstance(path, str) for path in changes):
        raise InputError(f"the changes are {changes!r}", remedy="Give values by path, {} for none")
    scenario, base = _asked(scenario, outcome, before, after, replications, behaviour, baseline)
    over = over_years(scenario, before + after)
    offices = _offices(over, base)
    many, named = _treated(treated)
    if unknown := [unit for unit in named if unit not in offices]:
        raise InputError(f"'{unknown[0]}' is no certifiable office", remedy=nearest(unknown[0], offices))
    if isinstance(many, bool) or not 0 < many < len(offices):
        raise InputError(
            f"{many} of {number_of(len(offices), 'office')} are treated",
            remedy=f"Give 1 to {len(offices) - 1}",
        )
    if assigned not in ("random", "lowest"):
        raise InputError(f"unknown assignment '{assigned}'", remedy=nearest(assigned, ["random", "lowest"]))
    if named and assigned != "random":
        raise InputError(
            f"the offices are named, and assigned by '{assigned}'", remedy="Give their number instead"
        )
    for unit in named or offices[:1]:
        reform(over, _pilot(over, base, changes, [unit]))  # a wrong path is told of before anything runs

    def world(policy: Policy, replication: int) -> pd.DataFrame:
        told = simulate(over, policy, behaviour=behaviour, seed=seed, replication=replication).outcomes
        return _seen(told, outcome, offices)

    def pilot(replication: int) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
        without = world(base, replication)
        _check_known(without, outcome, offices)
        drawn = list(named) or _drawn(without, outcome, offices, many, assigned, before, (seed, replication))
        if not changes:
            return drawn, without, without
        return drawn, without, world(_pilot(over, base, changes, drawn), replication)

    with warnings.catch_warnings(), ThreadPoolExecutor(min(replications, os.cpu_count() or 1)) as pool:
        warnings.simplefilter("ignore", Stuck)
        warnings.simplefilter("ignore", NoEffect)  # of an office that has nothing to change
        first = pilot(0)  # what is wrong is told before the others run
        worlds = [first, *pool.map(pilot, range(1, replications))]
    return _evaluated(worlds, outcome, offices, before, many)


def _treated(treated: int | Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Return how many offices are treated, and which if they are named; raise InputError for neither."""
    if isinstance(treated, Integral):
        return (treated if isinstance(treated, bool) else int(treated)), ()
    if isinstance(treated, str) or not isinstance(treated, Iterable):
        raise InputError(f"'treated' is {treated!r}", remedy="Give a whole number, or a list of offices")
    named = tuple(treated)
    if len(set(named)) < len(named):
        raise InputError("an office is treated twice", remedy="Name each office once")
    return len(named), named


def _asked(
    scenario: Scenario | str | Path,
    outcome: str,
    before: int,
    after: int,
    replications: int,
    behaviour: str,
    baseline: str | Path,
) -> tuple[Scenario, Policy]:
    """Return the scenario and the baseline; raise InputError for what is wrong."""
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise InputError(f"no outcome '{outcome}'", remedy=nearest(str(outcome), OUTCOMES))
    if behaviour not in BEHAVIOURS:
        raise InputError(f"unknown behaviour '{behaviour}'", remedy=nearest(behaviour, BEHAVIOURS))
    for name, number, least in (
        ("before", before, 1),
        ("after", after, 1),
        ("replications", replications, 2),
    ):
        if type(number) is not int or number < least:
            raise InputError(f"'{name}' is {number!r}", remedy=f"Give a whole number from {least}")
    return scenario, load_policy(scenario, baseline)


def _offices(scenario: Scenario, base: Policy) -> list[str]:
    """Return the units that are scored and certifiable."""
    rules = reform(scenario, base)
    found = [one for one in rules.units if rules.type_of(one).scorecard and rules.type_of(one).certifiable]
    if len(found) < 4:
        raise InputError(
            f"{number_of(len(found), 'office')} scored and certifiable", remedy="A pilot needs 4 or more"
        )
    return found


def _pilot(scenario: Scenario, base: Policy, changes: Mapping[str, Any], units: Sequence[str]) -> Policy:
    """Return the policy that makes the changes in these units."""
    whole: dict[str, Any] = {}
    data = reform(scenario, base).source.data
    for unit in units:
        for template, value in changes.items():
            if "{unit}" not in template:
                raise InputError(
                    f"'{template}' holds in all offices", remedy="Write {unit} where the office's name stands"
                )
            path = template.replace("{unit}", unit)
            if isinstance(value, str) and value[:1] in "+-" and value[1:].isdigit():
                value = _present(data, path) + int(value)
            whole[path] = value
    return made_upon(Policy.of(whole, name="pilot"), base)


def _present(data: Any, path: str) -> int:
    """Return the number at a dotted path, 1 for a staff group that tells no count."""
    for part in path.split("."):
        data = down(data, part)
    if data is None and path.endswith(".count"):
        return 1
    if isinstance(data, bool) or not isinstance(data, int):
        raise InputError(f"'{path}' is {data!r}, no whole number", remedy="Give the value itself")
    return data


def _seen(outcomes: pd.DataFrame, outcome: str, offices: Sequence[str]) -> pd.DataFrame:
    """Return the evaluator's data: measured outcomes of the offices by year and month."""
    wanted = list(dict.fromkeys([outcome, "score", "on_time_rate", "pay_share"]))
    rows = outcomes["outcome"].isin(wanted) & outcomes["unit"].isin(offices)
    rows &= (outcomes["kind"] == "") & (outcomes["person"] == "")
    kept = outcomes.loc[rows, ["year", "month", "unit", "outcome", "value"]]
    return kept.astype({"unit": str, "outcome": str})


def _check_known(seen: pd.DataFrame, outcome: str, offices: list[str]) -> None:
    """Refuse an outcome that an office lacks in some year."""
    values = _table(seen, outcome, offices)
    lacking = [office for office, own in zip(offices, values, strict=True) if np.isnan(own).any()]
    if not values.size or lacking:
        raise InputError(
            f"'{(lacking or offices)[0]}' has no '{outcome}' in some year",
            remedy="Choose an outcome that all offices have",
        )


def _drawn(
    seen: pd.DataFrame,
    outcome: str,
    offices: list[str],
    many: int,
    assigned: str,
    before: int,
    key: tuple[int, int],
) -> list[str]:
    """Return the offices that are treated in one pilot."""
    if assigned == "random":
        luck = np.random.default_rng(np.random.SeedSequence(key[0], spawn_key=(key[1],)))
        return [offices[place] for place in sorted(luck.permutation(len(offices))[:many])]
    values = _table(seen, outcome, offices)[:, before - 1]
    return [offices[place] for place in np.argsort(values, kind="stable")[:many]]


def _table(seen: pd.DataFrame, outcome: str, offices: list[str], monthly: bool = False) -> np.ndarray:
    """Return an outcome (units, periods), yearly or by month."""
    rows = seen[(seen["outcome"] == outcome) & ((seen["month"] != 0) == monthly)]
    table = rows.pivot(index="unit", columns=["year", "month"], values="value")
    return table.reindex(index=offices).sort_index(axis=1).to_numpy(float)


def _evaluated(
    worlds: list[tuple[list[str], pd.DataFrame, pd.DataFrame]],
    outcome: str,
    offices: list[str],
    before: int,
    many: int,
) -> Sandbox:
    """Run every design on every pilot, and score them."""
    estimates, effects, panels, years = [], [], [], []
    for replication, (drawn, without, under) in enumerate(worlds):
        treated = np.isin(offices, drawn)
        usual, changed = (_table(one, outcome, offices) for one in (without, under))
        _check_known(under, outcome, offices)
        years.append(usual[:, before - 1])
        effect = (changed - usual)[:, before:]
        truth = float(effect[treated].mean())
        first = sorted(without["year"].unique())[before]
        seen = pd.concat([without[without["year"] < first], under[under["year"] >= first]])
        yearly = np.concatenate([usual[:, :before], changed[:, before:]], axis=1)
        panel = Panel(yearly, treated, before, np.zeros(yearly.shape[1], int))
        by_month = _monthly(seen, outcome, offices, treated, before)
        for design, (estimate, _) in DESIGNS.items():
            longer = by_month if design in ("interrupted_series", "synthetic_control") else None
            found = estimate(longer or panel)
            estimates.append({"replication": replication, "design": design, "truth": truth} | vars(found))
        numbers = sorted(seen["year"].unique())[before:]
        effects += [
            (replication, unit, year, bool(treated[place]), effect[place, number])
            for place, unit in enumerate(offices)
            for number, year in enumerate(numbers)
        ]
        panels.append(seen.assign(replication=replication, treated=seen["unit"].isin(drawn)))
    steady, sd = reliability(np.array(years))
    table = pd.DataFrame(estimates)
    return Sandbox(
        performance(table),
        table,
        pd.DataFrame(effects, columns=["replication", "unit", "year", "treated", "effect"]),
        pd.concat(panels, ignore_index=True)[
            ["replication", "year", "month", "unit", "treated", "outcome", "value"]
        ],
        {
            "reliability": steady,
            "sd": sd,
            "expected": regression_to_the_mean(len(offices), many, steady, sd),
            "expected_unequal": named_lowest(np.array(years), many),
        },
    )


def _monthly(
    seen: pd.DataFrame, outcome: str, offices: list[str], treated: np.ndarray, before: int
) -> Panel | None:
    """Return the panel by month; None where the outcome has no months, or an office lacks one."""
    values = _table(seen, outcome, offices, monthly=True)
    if not values.size or np.isnan(values).any():
        return None
    months = values.shape[1]
    return Panel(values, treated, 12 * before, np.arange(months) % 12)
