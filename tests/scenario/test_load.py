"""From a file to a checked scenario: what is accepted, where it is looked for, how problems are told."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import InputError, build, load
from sim.scenario.errors import nearest, printable, see
from sim.scenario.source import read_yaml

from .small import SMALL, small, write_scenario

HTML = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.org")'


def test_the_small_scenario_loads(tmp_path):
    scenario = load(write_scenario(tmp_path / "small"))
    assert scenario.name == "small"
    assert scenario.demand["visit"].volumes == {"north": 400.0, "south": 300.0}
    assert scenario.source.evidence["demand", "visit", "volumes", "south"].unit == "requests a year"
    assert scenario.setting("north", "discipline") == "earliest_due_date"


def test_folder_file_and_text_name_the_same(tmp_path):
    folder = write_scenario(tmp_path / "small")
    wanted = load(folder).digest()
    assert load(str(folder)).digest() == wanted
    assert load(folder / "scenario.yaml").digest() == wanted


def test_plain_data_builds_the_same(tmp_path):
    folder = write_scenario(tmp_path / "small")
    assert build(read_yaml(folder / "scenario.yaml").data).digest() == load(folder).digest()


def test_build_leaves_the_data_alone(tmp_path):
    data = read_yaml(write_scenario(tmp_path) / "scenario.yaml").data
    scenario = build(data)
    data["pay"]["floor"] = 1
    assert scenario.source.data["pay"].get("floor") is None


@pytest.mark.parametrize("data", [None, [], "text", {}, {1: 2}, {"format": {}}])
def test_data_that_is_no_scenario(data):
    with pytest.raises(InputError):
        build(data)


def test_found_by_name_under_scenarios(tmp_path, monkeypatch):
    write_scenario(tmp_path / "scenarios" / "harbour")
    monkeypatch.chdir(tmp_path)
    assert load("harbour").name == "harbour"
    with pytest.raises(InputError, match="unknown scenario 'harbor'. Did you mean 'harbour'?"):
        load("harbor")


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a b", "a\0b", "n" * 300, "n/" * 3000, "/dev/null", "-x", "x.yaml", "\x1b[31m"]
)
def test_odd_names_are_input_errors(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        load(name)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("title", [HTML, FORMULA, "@SUM(A1)", "{{ 7 * 7 }}", "a\u202eb", "%s %d", "../../x"])
def test_any_text_may_be_a_title_and_stays_as_written(title, tmp_path):
    """Making it harmless is the business of whoever writes it into a page, a table or a terminal."""
    quoted = title.replace('"', '\\"')
    scenario = load(write_scenario(tmp_path, small(("en: North", f'en: "{quoted}"'))))
    assert scenario.units["north"].title.en == title


def test_control_characters_reach_no_terminal(tmp_path):
    text = small(("{unit: south", '{unit: "\\e[2J\\x07\\nsouth"'))
    with pytest.raises(InputError) as raised:
        load(write_scenario(tmp_path, text))
    assert all(line.isprintable() for line in str(raised.value).splitlines())
    assert "south" in str(raised.value)


def test_a_table_in_the_folder_is_found_and_part_of_the_digest(tmp_path):
    rates = "rates: data/rates.csv"
    volumes = SMALL[SMALL.index("volumes: {") : SMALL.index("profiles:\n") - 1]
    folder = write_scenario(tmp_path, small((volumes, rates)))
    (folder / "data").mkdir()
    (folder / "data" / "rates.csv").write_text("unit,weekday,hour,requests_per_hour\nnorth,0,9,2\n")
    before = load(folder).digest()
    (folder / "data" / "rates.csv").write_text("unit,weekday,hour,requests_per_hour\nnorth,0,9,1\n")
    assert load(folder).digest() != before


@pytest.mark.parametrize("way", ["link to a file", "link to a folder", "loop"])
def test_a_link_that_leads_out_of_the_folder_is_refused(way, tmp_path):
    (tmp_path / "secret.csv").write_text("secret")
    folder = write_scenario(tmp_path / "case", SMALL + "replay: data/secret.csv\n")
    (folder / "data").mkdir()
    if way == "link to a file":
        (folder / "data" / "secret.csv").symlink_to(tmp_path / "secret.csv")
    elif way == "link to a folder":
        (folder / "data").rmdir()
        (folder / "data").symlink_to(tmp_path)
    else:
        (folder / "data" / "secret.csv").symlink_to("secret.csv")
    with pytest.raises(InputError, match="replay: .*(outside|there is no file)"):
        load(folder)


def test_several_problems_are_told_at_once_and_many_are_cut_short(tmp_path):
    text = small(("{unit: north, role: window, grade: clerk", "{unit: nort, role: wndow, grade: clrk"))
    with pytest.raises(InputError) as raised:
        load(write_scenario(tmp_path, text))
    told = str(raised.value)
    assert all(words in told for words in ("'nort'", "'wndow'", "'clrk'"))

    text = SMALL + "".join(f"unknown_{number}: 1\n" for number in range(100))
    with pytest.raises(InputError) as raised:
        load(write_scenario(tmp_path, text))
    lines = str(raised.value).splitlines()
    assert len(lines) == 9
    assert "and more" in lines[-1]


def test_a_way_with_chance_0_still_leads_to_its_step(tmp_path):
    """So that a policy can close a branch without having to delete the steps behind it."""
    changes = ("notice: 0.25, decide: 0.75", "notice: 0, decide: 1"), ("chance: 0.1", "chance: 0")
    assert load(write_scenario(tmp_path, small(*changes)))


def test_an_error_survives_the_way_between_processes(tmp_path):
    with pytest.raises(InputError) as raised:
        load(write_scenario(tmp_path, small(("count: 2", "count: -1"))))
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


def test_remedies():
    assert nearest("treshold", ["threshold", "floor"]) == "Did you mean 'threshold'?"
    assert nearest("zzz", ["b", "a"]) == "Known here: a, b"
    assert nearest("zzz", []) == "Nothing may stand here"
    assert see("Known here: a", "pay") == "Known here: a. See: sim parameters pay"
    assert see("Did you mean 'a'?", "") == "Did you mean 'a'? See: sim parameters"


@given(st.text())
def test_what_is_printed_is_printable_and_short(text):
    shown = printable(text, 50)
    assert shown.isprintable()
    assert len(shown) <= 50


# A valid tree is spoiled in one to three places; it must load or be an InputError, and nothing else.

JUNK = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        3.5,
        1e308,
        10**17,
        float("nan"),
        float("inf"),
        "",
        "end",
        "own",
        "north",
        "\x1b[31m",
        "é" * 700,
        "2025-02-30",
        "24:00",
        "always",
        "../x",
        [],
        [[]],
        [1, "a", None],
        {},
        {"en": "x"},
        {"value": 1},
        {"a": {"b": {"c": 1}}},
        {"type": "work"},
        {"type": ["work"]},
        {"": ""},
    ]
) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), st.lists, max_leaves=4
)


def places(data, path=()):
    """Every path in a tree of blocks and lists, the root left out."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return read_yaml(write_scenario(tmp_path_factory.mktemp("small")) / "scenario.yaml").data


@settings(max_examples=300, deadline=None)
@given(draw=st.data())
def test_a_spoiled_scenario_loads_or_is_an_input_error(tree, draw):
    data = copy.deepcopy(tree)
    for _ in range(draw.draw(st.integers(1, 3))):
        *above, key = draw.draw(st.sampled_from(list(places(data)) or [("pay",)]))
        parent = data
        for part in above:
            parent = parent[part]
        what = draw.draw(st.sampled_from(["delete", "replace", "rename"]))
        if what == "replace" or isinstance(parent, list):
            parent[key] = draw.draw(JUNK)
        elif what == "delete":
            parent.pop(key, None)
        else:
            parent[draw.draw(st.sampled_from(["x", "value", "end", "own", "type", "per", key + "s"]))] = (
                parent.pop(key)
            )
    try:
        scenario = build(data)
    except InputError as error:
        assert str(error)
        assert error.path is None or isinstance(error.path, str)
    else:
        assert scenario.digest()
