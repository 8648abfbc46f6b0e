"""scenarios/province is what its scripts write, county by county, and its policies do what they say."""

import importlib
import sys
from functools import lru_cache

import pandas as pd
import pytest

from sim.replication import simulate
from sim.scenario import InputError, Policy, load, load_policy, reform
from sim.scenario.idle import changes_nothing
from sim.scenario.source import MAX_BYTES

from .evidence import told_in_both_languages, unfounded
from .test_binhai import FOLDER as BINHAI

FOLDER = BINHAI.parent / "province"
POLICIES = sorted(path.stem for path in (FOLDER / "policies").glob("*.yaml"))
QUARTER = {"horizon": {"start": "2025-03-03", "minutes": 90 * 24 * 60}}  # to spare the tests a whole year


@pytest.fixture(scope="module")
def script():
    """Import one of the folder's scripts as it is when run there."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))
    for name in ("build", "matters", "counties"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def province():
    return load(FOLDER)


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "counties.csv", index_col="county")


@lru_cache
def quarter(name: str) -> tuple[pd.DataFrame, pd.Series]:
    """Outcomes by unit and of the whole province, a quarter under a policy, without the backlog before it."""
    scenario = load(FOLDER)
    policy = load_policy(scenario, name)
    short = Policy(name, policy.title, policy.reason, {**QUARTER, **policy.changes})
    result = simulate(scenario, short, seed=1)
    whole = result.outcomes.query("unit == '' and kind == '' and person == '' and month == 0")
    return result.units.droplevel("year"), whole.set_index("outcome").value


def test_files_are_those_the_scripts_write(script):
    for name, content in script("build").files().items():
        assert (FOLDER / name).read_bytes() == content.encode(), f"run build.py: {name} is out of date"
    assert (FOLDER / "counties.csv").read_bytes() == script("counties").table().encode()


def test_file_is_small_enough_to_be_read():
    assert (FOLDER / "scenario.yaml").stat().st_size < MAX_BYTES / 10


def test_twelve_counties_with_a_whole_bureau_each(province, counties):
    assert len(counties) == 12
    for county, row in counties.iterrows():
        types = [unit.type for name, unit in province.units.items() if name.startswith(f"{county}_")]
        assert types.count("office") == row.offices
        assert types.count("branch") == (1 if row.population < 600_000 else 2)
        assert [types.count(kind) for kind in ("hall", "section", "comprehensive", "leaders")] == [1, 4, 1, 1]
    titles = [unit.title for unit in province.units.values()]
    assert len({title.en for title in titles}) == len({title.zh for title in titles}) == len(titles)


def test_every_number_has_its_evidence(province):
    assert unfounded(province) == []


def test_no_work_leaves_its_county_but_for_the_province(province, counties):
    for name, kind in province.kinds.items():
        county = name.split("_")[0]
        homes = {unit.split("_")[0] for unit in province.demand[name].volumes}
        assert homes == ({county} if county in counties.index else set(counties.index))
        places = {step.at.split("/")[0] for step in kind.route.values() if step.type == "work"}
        assert all(place in ("own", "province") or place.startswith(f"{county}_") for place in places)


def test_minutes_of_a_route_by_hand(script):
    """A tenth comes back and is accepted twice; a quarter is visited."""
    counted = script("matters").minutes
    route = {
        "accept": {"type": "work", "at": "own/window", "minutes": {"value": 30, "source": "x"}},
        "back": {"type": "return", "chance": 0.1, "back_to": "accept"},
        "fork": {"type": "branch", "to": {"visit": 0.25, "end": 0.75}},
        "visit": {"type": "work", "at": "own/field", "minutes": 80},
    }
    assert dict(counted(route)) == pytest.approx({"own/window": 33, "own/field": 20})


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("county,en", "name,en", 1, "columns"),
        ("690000", "690,000", 2, "from 10,000 to 5,000,000"),
        ("690000", "many", 2, "population: 'many'"),
        ("0.34", "34", 2, "from 0 to 1"),
        (",12,1.04", ",18,1.04", 2, "offices: '18'"),
        (",12,1.04", ",12,nan", 2, "staff_ratio"),
        (",12,1.04", ",12", 2, "staff_ratio"),
        ("muhe,", "mu_he,", 3, "cannot name a county"),
        ("muhe,", "chengxi,", 3, "stands twice"),
        ("沐河县", "", 3, "both languages"),
    ],
)
def test_a_bad_table_of_counties_is_told_with_its_line(script, tmp_path, before, after, line, says):
    file = tmp_path / "counties.csv"
    table = (FOLDER / "counties.csv").read_text(encoding="utf-8")
    assert before in table
    file.write_text(table.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        script("matters").read_counties(file)
    assert f"{file}:{line}:" in str(caught.value) and says in str(caught.value)
    assert caught.value.remedy


def test_volumes_are_binhais_a_head(province, counties):
    """Registrations at the halls: 7,000 a million people, as at binhai's."""
    for county, row in counties.iterrows():
        volume = province.demand[f"{county}_registration"].volumes[f"{county}_hall"]
        assert volume == pytest.approx(7000 * row.population / 1e6, abs=0.51)


def test_bottom_is_the_articles_share(province):
    scored = sum(province.unit_types[unit.type].scorecard is not None for unit in province.units.values())
    assert scored == 231
    assert province.assessment.bottom_count == round(3 / 25 * scored) == 28


@pytest.mark.parametrize("name", POLICIES)
def test_policy_changes_the_scenario_in_every_line_and_says_why(province, name):
    policy = load_policy(province, name)
    assert policy.changes and changes_nothing(province, policy) == {}
    assert told_in_both_languages(policy)


def test_policies():
    assert POLICIES == ["bottom-three", "information-sharing", "mobile-team", "no-bottom", "threshold-90"]


def test_mobile_team_lends_twelve_people_and_hires_none(province):
    lent = reform(province, "mobile-team")
    changed = {name for name in lent.staff if lent.staff[name] != province.staff[name]}
    assert len(changed) == 6 and sum(lent.staff[name].count for name in changed) == 12
    assert all(lent.staff[name].count == province.staff[name].count for name in lent.staff)
    visited = [station for name in changed for station in lent.staff[name].also_serves]
    assert len(visited) == len(set(visited)) == 24
    assert any(
        not station.startswith(name.split("_")[0])
        for name in changed
        for station in lent.staff[name].also_serves
    )


def test_mobile_team_helps_the_offices_it_visits(province):
    lent = reform(province, "mobile-team")
    visited = {
        station.split("/")[0]
        for name in lent.staff
        if name.endswith("_mobile")
        for station in lent.staff[name].also_serves
    }
    (before, all_before), (after, all_after) = quarter("current"), quarter("mobile-team")
    pd.testing.assert_series_equal(before.arrivals, after.arrivals)
    gain = (after.on_time_rate - before.on_time_rate)[sorted(visited)]
    assert gain.mean() > 0.02 and (gain > 0).mean() > 0.8
    assert all_after.on_time_rate > all_before.on_time_rate
    assert all_after.mean_wait_minutes < 0.9 * all_before.mean_wait_minutes


def test_shared_information_shortens_what_waits_for_other_departments():
    (before, all_before), (after, all_after) = quarter("current"), quarter("information-sharing")
    pd.testing.assert_series_equal(before.arrivals, after.arrivals)
    assert all_after.open_at_end < all_before.open_at_end  # a mean over finished ones hides the long ones
    sections = [unit for unit in before.index if unit.endswith(("_enforcement", "_petitions"))]
    assert (after.open_at_end <= before.open_at_end)[sections].all()
    assert (after.open_at_end < before.open_at_end)[sections].any()


def test_rules_of_judging_change_judgement_alone():
    before, _ = quarter("current")
    for name, bottom in (("no-bottom", 0), ("bottom-three", 3), ("threshold-90", 28)):
        after, _ = quarter(name)
        pd.testing.assert_series_equal(before.score, after.score)
        assert after.bottom.sum() == bottom
    gained = (after.pay_share - before.pay_share).dropna()  # leaders are not scored
    assert (gained >= 0).all() and (gained > 0).any()


def test_counties_short_of_staff_score_worse(counties):
    """Their staff ratio tells, not their size."""
    score = quarter("current")[0].score.dropna()
    mean = score.groupby(score.index.str.split("_").str[0]).mean()
    assert mean.idxmin() == counties.staff_ratio.idxmin() == "jichuan"
    assert mean.corr(counties.staff_ratio) > 0.5
