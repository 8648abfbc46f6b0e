"""The judgement of a year: from its counts to scores, ranks, flags and pay. Cheap and pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from sim.scenario.assessment import Noise
from sim.scenario.indicators import INDICATORS
from sim.scenario.part import given
from sim.scenario.schema import Scenario
from sim.scenario.scorecard import Item

from .careers import counts_for_excellence, top, verdicts
from .indicators import counted_as
from .measured import Evidence, Files, Measured, Values
from .pay import fund_parts, gini, shares
from .personal import records
from .scaling import percentiles, rolled, rolled_error, scaled, scaled_with_error
from .scorecard import Draws, Scores, scores, settled
from .statistics import mean
from .verdict import BY_UNIT, Verdict

_SHARES = {
    "below_advanced": "share_not_advanced",
    "head_not_promotable": "share_not_promotable",
    "certified": "share_certified",
    "excellent": "share_excellent",
}


def judge(
    measured: Measured, scenario: Scenario, draws: Draws | None, past: Sequence[Verdict] = ()
) -> Verdict:
    """Score, rank and pay one assessment period.

    Parameters
    ----------
    measured : the counts (`measure`).
    scenario : its scorecards, assessment and pay judge the year.
    draws : luck of this year's inspections and marks, shared by all policies; None = their expectation,
        without luck.
    past : the verdicts of the years before, oldest first; read where scores roll over several years, and
        where pay may not move far from last year's.
    """
    types = [scenario.type_of(unit) for unit in scenario.units]
    groups = _groups(scenario)
    rules, pay = scenario.assessment, scenario.pay
    if rules is None or pay is None or (groups < 0).all():
        groups[:] = -1
        nothing = np.full((2, len(types)), np.nan)
        return _verdict(measured, scenario, groups, dict.fromkeys(BY_UNIT, nothing[0]), nothing, nothing)

    assessed = _scores(measured, scenario, groups, draws, draws, rules.noise)
    values = {"score": assessed.measured, "true_score": assessed.true, "standard_error": assessed.error}
    values |= _deductions(measured, scenario, groups)
    values["score"] = _less(values["score"], values["audit_points"] + values["criticism_points"])
    values["true_score"] = _less(values["true_score"], values.pop("criticism_points"))

    before = past[::-1]  # newest first
    errors = [one.standard_error for one in before]
    values["rolling_error"] = rolled_error(values["standard_error"], errors, rules.rolling)
    values |= _counted(values["score"], [one.score for one in before], groups, scenario, before)
    values |= _flags(measured, scenario, groups, values)
    truth = _counted(values["true_score"], [one.true_score for one in before], groups, scenario, before)
    bound = np.array([part.pay_bound for part in types])
    last_year = past[-1].pay_share if past else None
    paid, deserved = (
        shares(
            counted["rolling_score"], values["rolling_error"], counted["scaled_score"], bound, pay, last_year
        )
        for counted in (values, truth)
    )
    return _verdict(measured, scenario, groups, values, paid, deserved, draws)


def true_score(measured: Measured, scenario: Scenario, months: Draws | None = None) -> np.ndarray:
    """Return the true scores as `judge` does, and nothing else; `months` is the luck of the months."""
    groups = _groups(scenario)
    if scenario.assessment is None or (groups < 0).all():
        return np.full(len(groups), np.nan)
    score = _scores(measured, scenario, groups, None, months, None).true
    return _less(score, _deductions(measured, scenario, groups)["criticism_points"])


def _groups(scenario: Scenario) -> np.ndarray:
    """Return the scorecard of each unit, its position among the scenario's, −1 = none, (units,)."""
    cards, types = list(scenario.scorecards), [scenario.type_of(unit) for unit in scenario.units]
    return np.array([cards.index(part.scorecard) if part.scorecard else -1 for part in types])


def _scores(
    measured: Measured,
    scenario: Scenario,
    groups: np.ndarray,
    draws: Draws | None,
    months: Draws | None,
    noise: Noise | None,
) -> Scores:
    """Return the scores of all units by their scorecards, (units,) each; NaN without one.

    `noise` tells their standard errors; without it they are 0.
    """

    def evidence(item: Item) -> Evidence:
        projects = INDICATORS[item.indicator].only == "projects" and not item.kinds
        if projects and not measured.projects:
            nothing = {counted_as(item.indicator): np.full(len(groups), np.nan)}
            return Evidence(nothing, nothing, lambda: Files({}, []))
        return measured.evidence(measured.projects if projects else item.kinds, item.limit)

    def pace(name: str, item: Item) -> np.ndarray:
        return _pace(measured, name, item, months)

    result = Scores(*(np.full(len(groups), np.nan) for _ in Scores._fields))
    for number, scorecard in enumerate(scenario.scorecards.values()):
        members = np.flatnonzero(groups == number)
        names = [measured.units[unit] for unit in members]
        for all_units, own in zip(
            result, scores(names, members, evidence, scorecard, draws, noise, pace), strict=True
        ):
            all_units[members] = own
    return result


def _pace(measured: Measured, name: str, item: Item, months: Draws | None) -> np.ndarray:
    """Return the true pace of units under an item, so far or of the whole year, (units,)."""
    pace, usual = measured.pace, np.full(len(measured.units), given(item.usual))
    if pace is None:
        return usual
    kinds = [measured.kinds.index(kind) for kind in item.kinds] or list(range(len(measured.kinds)))
    value = usual + given(item.gain) * pace.extra(kinds)
    if months is None or not item.months_sd:
        return value
    gone = len(pace.effort)
    luck = np.array([months.months(unit, name, pace.months)[:gone].sum() for unit in measured.units])
    return value + item.months_sd / np.sqrt(pace.months) * luck * pace.months / gone


def _deductions(measured: Measured, scenario: Scenario, groups: np.ndarray) -> Values:
    """Return the points that audits and criticism deduct, and who is criticised; NaN without a scorecard."""
    rules = given(scenario.assessment)
    audits, criticism = rules.audits, rules.criticism
    line = scenario.study.criticism_share if scenario.study is not None else 0.0
    criticised = measured.of_people["study_rate"] < line
    deducted = np.minimum(audits.penalty_points * measured.audited, audits.cap_points) if audits.on else 0.0
    deductions = {
        "audit_points": deducted + np.zeros(len(groups)),
        "criticised": criticised.astype(float),
        "criticism_points": criticism.points * criticised if criticism.on else 0.0 * criticised,
    }
    return {name: np.where(groups >= 0, values, np.nan) for name, values in deductions.items()}


def _less(score: np.ndarray, points: np.ndarray) -> np.ndarray:
    return settled(np.maximum(score - points, 0.0))


def _counted(
    score: np.ndarray,
    scores_before: Sequence[np.ndarray],
    groups: np.ndarray,
    scenario: Scenario,
    before: Sequence[Verdict],
) -> Values:
    """Return the scores that count for thresholds and pay, and for ranks; `before` is newest first."""
    rules = given(scenario.assessment)
    rolling = rolled(score, scores_before, rules.rolling)
    this_year = scaled(score, groups, rules.scaling)
    percentile = percentiles(this_year)
    if rules.rolling.on and rules.rolling.of == "rank":
        ranked = rolled(percentile, [one.percentile for one in before], rules.rolling)
    else:
        ranked = scaled(rolling, groups, rules.scaling) if rules.rolling.on else this_year
    return {
        "rolling_score": settled(rolling),
        "scaled_score": settled(ranked),
        "percentile": percentile,
    }


def _flags(measured: Measured, scenario: Scenario, groups: np.ndarray, values: Values) -> Values:
    """Return ranks and flags of the units, and their parts of the reward fund."""
    rules, fund = given(scenario.assessment), given(scenario.pay).reward_fund
    ranked, counted = values["scaled_score"], values["rolling_score"]
    method: Literal["none", "z_score"] = "none" if rules.scaling == "none" else "z_score"
    flags = verdicts(
        percentiles(ranked) if rules.thresholds == "rank" else counted,
        measured.evidence().true["overdue_open"],
        rules,
        ranked,
        scaled_with_error(counted, values["rolling_error"], groups, method),
    )
    types = [scenario.type_of(unit) for unit in scenario.units]
    certifiable = np.array([part.certifiable for part in types])
    for flag, counts in (("certified", certifiable), ("excellent", counts_for_excellence(scenario))):
        flags[flag] = np.where(counts, flags[flag], np.nan)
    contest = certifiable if fund.among == "certifiable" else np.ones(len(types), bool)
    if fund.only_advanced:
        contest = contest & (flags["below_advanced"] == 0)
    best = top(ranked, contest & fund.on, fund.top_count)
    parts = fund_parts(best, counted, fund)
    none = np.isnan(values["score"])
    flags["top"] = np.where(none, np.nan, best)
    flags["reward_fund"] = np.where(groups >= 0, parts, np.nan)
    return flags


def _verdict(
    measured: Measured,
    scenario: Scenario,
    groups: np.ndarray,
    values: Values,
    paid: np.ndarray,
    deserved: np.ndarray,
    draws: Draws | None = None,
) -> Verdict:
    """Return the verdict; `paid` and `deserved` are the shares of assessment pay and bonus, (2, units)."""
    staff, scored = measured.staff, np.flatnonzero(groups >= 0)
    base, *floating = _full_pay(measured, scenario)
    in_full = np.where(np.isnan(paid), 1.0, paid)[:, staff]
    assessment, bonus = (full * share for full, share in zip(floating, in_full, strict=True))
    total = base + assessment + bonus
    fund = np.zeros(len(staff))
    if (won := np.nan_to_num(values["reward_fund"])).any():
        fund = (won / np.maximum(np.bincount(staff, minlength=len(groups)), 1))[staff]
        total = total + fund
    if "award_pay" in measured.people:  # paid in any case; it is drawn, not judged
        total = total + measured.people["award_pay"]
    own = None
    if measured.deeds is not None:
        judged = ~np.isnan(values["score"])[staff]
        own = records(measured.deeds, measured.people.names, judged, scenario.careers, draws)
        total = total + own.reward
    binding = np.array([scenario.type_of(unit).pay_bound for unit in scenario.units])
    bound = binding[staff]
    shown = np.where(groups >= 0, paid, np.nan)
    people = {"base_pay": base, "assessment_pay": assessment, "bonus": bonus, "fund": fund, "pay": total}
    luck = sum(full * (share - due)[staff] for full, share, due in zip(floating, paid, deserved, strict=True))
    bureau = _bureau(scenario, scored, values, people, bound)
    if len(scored):
        bureau["pay_spread_equal_merit"] = _spread(luck, staff, bound, len(groups))
    kept = {name: values[name] for name in BY_UNIT}
    return Verdict(
        year=measured.year,
        units=measured.units,
        scored=scored,
        **kept,
        pay_share=shown[0],
        bonus_share=shown[1],
        people=measured.people.names,
        bound=bound,
        **people,
        bureau=bureau,
        records=own,
    )


def _bureau(
    scenario: Scenario, scored: np.ndarray, values: Values, people: Values, bound: np.ndarray
) -> dict[str, float]:
    """Return outcomes of the scored units and all people; means and shares skip units without a score."""
    of = {name: mean(values[flag][scored]) for flag, name in _SHARES.items()}
    rules = scenario.assessment
    targets = {}
    if rules is not None:
        for title in ("certified", "excellent"):
            share = of[f"share_{title}"]
            met = share >= getattr(rules, f"{title}_target")
            targets[f"{title}_target_met"] = float("nan") if np.isnan(share) else float(met)
    return {
        "mean_score": mean(values["score"][scored]),
        "score_gap": mean(np.abs(values["score"] - values["true_score"])[scored]),
        **of,
        "base_pay": people["base_pay"].sum(),
        "assessment_pay": people["assessment_pay"].sum(),
        "bonus": people["bonus"].sum(),
        "pay_total": people["pay"].sum(),
        "pay_gini": gini(people["pay"][bound]),
        **targets,
        "reward_fund": people["fund"].sum(),
    }


def _spread(luck: np.ndarray, staff: np.ndarray, bound: np.ndarray, units: int) -> float:
    """Return the standard deviation over bound units of their people's mean `luck`; NaN without any."""
    heads = np.bincount(staff[bound], minlength=units)
    total = np.bincount(staff[bound], np.nan_to_num(luck)[bound], units)
    return float(np.std(total[heads > 0] / heads[heads > 0])) if heads.any() else float("nan")


def _full_pay(measured: Measured, scenario: Scenario) -> np.ndarray:
    """Return base pay, assessment pay and target bonus of each post in full, float (3, people)."""
    amounts = {
        name: (part.base_pay, part.assessment_pay, part.target_bonus)
        for name, part in scenario.grades.items()
    }
    given = [amounts[grade] for grade in measured.people["grade"]]
    in_full = np.array(given, float).reshape(-1, 3).T
    return in_full * measured.people["share"] if "share" in measured.people else in_full
