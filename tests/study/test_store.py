"""A result is a file that is whole, or set aside."""

import subprocess
import sys

import pytest

from sim import rooms
from sim.scenario.errors import InputError
from sim.study import result


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    middle = len(data) // 8  # in a page of data, not in the footer
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [cut, flip, lambda data: b"", lambda data: b"PAR1 not a table PAR1"])
def test_a_damaged_file_is_set_aside_and_missing(computed, damage):
    file = computed.store.file(computed.units[0].key)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.warns(UserWarning, match="damaged"):
        missing = computed.missing()
    assert {unit.policy for unit in missing} == {"current", "null-policy"}  # they share the file
    assert file.with_name(file.name + ".damaged").exists() and not file.exists()


def test_a_damaged_file_is_computed_again(computed):
    file = computed.store.file(computed.units[0].key)
    sound = file.read_bytes()
    file.write_bytes(cut(sound))
    with pytest.warns(UserWarning, match="damaged"):
        computed.run(workers=1, progress=False)
    assert file.read_bytes() == sound


def test_a_file_of_another_unit_is_not_taken_for_this_one(computed):
    first, other = computed.units[0], computed.units[-1]
    computed.store.file(first.key).write_bytes(computed.store.file(other.key).read_bytes())
    with pytest.warns(UserWarning, match="not the result that its name says"):
        assert first in computed.missing()


def test_the_table_has_every_unit_once(computed):
    table = computed.outcomes
    keys = ["policy", "behaviour", "replication", "year", "month", "unit", "kind", "person", "outcome"]
    assert list(table.columns) == [*keys, "value"]
    assert not table.duplicated(keys).any()
    assert table.groupby(["policy", "replication"]).size().shape == (9,)
    counted = computed.sql("select count(*) as n from outcomes where policy = 'third-clerk'")
    assert counted["n"].item() == (table["policy"] == "third-clerk").sum()


def test_a_file_says_what_it_is_and_its_counts_add_up(computed):
    unit = computed.units[-1]
    stated = computed.store.metadata(unit.key)
    assert (stated["policy"], stated["replication"], stated["key"]) == (
        unit.policy,
        unit.replication,
        unit.key,
    )
    checks = stated["checks"]
    assert checks["requests"] == checks["finished"] + checks["withdrawn"] + checks["open"] > 0


def test_requests_are_kept_where_the_study_says_so(folder, study):
    with pytest.raises(InputError, match="keeps no requests"):
        study.requests("current", 0)
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "keep_requests: true\n", encoding="utf-8")
    from sim.study import study as load_study

    keeping = load_study("counters").run(progress=False)
    requests = keeping.requests("third-clerk", 2)
    assert len(requests) == keeping.store.metadata(keeping.units[-1].key)["checks"]["requests"]
    dated = keeping.dated(requests)
    assert str(dated["arrival"].dtype) == "datetime64[s]"
    assert str(dated["arrival"].min().date()) == "2025-01-06" and "work" not in dated


def test_without_results_the_next_step_is_told(study):
    with pytest.raises(InputError, match="no results yet. sim run counters"):
        _ = study.outcomes


def test_all_that_a_result_is_made_by_is_hashed():
    """The rooms that a replication brings in."""
    code = "import sim.replication, sys; print(*(name for name in sys.modules if name.startswith('sim.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.split(".")[1] for name in run.stdout.split()} == set(rooms.MAKERS)


def test_the_code_is_part_of_a_name(study, monkeypatch):
    before = rooms.code_version()
    monkeypatch.setattr(rooms, "MAKERS", rooms.MAKERS[:-1])
    assert rooms.code_version() != before
    before = rooms.code_version()
    monkeypatch.setattr(rooms.platform, "python_version_tuple", lambda: ("3", "99", "1"))
    other = rooms.code_version()
    assert other != before  # sums of floats differ between versions of Python
    monkeypatch.setattr(rooms.platform, "python_version_tuple", lambda: ("3", "99", "2"))
    assert rooms.code_version() == other
    assert result.unit_key("s", "mechanical", 1, 2, "a") != result.unit_key("s", "mechanical", 1, 2, "b")


def test_a_file_is_read_once_and_again_when_it_was_changed(computed, monkeypatch):
    files = {computed.store.file(unit.key) for unit in computed.units}
    computed.__dict__.pop("store")
    assert computed.missing() == []  # all are read
    opened = []
    real = type(computed.folder).open
    monkeypatch.setattr(
        type(computed.folder), "open", lambda self, *a, **k: opened.append(self) or real(self, *a, **k)
    )
    assert computed.missing() == [] and not files & set(opened)
    changed = computed.store.file(computed.units[0].key)
    changed.write_bytes(flip(changed.read_bytes()))
    with pytest.warns(UserWarning, match="damaged"):
        assert computed.missing()
    assert files & set(opened) == {changed}


def test_units_can_be_asked_for_by_sql(computed):
    lost = next(unit for unit in computed.units if unit.policy == "third-clerk")
    computed.store.file(lost.key).unlink()
    other = computed.units[-1]
    computed.store.file(other.key).unlink()
    computed.store.write_failure(other, "Traceback\nArithmeticError: told to fail")
    states = computed.sql("select state, count(*) n from units group by state").set_index("state")["n"]
    assert states.to_dict() == {"done": 7, "missing": 1, "failed": 1}
    row = computed.sql("select * from units where state = 'failed'").iloc[0]
    assert (row["policy"], row["replication"], row["key"]) == (other.policy, other.replication, other.key)
    assert "told to fail" in row["error"]
    with pytest.warns(UserWarning, match="2 of 9 replications"):
        joined = computed.sql(
            "select count(distinct o.replication) n from outcomes o join units u using (policy, replication)"
            " where u.state = 'done' and policy = 'third-clerk'"
        )
    assert joined["n"].item() == 1
    with pytest.raises(InputError, match="keeps no requests"):
        computed.sql("select * from requests")


def test_requests_can_be_asked_for_by_sql(folder, study):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "keep_requests: true\n", encoding="utf-8")
    from sim.study import study as load_study

    keeping = load_study("counters").run(workers=1, progress=False)
    counted = keeping.sql("select policy, replication, count(*) n from requests group by all")
    assert len(counted) == 9
    for policy, replication, n in counted.itertuples(index=False):
        assert n == len(keeping.requests(policy, replication)) > 0


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("selec policy from outcomes", "syntax error"),
        ("select colour from units", "colour"),
        ("select * from outcome", "outcome does not exist"),
        ("select * from elsewhere.units", "elsewhere"),
        ("select * from views", "views does not exist"),
    ],
)
def test_a_query_that_cannot_be_answered_is_told_with_the_views(study, query, told):
    with pytest.raises(InputError, match=f"{told}.*There are the views outcomes, units, posts, requests"):
        study.sql(query)


def test_a_view_is_made_only_for_its_own_name(computed):
    count = len(computed.outcomes)
    assert computed.sql("select count(*) as requests from outcomes")["requests"].item() == count
    assert computed.sql("with outcomes as (select 7 as n) from Outcomes")["n"].item() == 7
    assert computed.sql("create table t as from Units; select count(*) n from t")["n"].item() == 9
    assert computed.sql("select 'outcomes' as requests")["requests"].item() == "outcomes"


def test_views_of_nothing_are_told_with_the_next_step(folder, study):
    file = folder / "scenarios" / "studies" / "counters.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "keep_requests: true\n", encoding="utf-8")
    from sim.study import study as load_study

    for view in ("requests", "outcomes"):
        with pytest.raises(InputError, match="no results yet. sim run counters"):
            load_study("counters").sql(f"select * from {view}")


def test_the_engine_and_the_place_are_no_part_of_a_name(folder, study):
    from sim.study import study as load_study

    file = folder / "scenarios" / "studies" / "counters.yaml"
    text = file.read_text(encoding="utf-8") + "engine: simpy\ndask: {workers: 2}\n"
    file.write_text(text, encoding="utf-8")
    assert load_study("counters").units == study.units
