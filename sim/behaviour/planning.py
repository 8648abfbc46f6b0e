"""Plan a year: choose effort so that the worth of the year-end score, less the cost of effort, is greatest.

Two foresights. `plan` takes one constant effort for the rest of the year. `induction` goes backward over the
months (Bellman, Dynamic programming, 1957): the luck of a month is seen before the next effort is chosen.
Both look for the global optimum: near a jump of the worth there are two hills.

Compiled. Scores and gains are in points, worths and costs in years of pay, spreads are standard deviations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.jit import compiled

from .curves import cubics_of, cubics_through, curve, on_curve, tangent
from .expected_worth import TAIL, certain, certain_each

ABOVE = 1e-6  # points: plans aim so far over a line
_FINEST = 4000  # steps of a grid, at most
_STEPS = 8  # at which a stretch between two options is looked at, at least
_SECTION = (math.sqrt(5) - 1) / 2
_TIE = 1e-13
_NARROW = 3.0  # grid steps; narrower luck is reckoned at three places
_STRETCH, _CELLS = 3, 3  # steps of a stretch between options, at least; grid cells a step
_ROUGH, _EXACT = 4, 60  # rounds
_NEAR = 1e-9  # worth: much more than rounding, so that no look as good as the best is left out


class Options(NamedTuple):
    """The efforts to choose from: a path between its points, (m,), or only the points if `levels`.

    gain : points that a whole year at this effort brings, rising. cost : of a whole year. marginal : the
    derivative of the cost in the gain's own measure `push`, which rises; between two points gain is linear
    in push, and cost quadratic.
    """

    push: np.ndarray
    gain: np.ndarray
    cost: np.ndarray
    marginal: np.ndarray
    levels: bool


class Luck(NamedTuple):
    """The luck of a month: normal with `sd` points, or outcomes with chances.

    shifts, chances : (l, o), of each of l levels of effort, or of all if l is 1; used where sd is 0.
    """

    sd: float
    shifts: np.ndarray
    chances: np.ndarray


class Future(NamedTuple):
    """The values of the scores that a month may lead to, before its luck: at start, start + step, …

    value : (months, l, n), of all months from the first one; l as in `Luck`. ends : (months, l, n), the
    mean of the year's true score.
    """

    start: float
    step: float
    value: np.ndarray
    ends: np.ndarray


NO_LUCK = Luck(0.0, np.zeros((1, 1)), np.ones((1, 1)))


@compiled
def option(options, at):
    """Return push, gain and cost of the option at this place, 0 … m − 1, of a path."""
    j = min(int(at), len(options.push) - 2)
    f, wide = at - j, options.push[j + 1] - options.push[j]
    gain = options.gain[j] + f * (options.gain[j + 1] - options.gain[j])
    more = options.marginal[j + 1] - options.marginal[j]
    cost = options.cost[j] + f * wide * (options.marginal[j] + f * more / 2)
    return options.push[j] + f * wide, gain, cost


@compiled
def usual(options):
    """Return the place of the usual effort: push 0."""
    for j in range(len(options.push)):
        if options.push[j] >= 0.0:
            return float(j)
    return 0.0


# One constant effort for the rest of the year


@compiled
def plan(worth, options, score, left, sd, uniform, aversion):
    """Return the place of the best option to keep up while the share `left` of the year is left.

    `score` is the year-end score at usual effort; sd is of everything that is not known of it.
    """
    best = usual(options)
    most = _planned(worth, options, best, score, left, sd, uniform, aversion)
    if options.levels:
        for level in range(len(options.push)):
            value = _planned(worth, options, float(level), score, left, sd, uniform, aversion)
            if value > most + _TIE:
                best, most = float(level), value
        return best
    wide = 0.0
    whole = left * (options.gain[-1] - options.gain[0])
    fine = max(sd / 3, whole / _FINEST)
    for j in range(len(options.push) - 1):
        rise = left * (options.gain[j + 1] - options.gain[j])
        steps = _STEPS if fine <= 0.0 else max(_STEPS, int(rise / fine) + 1)
        for step in range(steps + 1):
            at = j + step / steps
            value = _planned(worth, options, at, score, left, sd, uniform, aversion)
            if value > most + _TIE:
                best, most, wide = at, value, 1 / steps
    wide = max(wide, 1 / _STEPS)
    low, high = max(best - wide, 0.0), min(best + wide, len(options.push) - 1.0)
    inner = _section(worth, options, low, high, score, left, sd, uniform, aversion)
    value = _planned(worth, options, inner, score, left, sd, uniform, aversion)
    if value > most + _TIE:
        best, most = inner, value
    for corner in range(len(worth.at)):  # without noise the best may be just on a line
        aim = (worth.at[corner] + ABOVE - score) / left
        for j in range(len(options.push) - 1):
            if options.gain[j] < aim <= options.gain[j + 1]:
                at = j + (aim - options.gain[j]) / (options.gain[j + 1] - options.gain[j])
                value = _planned(worth, options, at, score, left, sd, uniform, aversion)
                if value > most + _TIE:
                    best, most = at, value
    return best


@compiled
def _planned(worth, options, at, score, left, sd, uniform, aversion):
    _, gain, cost = option(options, at)
    return certain(worth, score + left * gain, sd, uniform, aversion) - left * cost


@compiled
def _section(worth, options, low, high, score, left, sd, uniform, aversion):
    """Return the maximum between `low` and `high` (golden section: Kiefer 1953)."""
    first, second = high - _SECTION * (high - low), low + _SECTION * (high - low)
    one = _planned(worth, options, first, score, left, sd, uniform, aversion)
    two = _planned(worth, options, second, score, left, sd, uniform, aversion)
    for _ in range(40):
        if one >= two:
            high, second, two = second, first, one
            first = high - _SECTION * (high - low)
            one = _planned(worth, options, first, score, left, sd, uniform, aversion)
        else:
            low, first, one = first, second, two
            second = low + _SECTION * (high - low)
            two = _planned(worth, options, second, score, left, sd, uniform, aversion)
    return (low + high) / 2


# Month by month, the luck being seen


@compiled
def induction(worth, options, luck, months, start, step, places, sd, uniform, aversion):
    """Return the `Future` of a year of so many months, on a grid of `places` scores from `start` on.

    `sd` is the spread of what nobody sees before the year-end.
    """
    rows, looks = 1 if luck.sd > 0.0 else len(luck.chances), _looks(options, step, 1 / months)
    value, ends = np.empty((months, rows, places)), np.empty((months, rows, places))
    now, end, squares = np.empty(places), np.empty(places), np.empty(places)
    for month in range(months - 1, -1, -1):
        if month == months - 1:
            for i in range(places):
                end[i] = start + i * step
            if luck.sd > 0.0 and not uniform:  # measured noise and the last month's luck together
                _set(value[month, 0], certain_each(worth, end, math.hypot(sd, luck.sd), False, aversion))
                _set(ends[month, 0], end)
            else:
                _set(now, certain_each(worth, end, sd, uniform, aversion))
                _before_luck(luck, step, now, end, squares, aversion, value[month], ends[month])
            continue
        ahead = cubics_of(value[month + 1])
        best = _choices(options, looks, ahead, start, step, start, places, 1 / months, _ROUGH)
        for i in range(places):
            row, gain, cost = _taken(options, best[i], rows)
            place = (start + i * step + gain / months - start) / step
            now[i] = on_curve(ahead[row], place) - cost / months
            end[i] = curve(ends[month + 1, row], place)
        _before_luck(luck, step, now, end, squares, aversion, value[month], ends[month])
    return Future(start, step, value, ends)


# Numpy's own ways to do these two need numba wherever the code runs (`sim.jit.compiler`).


@compiled
def _set(part, values):
    for i in range(len(values)):
        part[i] = values[i]


@compiled
def _ends(values):
    """Return the least and the greatest."""
    least = most = values[0]
    for value in values:
        least, most = min(least, value), max(most, value)
    return least, most


@compiled
def _taken(options, at, rows):
    """Return the row of the luck, gain and cost of the chosen option."""
    if options.levels:
        level = int(at + 0.5)
        return (level if rows > 1 else 0), options.gain[level], options.cost[level]
    _, gain, cost = option(options, at)
    return 0, gain, cost


@compiled
def _before_luck(luck, step, now, end, squares, aversion, value, ends):
    """Set the means of `now` and `end` over the luck, by its rows; less the price of risk."""
    for i in range(len(now)):
        squares[i] = now[i] ** 2
    if luck.sd > 0.0 and luck.sd < _NARROW * step:  # on a grid as wide as that, all is smooth
        away = math.sqrt(3.0) * luck.sd / step
        for i in range(len(now)):
            low, high = curve(now, i - away), curve(now, i + away)
            mean = (low + 4 * now[i] + high) / 6  # Gauss and Hermite, three places
            square = (low**2 + 4 * now[i] ** 2 + high**2) / 6
            value[0, i] = _priced(mean, square, now, i - away, i + away, aversion)
            ends[0, i] = (curve(end, i - away) + 4 * end[i] + curve(end, i + away)) / 6
        return
    if luck.sd > 0.0:
        reach = int(TAIL * luck.sd / step) + 1
        weight = np.empty(2 * reach + 1)
        for j in range(len(weight)):
            weight[j] = math.exp(-(((j - reach) * step / luck.sd) ** 2) / 2)
        weight /= weight.sum()
        wide = _widened(now, reach)
        _blur(wide, weight, value[0])
        _blur(_widened(end, reach), weight, ends[0])
        if aversion > 0.0:
            _blur(wide**2, weight, squares)
            for i in range(len(now)):
                value[0, i] = _priced(value[0, i], squares[i], now, i - reach, i + reach, aversion)
        return
    for row in range(len(luck.chances)):
        for i in range(len(now)):
            mean, after, square = 0.0, 0.0, 0.0
            for o in range(luck.chances.shape[1]):
                place, chance = i + luck.shifts[row, o] / step, luck.chances[row, o]
                mean += chance * curve(now, place)
                after += chance * curve(end, place)
                square += chance * curve(squares, place)
            low, high = _ends(luck.shifts[row])
            low, high = i + low / step, i + high / step
            value[row, i] = _priced(mean, square, now, low, high, aversion)
            ends[row, i] = after


@compiled
def _priced(mean, square, values, low, high, aversion):
    """Return the mean less aversion / 2 × the variance, but no less than the least from `low` to `high`.

    Mean and variance alone can rate a lottery below its worst outcome (Borch, A note on uncertainty and
    indifference curves, 1969). Beyond the grid, where values go on straight, that would grow by the month.
    """
    if aversion <= 0.0:
        return mean
    last = len(values) - 1
    first = min(max(int(math.floor(low)), 0), last)
    least, _ = _ends(values[first : max(min(int(math.ceil(high)), last), first) + 1])
    return max(mean - aversion / 2 * (square - mean**2), least)


@compiled
def _widened(values, reach):
    """Return the values with so many more on both sides, where they go on straight."""
    last = len(values) - 1
    wide = np.empty(len(values) + 2 * reach)
    _set(wide[reach : reach + len(values)], values)
    for away in range(1, reach + 1):
        wide[reach - away] = values[0] + (values[1] - values[0]) * -away
        wide[reach + last + away] = values[last] + (values[last] - values[last - 1]) * away
    return wide


@compiled
def _blur(wide, weight, result):
    """Set the weighted means of the values around each place; `wide` has those of half the weights more."""
    result[:] = 0.0
    for j in range(len(weight)):
        own, near = weight[j], wide[j : j + len(result)]
        for i in range(len(result)):
            result[i] += own * near[i]


@compiled
def choose(options, future, month, score):
    """Return the place of the best option in this month, from the year-end score at usual effort."""
    share, ahead = 1 / len(future.value), cubics_of(future.value[month])
    looks = _looks(options, future.step, share)
    return _choices(options, looks, ahead, future.start, future.step, score, 1, share, _EXACT)[0]


@compiled
def answer(options, future, month, score):
    """Return the place of the best option in this month, and what a point more is worth where it leads."""
    at = choose(options, future, month, score)
    _, gain, _ = _taken(options, at, future.value.shape[1])
    ahead = score + gain / len(future.value)
    cubics = cubics_through(future.value[month, 0])
    return at, tangent(cubics, (ahead - future.start) / future.step) / future.step


@compiled
def end(future, month, score):
    """Return the mean of the year's true score, from the score that this month's effort leads to."""
    return curve(future.ends[month, 0], (score - future.start) / future.step)


@compiled
def _looks(options, step, share):
    """Return the places of a path that are looked at first, and by them gain, cost and width, (looks, 4).

    Gain and cost are of the `share` of a year. The usual effort comes first: no other is taken without need.
    """
    last = len(options.push) - 1
    steps = np.full(last, _STRETCH)
    for j in range(last):
        cells = share * (options.gain[j + 1] - options.gain[j]) / step
        steps[j] = max(_STRETCH, int(cells / _CELLS) + 1)
    result = np.empty((steps.sum() + 2, 4))
    result[0, 0], result[0, 3] = usual(options), 1 / _STRETCH
    look = 1
    for j in range(last):
        for i in range(steps[j] + 1 if j == last - 1 else steps[j]):
            result[look, 0], result[look, 3] = j + i / steps[j], 1 / steps[j]
            look += 1
    for look in range(len(result)):
        _, gain, cost = option(options, result[look, 0])
        result[look, 1], result[look, 2] = share * gain, share * cost
    return result


@compiled
def _choices(options, looks, ahead, start, step, first, places, share, rounds):
    """Return the places of the best options, narrowed down in so many `rounds`, (places,).

    They are at the scores first, first + step, … looks : (looks, 4), of `_looks`. ahead : (l, n, 4),
    `cubics_of` of the values that the month may lead to.
    """
    best = np.empty(places)
    if options.levels:
        for i in range(places):
            best[i], most = 0.0, -np.inf
            for level in range(len(options.push)):
                row = level if len(ahead) > 1 else 0
                place = (first + i * step + share * options.gain[level] - start) / step
                worth = on_curve(ahead[row], place) - share * options.cost[level]
                if worth > most + _TIE:
                    best[i], most = float(level), worth
        return best
    cubics, last, found = (
        ahead[0],
        len(options.push) - 1.0,
        _found(looks, ahead[0], start, step, first, places),
    )
    low, high, one, two = np.empty(places), np.empty(places), np.empty(places), np.empty(places)
    for i in range(places):
        score, at, wide = first + i * step, looks[found[i], 0], looks[found[i], 3]
        rise = _rise(options, cubics, start, step, score, share, at, 1)
        up = at < last and rise > 0.0
        other = min(max(at + wide if up else at - wide, 0.0), last)
        low[i], high[i], one[i] = min(at, other), max(at, other), rise
        if low[i] != at:
            one[i] = _rise(options, cubics, start, step, score, share, low[i], 1)
        two[i] = _rise(options, cubics, start, step, score, share, high[i], -1)
    _narrow(options, cubics, start, step, first, share, low, high, one, two, rounds, best)
    return best


@compiled
def _found(looks, cubics, start, step, first, places):
    """Return the best of the `looks` from each of the scores first, first + step, …, (places,).

    The first of those as good counts. All are reckoned quickly, since a look leads equally far between two
    places from each score; those near the best are compared exactly.
    """
    last, (value, slope, second, third) = len(cubics) - 1, cubics.T.copy()
    worths, most = np.empty((len(looks), places)), np.full(places, -np.inf)
    for look in range(len(looks)):
        shift, cost, own = (first + looks[look, 1] - start) / step, looks[look, 2], worths[look]
        cells = int(math.floor(shift))
        f, below = shift - cells, min(max(-cells, 0), places)
        inside = max(min(last - cells, places), below)
        for i in range(below):
            own[i] = value[0] + slope[0] * (i + shift) - cost
        for i in range(below, inside):
            j = i + cells
            own[i] = value[j] + f * (slope[j] + f * (second[j] + f * third[j])) - cost
        for i in range(inside, places):
            own[i] = value[last] + slope[last] * (i + shift - last) - cost
        for i in range(places):
            most[i] = max(most[i], own[i])
    found, best = np.zeros(places, np.int64), np.full(places, -np.inf)
    for look in range(len(looks)):
        for i in range(places):
            if worths[look, i] >= most[i] - _NEAR:
                place = (first + i * step + looks[look, 1] - start) / step
                worth = on_curve(cubics, place) - looks[look, 2]
                if worth > best[i] + _TIE:
                    found[i], best[i] = look, worth
    return found


@compiled
def _narrow(options, cubics, start, step, first, share, low, high, one, two, rounds, best):
    """Set `best` (n,) to where slopes are 0 between `low`, where they rise by `one`, and `high`, by `two`.

    Regula falsi (Illinois), round by round of all places together, which a processor overlaps.
    """
    still, count = np.empty(len(best), np.int64), 0
    for i in range(len(best)):
        if one[i] <= 0.0:
            best[i] = low[i]
        elif two[i] >= 0.0:
            best[i] = high[i]
        else:
            still[count] = i
            count += 1
    for _ in range(rounds):
        left = 0
        for k in range(count):
            i = still[k]
            best[i] = low[i] + (high[i] - low[i]) * one[i] / (one[i] - two[i])
            rise = _rise(options, cubics, start, step, first + i * step, share, best[i], 1)
            up = rise > 0.0
            low[i], high[i] = (best[i] if up else low[i]), (high[i] if up else best[i])
            one[i], two[i] = (rise if up else one[i] / 2), (two[i] / 2 if up else rise)
            still[left] = i
            left += abs(rise) >= 1e-14
        count = left
    for k in range(count):
        i = still[k]
        best[i] = low[i] + (high[i] - low[i]) * one[i] / (one[i] - two[i])


@compiled
def _rise(options, cubics, start, step, score, share, at, side):
    """Return the slope of worth less cost on one side of this place, by push."""
    last = len(options.push) - 2
    j = min(max(int(at) if side > 0 else math.ceil(at) - 1, 0), last)
    f, wide = at - j, options.push[j + 1] - options.push[j]
    per_push = (options.gain[j + 1] - options.gain[j]) / wide
    gain = options.gain[j] + f * (options.gain[j + 1] - options.gain[j])
    marginal = options.marginal[j] + f * (options.marginal[j + 1] - options.marginal[j])
    return share * (per_push * tangent(cubics, (score + share * gain - start) / step) / step - marginal)
