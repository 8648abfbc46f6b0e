import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report import words
from sim.report.words import Text
from sim.scenario.errors import InputError


def test_pick_takes_a_side_and_refuses_other_languages():
    assert (words.pick(Text(en="a", zh="甲"), "en"), words.pick(Text(en="a", zh="甲"), "zh")) == ("a", "甲")
    with pytest.raises(InputError, match="no reports in language 'fr'. Languages are en, zh"):
        words.pick(Text(en="a", zh="甲"), "fr")


@pytest.mark.parametrize(
    ("probability", "en", "zh"),
    [
        (1.0, "almost certain", "几乎肯定"),
        (0.95, "almost certain", "几乎肯定"),
        (0.94, "highly likely", "很可能"),
        (0.80, "highly likely", "很可能"),
        (0.79, "likely", "较可能"),
        (0.55, "likely", "较可能"),
        (0.54, "a realistic possibility", "有现实可能"),
        (0.40, "a realistic possibility", "有现实可能"),
        (0.39, "unlikely", "不太可能"),
        (0.20, "unlikely", "不太可能"),
        (0.19, "highly unlikely", "很不可能"),
        (0.05, "highly unlikely", "很不可能"),
        (0.04, "a remote chance", "可能性极小"),
        (0.0, "a remote chance", "可能性极小"),
    ],
)
def test_words_of_chance_are_those_of_the_table(probability, en, zh):
    assert words.chance_word(probability, "en") == en
    assert words.chance_word(probability, "zh") == zh


@pytest.mark.parametrize("probability", [-0.01, 1.01, math.nan])
def test_what_is_no_probability_has_no_word(probability):
    with pytest.raises(ValueError, match="a probability lies in 0 to 1"):
        words.chance_word(probability, "en")


@pytest.mark.parametrize(
    ("probability", "en", "zh"),
    [
        (0.71, "likely (71%)", "较可能（71%）"),
        (0.949, "highly likely (94.9%)", "很可能（94.9%）"),
        (0.9999, "almost certain (over 99%)", "几乎肯定（99%以上）"),
        (1.0, "almost certain (over 99%)", "几乎肯定（99%以上）"),
        (0.001, "a remote chance (under 1%)", "可能性极小（不足1%）"),
        (0.0, "a remote chance (under 1%)", "可能性极小（不足1%）"),
    ],
)
def test_a_chance_has_its_number(probability, en, zh):
    assert words.chance(probability, "en") == en
    assert words.chance(probability, "zh") == zh


@given(st.floats(0.005, 0.994))
def test_the_number_of_a_chance_never_contradicts_its_word(probability):
    said = words.chance(probability, "en")
    printed = float(said[said.index("(") + 1 : -2]) / 100
    assert said.startswith(words.chance_word(round(printed, 12), "en"))
    assert abs(printed - probability) <= 0.005 + 1e-9


@pytest.mark.parametrize(
    ("value", "se", "printed"),
    [
        (3.14159, None, "3.14"),
        (3.14159, 0.01, "3.14"),
        (3.14159, 0.1, "3.14"),
        (3.14159, 0.3, "3.1"),
        (3.14159, 1, "3.1"),
        (3.14159, 3, "3"),
        (31415.9, 40, "31,420"),
        (-0.004, 0.1, "0.00"),
        (-2.5, 0.1, "−2.50"),
        (0.0, 0.0, "0"),
        (128000.0, 0.0, "128,000"),
        (128000.0, 1e-10, "128,000"),
        (math.nan, 1, "–"),
        (-math.inf, None, "−∞"),
    ],
)
def test_numbers_are_as_fine_as_they_are_known(value, se, printed):
    assert words.number(value, se=se) == printed


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e4))
def test_the_last_digit_is_worth_a_tenth_of_the_standard_error(value, se):
    unit = 10.0 ** -words.decimals(se)
    assert unit >= min(se / 10, 1) * (1 - 1e-6) and words.decimals(se) <= 2
    printed = float(words.number(value, se=se).replace(",", "").replace("−", "-"))
    assert abs(printed - value) <= unit / 2 * (1 + 1e-6)


def test_intervals():
    assert words.interval(3.14, 2.84, 3.44) == "3.1 [2.8, 3.4]"  # standard error 0.15: tenths
    assert words.interval(31.4, 28.4, 34.4) == "31 [28, 34]"
    assert words.interval(1.2, -0.3, 2.7, signed=True) == "+1.2 [−0.3, +2.7]"
    assert words.interval(0, 0, 0, signed=True) == "0 [0, 0]"
    assert words.interval(20, 20, 20, signed=True) == "+20 [+20, +20]"
    assert words.percent_interval(0.5, 0.5, 0.5) == "50% [50%, 50%]"
    assert words.percent(0.8734, se=0.004) == "87.3%"
    assert words.percent_interval(0.873, 0.861, 0.884) == "87.3% [86.1%, 88.4%]"
    assert words.points_interval(0.012, 0.003, 0.021, "en") == "+1.2 [+0.3, +2.1] percentage points"
    assert words.points_interval(0.012, 0.003, 0.021, "zh") == "+1.2 [+0.3, +2.1] 个百分点"


def test_intervals_are_not_broken_over_lines():
    assert (
        words.unbroken("by +0.3 [−0.1, +0.7] points, or [a, b]")
        == "by +0.3\u00a0[−0.1,\u00a0+0.7] points, or [a, b]"
    )


def test_small_estimates_keep_the_digits_that_tell_something():
    assert words.interval(0.0003, -0.0003, 0.0009, signed=True) == "+0.0003 [−0.0003, +0.0009]"
    assert words.interval(0.011, 0.009, 0.013) == "0.011 [0.009, 0.013]"
    assert words.interval(0.06, 0.05, 0.07) == "0.06 [0.05, 0.07]"
    assert words.interval(0.0, 0.0, 0.0) == "0 [0, 0]"


def test_an_interval_that_two_decimals_do_not_tell_has_more_or_says_how_small_its_luck_is():
    assert words.interval(0.1203, 0.1201, 0.1206) == "0.1203 [0.1201, 0.1206]"
    assert words.interval(1.0203, 1.0197, 1.0209) == "1.020 (±<0.001)"  # four digits are enough
    assert words.interval(99.9905, 99.9900, 99.9911) == "99.99 (±<0.01)"
    assert words.percent_interval(0.99991, 0.999893, 0.999932) == "99.99% (±<0.01%)"
    assert words.interval(1.02, 1.02 - 1e-7, 1.02 + 1e-7) == "1.020 (±<0.001)"
    assert words.interval(99.9952, 99.9949, 99.9954) == "100.00 (±<0.01)"
    assert words.interval(0.0, -1e-7, 1e-7, signed=True) == "0 (±<0.0001)"


@given(st.floats(-100, 100), st.floats(1e-3, 10))
def test_no_interval_prints_as_one_number(value, half):
    printed = words.interval(value, value - half, value + half)
    ends = printed.removesuffix("]").replace(" [", ", ").split(", ")
    assert len(set(ends)) == 3 or ("±<" in printed and half < 0.1), printed


def test_a_clause_begins_as_its_chance_asks():
    assert words.it_is(0.71) == "it is likely (71%)"
    assert words.it_is(0.04) == "there is a remote chance (4%)"
    assert words.it_is(0.45, at_least=True) == "there is a realistic possibility (at least 45%)"


def test_a_change_that_is_always_the_same_has_no_interval():
    assert words.change(420, 420, 420, "en") == "+420 (in every replication)"
    assert words.change(-0.5, -0.5, -0.5, "zh") == "−0.5（各次模拟均如此）"
    assert words.change(1.2, -0.3, 2.7, "en") == "+1.2 [−0.3, +2.7]"


def test_unknown_luck_leaves_two_digits_and_a_share_near_nothing_is_no_zero():
    assert words.number(96.52, se=float("nan")) == "97"
    assert words.interval(1e-6, 0, 2e-6) == "<0.0001"
