"""What the objects of the public interface print: short, one line, and whole enough to know them by."""

import pytest

import sim
from sim.scenario.policy import Policy


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    office, hospital = sim.load("one-office"), sim.load("outpatients")
    return {
        "one-office": office,
        "outpatients": hospital,
        "one-more-clerk": sim.load_policy(office, "one-more-clerk"),
        "replication 2": sim.simulate(office, seed=1, replication=2),
        "trial.compare": sim.what_if(office, replications=2, seed=1),
        "none yet": sim.Study.of(office, "one-more-clerk", folder=tmp_path_factory.mktemp("results")),
    }


def test_each_shows_itself_in_less_than_500_characters_and_ten_rows(objects):
    for one in objects.values():
        line, page = repr(one), one._repr_html_()
        assert line.startswith(f"<{type(one).__name__} ") and line.endswith(">") and str(one) == line
        assert len(line) < 500 and "\n" not in line
        assert 4 <= page.count("<tr>") <= 11


def test_what_it_shows_is_what_it_is(objects):
    assert "people: 1 in 1 groups" in repr(objects["one-office"])
    assert "staff.clerk.count = 2" in repr(objects["one-more-clerk"])
    result = objects["replication 2"]
    assert "seed and replication: 1, 2" in repr(result)
    wait = result.outcomes.query(
        "outcome == 'mean_wait_minutes' and month == 0 and unit == '' and kind == ''"
    )
    assert f"{wait['value'].mean():,.2f} minutes" in repr(result)
    assert "one-more-clerk" in repr(objects["none yet"]) and "none yet: study.run()" in repr(
        objects["none yet"]
    )
    assert "replications: 2, seed 1" in repr(objects["trial.compare"])


def test_a_hostile_title_is_text():
    hostile = Policy.of({"staff.clerk.count": "<script>alert(1)</script>\n\x1b[2J\u202e"})
    assert "<script" not in hostile._repr_html_() and "&lt;script&gt;" in hostile._repr_html_()
    assert "\x1b" not in repr(hostile) and "\u202e" not in repr(hostile) and "\n" not in repr(hostile)


def test_policies_that_look_alike_are_told_apart():
    """What is shown is cut; what is cached is not."""
    many = {f"staff.clerk_{number}.count": 1 for number in range(20)}
    one, other = Policy.of(many), Policy.of(many | {"staff.clerk_19.count": 2})
    assert repr(one) == repr(other) and one.state() != other.state()


def test_tables_of_outcomes_show_units_in_ten_lines(objects, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    trial = objects["trial.compare"]
    compared, result = trial.compare("one-more-clerk"), objects["replication 2"]
    units = result.units
    for table in (compared, result.outcomes, units, units.loc[:, "score":], trial.outcomes("one-more-clerk")):
        lines = repr(table).split("\n")
        assert len(lines) <= 10 and max(map(len, lines)) <= 80
        assert table._repr_html_().count("<tr") <= 10
    assert "on_time_rate [share]" in repr(compared.query("outcome == 'on_time_rate'"))
    assert "pay_total: Pay, total [yuan]" in compared[-15:]._repr_html_() + compared[:15]._repr_html_() + (
        compared.set_index("outcome").loc[["pay_total"]]._repr_html_()
    )
    scores = units[["score"]]
    assert "[points]" in repr(scores.round(1)) and "[points]" in repr(scores - scores)
    assert f"{len(result.outcomes):,} rows × 7 columns" in repr(result.outcomes)


def test_what_is_computed_from_outcomes_claims_no_unit(objects):
    units = objects["replication 2"].units[["arrivals", "score"]]
    for computed in (units / units, units.corr(), units.rank(), units.groupby("year").mean()):
        assert "[" not in repr(computed).split("\n")[0]


def test_a_table_of_outcomes_is_a_table(objects, tmp_path):
    import pickle

    import pandas as pd

    units = objects["replication 2"].units
    plain = pd.DataFrame(units)
    assert type(plain) is pd.DataFrame and units.equals(plain) and plain.equals(pd.DataFrame(units))
    assert pickle.loads(pickle.dumps(units)).equals(units)
    units.to_parquet(tmp_path / "units.parquet")
    assert pd.read_parquet(tmp_path / "units.parquet").equals(plain)
    least = units["arrivals"].max()  # noqa: F841 (the query reads it)
    assert units.query("arrivals > @least").empty and len(plain) == len(units.query("arrivals <= @least"))
    before = units["score"].iloc[0]
    units.loc[units.index[0], "score"] = before - 1
    assert units["score"].iloc[0] == before - 1


def test_an_office_called_as_an_outcome_keeps_its_name(objects):
    import pandas as pd

    from sim.rules.shown_table import with_units

    table = pd.DataFrame({"score": [1.0]}, index=pd.Index(["rank"], name="unit"))
    assert "rank " in repr(with_units(table)) and "rank [" not in repr(with_units(table))
    assert "[" not in repr(with_units(table.T))


def test_a_mistake_in_a_cell_is_a_sentence():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    with capture_output() as shown:
        shell.run_cell("import sim; sim.load('binhay')")
    lines = [line for line in shown.stdout.strip().split("\n") if line]
    assert len(lines) == 1 and "binhay" in lines[0] and "Did you mean 'binhai'?" in lines[0]


@pytest.fixture(scope="module")
def searches(tmp_path_factory):
    """What takes a study, or many pilots, and returns tables."""
    double = Policy.of({"pay.deduction_per_point": 2}, name="double")
    folder = tmp_path_factory.mktemp("results")
    study = sim.Study.of("one-office", [double], replications=4, folder=folder)
    study.run(workers=1, progress=False)
    space = {"staff.clerk.count": (1, 3), "pay.deduction_per_point": (0.5, 2.0)}
    return {
        "schedules: current, double": sim.studio(study),
        "pilots: 2": sim.sandbox("binhai", {}, treated=3, replications=2, before=1, after=1),
        "goals: on_time_rate, pay_total": sim.search(
            study, space, ["on_time_rate", "pay_total"], tried=6, again=2, workers=1
        ),
        "tried: 16 schedules": sim.best_schedule(
            study, "noise_tax", limits={"marginal_incentive": 0.5}, tried=16
        ),
    }


def test_what_is_found_shows_itself_as_shortly(searches):
    for told, one in searches.items():
        line, page = repr(one), one._repr_html_()
        assert line.startswith(f"<{type(one).__name__} ") and told in line
        assert len(line) < 500 and "\n" not in line
        assert 4 <= page.count("<tr>") <= 11
