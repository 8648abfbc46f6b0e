"""The parts of pay add up to its total, of every person, unit and bureau, in every table."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.report.outcomes import PAY, PAY_PARTS
from sim.rules import assess

PRAISE = {"careers.commendations.on": True}
FUND = {"pay.reward_fund.on": True, "awards.degree.chance": 0.2}  # with these, some of everything


@pytest.fixture(scope="module")
def result():
    return sim.simulate("binhai", FUND | PRAISE, seed=4)


@pytest.fixture(scope="module")
def tables(result):
    """Values by outcome, of the bureau, of units and of people, each without rows of months or kinds."""
    texts = result.outcomes.astype({name: str for name in ("unit", "kind", "person", "outcome")})
    whole = texts[(texts["month"] == 0) & (texts["kind"] == "")]
    levels = {
        "bureau": whole[(whole["unit"] == "") & (whole["person"] == "")],
        "unit": whole[(whole["unit"] != "") & (whole["person"] == "")],
        "person": whole[whole["person"] != ""],
    }
    keys = ["year", "unit", "person"]
    return {name: rows.pivot(index=keys, columns="outcome", values="value") for name, rows in levels.items()}


@pytest.mark.parametrize(
    ("level", "total"), [("bureau", "pay_total"), ("unit", "pay_total"), ("person", "pay")]
)
def test_the_parts_sum_to_the_total(tables, level, total):
    table = tables[level].dropna(subset=[total])
    parts = table[list(PAY_PARTS)]
    assert len(table) > 0 and (parts.sum() > 0).all()  # something of each
    np.testing.assert_allclose(parts.sum(axis=1), table[total], rtol=1e-12)


def test_people_sum_to_their_units_and_units_to_the_bureau(tables):
    people = tables["person"].rename(columns={"pay": "pay_total"})[[*PAY_PARTS, "pay_total"]]
    units = tables["unit"].dropna(subset=["pay_total"])[[*PAY_PARTS, "pay_total"]].fillna(0.0)
    summed = people.groupby(level="unit").sum().reindex(units.index.get_level_values("unit"))
    np.testing.assert_allclose(units, summed, rtol=1e-12)
    np.testing.assert_allclose(units.sum(), tables["bureau"][units.columns].iloc[0], rtol=1e-12)
    heads = tables["person"].groupby(level="unit").size().reindex(units.index.get_level_values("unit"))
    mean = tables["unit"].loc[units.index, "pay"]
    np.testing.assert_allclose(mean * heads.to_numpy(), units["pay_total"], rtol=1e-12)


def test_the_table_of_people_has_their_awards(result, tables):
    paid = result.people["award_pay"].sum()
    assert paid == tables["bureau"]["award_pay"].iloc[0] > 0
    assert result.people["awards"].sum() == tables["bureau"]["awards"].iloc[0]


def test_differences_add_up_too():
    """What reports and studies tabulate: the differences of the parts sum to that of the total."""
    trial = sim.what_if(sim.reform(sim.load("binhai"), PRAISE), replications=2)
    found = trial.compare(FUND, outcomes=["pay_total", *PAY_PARTS]).set_index("outcome")["difference"]
    assert found["pay_total"] == pytest.approx(found[list(PAY_PARTS)].sum(), rel=1e-9)
    assert set(PAY_PARTS) < set(PAY)  # in reports


def test_awards_in_a_table_from_a_file(county, requests_of, steps_of, people, year, luck):
    rewarded = people.assign(award_pay=[2000.0, 0, 0, 500, 0])
    with_, without = (
        assess(requests_of(), steps_of(), table, county(), *year, luck()) for table in (rewarded, people)
    )

    def of_bureau(table, outcome):
        rows = table.query("unit == '' and kind == '' and person == '' and month == 0")
        return rows.set_index("outcome")["value"][outcome]

    assert of_bureau(with_, "pay_total") == of_bureau(without, "pay_total") + 2500
    assert of_bureau(with_, "award_pay") == 2500
