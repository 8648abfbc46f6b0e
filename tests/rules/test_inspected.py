"""Who is looked at by an inspection is keyed to the case: one case more displaces at most one other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.rules import judge, measure_tables
from sim.rules.scorecard import inspected

OFFICE = "batan"


@pytest.fixture(scope="module")
def binhai():
    return sim.simulate("binhai", seed=3)


def judged(result, requests):
    """The measured year, and its verdict."""
    start_s, end_s = result.work.world.years[0]
    people = result.people
    measured = measure_tables(requests, result.steps, people, result.scenario, start_s, end_s)
    return measured, judge(measured, result.scenario, result.work.world.luck(start_s))


def with_one_late_case(requests, result, **more):
    """One case more, late, in the middle of the table and of the year."""
    start_s, end_s = result.work.world.years[0]
    model = requests[(requests["unit"] == OFFICE) & (requests["due_s"] > start_s)].iloc[:1]
    late = model.assign(finish_s=end_s - 1, due_s=(start_s + end_s) // 2, withdrawn_s=-1, **more)
    late.index = [requests.index.max() + 1]
    place = len(requests) // 2
    return pd.concat([requests.iloc[:place], late, requests.iloc[place:]])


def samples(measured, result):
    """The numbers of the cases looked at, by unit and item."""
    luck, known = result.work.world.luck(measured.start_s), measured.evidence()
    found = {}
    for place, unit in enumerate(measured.units):
        card = result.scenario.type_of(unit).scorecard
        for name, item in result.scenario.scorecards[card].items.items() if card else ():
            if item.sample is not None:
                cases = known.files().case_numbers[place]
                seen = inspected(item.sample, luck.uniform(unit, name, cases))
                found[unit, name] = set(cases[seen].tolist())
                assert len(found[unit, name]) == min(item.sample, len(cases))
    return found


@pytest.mark.parametrize("numbered", ["case_number", "index"])
def test_one_late_case_more_displaces_at_most_one_other(binhai, numbered):
    requests, more = binhai.requests, {"case_number": 7}
    if numbered == "index":  # as in a table from a file
        requests, more = requests.drop(columns="case_number"), {}
    (before, verdict), (after, changed) = (
        judged(binhai, table) for table in (requests, with_one_late_case(requests, binhai, **more))
    )
    assert after.by_unit["due_cases"].sum() == before.by_unit["due_cases"].sum() + 1
    old, new = samples(before, binhai), samples(after, binhai)
    assert len(old) > 20
    for key, looked_at in old.items():
        assert len(looked_at - new[key]) <= (key[0] == OFFICE)
    place = before.units.index(OFFICE)
    others = np.arange(len(before.units)) != place
    np.testing.assert_array_equal(changed.score[others], verdict.score[others])
    # 10 points by 60 cases, 0.4 points for each per cent of 200 cases, and the on-time rate of all
    assert abs(changed.score[place] - verdict.score[place]) < 10 / 60 + 0.4 / 2 + 0.1


def test_the_tables_of_a_result_give_its_scores(binhai):
    _, verdict = judged(binhai, binhai.requests)
    units = binhai.units.xs(2025)
    np.testing.assert_array_equal(verdict.score[verdict.scored], units["score"].reindex(verdict.names))


def test_a_case_has_its_number_under_every_policy(binhai):
    """More petitions at one office: the others are the same cases, and are numbered as before."""
    assert binhai.requests["case_number"].is_unique
    volumes = binhai.scenario.demand["petition"].volumes
    more = {f"demand.petition.volumes.{OFFICE}": 2 * volumes[OFFICE]}
    changed = sim.simulate("binhai", more, seed=3).requests
    columns = ["case_number", "kind", "unit", "arrival_s"]
    both = [
        table.loc[~((table["kind"] == "petition") & (table["unit"] == OFFICE)), columns].reset_index(
            drop=True
        )
        for table in (binhai.requests, changed)
    ]
    assert len(changed) > len(binhai.requests)
    pd.testing.assert_frame_equal(*both)


def test_cases_with_other_names_are_drawn_by_them(binhai):
    """Names instead of numbers: the same sample wherever a case stands in the table."""
    named = binhai.requests.drop(columns="case_number").set_axis(
        [f"2025-{number}" for number in binhai.requests.index]
    )
    backwards = named.iloc[::-1]
    steps = binhai.steps.assign(request=[f"2025-{number}" for number in binhai.steps["request"]])
    start_s, end_s = binhai.work.world.years[0]
    luck = binhai.work.world.luck(start_s)
    scores = [
        judge(
            measure_tables(table, steps, binhai.people, binhai.scenario, start_s, end_s),
            binhai.scenario,
            luck,
        ).score
        for table in (named, backwards)
    ]
    np.testing.assert_array_equal(*scores)
