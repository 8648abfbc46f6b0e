"""An alarm of perverse incentives: a score that rises while what it does not count gets worse.

Two signs are looked for under each policy, against the baseline, paired by replication: harm to citizens
outside the scored indicators, and a gaming gap, the score gained beyond what the service gained is worth
(Smith 1995, Int. J. Public Adm. 18; Bevan and Hood 2006, Public Adm. 84).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from sim.rules import OUTCOMES
from sim.scenario.errors import InputError, nearest

from .accuracy import difference
from .compare import at_level, of_one_behaviour, paired_with
from .estimate import holm
from .panel import panel

HARMS = (
    "mean_overdue_days", "p99_processing_days", "return_rate", "needless_returns", "error_rate",
    "complaint_rate", "withdrawn", "overdue_open", "duty_rate", "discipline", "late_last", "on_time_gap",
    "study_false_hours", "repeat_petitions", "absence_days", "overreach_days", "mean_wait_minutes",
)  # fmt: skip
OF_KINDS = ("on_time_rate", "p99_processing_days")
TIME, LATE, RATE = "mean_processing_days", "mean_overdue_days", "on_time_rate"
Service = tuple[np.ndarray, list[int]]  # days (replications, years, units), and the replications
MATERIAL = 0.01  # of the baseline's value; a smaller harm raises no alarm
MATERIAL_POINTS = 0.1  # of a gaming gap


def perverse_incentives(
    outcomes: pd.DataFrame,
    to: str,
    *,
    score: str = "mean_score",
    scored: Collection[str] = (),
    unscored_kinds: Collection[str] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return for each policy what got worse outside the score, and the gaming gap.

    Parameters
    ----------
    outcomes : DataFrame
        A study's outcomes under one behaviour, of several policies.
    to : str
        The baseline.
    score : str, default "mean_score"
        The bureau's outcome that is rewarded; a share counts in points of 100.
    scored : collection of str, optional
        Outcomes that the scorecards count; these are no harm outside the score.
    unscored_kinds : collection of str, optional
        Kinds of matters that no scorecard looks at; their service is looked at by itself.
    confidence : float, default 0.95
        The chance of no alarm at all in a study of policies that change nothing.

    Returns
    -------
    DataFrame
        One row per policy and sign: ``policy``, ``sign`` ("gap" or "harm"), ``outcome``, ``kind``,
        ``baseline``, ``policy_mean``, ``worse`` (by how much, in the outcome's own unit, points for the gap)
        with ``low``, ``high`` (each 95 % by itself), ``n``, ``p_holm`` (one-sided, over all rows),
        ``score_gained`` (points), ``alarm`` (bool) and ``why`` ("" or why there is no estimate).

    Raises
    ------
    InputError
        If there are several behaviours, no other policy, or no replication in common with the baseline.

    Notes
    -----
    Service is the mean time of a case plus the days by which a case is late on average; a late day counts
    twice. What it is worth in points is how score and service go together between the baseline's own years,
    with the standard error of that slope. An alarm asks for a p under 1 − confidence by Holm's method, for a
    harm of a hundredth of the baseline's value or a gap of a tenth of a point, and for a score that did not
    surely fall: a fall tells of the harm by itself.

    Examples
    --------
    >>> import sim
    >>> rows = sim.study("incentive-schemes").outcomes.query("behaviour == 'mechanical'")
    >>> found = perverse_incentives(rows, "current")
    >>> sorted(found["sign"].unique())
    ['gap', 'harm']
    """
    outcomes = of_one_behaviour(outcomes)
    names = [str(name) for name in outcomes["policy"].unique()]
    if to not in names:
        raise InputError(f"no results for policy '{to}'", remedy=nearest(to, names))
    if len(names) < 2:
        raise InputError(f"there is no policy beside '{to}'", remedy="Give a study of two or more policies")
    watched = [name for name in HARMS if name not in scored]
    whole, others = at_level(outcomes, "bureau"), [name for name in names if name != to]
    before, worth = _service(whole, to, "bureau"), _worth(whole, to, score)
    runs = _differences(whole, others, to, [score, *watched])
    of_kinds = _differences(outcomes, others, to, OF_KINDS, level="kind") if unscored_kinds else None
    rows = []
    for policy in others:
        own_runs = runs[runs["policy"] == policy]
        gained = own_runs[own_runs["outcome"] == score]
        if gained.empty:
            raise InputError(
                f"'{policy}' and '{to}' have no replication with '{score}' in common",
                remedy="Run both with the same seed, and choose an outcome that both have",
            )
        points = OUTCOMES[score].scale if OUTCOMES[score].scale != 1 else 1.0
        rise = gained.set_index("replication")["difference"] * points
        fell = _interval(-rise.to_numpy(), confidence)[1] > 0
        rows.append(_gap(before, _service(whole, policy, "bureau"), policy, rise, worth) | {"fell": fell})
        harms = [("", own_runs[own_runs["outcome"].isin(watched)])]
        if of_kinds is not None:
            by_kind = of_kinds[of_kinds["policy"] == policy]
            harms += [(kind, by_kind[by_kind["kind"] == kind]) for kind in unscored_kinds]
        for kind, table in harms:
            for outcome, own in table.groupby("outcome", sort=False, observed=True):
                way = -1.0 if OUTCOMES[str(outcome)].better == "higher" else 1.0
                worse = way * own["difference"].to_numpy()
                rows.append(
                    {
                        "policy": policy,
                        "sign": "harm",
                        "outcome": str(outcome),
                        "kind": kind,
                        "baseline": own["baseline"].mean(),
                        "policy_mean": own["policy_value"].mean(),
                        "least": MATERIAL * abs(own["baseline"].mean()),
                        "score_gained": rise.mean(),
                        "why": "" if len(own) > 1 else "one replication",
                        "fell": fell,
                    }
                    | _tested(worse)
                )
    table = pd.DataFrame(rows)
    table["p_holm"] = holm(table["p"].to_numpy())
    table["alarm"] = (table["p_holm"] < 1 - confidence) & (table["worse"] > table["least"]) & ~table["fell"]
    order = ["policy", "sign", "outcome", "kind", "baseline", "policy_mean", "worse", "low", "high", "n"]
    return table[[*order, "p_holm", "score_gained", "alarm", "why"]]


def _differences(
    outcomes: pd.DataFrame, policies: list[str], to: str, only: Collection[str], level: str = "bureau"
) -> pd.DataFrame:
    """Return each replication's mean of both sides and of their difference, by policy."""
    years = paired_with(outcomes, policies, to, level=level, only=list(only))
    keys = [name for name in ("policy", "kind", "outcome", "replication") if name in years.columns]
    runs = years.groupby(keys, sort=False, observed=True)[["policy_value", "baseline"]].mean().reset_index()
    runs["difference"] = difference(runs["policy_value"], runs["baseline"])
    return runs


def _interval(values: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """Return mean, low and high (two-sided t); NaN ends for one value."""
    count = len(values)
    mean = float(values.mean())
    if count < 2:
        return mean, np.nan, np.nan
    half = float(stdtrit(count - 1, (1 + confidence) / 2)) * float(values.std(ddof=1)) / np.sqrt(count)
    return mean, mean - half, mean + half


def _tested(values: np.ndarray, extra: float = 0.0) -> dict[str, float]:
    """Return mean with 95 % interval, n, and the one-sided p of being above 0.

    `extra` : variance of the mean beside that of the values.
    """
    count, mean = len(values), float(values.mean())
    if count < 2:
        return {"worse": mean, "low": np.nan, "high": np.nan, "n": count, "p": np.nan}
    se = float(np.sqrt(values.var(ddof=1) / count + extra))
    half = float(stdtrit(count - 1, 0.975)) * se
    p = float(stdtr(count - 1, -mean / se)) if se > 0 else float(mean <= 0)
    return {"worse": mean, "low": mean - half, "high": mean + half, "n": count, "p": p}


def _service(outcomes: pd.DataFrame, policy: str, level: str) -> Service | None:
    """Return the days that a case costs citizens; None where they were not measured."""
    try:
        found = panel(outcomes, policy, [TIME, LATE, RATE], level=level)
    except InputError:
        return None
    late = 1 - found[RATE]
    overdue = np.where(late <= 0, 0.0, np.nan_to_num(found[LATE]) * late)
    return found[TIME] + overdue, found.replications


def _worth(outcomes: pd.DataFrame, to: str, score: str) -> tuple[float, float] | None:
    """Return the points that a day less is worth between the baseline's years, and the slope's variance."""
    service = _service(outcomes, to, "bureau")
    if service is None:
        return None
    points = panel(outcomes, to, [score], level="bureau")[score] * OUTCOMES[score].scale
    days = service[0]
    apart, level = days - np.nanmean(days, axis=0), points - np.nanmean(points, axis=0)
    known = np.isfinite(apart) & np.isfinite(level)
    x, y = -apart[known], level[known]
    spread = float(np.sum(x**2))
    if known.sum() < 4 or spread <= 1e-18:
        return None
    slope = float(np.sum(x * y)) / spread
    free = known.sum() - 1 - days.shape[1]
    variance = float(np.sum((y - slope * x) ** 2)) / max(free, 1) / spread
    return max(slope, 0.0), variance


def _gap(
    before: Service | None,
    after: Service | None,
    policy: str,
    rise: pd.Series,
    worth: tuple[float, float] | None,
) -> dict[str, object]:
    """Return the row of the gaming gap, from service under the baseline and under the policy."""
    row: dict[str, object] = {
        "policy": policy, "sign": "gap", "outcome": "", "kind": "", "baseline": np.nan, "policy_mean": np.nan,
        "worse": np.nan, "low": np.nan, "high": np.nan, "n": len(rise), "p": np.nan,
        "least": MATERIAL_POINTS, "score_gained": rise.mean(), "why": "",
    }  # fmt: skip
    if before is None or after is None or worth is None:
        return row | {"why": "service was not measured, or never varies in the baseline"}
    means = [dict(zip(runs, np.nanmean(days, axis=(1, 2)), strict=True)) for days, runs in (before, after)]
    saved = np.array([means[0].get(run, np.nan) - means[1].get(run, np.nan) for run in rise.index])
    known = np.isfinite(saved)
    slope, variance = worth
    gap = difference(rise.to_numpy()[known], slope * saved[known])
    return row | _tested(gap, float(saved[known].mean()) ** 2 * variance)
