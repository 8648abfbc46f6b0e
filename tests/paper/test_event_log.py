"""The event log of a run: each activity once, with dates, as text, in CSV and in XES."""

import gzip
import re

import pandas as pd
import pytest
from lxml import etree

import sim as jingxi
from sim.logs.read import read_log
from sim.paper.event_log import COLUMNS
from tests.paper.conftest import sim

XES = "{http://www.xes-standard.org/}"


@pytest.fixture(scope="module")
def run(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return jingxi.simulate("offices", seed=1, replication=2)


def test_a_run_of_a_study_is_written_with_the_dates_of_its_calendar(here, run, tmp_path):
    file = tmp_path / "log.csv"
    code, told = sim("log", "--study", "offices", "--replication", 2, "--out", file)
    assert code == 0 and f"{len(run.requests):,} cases" in told
    table = pd.read_csv(file, keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    served = table[(table["activity"] == "serve") & (table["complete"] != "")].set_index("case")
    steps = run.dated("steps").set_index("request")
    begun = steps.loc[served.index, "start"]
    assert (pd.to_datetime(served["start"]).to_numpy() == begun.to_numpy()).all()
    assert (served["person"].to_numpy() == steps.loc[served.index, "person"].astype(str).to_numpy()).all()
    weekdays = set(pd.to_datetime(served["start"]).dt.day_of_week)
    assert weekdays <= {0, 2, 5, 6}  # Mondays, Wednesdays, make-up days
    assert len(served) > 100
    due = run.dated("requests").loc[served.index, "due"]
    assert (pd.to_datetime(served["due"]).to_numpy() == due.to_numpy()).all()


def test_the_xes_log_has_the_same_cases_and_events(here, run, tmp_path):
    sim("log", "--study", "offices", "--replication", 2, "--out", tmp_path / "log.csv")
    code, told = sim(
        "log", "--study", "offices", "--replication", 2, "--format", "xes", "--out", tmp_path / "log.xes"
    )
    assert code == 0, told
    rows = pd.read_csv(tmp_path / "log.csv", keep_default_na=False)
    log = etree.parse(tmp_path / "log.xes").getroot()
    _holds_the_schema(log)
    traces = log.findall(f"{XES}trace")
    assert len(traces) == rows["case"].nunique()
    events = [_told(event) for trace in traces for event in trace.findall(f"{XES}event")]
    complete = [one for one in events if one["lifecycle:transition"] == "complete"]
    assert len(complete) == (rows["complete"] != "").sum()
    started = sum(one["lifecycle:transition"] == "start" for one in events)
    assert started == (rows["start"] != "").sum()
    for trace in traces:
        moments = [_told(event)["time:timestamp"] for event in trace.findall(f"{XES}event")]
        assert moments == sorted(moments)
    assert {one["org:resource"] for one in complete if one["concept:name"] == "serve"} == set(
        rows.loc[(rows["activity"] == "serve") & (rows["complete"] != ""), "person"]
    )


NAME = r"[A-Za-z_:][\w:.-]*"  # xs:Name, and without the colon xs:NCName
TYPES = {  # of attributes, and of their values
    "string": ".*",
    "date": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?",
}


def _holds_the_schema(log):
    """What the schema of IEEE 1849-2016 wants: elements in order, types of attributes, no key twice; globals
    that every trace and event has, and classifiers of globals."""
    assert log.tag == f"{XES}log" and re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version"))
    assert set(log.attrib) == {"xes.version", "xes.features"}
    order = [child.tag.removeprefix(XES) for child in log]
    ranks = [["extension", "global", "classifier", *TYPES, "trace"].index(one) for one in order]
    assert ranks == sorted(ranks)
    prefixes = {one.get("prefix") for one in log.iterfind(f"{XES}extension")}
    assert {"concept", "lifecycle", "org", "time"} == prefixes
    for one in log.iterfind(f"{XES}extension"):
        assert set(one.attrib) == {"name", "prefix", "uri"} and one.get("name").isalpha()
    globals_ = {one.get("scope"): _keys(one) for one in log.iterfind(f"{XES}global")}
    (classifier,) = log.iterfind(f"{XES}classifier")
    assert set(classifier.attrib) == {"name", "scope", "keys"} and classifier.get("name").isalpha()
    assert set(classifier.get("keys").split()) <= set(globals_[classifier.get("scope")])
    assert "concept:name" in _keys(log) and _told(log)["lifecycle:model"] == "standard"
    for scope in ("trace", "event"):
        for element in log.iter(f"{XES}{scope}"):
            assert set(globals_[scope]) <= set(_keys(element))
            assert {key.partition(":")[0] for key in _keys(element) if ":" in key} <= prefixes


def _keys(element):
    """The keys of an element's attributes, which come before what else is in it."""
    inside = [child.tag.removeprefix(XES) for child in element]
    own = [child for child, tag in zip(element, inside, strict=True) if tag in TYPES]
    assert set(inside) <= {*TYPES, "event", "trace", "extension", "global", "classifier"}
    assert "event" not in inside or inside.index("event") == len(own)
    keys = [child.get("key") for child in own]
    assert len(set(keys)) == len(keys) and all(re.fullmatch(NAME, key) for key in keys)
    for child in own:
        assert set(child.attrib) == {"key", "value"} and not len(child)
        assert re.fullmatch(TYPES[child.tag.removeprefix(XES)], child.get("value"), re.DOTALL)
    return keys


def _told(element):
    return {child.get("key"): child.get("value") for child in element}


def test_titles_of_others_are_text_and_gz_is_the_same_file_compressed(here, tmp_path):
    arguments = ("log", "offices", "--lang", "en", "--format", "xes", "--out")
    assert sim(*arguments, tmp_path / "log.xes")[0] == sim(*arguments, tmp_path / "log.xes.gz")[0] == 0
    plain = (tmp_path / "log.xes").read_bytes()
    assert gzip.decompress((tmp_path / "log.xes.gz").read_bytes()) == plain
    groups = etree.fromstring(plain).iterfind(f".//{XES}string[@key='org:group']")
    assert {one.get("value") for one in groups} == {"North <i>office</i>", "South office"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "a log is of a scenario or of a study"),
        (("offices", "--study", "offices"), "a log is of a scenario or of a study"),
        (("--study", "offices", "--policy", "ninty"), "Did you mean 'ninety'"),
        (("--study", "offices", "--replication", "3"), "Give --replication 0 to 2"),
        (("--study", "offices", "--seed", "3"), "Leave --seed out"),
        (("--study", "offices", "--behaviour", "learning"), "is no behaviour of the study"),
        (("ofices",), "unknown scenario 'ofices'"),
        (("offices", "--format", "xes"), "the file's name says csv, and --format says xes"),
        (("offices", "--out", "log.xlsx"), "Endings are .csv, .xes, .xes.gz"),
    ],
)
def test_a_mistake_is_told_and_writes_nothing(here, tmp_path, arguments, said):
    code, told = sim("log", "--out", tmp_path / "log.csv", *arguments)
    assert code == 2 and said in told and not list(tmp_path.iterdir())


def test_both_forms_are_imported_to_the_same_table(here, tmp_path):
    """Steps that wait at the end have no end: they are left out and counted, and are no mistake."""
    for form in ("csv", "xes"):  # the file's name says which
        assert sim("log", "--study", "offices", "--out", tmp_path / f"log.{form}")[0] == 0
    one, other = (read_log(tmp_path / f"log.{form}") for form in ("csv", "xes"))
    columns = ["case", "activity", "person", "start", "end", "known"]
    left, right = (
        log.events[columns].astype({"activity": str, "person": str}).sort_values(columns, ignore_index=True)
        for log in (one, other)
    )
    pd.testing.assert_frame_equal(left, right)
    for name in ("name", "kind", "unit", "due"):
        assert one.cases[name].astype(str).tolist() == other.cases[name].astype(str).tolist(), name
    assert len(left) > 1000 and left["known"].all()
