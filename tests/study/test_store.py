"""A result is a file that is whole, or set aside."""

import pytest

from sim.scenario.errors import InputError
from sim.study import store


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
        computed.run(progress=False)
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


def test_without_results_the_next_step_is_told(study):
    with pytest.raises(InputError, match="no results yet. sim run counters"):
        _ = study.outcomes


def test_the_code_is_part_of_a_name(study, monkeypatch):
    before = store.code_version()
    monkeypatch.setattr(store, "SOURCES", ("scenario",))
    assert store.code_version() != before
    assert store.unit_key("s", "mechanical", 1, 2, "a") != store.unit_key("s", "mechanical", 1, 2, "b")
