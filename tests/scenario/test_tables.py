"""Tables of users: what a spreadsheet saves is read right, and all else is one InputError that says where."""

from __future__ import annotations

import gzip
import os
import random
import warnings

import numpy as np
import pandas as pd
import pytest

from sim.replication import simulate
from sim.scenario import InputError, build, load
from sim.scenario.request_tables import read_rates, read_replay
from sim.scenario.table_file import read_table

from .bad_tables import BAD_TABLES, RATES, REPLAY, BadTable, scenario_with


@pytest.mark.parametrize("bad", BAD_TABLES, ids=lambda bad: bad.name)
def test_bad_table_is_explained(bad: BadTable, tmp_path):
    home, file = scenario_with(tmp_path, bad.table, bad.content, bad.suffix)
    with pytest.raises(InputError) as raised:
        load(home)
    told = str(raised.value)
    assert (str(raised.value.file), raised.value.line, raised.value.path) == (
        str(file),
        bad.line,
        bad.column,
    ), told
    assert bad.says[0] in raised.value.message
    for words in bad.says:
        assert words in told.splitlines()[0], told
    assert raised.value.remedy, told
    assert all(line.isprintable() for line in told.splitlines())


SAVED = {
    "UTF-8": (RATES.encode(), ".csv"),
    "UTF-8 with a mark": (RATES.encode("utf-8-sig"), ".csv"),
    "GBK": (RATES.encode("gbk"), ".csv"),
    "UTF-16, Unicode text": (RATES.replace(",", "\t").encode("utf-16"), ".txt"),
    "UTF-16 big end": (b"\xfe\xff" + RATES.encode("utf-16-be"), ".csv"),
    "UTF-16 without a mark": (RATES.encode("utf-16-le"), ".csv"),
    "semicolons": (RATES.replace(",", ";").encode(), ".csv"),
    "Windows": (RATES.replace("\n", "\r\n").encode(), ".csv"),
    "old Macintosh": (RATES.replace("\n", "\r").encode(), ".csv"),
    "quotes": ("\n".join('"' + '","'.join(r.split(",")) + '"' for r in RATES.split()).encode(), ".csv"),
    "blanks": (RATES.replace(",", " , ").encode(), ".csv"),
    "blank rows and columns": (RATES.replace("\n", ",,\n").encode() + b",,,,,\n\n", ".csv"),
    "numbers as floats": (RATES.replace(",9,", ",9.0,").encode(), ".csv"),
    "gzip": (gzip.compress(RATES.encode()), ".csv.gz"),
}  # fmt: skip


@pytest.mark.parametrize("way", SAVED)
def test_a_table_is_read_the_same_however_it_was_saved(way, tmp_path):
    content, suffix = SAVED[way]
    home, file = scenario_with(tmp_path, "rates", content, suffix)
    rates = read_rates(file, load(home))
    assert list(rates) == ["north", "south"]
    assert rates["north"][0, 9] == 1.5 and rates["north"][1, 10] == 2 and rates["north"].sum() == 3.5
    assert rates["south"].sum() == 0


def test_rates_may_be_of_quarters_of_an_hour(tmp_path):
    """The same requests in one quarter of the hour: all come within it."""
    home, file = scenario_with(
        tmp_path, "rates", b"unit,weekday,hour,minute,requests_per_hour\nnorth,0,9,15,600\n"
    )
    case = load(home)
    assert read_rates(file, case)["north"].shape == (7, 96)
    moments = simulate(case, seed=1).requests.arrival_s.to_numpy() % 86_400
    assert moments.min() >= 9.25 * 3600 and moments.max() < 9.5 * 3600
    mondays = pd.Series(simulate(case, seed=1).requests.arrival_s // 86_400).nunique()
    assert len(moments) / mondays == pytest.approx(150, abs=4 * (150 / mondays) ** 0.5)


def test_rates_of_equal_quarters_bring_the_requests_of_the_hour(tmp_path):
    rows = "".join(
        f"north,{day},{hour},{m},7.5\n" for day in range(5) for hour in (9, 14) for m in (0, 15, 30, 45)
    )
    quarters = f"unit,weekday,hour,minute,requests_per_hour\n{rows}"
    hours = quarters.replace(",minute", "").replace(",0,7.5", ",7.5")
    hours = "".join(row for row in hours.splitlines(True) if row.count(",") == 3)
    results = []
    for name, text in (("quarters", quarters), ("hours", hours)):
        home, _ = scenario_with(tmp_path / name, "rates", text.encode())
        results.append(simulate(load(home), seed=3).requests.arrival_s.to_numpy())
    assert np.abs(results[0] - results[1]).max() <= 1  # a second, where a moment lies between two


def test_a_column_name_in_gbk_is_shown_as_it_was_written(tmp_path):
    content = RATES.replace("\n", ",上午\n").replace("hour,上午", "hour,备注")
    home, _ = scenario_with(tmp_path, "rates", content.encode("gb18030"))
    with pytest.raises(InputError, match="unknown column '备注'"):
        load(home)


def test_a_changed_table_is_read_again(tmp_path):
    home, file = scenario_with(tmp_path, "rates", RATES.encode())
    assert read_rates(file, load(home))["north"][0, 9] == 1.5
    file.write_text(RATES.replace("1.5", "2.5"))
    assert read_rates(file, load(home))["north"][0, 9] == 2.5


def test_several_tables_are_told_at_once(tmp_path):
    home, _ = scenario_with(tmp_path, "rates", RATES.replace("south", "suoth").encode())
    with (home / "scenario.yaml").open("a") as file:
        file.write("replay: replay.csv\n")
    (home / "replay.csv").write_text(REPLAY.replace("visit,south", "vist,south"))
    with pytest.raises(InputError) as raised:
        load(home)
    assert "rates.csv:4: unit" in str(raised.value) and "replay.csv:3: kind" in str(raised.value)


def test_where_nobody_serves_those_whom_a_table_sends_is_a_mistake(tmp_path):
    for table, text in (("rates", RATES.replace("south,0,9,0", "hall,0,9,5")), ("replay", REPLAY)):
        text = text.replace("visit,south", "visit,hall")
        home, _ = scenario_with(tmp_path / table, table, text.encode())
        with pytest.raises(InputError, match="nobody at hall/review can do 'visit'"):
            load(home)


def test_a_policy_is_blamed_for_the_table_it_names(tmp_path):
    from sim.scenario import reform

    home, _ = scenario_with(tmp_path, "rates", RATES.encode())
    (home / "other.csv").write_text(RATES.replace("10", "25"))
    (home / "policies").mkdir()
    (home / "policies" / "other.yaml").write_text(
        "format: jingxi-policy/1\ntitle: {en: Other, zh: 另}\nreason: {en: Try., zh: 试。}\n"
        "changes:\n  demand.visit.rates: other.csv\n"
    )
    with pytest.raises(
        InputError, match=r"other\.yaml:5: .*other\.csv:3 \(hour\) is wrong: 25 is not possible"
    ):
        reform(load(home), "other")


# A replay: a file, or a DataFrame


def frame(**changes: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": "visit",
            "unit": ["north", "south"],
            "arrival_s": [36_000, 36_600],
            "work_s.intake": [60, np.nan],
        }
    ).assign(**changes)


@pytest.fixture
def case(tmp_path):
    return load(scenario_with(tmp_path, "rates", RATES.encode())[0])


def test_a_data_frame_is_read_like_its_file(case, tmp_path):
    file = tmp_path / "replay.csv"
    for given in (
        frame(),
        frame().astype({"kind": "category", "unit": "category"}),
        frame().convert_dtypes(),
    ):
        given.to_csv(file, index=False)
        for read in (read_replay(given, case), read_replay(file, case), read_replay(str(file), case)):
            assert read.columns["unit"].tolist() == ["north", "south"]
            assert read.columns["arrival_s"].tolist() == [36_000, 36_600]
            assert read.columns["work_s.intake"][0] == 60 and np.isnan(read.columns["work_s.intake"][1])
            assert read.notes == ()


BAD_FRAMES = {
    "unknown column": (frame(work_s=1), "the replay table: unknown column 'work_s'"),
    "unknown unit": (frame(unit=["north", "nan"]), "the replay table, row 1: unit: unknown unit 'nan'"),
    "missing unit": (frame(unit=["north", None]), "the replay table, row 1: unit: the cell is empty"),
    "missing time": (frame(arrival_s=[1, np.nan]), "row 1: arrival_s: the cell is empty"),
    "dates": (frame(arrival_s=pd.Timestamp("2025-01-02")), "row 0: arrival_s: .* is not a number"),
    "text": (frame(arrival_s=["１２", "13"]), "row 0: arrival_s: '１２' has full-width digits"),
    "flags": (frame(arrival_s=True), "row 0: arrival_s: 'True' is not a number"),
    "infinite": (frame(arrival_s=np.inf), "row 0: arrival_s: 'inf' is not a number"),
    "no rows": (frame().iloc[:0], "the replay table: the table has no rows"),
    "no columns": (pd.DataFrame(), "the replay table: the table has 0 columns"),
    "columns twice": (pd.concat([frame(), frame()[["unit"]]], axis=1), "'unit' stands twice"),
    "columns by number": (pd.DataFrame([[1, 2]]), "no column names: 0, 1"),
    "a list": ([("visit", "north", 1)], "a replay cannot be a list"),
    "a missing file": ("nowhere.csv", "^nowhere.csv: there is no such file"),
    "a folder": (os.curdir, r"^\.: this is a folder, not a file"),
    "a NUL": ("a\0b", "there is no such file|cannot be read"),
    "a long name": ("r" * 300, "there is no such file|cannot be read"),
}


@pytest.mark.parametrize("way", BAD_FRAMES)
def test_a_wrong_data_frame_is_explained(way, case):
    given, says = BAD_FRAMES[way]
    with pytest.raises(InputError, match=says) as raised:
        read_replay(given, case)
    assert raised.value.remedy


def test_a_unit_may_be_called_as_it_likes(tmp_path):
    names = ("nan", "null", "no", "na", "none", "true", "inf")
    home, _ = scenario_with(tmp_path, "rates", RATES.encode())
    data = load(home).source.data
    data["units"] = {name: data["units"]["north"] for name in names} | data["units"]
    for name in names:
        for role in ("window", "review"):
            data["staff"][f"{name}_{role}"] = {"unit": name, "role": role, "grade": "clerk"}
    rows = "".join(f"visit,{name},36000\n" for name in names)
    (home / "replay.csv").write_text(f"kind,unit,arrival_s\n{rows}")
    read = read_replay(home / "replay.csv", build(data, home))
    assert tuple(read.columns["unit"]) == names


def test_what_has_no_effect_is_said_with_counts(case):
    given = pd.concat([frame(), frame(arrival_s=[31_536_000 + 10 * 86_400, 90_000_000])])
    given["delay_s.notice"] = 5.0
    (note,) = read_replay(given, case).notes
    assert "2 rows are after the end of the horizon and left out" in note and "from 2024-12-22 00:00" in note
    (note,) = read_replay(pd.concat([frame(), frame(), frame()]), case).notes
    assert "4 rows are the same as an earlier one in every column, the first in row 2" in note


# Whatever a file holds, it is read right or refused


def mutated(content: bytes, luck: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(luck.randint(1, 4)):
        place = luck.randrange(len(changed) + 1)
        what = luck.choice(
            [b"", b'"', b",", b"\n", b"\0", b"\xff", b";", b"\t", b"-", b"e", "９".encode(), b"  "]
        )
        changed[place : place + luck.randint(0, 2)] = what if luck.random() < 0.7 else luck.randbytes(2)
    return bytes(changed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_mutated_table_is_read_as_it_stands_or_refused(encoding, case, tmp_path):
    """What is read is what stands in the cells: nothing is lost, added up or guessed."""
    luck = random.Random(8)
    refused = 0
    for number in range(400):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(mutated(RATES.encode(encoding), luck))
        try:
            rates = read_rates(file, case)
        except InputError as error:
            refused += error.file == file and bool(error.remedy)
            continue
        text = file.read_bytes().decode("utf-16" if encoding == "utf-16" else "utf-8")
        rows = [row for row in text.replace('"', "").splitlines() if row.strip(" ,;\t")][1:]
        ends = [float(row.replace(";", ",").replace("\t", ",").rstrip(", ").split(",")[-1]) for row in rows]
        assert sum(array.sum() for array in rates.values()) == pytest.approx(sum(ends))
    assert 100 < refused < 400


def test_a_sound_table_is_read_in_silence(case):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_replay(frame(), case)


def test_a_folder_and_a_pipe_are_no_tables(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, said in (("folder", "a folder"), ("pipe", "a pipe"), ("nothing", "no such file")):
        with pytest.raises(InputError, match=said):
            read_table(tmp_path / f"{name}.csv")
