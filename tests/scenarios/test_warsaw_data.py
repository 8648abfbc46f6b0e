"""The tables of scenarios/warsaw-halls are derived from the city's readings, and show what is known."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "scenarios" / "warsaw-halls"
KEYS = ["office", "matter"]


def module_of(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"warsaw_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def derive() -> ModuleType:
    return module_of("derive")


@pytest.fixture(scope="module")
def boards() -> ModuleType:
    return module_of("boards")


@pytest.fixture(scope="module")
def work() -> ModuleType:
    return module_of("work")


@pytest.fixture(scope="module")
def readings(derive) -> pd.DataFrame:
    return derive.read_snapshots()


@pytest.fixture(scope="module")
def tables(derive) -> dict[str, pd.DataFrame]:
    return derive.derive()


def test_shipped_tables_are_the_derived_ones(tables):
    derived = {path.stem for path in (FOLDER / "data").glob("*.csv")} - {"misfit"}  # that one is simulated
    assert derived == set(tables)
    for name, table in tables.items():
        shipped = (FOLDER / "data" / f"{name}.csv").read_text(encoding="utf-8")
        assert shipped == table.to_csv(index=False, lineterminator="\n"), (
            f"run derive.py: {name}.csv is out of date"
        )


def test_notice_names_source_times_and_licence():
    notice = (FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    for words in [
        "Miasto stołeczne Warszawa",
        "api.um.warszawa.pl",
        "2019-12-30 to 2020-01-22",
        "MIT License",
        "Zdulska",
    ]:
        assert words in notice


def test_known_mean_queue_of_three_offices(readings):
    """All readings of the 16 working days, closed hours included: known to one decimal, so within 0.15."""
    people = readings.groupby(["office", "time"]).waiting.sum().groupby("office").mean()
    assert people["UD_Wola"] == pytest.approx(64.6, abs=0.15)
    assert people["UD_Mokotow_1"] == pytest.approx(15.5, abs=0.15)
    assert people["UD_Rembertow"] == pytest.approx(3.0, abs=0.15)


def test_known_mean_queue_by_hour(derive):
    """12.6, 21.5, ... are means over all 20 offices and all 18 days, holidays included: within rounding."""
    raw = pd.read_csv(derive.DATA / "raw" / "snapshots.csv.gz", parse_dates=["time"])
    people = raw.groupby(["office", "time"]).waiting.sum().reset_index()
    by_hour = people.groupby(people.time.dt.hour).waiting.mean()
    for hour, known in {8: 12.6, 10: 21.5, 12: 30.7, 14: 21.2, 16: 6.4}.items():
        assert by_hour[hour] == pytest.approx(known, abs=0.05)


def test_known_tickets_a_day(readings):
    """The known counts add up each queue's short rises (at most 15) of the number shown: within 4 %."""
    rises = (
        readings.dropna(subset=["number_called"]).groupby(["office", "queue_id", "day"]).number_called.diff()
    )
    short = readings.assign(rise=rises.where(rises.between(1, 15)))
    daily = short.groupby(["office", "day"]).rise.sum()
    mean = daily.groupby("office").mean()
    assert mean[["UD_Wola", "UD_Mokotow_1", "UD_Rembertow"]].tolist() == pytest.approx(
        [1148, 752, 404], rel=0.04
    )
    assert [mean.min(), mean.max()] == pytest.approx([400, 1790], rel=0.04)
    january = daily[daily.index.get_level_values("day") >= "2020-01-02"]
    monday = january.index.get_level_values("day").day_of_week == 0
    assert january[monday].mean() / january[~monday].mean() == pytest.approx(1.44, abs=0.005)


def test_tickets_of_a_day_by_hand(derive):
    """One sequence: seen 1, 4, back to 3, a second block 901, 903, on to 6: 1 + 3 + 0 + 1 + 2 + 2 tickets."""
    shown = [None, 1, 4, 3, 901, 903, 6]
    table = pd.DataFrame({"number_called": shown, "office": "UD_X", "queue_id": 7, "sequence_id": 7})
    table["time"] = pd.date_range("2020-01-02 08:00", periods=7, freq="5min")
    table["day"] = pd.Timestamp("2020-01-02")
    assert derive.tickets_called(table).tolist() == [0, 1, 3, 0, 1, 2, 2]
    table.loc[[2, 6], "queue_id"] = 8  # a second queue drawing from the same sequence changes nothing
    assert derive.tickets_called(table).sum() == 9


def test_shared_sequences_never_show_a_number_twice(derive, readings):
    shown = readings.dropna(subset=["number_called"]).merge(derive.read_queues(), on=["office", "queue_id"])
    in_two = shown.groupby(["office", "sequence_id", "day", "number_called"]).queue_id.nunique()
    assert in_two.max() == 1


def test_arrivals_balance_the_tickets_called(tables):
    """A week of arrivals is a week of tickets, as nobody stays overnight: within 4 % (clipped quarters)."""
    arrivals = tables["arrivals"].groupby("office").arrivals_per_hour.sum() / 4  # quarters of an hour
    offices = tables["offices"].set_index("office")
    # 2 Mondays in the 14 days, 1 in the 5 of a week
    other = offices.tickets_per_day * 14 / (12 + 2 * offices.monday_factor)
    week = other * (4 + offices.monday_factor)
    assert ((arrivals / week - 1).abs() < 0.04).all()


def test_every_office_has_five_weekdays_of_opening_hours(tables):
    hours = tables["arrivals"].groupby(["office", "weekday"]).hour.agg(["min", "max"])
    monday = hours.index.get_level_values("weekday") == "mon"
    assert (hours["min"] == 8).all() and (hours["max"] == [17 if first else 15 for first in monday]).all()
    assert tables["arrivals"].office.nunique() == 15
    assert set(tables["arrivals"].minute) == {0, 15, 30, 45}
    assert (tables["arrivals"].arrivals_per_hour >= 0).all()


def test_rounding_keeps_counter_hours(tables):
    counters = tables["counters"]
    whole = counters.groupby([*KEYS, "days"]).filter(lambda day: (day.counters_mean >= 1).all())
    sums = whole.groupby([*KEYS, "days"])[["counters_mean", "counters"]].sum()
    assert len(sums) > 100
    assert ((sums.counters - sums.counters_mean).abs() <= 0.51).all()
    assert (counters[["counters", "counters_effective"]] >= 1).all().all()


def test_posted_minutes_are_measured_in_seven_offices_only(tables):
    measured = tables["service"].groupby("office").posted_is_measured.agg(["all", "any"])
    assert (measured["all"] == measured["any"]).all() and measured["all"].sum() == 7
    busy = tables["service"].utilisation
    assert busy.between(0.1, 1.1).all() and (busy > 1).sum() <= 1  # a desk quicker while hardly anybody waits


def test_matter_words_are_all_used(boards, tables):
    """Each alternative of a pattern decides at least one name, so the list holds nothing idle."""
    names = tables["queues"].queue_name_pl.str.lower()
    for matter, words in boards.MATTERS.items():
        for word in words.split("|"):
            assert names[tables["queues"].matter == matter].str.contains(re.compile(word)).any(), (
                matter,
                word,
            )


def test_a_pace_told_by_few_tickets_stays_near_the_common_one(work):
    """Halls twice as quick, or half: told by 400 tickets it shows, told by 2 hardly; without either, 1."""
    called, expected = [800, 100, 4, 0], [400, 200, 2, 0]
    factor = work.own_pace(pd.DataFrame({"called": called, "expected": expected})).tolist()
    assert factor[0] == pytest.approx(2, abs=0.05) and factor[1] == pytest.approx(0.5, abs=0.05)
    assert 1.2 < factor[2] < 1.8 and factor[3] == 1
    luck = pd.DataFrame({"called": [101, 99], "expected": [100, 100]})
    assert work.own_pace(luck).tolist() == pytest.approx([1, 1], abs=1e-3)


def test_a_hall_that_works_quickly_in_the_evening_has_its_own_pace(tables):
    pace = tables["pace"].query("days == 'mon' and hour >= 16 and matter == 'identity'")
    mean = pace.groupby("office").pace.mean()
    assert mean.idxmax() == "UD_Praga_Poludnie" and mean.max() > 1.3 * mean.median()
    assert not tables["pace"].isna().any(axis=None)


def test_counters_that_are_a_setting_are_those_of_three_matters_of_wola(derive, readings):
    table = derive.intervals(readings, derive.read_queues())
    unknown = table[table.counters.isna()].groupby(KEYS).day.nunique()
    assert unknown.to_dict() == {("UD_Wola", one): 5 for one in ("identity", "other", "vehicles")}


def test_half_of_the_left_over_tickets_stand_in_queues_that_called_until_the_end(boards, readings):
    """So the boards do not tell whether somebody still waited for them."""
    seen = readings.merge(boards.read_queues(), on=["office", "queue_id"])
    seen["left"], seen["called"] = boards.left_over(seen), boards.tickets_called(seen)
    seen = seen[seen.day.between(boards.FIRST_DAY, boards.LAST_DAY)]
    by = ["office", "queue_id", "day"]
    left = seen.groupby(by).left.max()
    assert left.sum() / seen.day.nunique() == pytest.approx(40, abs=0.5)
    left = left[left.index.get_level_values("day").day_of_week > 0]
    last = seen[seen.called > 0].groupby(by).time.max().reindex(left.index)
    minute = (last.dt.hour * 60 + last.dt.minute).fillna(0)
    assert left[minute < 14 * 60].sum() / left.sum() == pytest.approx(0.42, abs=0.01)
    assert left[minute >= 15.5 * 60].sum() / left.sum() == pytest.approx(0.5, abs=0.01)


def test_left_over_tickets_by_hand(boards):
    """Three are still shown when the hall has closed: at most so many of each reading count as left over."""
    table = pd.DataFrame({"office": "UD_X", "queue_id": 7, "waiting": [0, 2, 9, 5, 3, 3, 0]})
    clocks = ["08:00", "09:00", "12:00", "15:00", "16:05", "16:55", "18:30"]
    table["time"] = pd.to_datetime([f"2020-01-02 {clock}" for clock in clocks])
    table["day"] = pd.Timestamp("2020-01-02")
    assert boards.left_over(table).tolist() == [0, 2, 3, 3, 3, 3, 0]


def test_powers_are_those_by_which_counts_are_made():
    """Counts at a rate of their group times the known numbers by 0.3 and 0.1: found within two errors."""
    luck = np.random.default_rng(1)
    known, group = luck.uniform(0.5, 8, (20_000, 2)), np.arange(20_000) % 40
    rate = (1 + group % 5) * known[:, 0] ** 0.3 * known[:, 1] ** 0.1
    power, error = module_of("regression").powers(
        luck.poisson(rate), np.ones(20_000), known, group, np.arange(20_000) % 200
    )
    assert (abs(power - [0.3, 0.1]) < 2 * error).all() and (error < 0.01).all()


def test_more_people_hurry_the_counters_most_of_all_before_closing(boards, readings):
    misfits = module_of("misfits")
    found = misfits.closing(boards.intervals(readings, boards.read_queues())).astype({"elasticity": float})
    assert 0.15 < found.elasticity["before"] < 0.25 < 0.35 < found.elasticity["last hours"]


def test_counters_of_other_days_count_as_far_as_the_usual_ones_show(derive, tables):
    """Twice the counters on every reading are 2 ** 0.144 times the capacity, in whole counters."""
    table = derive.intervals(derive.read_snapshots(), derive.read_queues())
    twice = derive.counters(table.assign(counters=2 * table.counters), tables)
    same = derive.counters(table, tables)
    share = twice.counters_effective.sum() / same.counters_effective.sum()
    power = float(tables["elasticity"].set_index("of").elasticity["counters"])
    assert share == pytest.approx(2**power, rel=0.02)
    assert same.counters_effective.tolist() == tables["counters"].counters_effective.tolist()


def test_what_is_still_off_the_readings_do_not_tell(derive, readings):
    """Two Mondays have hardly a pace in common, and people wait at the door: as the README says."""
    misfits, table = module_of("misfits"), derive.intervals(readings, derive.read_queues())
    evening = misfits.evening(table)
    assert evening.iloc[:, 0].corr(evening.iloc[:, 1]) < 0.3
    assert evening.off[["ursus", "praga_poludnie"]].max() < 30  # 65 and 56 by one pace for all halls
    came = misfits.morning(table)
    assert came[5] / came[15] == pytest.approx(0.42, abs=0.02)
