"""Count who gains and who loses pay under a policy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.scenario.errors import InputError

from .accuracy import difference
from .compare import of_one_behaviour, paired
from .estimate import mean_interval

PAY_EDGES = (-0.05, -0.001, 0.001, 0.05)  # relative changes of pay; a bin holds its upper edge, not its lower
PAY_BINS = ("loss_over_5", "loss_to_5", "no_change", "gain_to_5", "gain_over_5")


def pay_bins(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of each change of pay in `PAY_BINS`, and the relative change (n,).

    Who had nothing and gets something gains infinitely.
    """
    gained = difference(after, before)
    from_nothing = np.where(gained == 0, 0.0, np.copysign(np.inf, gained))
    change = np.divide(gained, np.abs(before), out=from_nothing, where=before != 0)
    # rounded: 1.05 / 1 − 1 is 5 %, not more
    return np.searchsorted(PAY_EDGES, np.round(change, 12), side="left"), change


def winners_losers(
    outcomes: pd.DataFrame, policy: str, to: str, *, of: str = "person", confidence: float = 0.95
) -> pd.DataFrame:
    """Count people (`of` = "person") or units ("unit") that gain or lose pay against the policy `to`, by
    `PAY_BINS`.

    The relative change of pay is binned in each replication and year at `PAY_EDGES`, upper edge
    included: a loss of exactly 5 % is over 5, a gain of exactly 5 % is not. Index bin; columns count
    (mean a year), share, and the t interval of the share over the replications, low, high.
    """
    if of not in ("person", "unit"):
        raise InputError(
            f"winners and losers among '{of}' cannot be counted", remedy="Choose 'person' or 'unit'"
        )
    return counted(pay_pairs(outcomes, policy, to, of), confidence)


def pay_pairs(outcomes: pd.DataFrame, policy: str, to: str, of: str) -> pd.DataFrame:
    """Return `paired` pay of people or units. Raises InputError if there is none."""
    rows = paired(of_one_behaviour(outcomes), policy, to, level=of, only=["pay"])
    if rows.empty:
        raise InputError(
            f"no pay was measured under both '{policy}' and '{to}'",
            remedy="Pay is there where a scenario has 'pay' and scored units",
        )
    return rows


def counted(rows: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Return the table of `winners_losers` from pairs of pay."""
    place = pay_bins(rows["baseline"].to_numpy(), rows["policy_value"].to_numpy())[0]
    counts = pd.crosstab([rows["replication"], rows["year"]], place).reindex(
        columns=range(len(PAY_BINS)), fill_value=0
    )
    shares = counts.div(counts.sum(axis=1), axis=0).groupby("replication").mean()
    count = counts.groupby("replication").mean().mean()
    intervals = [mean_interval(shares[number].to_numpy(), confidence) for number in shares.columns]
    return pd.DataFrame(
        {
            "count": count.to_numpy(),
            "share": [one.estimate for one in intervals],
            "low": [one.low for one in intervals],
            "high": [one.high for one in intervals],
        },
        index=pd.Index(PAY_BINS, name="bin"),
    )
