"""Format texts, chances and numbers in the two languages of a report.

Numbers are printed only as finely as they are known: no digit finer than a tenth of the standard error,
and at most two decimals. A chance is never given in words alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from sim.scenario.errors import InputError

LANGUAGES = ("en", "zh")
MOST_DECIMALS = 2
LEAST_PRINTED = 10.0**-MOST_DECIMALS
MINUS, MISSING = "−", "–"
_INTERVAL = re.compile(r" (\[[−+\d.,%∞–]+,) (?=[−+\d.,%∞–]+\])")
_SMALL = 0.05  # under it two decimals tell nothing
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]+")
_Z95 = 1.959963984540054  # half-widths of a 95 % interval per standard error


class InBothLanguages(Protocol):
    """Anything that has an English and a Chinese side: `Text`, and the labels and titles of a scenario."""

    @property
    def en(self) -> str: ...

    @property
    def zh(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text in both languages."""

    en: str
    zh: str


_DIGITS = "零一二三四五六七八九十"


def bottom(count: int) -> Text:
    """Return what the units ranked lowest are: ``last``, ``among the bottom 3``; ``末位``, ``末三位``."""
    if count == 1:
        return Text(en="last", zh="末位")
    digits = _DIGITS[count] if count < len(_DIGITS) else str(count)
    return Text(en=f"among the bottom {count}", zh=f"末{digits}位")


def check_language(lang: str) -> str:
    """Return `lang` if reports exist in it; else raise InputError."""
    if lang not in LANGUAGES:
        raise InputError(f"no reports in language {lang!r}", remedy=f"Languages are {', '.join(LANGUAGES)}")
    return lang


def pick(text: InBothLanguages, lang: str) -> str:
    """Return the side of `text` in `lang` ("en" or "zh") as `one_line`: scenario files are by others."""
    return one_line(getattr(text, check_language(lang)))


def visible(text: str) -> str:
    """Remove invisible characters from `text` that affect its surroundings.

    Control, zero-width and direction characters go, and halves of a character pair; line ends and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(
        c if unicodedata.category(c)[0] != "C" or c in "\t\n\r" else " " if c.isspace() else "" for c in text
    )


def one_line(text: str) -> str:
    """Return `text` as `visible`, with one space for each run of line ends and tabs."""
    return text if text.isprintable() else _BREAKS.sub(" ", visible(text))


def line_width(text: str) -> int:
    """Return the columns that `text` takes on a line: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


# The yardstick of the UK's Professional Head of Intelligence Assessment with its gaps closed: from this
# probability on, …
CHANCES: tuple[tuple[float, Text], ...] = (
    (0.95, Text(en="almost certain", zh="几乎肯定")),
    (0.80, Text(en="highly likely", zh="很可能")),
    (0.55, Text(en="likely", zh="较可能")),
    (0.40, Text(en="a realistic possibility", zh="有现实可能")),
    (0.20, Text(en="unlikely", zh="不太可能")),
    (0.05, Text(en="highly unlikely", zh="很不可能")),
    (0.00, Text(en="a remote chance", zh="可能性极小")),
)


def chance_word(probability: float, lang: str) -> str:
    """Return the word of `CHANCES` for `probability` (0 to 1), without the number."""
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies in 0 to 1, and {probability} does not")
    return next(pick(word, lang) for least, word in CHANCES if probability >= least)


def chance(probability: float, lang: str, at_least: bool = False) -> str:
    """Format a chance as word and number: ``likely (71%)``, ``较可能（71%）``.

    The number has as many decimals as it takes not to contradict the word: 0.949 is ``highly likely
    (94.9%)``. No simulation tells of 0 or 100%: those are ``under 1%`` and ``over 99%``.
    `at_least` says that the number is a lower bound: ``likely (at least 71%)``.
    """
    word, number = chance_word(probability, lang), pick(_percentage(probability), lang)
    if at_least and 0.005 <= probability < 0.995:
        number = pick(Text(en="at least ", zh="至少"), lang) + number
    return f"{word}（{number}）" if lang == "zh" else f"{word} ({number})"


def it_is(probability: float, at_least: bool = False) -> str:
    """Begin a clause in English by a `chance`: ``it is likely (71%)``, ``there is a remote chance (4%)``."""
    told = chance(probability, "en", at_least)
    return f"there is {told}" if told.startswith("a ") else f"it is {told}"


def chance_number(probability: float, lang: str) -> str:
    """Format a chance as `chance` does, without its word: ``71%``, ``over 99%``; NaN is ``–``."""
    return MISSING if math.isnan(probability) else pick(_percentage(probability), lang)


def _percentage(probability: float) -> Text:
    if probability < 0.005:
        return Text(en="under 1%", zh="不足1%")
    if probability >= 0.995:
        return Text(en="over 99%", zh="99%以上")
    for decimals in range(12):
        rounded = round(probability, decimals + 2)
        if chance_word(rounded, "en") == chance_word(probability, "en"):
            break
    both = f"{100 * rounded:.{decimals}f}%"
    return Text(en=both, zh=both)


def decimals(se: float | None) -> int:
    """Return the decimals to print for a standard error `se`; negative: -1 rounds to tens.

    The last digit is worth at least a tenth of the standard error. None and 0 give the most there is, two.
    """
    if se is None or not math.isfinite(se) or se <= 0:
        return MOST_DECIMALS
    return min(MOST_DECIMALS, _told_by(se))


def _or_tenth(se: float, value: float) -> float:
    """Return `se`, or a tenth of the value where the luck is unknown."""
    return abs(value) / 10 if math.isnan(se) else se


def _told_by(se: float) -> int:
    return -math.ceil(math.log10(se / 10) - 1e-9)


def _of_interval(value: float, low: float, high: float, se: float) -> int:
    """Return the decimals of an estimate with its interval.

    There are up to four where all of it is under 0.05, or where with two an end would print as the middle;
    more than two only as long as the number has no more than four digits.
    """
    largest = max(abs(value), abs(low), abs(high))
    most = 2 * MOST_DECIMALS
    if 1 <= largest < math.inf:
        most = max(MOST_DECIMALS, most - math.floor(math.log10(largest)) - 1)
    if not math.isfinite(se) or se <= 0 or largest == 0 or _is_sure(value, se):
        return decimals(se)
    places = min(most, _told_by(se)) if largest < _SMALL else decimals(se)
    while low < high and MOST_DECIMALS <= places < most and _told_apart(value, low, high, places) < 3:
        places += 1
    return places


def _told_apart(value: float, low: float, high: float, places: int) -> int:
    return len({_printed(one, places, False) for one in (value, low, high)})


def _bracketed(value: float, low: float, high: float, places: int, sign: bool, sure: bool, unit: str) -> str:
    """Format an interval; one whose decimals do not tell its ends apart is told by what luck is under."""
    printed = [_printed(x, places, sign) for x in (value, low, high)]
    apart, reach = _told_apart(value, low, high, places), max(high - value, value - low)
    if sure:
        printed = list(map(_short, printed))
    elif low < high and places > 0 and apart < 3 and reach < 10.0**-places:
        told = printed[0] if _is_nonzero(printed[0]) else "0"
        return f"{told}{unit} (±<{10.0**-places:.{places}f}{unit})"
    middle, least, most = printed
    return f"{middle}{unit} [{least}{unit}, {most}{unit}]"


def number(value: float, *, se: float | None = None, signed: bool = False) -> str:
    """Format `value` with a true minus and separated thousands, as finely as `se` allows; NaN is ``–``.

    What luck does not touch (`se` is 0) has no decimals that are 0; where the luck is unknown (`se` is NaN)
    two digits are printed.
    """
    se = None if se is None else _or_tenth(se, value)
    printed = _printed(value, decimals(se), signed)
    return _short(printed) if _is_sure(value, se) else printed


def exact(value: float) -> str:
    """Format a value that luck does not touch: two decimals at most, and none that is 0: ``100``, ``2.5``."""
    return number(value, se=0)


def signed(value: float) -> str:
    """Format a change in people or money: ``+1``, ``−84,000``, ``0``."""
    return "0" if not round(value) else f"{value:+,.0f}".replace("-", MINUS)


def interval(value: float, low: float, high: float, *, se: float | None = None, signed: bool = False) -> str:
    """An estimate with its interval: ``3.1 [2.8, 3.4]``; NaN is ``–``. Without `se`, a 95 % interval's width
    gives it.
    """
    se = _or_tenth(standard_error(low, high) if se is None else se, value)
    places = _of_interval(value, low, high, se)
    if math.isnan(value):
        return MISSING
    printed = [_printed(x, places, signed) for x in (value, low, high)]
    if places > 0 and low >= 0 < high and not signed and not any(map(_is_nonzero, printed)):
        return f"<{10.0**-places:.{places}f}"
    return _bracketed(value, low, high, places, signed, _is_sure(value, se), "")


ALWAYS = Text(en="in every replication", zh="各次模拟均如此")


def change(difference: float, low: float, high: float, lang: str) -> str:
    """Format a difference with its interval; one that is the same in every replication without:
    ``+420 (in every replication)``."""
    if high - low <= 1e-9 * abs(difference):  # as a change of pay that hangs on no luck
        told, always = number(difference, se=0, signed=True), pick(ALWAYS, lang)
        return f"{told}（{always}）" if lang == "zh" else f"{told} ({always})"
    return interval(difference, low, high, signed=True)


def p_value(value: float) -> str:
    """Format a p-value, of which none is 0: ``0.043``, ``<0.001``; NaN is ``–``."""
    if math.isnan(value):
        return MISSING
    return f"{value:.3f}" if value >= 0.001 else "<0.001"


def percent(share: float, *, se: float | None = None) -> str:
    """Format a share of one as a percentage: ``87.3%``; `se` is the share's."""
    return f"{number(100 * share, se=None if se is None else 100 * se)}%"


def percent_interval(share: float, low: float, high: float, *, se: float | None = None) -> str:
    """Format a share of one with its interval: ``87.3% [86.1%, 88.4%]``."""
    se = _or_tenth(standard_error(low, high) if se is None else se, share)
    whole, least, most = (100 * one for one in (share, low, high))
    places = max(_of_interval(whole, least, most, 100 * se), 0)
    return _bracketed(whole, least, most, places, False, _is_sure(share, se), "%")


def points_interval(difference: float, low: float, high: float, lang: str, *, se: float | None = None) -> str:
    """Format a difference of two shares: ``+1.2 [+0.3, +2.1] percentage points``; ``%`` is ambiguous."""
    se = standard_error(low, high) if se is None else se
    unit = pick(Text(en=" percentage points", zh=" 个百分点"), lang)
    return interval(100 * difference, 100 * low, 100 * high, se=100 * se, signed=True) + unit


def unbroken(text: str) -> str:
    """Keep the intervals in `text` on one line, by non-breaking spaces."""
    return _INTERVAL.sub("\u00a0\\1\u00a0", text)


def judged(better: str, low: float, high: float) -> Text:
    """Tell whether a difference is for the better, as far as its interval `low` to `high` tells; `better`
    is "higher", "lower" or "neither"."""
    if low <= 0 <= high or math.isnan(low) or math.isnan(high):
        return Text(en="not clear", zh="尚不明确")
    if better == "neither":
        return Text(en="a change", zh="有变化")
    good = (low > 0) == (better == "higher")
    return Text(en="better", zh="改善") if good else Text(en="worse", zh="变差")


def standard_error(low: float, high: float) -> float:
    """Return the standard error of which a 95 % interval from `low` to `high` is made."""
    return (high - low) / (2 * _Z95)


def _is_sure(value: float, se: float | None) -> bool:
    """Whether luck does not touch `value`, but for what rounding leaves."""
    return se is not None and se <= 1e-9 * abs(value)


def _is_nonzero(printed: str) -> bool:
    return any(digit in printed for digit in "123456789∞")


def _short(printed: str) -> str:
    return printed.rstrip("0").rstrip(".") if "." in printed else printed


def _printed(value: float, places: int, signed: bool) -> str:
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else (MINUS if value < 0 else "") + "∞"
    rounded = round(float(value), places)
    size = f"{abs(rounded):,.{max(places, 0)}f}"
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + size
