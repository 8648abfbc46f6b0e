"""The event log of a run: each activity once, with dates, as text, in CSV and in XES."""

import gzip

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
    assert log.tag == f"{XES}log" and log.get("xes.version") == "1849-2016"
    order = [child.tag.removeprefix(XES) for child in log]
    ranks = [["extension", "global", "classifier", "string", "trace"].index(one) for one in order]
    assert ranks == sorted(ranks)  # as the schema of XES has it
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
    ],
)
def test_a_mistake_is_told_and_writes_nothing(here, tmp_path, arguments, said):
    code, told = sim("log", *arguments, "--out", tmp_path / "log.csv")
    assert code == 2 and said in told and not list(tmp_path.iterdir())


def test_both_forms_are_imported_to_the_same_table(here, tmp_path):
    """Steps that wait at the end have no end: they are left out and counted, and are no mistake."""
    for form in ("csv", "xes"):
        file = tmp_path / f"log.{form}"
        assert sim("log", "--study", "offices", "--format", form, "--out", file)[0] == 0
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
