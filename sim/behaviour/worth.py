"""What a score is worth to a unit: pay, titles and contests at every score, in years of its pay.

Each part enters by the value that it really has at a score, with the jumps of the rules. Contests and ranks
depend on the others: their scores are believed independent, each with its expected value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from scipy.special import ndtr, ndtri

from sim.rules.careers import counts_for_excellence
from sim.rules.schedule import Schedule, bonus_schedule, combined, lifted_schedule, pay_schedule, step
from sim.scenario.part import given
from sim.scenario.schema import Scenario

from .conduct import Standing
from .expected_worth import Worth, expected_each
from .promotion import Candidates

_FINE = 16  # places of a table for each spread of the narrowest rival
_MOST = 3000  # places of a table
_PLACES = 200  # at which a chance of promotion is computed

Curve = Callable[[np.ndarray], np.ndarray]  # worth at scores (x,), float (x,)


@dataclass(frozen=True)
class Rivals:
    """The others' year-end scores as they are believed to be; arrays (units,), NaN without a score.

    mean, sd : of measured scores, points; sd is the spread of what is not known of them.
    uniform : bool, they are uniform and not normal.
    """

    mean: np.ndarray
    sd: np.ndarray
    uniform: np.ndarray


def needs_rivals(rules: Scenario) -> bool:
    """Return whether the worth of a score depends on the others' scores."""
    lines, pay = given(rules.assessment), given(rules.pay)
    careers = rules.behaviour.responsive.careers
    titles = lines.thresholds == "rank" and _worth_a_title(rules)
    fund = pay.reward_fund.on and (pay.reward_fund.sum > 0 or careers.top > 0)
    last = careers.bottom and lines.bottom_count
    return bool(last or fund or pay.basis == "rank" or titles or careers.county or _climbs(rules))


def _climbs(rules: Scenario) -> bool:
    """Return whether promotion has two ladders, and is worth something."""
    worth, careers = rules.behaviour.responsive.careers, rules.careers
    return careers.on and careers.ladders.on and worth.to_head + worth.to_city > 0


def worths(
    standing: Standing,
    rules: Scenario,
    strength: np.ndarray,
    within: tuple[np.ndarray, np.ndarray],
) -> Callable[[Rivals], list[Worth | None]]:
    """Return what a measured score of this year is worth to each unit, by the beliefs about the others.

    It is asked with `Rivals` and answers (units,); None where a score is worth nothing.

    Parameters
    ----------
    standing : at the beginning of the year.
    strength : (units,), factor on all that a score is worth.
    within : least and greatest score that the unit reckons with, (units,) each.
    """
    of_pay = cache(_pay(standing, rules))
    of_titles = cache(partial(_titles, rules))
    excellent = counts_for_excellence(rules)

    def of_unit(unit: int, rivals: Rivals) -> Worth | None:
        if not _plays(standing, strength, unit):
            return None
        ranks = _Ranks(standing, rules, rivals, unit)
        titles = of_titles(bool(standing.certifiable[unit]), bool(excellent[unit]))
        exact, smooth = _parts(ranks, of_pay(unit), titles)
        reach = float(within[0][unit]), float(within[1][unit])
        years = _of_years(exact, smooth, standing, rules, rivals, unit, reach)
        return _scaled(years, strength[unit], rules)

    return lambda rivals: [of_unit(unit, rivals) for unit in range(len(standing.scored))]


def _parts(ranks: _Ranks, pay: Schedule, titles: Schedule) -> tuple[list[Schedule], list[Curve]]:
    """Return the parts of the worth that go by the score alone, and those that go by the others' too."""
    rules, standing, unit = ranks.rules, ranks.standing, ranks.unit
    lines, fund = given(rules.assessment), given(rules.pay).reward_fund
    exact: list[Schedule] = []
    smooth: list[Curve] = []
    if given(rules.pay).basis == "score":
        exact.append(pay)
    elif standing.bound[unit]:
        smooth.append(ranks.by_percentile(pay, standing.bound & standing.scored))
    if lines.thresholds == "score":
        exact += [titles, *ranks.county()]
    elif _worth_a_title(rules):
        smooth.append(ranks.by_percentile(titles, standing.scored))
    for rise, barred in ranks.promotions() if _climbs(rules) else ():
        if not barred:
            smooth.append(rise)
        elif lines.thresholds == "score":
            line = lines.promotion_threshold
            least = float(rise(np.array([line]))[0])
            exact.append(step(line, least))
            smooth.append(_over(rise, line, least))
        else:
            over = ranks.by_percentile(step(lines.promotion_threshold), standing.scored)
            smooth.append(_times(rise, over))
    if (loss := ranks.bottom()) is not None:
        smooth.append(loss)
    if (prize := ranks.prize()) is not None:
        if fund.only_advanced:  # nothing under the line, a jump at it
            line = lines.advanced_threshold
            least = float(prize(np.array([line]))[0])
            exact.append(step(line, least))
            smooth.append(_over(prize, line, least))
        else:
            smooth.append(prize)
    return exact, smooth


def _worth_at_line(rules: Scenario) -> float:
    """Return what the promotion line is worth; with two ladders, what it bars from is worth its chance."""
    ladders = rules.careers.on and rules.careers.ladders.on
    return 0.0 if ladders else rules.behaviour.responsive.careers.promotion


def _worth_a_title(rules: Scenario) -> bool:
    careers = rules.behaviour.responsive.careers
    return bool(_worth_at_line(rules) or careers.advanced or careers.certified or careers.excellent)


def _titles(rules: Scenario, certifiable: bool, excellent: bool) -> Schedule:
    """Return the worth of titles by the score that counts, of a unit that counts for certification or not."""
    careers, lines = rules.behaviour.responsive.careers, given(rules.assessment)
    return combined(
        [
            (step(lines.promotion_threshold), np.array(_worth_at_line(rules))),
            (step(lines.advanced_threshold), np.array(careers.advanced)),
            (step(lines.certified_threshold), np.array(careers.certified * certifiable)),
            (step(lines.excellent_threshold), np.array(careers.excellent * excellent)),
        ]
    )


def _plays(standing: Standing, strength: np.ndarray, unit: int) -> bool:
    known = np.isfinite(standing.outlook.usual[unit])
    return bool(standing.scored[unit] and known and standing.pay[unit] > 0 and strength[unit] > 0)


def _scaled(worth: Worth, strength: float, rules: Scenario) -> Worth:
    """Return the worth times the strength of response, less what later targets take of it."""
    part = rules.behaviour.responsive
    factor = strength * (ratchet_share(part.ratchet.kappa, part.discount) if part.ratchet.on else 1.0)
    changed = {name: factor * getattr(worth, name) for name in ("jump", "bend", "level", "slope", "smooth")}
    return worth._replace(**changed)


def _pay(standing: Standing, rules: Scenario) -> Callable[[int], Schedule]:
    """Return the schedule of pay and bonus of a unit, (k,), in shares of its full pay."""
    pay, error = given(rules.pay), standing.outlook.error
    share, bonus = pay_schedule(pay, standing.last_year), bonus_schedule(pay)

    def of_unit(unit: int) -> Schedule:
        own = share if share.here.ndim == 1 else Schedule(share.at, share.before[unit], share.here[unit])
        parts = [(own, standing.assessment_pay[unit]), (bonus, standing.bonus[unit])]
        if pay.gate.on:
            margin = float(ndtri(pay.gate.confidence) * np.nan_to_num(error[unit]))
            lines = (pay.full_pay_threshold, pay.bonus_threshold)
            parts = [
                (lifted_schedule(part, line, margin), amount)
                for (part, amount), line in zip(parts, lines, strict=True)
            ]
        bound = float(standing.bound[unit]) / standing.pay[unit]
        return combined([(part, np.array(amount * bound)) for part, amount in parts])

    return of_unit


def _over(won: Curve, line: float, least: float) -> Curve:
    """Return what is won over a line, beyond what is won at it; nothing under it."""
    return lambda score: np.where(score <= line, 0.0, won(np.maximum(score, line)) - least)


def _times(one: Curve, other: Curve) -> Curve:
    return lambda score: one(score) * other(score)


class _Ranks:
    """The ranks that a unit may reach at a score, against its rivals."""

    def __init__(self, standing: Standing, rules: Scenario, rivals: Rivals, unit: int) -> None:
        self.standing, self.rules, self.rivals, self.unit = standing, rules, rivals, unit
        self._asked, self._answer = (b"", False), np.empty((0, 0))

    def _under(self, score: np.ndarray, among: np.ndarray, scaled: bool) -> np.ndarray:
        """Return the chance of each rival of `among` to lie under each score, (rivals, x)."""
        known = np.isfinite(self.rivals.mean)
        known[self.unit] = False
        scaled = scaled and given(self.rules.assessment).scaling != "none"
        asked = score.tobytes(), scaled
        if asked != self._asked:  # the bottom and the fund ask for the same, among others
            self._asked, self._answer = asked, self._under_each(score, known, scaled)
        return self._answer[among[known]]

    def _under_each(self, score: np.ndarray, who: np.ndarray, scaled: bool) -> np.ndarray:
        mean, sd = self.rivals.mean, self.rivals.sd
        if scaled:
            mean, sd = self._on_own_scale(mean, sd, np.isfinite(mean))
        z = (score - mean[who, None]) / np.maximum(sd[who, None], 1e-9)
        under, even = ndtr(z), self.rivals.uniform[who]
        under[even] = np.clip(0.5 + z[even] / (2 * np.sqrt(3)), 0.0, 1.0)
        return under

    def _on_own_scale(
        self, mean: np.ndarray, sd: np.ndarray, known: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the rivals' forecasts as scores of the unit's own scorecard at the same scaled score."""
        card = self.standing.scorecard
        centre, width = np.zeros(len(mean)), np.ones(len(mean))
        for number in np.unique(card[known]):
            same = known & (card == number)
            centre[same] = mean[same].mean()
            width[same] = np.sqrt(np.var(mean[same]) + np.mean(sd[same] ** 2))
        factor = width[self.unit] / np.where(width > 0, width, 1.0)
        return centre[self.unit] + factor * (mean - centre), sd * factor

    def by_percentile(self, schedule: Schedule, among: np.ndarray) -> Curve:
        """Return the worth of a schedule of percentiles of rank (the middle of the rank)."""

        def curve(score: np.ndarray) -> np.ndarray:
            chance = _counts(under := self._under(score, among, False), len(under) + 1)
            paid = schedule.value(100 * (np.arange(len(chance)) + 0.5) / len(chance))
            return paid @ chance

        return curve

    def bottom(self) -> Curve | None:
        """Return the loss at the bottom; None without any."""
        lines, count = given(self.rules.assessment), given(self.rules.assessment).bottom_count
        loss, scored = self.rules.behaviour.responsive.careers.bottom, self.standing.scored
        if not loss or not 0 < count < np.count_nonzero(scored):
            return None
        distinct, margin = lines.bottom_only_if_distinct, 0.0
        if distinct.on:  # a unit must lie lower by the margin to be told apart
            error = np.nan_to_num(self.standing.outlook.error[self.unit])
            margin = float(ndtri(distinct.confidence) * np.sqrt(2) * error)
        return lambda score: -loss * _counts(self._under(score + margin, scored, True), count).sum(axis=0)

    def county(self) -> list[Schedule]:
        """Return what the unit's own certificate is worth to the bureau's target: where it is the last one.

        It is a step as high as the chance that the target stands or falls with it.
        """
        lines, value = given(self.rules.assessment), self.rules.behaviour.responsive.careers.county
        among = self.standing.scored & self.standing.certifiable
        if not value or not among[self.unit]:
            return []
        others = self._under(np.array([lines.certified_threshold]), among, False)
        needed = int(np.ceil(lines.certified_target * (len(others) + 1) - 1e-9))
        if needed == 0:
            return []
        decides = _counts(1 - others, needed)[-1, 0] if needed <= len(others) + 1 else 0.0
        return [step(lines.certified_threshold, value * float(decides))]

    def prize(self) -> Curve | None:
        """Return the share in the reward fund; None without any."""
        fund, unit, standing = given(self.rules.pay).reward_fund, self.unit, self.standing
        among = standing.scored & (standing.certifiable | (fund.among == "all"))
        honour = self.rules.behaviour.responsive.careers.top
        if not fund.on or not (fund.sum or honour) or not among[unit]:
            return None
        prize = honour + fund.sum / fund.top_count / standing.people[unit] / standing.pay[unit]
        return lambda score: prize * _counts(1 - self._under(score, among, True), fund.top_count).sum(axis=0)

    def promotions(self) -> list[tuple[Curve, bool]]:
        """Return the worth of rising on each of the two ladders, and whether the promotion line bars from it.

        It is the mean over the unit's people of what a promotion is worth, times its chance at a score.
        """
        rules, standing, unit = self.rules, self.standing, self.unit
        worth, ladders = rules.behaviour.responsive.careers, rules.careers.ladders
        heads = given(standing.heads)
        staff = standing.people - heads
        removed = given(rules.assessment).bottom_count if rules.careers.remove_heads else 0
        scored = standing.scored & np.isfinite(self.rivals.mean)
        to_city = float(ladders.deputy_openings)
        to_head = to_city + min(removed, scored.sum()) + rules.careers.leavers_share * heads[scored].sum()
        result = []
        for posts, openings, value, barred in (
            (heads, to_city, worth.to_city, True),
            (staff, to_head, worth.to_head, ladders.bars_staff),
        ):
            if posts[unit] > 0 and openings > 0 and value > 0:
                size = value * posts[unit] / standing.people[unit]
                result.append((self._rise(size, np.where(scored, posts, 0.0), openings, barred), barred))
        return result

    def _rise(self, size: float, posts: np.ndarray, openings: float, barred: bool) -> Curve:
        """Return `size` times the chance that one of the unit's `posts` (units,) is among the `openings`."""
        lines, unit, mean, sd = given(self.rules.assessment), self.unit, self.rivals.mean, self.rivals.sd
        ladders, part = self.rules.careers.ladders, self.rules.careers.record
        others = posts > 0
        others[unit] = False
        rivals = posts[others]
        if barred and lines.thresholds == "rank":
            rivals = rivals * (1 - lines.promotion_threshold / 100)
        elif barred:
            below = (lines.promotion_threshold - mean[others]) / np.maximum(sd[others], 1e-9)
            rivals = rivals * (1 - ndtr(below))
        if lines.scaling != "none":
            mean, sd = self._on_own_scale(mean, sd, np.isfinite(mean))
        mean, sd = mean[others], sd[others]
        width = np.sqrt(np.var(mean) + np.mean(sd**2)) if len(mean) else 0.0
        by_unit = ladders.unit / max(width, 1e-9)  # of a point
        own = np.sqrt(ladders.merit**2 * (1 + part.opinion_sd**2) + ladders.seniority**2 + ladders.luck**2)
        own = max(float(own), 1e-9)
        spread = np.sqrt(own**2 + (by_unit * sd) ** 2)
        candidates = Candidates(by_unit, own, by_unit * mean, spread, rivals, posts[unit] - 1)

        def curve(score: np.ndarray) -> np.ndarray:
            if len(score) <= _PLACES:
                return size * candidates.chance(score, openings)
            few = np.linspace(score.min(), score.max(), _PLACES)
            return size * np.interp(score, few, candidates.chance(few, openings))

        return curve


def _counts(under: np.ndarray, most: int) -> np.ndarray:
    """Return the chances that 0, 1, …, most − 1 of the rivals lie under each score, (most, x)."""
    chance = np.zeros((most, under.shape[1]))
    chance[0] = 1
    for own in under:
        moved = chance * own
        chance -= moved
        chance[1:] += moved[:-1]
    return chance


def _of_years(
    exact: list[Schedule],
    smooth: list[Curve],
    standing: Standing,
    rules: Scenario,
    rivals: Rivals,
    unit: int,
    within: tuple[float, float],
) -> Worth:
    """Return the worth of this year's score in all years in which it counts."""
    rule = combined([(schedule, np.array(1.0)) for schedule in exact]) if exact else step(0.0, 0.0)
    share, rest, later = _counted(standing, rules, unit)
    now = _worth(rule, share, rest)
    if not smooth and not later:
        return now
    low, high = within
    narrow = np.nanmin(np.where(rivals.sd > 0, rivals.sd, np.nan), initial=high - low)
    score = np.linspace(low, high, int(np.clip(_FINE * (high - low) / narrow, 100, _MOST)) + 1)
    table = np.zeros(len(score))
    for curve in smooth:
        table += curve(share * score + rest)
    for year, (weight, others) in enumerate(later, start=1):
        counted = weight * score + (1 - weight) * rivals.mean[unit]
        own, noise = _worth(rule, 1.0, 0.0), float(others * rivals.sd[unit])
        worth = expected_each(own, counted, noise, False)
        for curve in smooth:
            worth = worth + curve(counted)
        table += worth / (1 + rules.behaviour.responsive.discount) ** year
    return now._replace(start=low, step=float(score[1] - score[0]), smooth=table)


def _counted(
    standing: Standing, rules: Scenario, unit: int
) -> tuple[float, float, list[tuple[float, float]]]:
    """Return how this year's score counts.

    They are its share in the score that counts now, the points of the years before in it, and for each later
    year its share and the spread of the other years', one year's = 1.
    """
    rolling = given(rules.assessment).rolling
    if not rolling.on:
        return 1.0, 0.0, []
    weight = np.array(rolling.weights or (1.0,) * rolling.years, float)
    before = np.array([year[unit] for year in standing.past[: rolling.years - 1]], float)
    known = weight[1 : len(before) + 1] * np.isfinite(before)
    total = weight[0] + known.sum()
    rest = float(np.sum(known * np.nan_to_num(before)) / total)
    whole = weight / weight.sum()
    squares = float(np.sum(whole**2))
    later = [(float(own), float(np.sqrt(squares - own**2))) for own in whole[1:]]
    return float(weight[0] / total), rest, later


def _worth(rule: Schedule, share: float, rest: float) -> Worth:
    """Return the worth of a score that counts as share × score + rest."""
    slopes = rule.slopes * share
    at = np.ascontiguousarray((rule.at - rest) / share, float)
    jump = np.ascontiguousarray(rule.jumps, float)
    return Worth(at, jump, np.diff(slopes), float(rule.before[0]), float(slopes[0]), 0.0, 1.0, np.empty(0))


def ratchet_share(kappa: float, discount: float) -> float:
    """Return the share of an incentive left where targets follow scores: r / (r + kappa); 1 if kappa = 0.

    One more point brings its pay now, and costs kappa of it in each later year's target, less what the target
    forgets, discounted at r (Weitzman 1980).
    """
    return 1.0 if kappa == 0 else discount / (discount + kappa)
