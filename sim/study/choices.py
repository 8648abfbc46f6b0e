"""What a study's policies are chosen by, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.evaluate.choose import by_replication
from sim.evaluate.compare import at_level, behaviours
from sim.evaluate.shares import parts
from sim.rules import OUTCOMES
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from .compared import Compared

COSTS = ("headcount_change", "payroll_change", "pay_change")


def candidates(study: Compared, outcomes: pd.DataFrame) -> list[str]:
    """Return the policies with results, the baseline first, without those that only tell measures' shares."""
    found = set(outcomes["policy"].unique())
    without = parts([measure.name for measure in study.file.measures])
    return [name for name in study.policies if name in found and name not in without]


def main_outcome(study: Compared, outcomes: pd.DataFrame) -> str:
    """Return the outcome that answers the study: the first of its focus that can be judged by.

    It has a better side, and was measured under every policy and behaviour. Where the focus has none, the
    on-time rate, the time that requests take, or their number.
    """
    times = "mean_wait_minutes" if study.scenario.horizon.years is None else "mean_processing_days"
    policies = candidates(study, outcomes)
    for name in [*study.focus, "on_time_rate", times, "finished"]:
        if OUTCOMES[name].better == "neither":
            continue
        try:
            for side in _sides(outcomes):
                by_replication(side, name, policies)
        except InputError:
            continue
        return name
    raise InputError(
        "no outcome that has a better side was measured under every policy of the study",
        remedy="Name one that was in the study's 'focus'",
    )


def goals(study: Compared, outcomes: pd.DataFrame) -> list[str]:
    """Return the goals of a study: service (its main outcome), cost and fairness, as far as measured."""
    rows = at_level(outcomes, "bureau")
    measured = set(rows.loc[rows["value"].notna(), "outcome"])
    wanted = dict.fromkeys([main_outcome(study, outcomes), "pay_total", "pay_gini"])
    return [name for name in wanted if name in measured]


def costs(study: Compared, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return `COSTS` by policy, and by behaviour where there are several: what each costs a year more than
    the baseline.

    pay_change is of the pay received, paired by replication and year; NaN where none was measured.
    """
    import pandas as pd

    tables = []
    for side in _sides(outcomes):
        table = study.posts[["headcount_change", "payroll_change"]].loc[candidates(study, side)].reset_index()
        try:
            paid = by_replication(side, "pay_total", list(table["policy"])).mean()
            table["pay_change"] = table["policy"].map(paid - paid[study.baseline])
        except InputError:  # a scenario without pay
            table["pay_change"] = float("nan")
        if "behaviour" in side.columns:
            table.insert(0, "behaviour", side["behaviour"].iloc[0])
        tables.append(table)
    found = pd.concat(tables, ignore_index=True)
    return found if len(tables) > 1 else found.drop(columns="behaviour", errors="ignore")


def _sides(outcomes: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the outcomes of each behaviour."""
    several = behaviours(outcomes)
    return [outcomes[outcomes["behaviour"] == name] for name in several] if several else [outcomes]
