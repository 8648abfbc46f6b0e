"""The studio of pay schedules: a study's policies made to cost alike, compared, searched and simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.evaluate.compare import compare
from sim.evaluate.levers import LEVERS, Lever, Rule, as_changes
from sim.evaluate.studio import Luck, Standings, expected_cost, neutral_pay, schedules_table, standings
from sim.rules import OUTCOMES
from sim.rules.shown_table import with_units
from sim.scenario.errors import InputError, nearest
from sim.scenario.policy import Policy, PolicyLike, load_policy
from sim.scenario.reform import made_upon, reform
from sim.scenario.shown import Shown, listed

from .design import Study

if TYPE_CHECKING:
    import pandas as pd

SERVICE = ("on_time_rate", "mean_processing_days", "mean_score", "pay_total")


@dataclass(frozen=True, repr=False)
class Studio(Shown):
    """Pay schedules at equal expected cost, as returned by `studio`.

    Attributes
    ----------
    table : DataFrame
        One row per schedule and measure. Columns: schedule, measure, unit, value, low, high (a 95 % t
        interval over replications), normal (the closed form for normal scores), note.
    moved : DataFrame
        One row per schedule, indexed by ``schedule``. Columns: lever, by (how far it moved), slope (factor
        on deductions that met the rest), cost, gap (% of floating pay from the baseline's cost), note.
    policies : dict of str to Policy
        The schedules at equal cost, ready for `simulate`, `what_if` or `Study.of`.

    Examples
    --------
    >>> import sim
    >>> double = sim.Policy.of({"pay.deduction_per_point": 2}, name="double")
    >>> study = sim.Study.of("one-office", [double], replications=4, name="double")
    >>> found = sim.studio(study.run(workers=1, progress=False))
    >>> found.moved[["lever", "gap"]].round(3)
                  lever  gap
    schedule
    current   threshold  0.0
    double    threshold  0.0
    """

    table: pd.DataFrame
    moved: pd.DataFrame
    policies: dict[str, Policy]

    def _facts(self) -> list[tuple[str, str]]:
        moved = [
            f"{name}: {row['lever']} by {row['by']:.4g}" if row["lever"] else str(name)
            for name, row in self.moved.astype({"lever": object}).iterrows()
        ]
        return [
            ("schedules", listed(list(self.policies))),
            ("moved to equal cost", listed(moved, 3)),
            ("measures", listed(list(self.table["measure"].unique()))),
            ("see", ".table, .moved, .policies"),
        ]


def studio(
    study: Study,
    policies: Sequence[PolicyLike] | None = None,
    *,
    lever: Lever = "threshold",
    luck: Luck = "all",
    behaviour: str | None = None,
) -> Studio:
    """Compare pay schedules on a study's stored scores, each moved until it costs what the baseline costs.

    Parameters
    ----------
    study : Study
        A study with results. The scores are those of its baseline.
    policies : sequence of PolicyLike, optional
        Names, files, changes or `Policy` objects; the study's policies that pay otherwise by default.
    lever : {'threshold', 'slope', 'level', 'none'}, optional
        What moves: all scores of the schedule, all its deductions, all its shares, or nothing.
    luck : {'all', 'measurement'}, optional
        Whether luck is all that moves a year's score, or only what is measured wrongly.
    behaviour : str, optional
        The behaviour of the scores; the study's first by default.

    Returns
    -------
    Studio
        The table, how far each schedule moved, and the schedules as policies.

    Raises
    ------
    InputError
        If there are no results, the scenario pays nobody by score, a name is unknown, or the baseline itself
        has no cost.

    Notes
    -----
    Nobody responds here. A schedule is thus compared by what it does to the same scores; `resimulate` tells
    what people then do. A schedule whose lever cannot make it neutral is left out of the table; its row of
    `moved` says why. Years before a year are other years of the same unit, so several-year means need no
    long study.

    References
    ----------
    Holmström, B. and Milgrom, P. (1987). Aggregation and linearity in the provision of intertemporal
    incentives. Econometrica, 55(2), 303–328.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=4, name="gate").run(workers=1, progress=False)
    >>> gate = sim.Policy.of({"pay.gate.on": True}, name="gate")
    >>> table = sim.studio(study, [gate], lever="none").table
    >>> taxes = table[table["measure"] == "noise_tax"].set_index("schedule")["value"]
    >>> bool(taxes["gate"] < taxes["current"])
    True
    """
    import pandas as pd

    scores = stored_scores(study, luck, behaviour)
    baseline = study.policies[study.baseline]
    now = reform(study.scenario, baseline)
    target = expected_cost(Rule.of(now), scores)
    given = _given(study, policies)
    rules: dict[str, Rule] = {}
    made: dict[str, Policy] = {}
    rows: list[tuple[str, str, float, float, float, float, str]] = []
    for name, policy in given.items():
        wanted = Rule.of(reform(study.scenario, policy))
        try:
            found, by, slope = neutral_pay(wanted, scores, target, lever)
        except InputError as error:
            if name == study.baseline or lever not in LEVERS:
                raise
            rows.append((name, lever, float("nan"), float("nan"), float("nan"), float("nan"), error.message))
            continue
        rules[name] = found
        made[name] = as_policy(study, found, policy)
        cost = expected_cost(found, scores)
        rows.append((name, lever, by, slope, cost, 100 * (cost - target) / scores.full, ""))
    columns = ["schedule", "lever", "by", "slope", "cost", "gap", "note"]
    moved = pd.DataFrame(rows, columns=columns).set_index("schedule")
    return Studio(schedules_table(rules, scores), moved, made)


def stored_scores(study: Study, luck: Luck = "all", behaviour: str | None = None) -> Standings:
    """Return the stored scores of a study's baseline under one behaviour, its first by default."""
    behaviours = study.file.behaviours
    if behaviour is not None and behaviour not in behaviours:
        raise InputError(f"'{behaviour}' is no behaviour of the study", remedy=nearest(behaviour, behaviours))
    outcomes = study.outcomes
    own = (outcomes["policy"] == study.baseline) & (outcomes["behaviour"] == (behaviour or behaviours[0]))
    return standings(outcomes[own], reform(study.scenario, study.policies[study.baseline]), luck)


def as_policy(study: Study, rule: Rule, policy: Policy) -> Policy:
    """Return the policy that pays by this rule and else changes what `policy` changes."""
    baseline = study.policies[study.baseline]
    changes = as_changes(rule, reform(study.scenario, policy))
    whole = {**policy.changes, **changes}
    if policy.name == baseline.name:
        return policy
    return made_upon(replace(policy, changes=whole, source=None, upon=None), baseline)


def resimulate(
    study: Study,
    schedules: Mapping[str, Policy],
    *,
    behaviour: str = "responsive",
    replications: int | None = None,
    workers: int | None = None,
    outcomes: Sequence[str] = SERVICE,
) -> pd.DataFrame:
    """Simulate schedules with people who respond, and compare each with the study's baseline.

    Parameters
    ----------
    study : Study
        The study whose scenario, baseline, years and seed are taken.
    schedules : mapping of str to Policy
        The schedules, as in `Studio.policies`. The baseline among them is left out.
    behaviour : str, optional
        How people respond.
    replications : int, optional
        The number of replications; the study's by default.
    workers : int, optional
        The number of local processes; all processors by default.
    outcomes : sequence of str, optional
        The outcomes of the bureau that are compared.

    Returns
    -------
    DataFrame
        One row per schedule and outcome: ``schedule``, and the columns of `Study.compare`.

    Raises
    ------
    InputError
        If no schedule differs from the baseline, or an outcome or the behaviour is unknown.

    Notes
    -----
    Results are kept under ``studio`` in the study's folder; the same question is answered from there.

    Examples
    --------
    >>> import sim
    >>> study = sim.Study.of("one-office", replications=3, name="service").run(workers=1, progress=False)
    >>> found = sim.studio(study, [sim.Policy.of({"pay.deduction_per_point": 2}, name="double")])
    >>> again = sim.resimulate(study, found.policies, behaviour="mechanical", workers=1)
    >>> sorted(again["schedule"].unique())
    ['double']
    """
    import pandas as pd

    for name in outcomes:
        if name not in OUTCOMES:
            raise InputError(f"no outcome '{name}'", remedy=nearest(name, OUTCOMES))
    again = simulated(study, schedules, behaviour, replications, workers)
    tables = []
    for name in [one for one in again.policies if one != again.baseline]:
        found = compare(again.outcomes, name, again.baseline, only=outcomes)
        found.insert(0, "schedule", name)
        tables.append(found)
    return with_units(pd.concat(tables, ignore_index=True), study.scenario.currency)


def simulated(
    study: Study,
    schedules: Mapping[str, Policy],
    behaviour: str,
    replications: int | None,
    workers: int | None,
) -> Study:
    """Run a study of these schedules and the study's baseline; its results are kept with the study's."""
    others = [replace(policy, upon=None) for name, policy in schedules.items() if name != study.baseline]
    if not others:
        raise InputError("no schedule differs from the baseline", remedy="Give another schedule")
    return Study.of(
        study.scenario,
        others,
        baseline=study.policies[study.baseline],
        behaviours=[behaviour],
        replications=study.replications if replications is None else replications,
        seed=study.seed,
        name="studio",
        folder=study.folder / "studio",
    ).run(workers=workers, progress=False)


def _given(study: Study, policies: Sequence[PolicyLike] | None) -> dict[str, Policy]:
    """Return the baseline and the policies that are to be compared, by name."""
    baseline = study.policies[study.baseline]
    now = Rule.of(reform(study.scenario, baseline))
    if policies is not None:
        listed = [made_upon(load_policy(study.scenario, one), baseline) for one in policies]
    else:
        listed = [
            one
            for one in study.policies.values()
            if reform(study.scenario, one).pay and as_changes(now, reform(study.scenario, one))
        ]
    given = {study.baseline: baseline}
    for one in listed:
        if one.name in given and one.changes != given[one.name].changes:
            raise InputError(
                f"two schedules are named '{one.name}'", remedy="Name each: sim.Policy.of(changes, name=…)"
            )
        given[one.name] = one
    return given
