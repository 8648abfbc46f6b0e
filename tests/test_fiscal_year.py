"""What is a year's belongs to the assessment year, whenever that begins; a report tells it in its order."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import sim
from sim.report import courses, figures, findings, paths, pictures, record, style
from sim.report.results import Results
from sim.scenario import build
from sim.scenario.calendar import calendar_of, year_starts
from sim.scenario.time import DAY_S
from sim.study import study
from sim.world.demand import intensities
from sim.world.duties import gatherings, leave_days
from tests import two_offices

WEEK = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
PROFILE = {"months": [3.0, *[1.0] * 10, 2.0]}
STARTS = ["2025-04-01", "2025-01-01", "2024-02-29", "2025-10-31"]


def office(start: str, years: int = 2, warm_up_days: int = 0, **changes):
    source = sim.load("one-office").source
    data = source.data | {
        "horizon": {"start": start, "years": years, "warm_up_days": warm_up_days},
        "calendar": {"country": "none", "week": WEEK},
        "profiles": {"spring": PROFILE},
        "demand": {"visit": {"volumes": {"office": 3400}, "profile": "spring"}},
    }
    grade = data["grades"]["clerk"] | {"leave_days": 10}
    return build(data | {"grades": {"clerk": grade}} | changes)


@pytest.mark.parametrize("warm_up_days", [0, 100])
@pytest.mark.parametrize("start", STARTS)
def test_volumes_and_leave_are_of_the_assessment_year(start, warm_up_days):
    scenario = office(start, warm_up_days=warm_up_days)
    calendar = calendar_of(scenario)
    starts = year_starts(scenario)
    ((_, expected),) = intensities(scenario, scenario.demand["visit"], calendar)
    of_year = np.diff(expected.cumulative[np.array(starts) * 24])
    np.testing.assert_allclose(of_year, 3400, rtol=1e-12)
    assert 0 < expected.cumulative[starts[0] * 24] < 3400 if warm_up_days else starts[0] == 0
    for seed in range(5):
        taken = leave_days({"li": 10}, calendar, sim.world.Streams(seed, 0))["li"]
        assert np.histogram(taken, starts)[0].tolist() == [10, 10]
    lectures = gatherings(4, 1.0, calendar)[:, 0] // DAY_S
    assert np.histogram(lectures, starts)[0].tolist() == [4, 4]


def test_a_simulated_fiscal_year_has_its_leave_and_its_months_in_order():
    result = sim.simulate(office("2025-04-01"), seed=1)
    assert result.people["leave_s"].tolist() == [10 * 8 * 3600]
    told = result.outcomes
    rows = told[(told["outcome"] == "arrivals") & (told["unit"] == "") & (told["kind"] == "")]
    whole = rows[rows["month"] == 0]
    assert whole["year"].tolist() == [2025, 2026]
    np.testing.assert_allclose(whole["value"], 3400, atol=4 * 3400**0.5)
    backlog = told[(told["outcome"] == "open_at_end") & (told["unit"] == "") & (told["month"] > 0)]
    assert backlog[backlog["year"] == 2025]["month"].tolist() == [*range(4, 13), 1, 2, 3]


def test_a_year_that_begins_on_a_leap_day_begins_with_the_clock():
    scenario = office("2024-02-29", years=5)
    calendar = calendar_of(scenario)
    begins = [calendar.date(day) for day in year_starts(scenario)]
    assert begins[0] == calendar.first == dt.date(2024, 2, 29)
    assert begins[1:] == [dt.date(year, 2, 28 + (year == 2028)) for year in range(2025, 2030)]


def test_a_stretch_of_minutes_has_calendar_years():
    scenario = office("2025-04-01", horizon={"start": "2025-04-01", "minutes": 60 * 24 * 400})
    assert [year for year, *_ in calendar_of(scenario).years()] == [2025, 2026]


@pytest.fixture(autouse=True)
def house_style():
    style.use_house_style()


@pytest.fixture(scope="module")
def fiscal(tmp_path_factory):
    """A study of two offices over one assessment year from April."""
    text = two_offices.SCENARIO.replace("start: 2025-01-01", "start: 2025-04-01")
    text = text.replace("country: CN", "country: none").replace("unit: yuan", "unit: zloty")
    told = two_offices.STUDY.replace("[ninety, second-clerk, nothing]", "[second-clerk]")
    told = told.replace(": 4\n", ": 2\n")
    root = two_offices.write(
        tmp_path_factory.mktemp("fiscal"),
        f"currency: PLN\n{text}",
        {"second-clerk": two_offices.POLICIES["second-clerk"]},
        {name: f"{told}years: {years}\n" for name, years in (("one", 1), ("two", 2))},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        yield {name: study(name).run(workers=1, progress=False) for name in ("one", "two")}


def test_months_are_drawn_in_the_assessment_years_order(fiscal):
    results = Results(fiscal["one"], "en")
    drawn = figures.months(results, ["current"])
    axis = drawn.axes[1]  # the backlog; the first is what comes
    assert [tick.get_text() for tick in axis.get_xticklabels()][:2] == ["4\n2025", "5"]
    assert [tick.get_text() for tick in axis.get_xticklabels()][8:] == ["12", "1\n2026", "2", "3"]
    rows = results.level("month", "open_at_end")
    rows = rows[(rows["policy"] == "current")].groupby("month")["value"].mean()
    np.testing.assert_allclose(axis.lines[0].get_ydata(), rows.loc[[*range(4, 13), 1, 2, 3]])
    np.testing.assert_array_equal(axis.lines[0].get_xdata(), range(12))
    greatest = int(rows.idxmax())
    year = 2026 if greatest < 4 else 2025
    assert f"greatest in month {greatest} of {year}" in str(pictures.months(results))
    assert f"{year}年{greatest}月" in str(pictures.months(Results(fiscal["one"], "zh")))


def test_months_of_several_years_have_their_year(fiscal):
    results = Results(fiscal["two"], "en")
    table = courses.by_time(results, "year_month", "on_time_rate", "current")["mean"]
    year, month = table.idxmax()
    said = str(paths.months(results, findings.choice(results)))
    assert f"greatest in month {month} of {year + (month < 4)}" in said
    assert "2025/26" in str(paths.years(results, findings.choice(results)))
    drawn = courses.months(results, ["on_time_rate"], ["current", "second-clerk"]).axes[0]
    at = drawn.lines[0].get_xdata()
    np.testing.assert_array_equal(at, np.arange(24) + 0.5)
    ordered = [100 * table[y, m] for y in (2025, 2026) for m in (*range(4, 13), 1, 2, 3)]
    np.testing.assert_allclose(drawn.lines[0].get_ydata(), ordered)


def test_months_in_the_tables_say_which_they_are(fiscal, tmp_path):
    record.write_tables(fiscal["two"], tmp_path)
    table = pd.read_csv(tmp_path / "differences-year-month.csv")
    assert set(table["calendar_month"]) == {
        f"{year + (month < 4)}-{month:02}" for year in (2025, 2026) for month in range(1, 13)
    }


def test_money_of_a_report_is_in_the_scenarios_currency(fiscal):
    for lang, mine, others in (("en", "zloty", "yuan"), ("zh", "兹罗提", "元")):
        results = Results(fiscal["one"], lang)
        assert mine in results.heading("pay_total") and others not in results.heading("pay_total")
        told = str(pictures.unit_pay(results))
        assert mine in told and others not in told


def test_tables_of_months_are_in_the_assessment_years_order(fiscal):
    table = Results(fiscal["one"], "en").differences("month").query("outcome == 'open_at_end'")
    assert table["month"].tolist() == [*range(4, 13), 1, 2, 3]
