"""A scenario has its currency: labels carry it, names and values do not."""

import pytest

import sim
from sim.report.assumptions import unit_of
from sim.rules.outcomes import OUTCOMES
from sim.scenario import build
from sim.scenario.currency import words
from sim.scenario.errors import InputError

BASE = ("grades", "clerk", "base_pay")


def test_labels_carry_the_scenarios_currency():
    halls, county = sim.load("warsaw-halls"), sim.load("binhai")
    assert (unit_of(halls, BASE, "en"), unit_of(halls, BASE, "zh")) == ("zloty a year", "兹罗提/年")
    assert (unit_of(county, BASE, "en"), unit_of(county, BASE, "zh")) == ("yuan a year", "元/年")
    pay = OUTCOMES["pay_total"]
    assert (pay.unit_in(halls.currency).en, pay.unit_in(county.currency).zh) == ("zloty", "元")
    assert OUTCOMES["score"].unit_in(halls.currency).en == "points"


def test_most_currencies_are_called_as_the_cldr_has_them():
    assert (words("EUR").en, words("EUR").zh) == ("euros", "欧元")


def test_a_currency_is_a_name_only():
    office = sim.load("one-office")
    other = build(office.source.data | {"currency": "EUR"}, office.folder)
    assert other.digest() == office.digest()


def test_a_policy_does_not_change_the_currency():
    office = sim.load("one-office")
    title = office.title
    with pytest.raises(InputError, match="cannot change 'currency'"):
        sim.reform(office, sim.Policy("euro", title, title, {"currency": "EUR"}))
