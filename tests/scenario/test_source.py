"""What a YAML text means: the 1.2 core schema, the lines of paths, the evidence beside numbers."""

from __future__ import annotations

import pytest

from sim.scenario.errors import InputError
from sim.scenario.source import Evidence, read_yaml


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes):
        file = tmp_path / "file.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_yaml(file)

    return read


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("12:30", "12:30"),
        ("2025-01-01", "2025-01-01"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("=", "="),
        ("1.2.3", "1.2.3"),
        ("'20'", "20"),
        ('"true"', "true"),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("-.5", -0.5),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("+12", 12),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_scalars_follow_yaml_1_2(read, written, meant):
    value = read(f"a: {written}\n").data["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_numbers_keep_their_type(read):
    assert [type(value) for value in read("[1, 1.0, 1e0]").data] == [int, float, float]


def test_a_block_text_is_text(read):
    assert read("a: |\n  12\n").data == {"a": "12\n"}


def test_a_byte_order_mark_is_no_content(read):
    assert read("\ufeffa: 1\n".encode()).data == {"a": 1}


def test_every_path_has_its_line(read):
    source = read("a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    assert [source.line(tuple(path.split("."))) for path in ("a", "a.b", "a.c.0", "a.c.1.d")] == [1, 2, 4, 5]
    assert source.line(("a", "b", "deeper")) == 2  # of the nearest ancestor that stands in the file
    assert source.line(("elsewhere",)) == 1


def test_evidence_is_taken_off_and_kept(read):
    source = read("a: {value: 20, unit: minutes, source: assumed, range: [10, 30], reason: usual}\n")
    assert source.data == {"a": 20}
    found = Evidence(unit="minutes", source="assumed", range=(10.0, 30.0), reason="usual")
    assert source.evidence == {("a",): found}
    assert found.assumed


def test_a_citation_is_no_assumption(read):
    source = read("a: {value: 20, source: a law}\nb: {value: 1}\n")
    assert not source.evidence["a",].assumed
    assert source.evidence["b",].assumed


def test_a_block_may_have_evidence_and_so_may_what_is_in_it(read):
    source = read("a:\n  value: {b: 1, c: {value: 2, unit: h}}\n  source: assumed\n  factor: [0.5, 2]\n")
    assert source.data == {"a": {"b": 1, "c": 2}}
    assert source.evidence == {
        ("a",): Evidence(source="assumed", factor=(0.5, 2.0)),
        ("a", "c"): Evidence(unit="h"),
    }
    assert source.line(("a", "c")) == 2


def test_a_value_at_the_edge_of_its_range_is_inside(read):
    assert read("a: {value: 3, range: [3, 3]}\n").data == {"a": 3}


@pytest.mark.parametrize("text", ["a: {value: 1, range: [2, 3]}\n", "a: {value: x, range: [2, 3]}\n"])
def test_a_range_holds_the_single_number_it_belongs_to(read, text):
    with pytest.raises(InputError, match="range"):
        read(text)


def test_the_same_complaint_comes_first_every_time(read):
    """Two faults in one block of evidence: the one that stands first in the file is told."""
    with pytest.raises(InputError, match="'unit' must be text"):
        read("a: {value: 1, unit: 1, source: 2, reason: 3}\n")


def test_no_such_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="this is a folder, not a file"):
        read_yaml(tmp_path)


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path / ("n" * 300))
