"""A log is read in all usual forms. Wrong ones are told, nothing is written."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from sim.logs import read_log
from sim.scenario import InputError

HEADER = "case,activity,person,start,end\n"


def rows(n: int = 24) -> list[list[str]]:
    return [
        [
            f"c{one // 2}",
            ("receive", "decide")[one % 2],
            f"P{one % 3}",
            f"2025-03-{1 + one // 2:02} 09:{one:02}",
            f"2025-03-{1 + one // 2:02} 10:{one:02}",
        ]
        for one in range(2 * n)
    ]


def text(table: list[list[str]], header: str = HEADER) -> str:
    return header + "".join(",".join(row) + "\n" for row in table)


def put(folder: Path, content: str | bytes, name: str = "log.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def found(log, name: str) -> int:
    return sum(one.count for one in log.findings if one.name == name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_gives_the_same_log(tmp_path, encoding):
    table = [[*row[:1], {"receive": "受理", "decide": "审批"}[row[1]], "张三", *row[3:]] for row in rows()]
    log = read_log(put(tmp_path, text(table, "案号,环节,办理人,开始时间,结束时间\n").encode(encoding)))
    assert set(log.events["activity"].cat.categories) == {"受理", "审批"}
    assert list(log.events["person"].unique()) == ["张三"]
    assert log.has_starts and len(log.cases) == 24


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d %H:%M",
        "%d.%m.%Y %H:%M:%S",
        "%Y年%m月%d日 %H时%M分",
        "%Y-%m-%d %H:%M:%S.000+08:00",
        "%Y-%m-%dT%H:%M:%S+08",
        "%Y-%m-%d %H:%M:%S UTC",
        "%Y%m%d%H%M%S",
        "%Y%m%d%H%M",
        "%d-%b-%Y %H:%M",
        "%B %d %Y %I:%M %p",
        "%Y年%m月%d日 上午%I时%M分",
        "%Y/%m/%d 上午%I:%M",
    ],
)
def test_usual_moments_are_read(tmp_path, form):
    table = [[*row[:3], *(pd.Timestamp(one).strftime(form) for one in row[3:])] for row in rows()]
    log = read_log(put(tmp_path, text(table)))
    assert log.events["start"].tolist() == [pd.Timestamp(row[3]) for row in rows()]


def test_the_afternoon_is_read(tmp_path):
    table = [[f"c{one}", "a", "P", "2025年3月4日 上午12:05", "2025/3/4 下午3:05:10"] for one in range(20)]
    log = read_log(put(tmp_path, text(table)))
    assert (log.events["start"] == pd.Timestamp("2025-03-04 00:05")).all()
    assert (log.events["end"] == pd.Timestamp("2025-03-04 15:05:10")).all()
    assert log.origin.clock == "utf-8; dates with / or ., 年月日; as written"


def test_numbers_of_unix_and_excel_are_moments(tmp_path):
    moment = pd.Timestamp("2025-03-05 08:30")
    unix, excel = int(moment.timestamp()), 45721 + 8.5 / 24
    for number in (unix, unix * 1000, excel):
        table = [[f"c{one}", "a", "P", str(number), str(number)] for one in range(20)]
        log = read_log(put(tmp_path, text(table)))
        assert (log.events["end"] == moment).all(), number


def test_moments_with_an_offset_stay_on_the_wall_or_go_to_the_office(tmp_path):
    table = [[f"c{one}", "a", "P", "2025-07-01T02:00:00Z", "2025-07-01T10:00:00+08:00"] for one in range(20)]
    file = put(tmp_path, text(table))
    assert read_log(file, leave_out_wrong=True).events["start"].iloc[0] == pd.Timestamp("2025-07-01 02:00")
    log = read_log(file, time_zone="Asia/Shanghai")
    assert (log.events["start"] == pd.Timestamp("2025-07-01 10:00")).all()
    assert (log.events["end"] == log.events["start"]).all()
    bare = put(tmp_path, text(rows()), "bare.csv")
    log = read_log(bare, time_zone="America/Bogota", written_in="UTC")
    assert log.events["start"].iloc[0] == pd.Timestamp("2025-03-01 04:00")


def test_day_or_month_first_is_seen_or_asked_for(tmp_path):
    seen = [[*row[:3], *(f"{1 + n // 2}/03/2025 10:00",) * 2] for n, row in enumerate(rows())]
    assert read_log(put(tmp_path, text(seen))).events["end"].dt.month.eq(3).all()
    file = put(tmp_path, text([[f"c{n}", "a", "P", "04/03/2025", "04/03/2025"] for n in range(20)]))
    with pytest.raises(InputError, match="day or month first"):
        read_log(file)
    assert read_log(file, day_first=True).cases["arrival"].iloc[0] == pd.Timestamp("2025-03-04")
    assert read_log(file, day_first=False).cases["arrival"].iloc[0] == pd.Timestamp("2025-04-03")


def test_xlsx_and_parquet_hold_the_same_log(tmp_path):
    plain = read_log(put(tmp_path, text(rows())))
    frame = pd.DataFrame(rows(), columns=HEADER.strip().split(","))
    frame["start"], frame["end"] = pd.to_datetime(frame["start"]), pd.to_datetime(frame["end"])
    frame.to_excel(tmp_path / "log.xlsx", index=False)
    frame.to_parquet(tmp_path / "log.parquet")
    for name in ("log.xlsx", "log.parquet"):
        events = read_log(tmp_path / name).events
        pd.testing.assert_frame_equal(
            events.astype({"activity": str, "person": str}),
            plain.events.astype({"activity": str, "person": str}),
        )


def test_moments_of_a_file_with_a_zone_stay_on_the_wall(tmp_path):
    frame = pd.DataFrame(rows(), columns=HEADER.strip().split(","))
    for zone, told in (("Asia/Shanghai", 0), ("UTC", 1)):
        for place, name in ((3, "start"), (4, "end")):
            frame[name] = pd.to_datetime([row[place] for row in rows()]).tz_localize(zone)
        frame.to_parquet(tmp_path / "log.parquet")
        log = read_log(tmp_path / "log.parquet")
        assert log.events["start"].tolist() == [pd.Timestamp(row[3]) for row in rows()]
        assert found(log, "guess") == told


def test_texts_of_parquet_may_be_a_dictionary_with_gaps(tmp_path):
    frame = pd.DataFrame(rows(), columns=HEADER.strip().split(","))
    frame["person"] = frame["person"].where(frame.index % 5 > 0, None).astype("category")
    frame.astype({"activity": "category"}).to_parquet(tmp_path / "log.parquet")
    assert found(read_log(tmp_path / "log.parquet"), "no_person") == 10


def test_line_ends_of_old_spreadsheets_are_read(tmp_path):
    log = read_log(put(tmp_path, text(rows()).replace("\n", "\r")))
    assert len(log.events) == 48


def xes(table: list[list[str]], more: str = "") -> str:
    traces: dict[str, list[str]] = {}
    for case, activity, person, start, end in table:
        for stage, moment in (("start", start), ("complete", end)):
            traces.setdefault(case, []).append(
                f'<event><string key="concept:name" value="{activity}"/>'
                f'<string key="org:resource" value="{person}"/>'
                f'<string key="lifecycle:transition" value="{stage}"/>'
                f'<date key="time:timestamp" value="{moment.replace(" ", "T")}:00"/></event>'
            )
    body = "".join(
        f'<trace><string key="concept:name" value="{case}"/>{"".join(e)}</trace>'
        for case, e in traces.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>{more}<log xes.version="1.0">{body}</log>'


def test_xes_starts_and_completions_are_one_event(tmp_path):
    plain = read_log(put(tmp_path, text(rows())))
    file = put(tmp_path, gzip.compress(xes(rows()).encode()), "log.xes.gz")
    log = read_log(file)
    kept = {"activity": str, "person": str}
    pd.testing.assert_frame_equal(log.events.astype(kept), plain.events.astype(kept))
    assert log.cases["name"].tolist() == plain.cases["name"].tolist()


def test_what_was_found_is_counted(tmp_path):
    table = [*rows(), rows()[0], ["c30", "decide", "", "", "2025-03-30 10:00"]]
    log = read_log(put(tmp_path, text(table)))
    assert found(log, "events") == 50 and found(log, "cases") == 25
    assert found(log, "no_person") == 1 and found(log, "no_start") == 1 and found(log, "repeated") == 1
    assert log.origin.rows == 50 and len(log.origin.sha256) == 64


def test_a_unit_called_nan_is_a_name(tmp_path):
    table = [[*row, "nan"] for row in rows()]
    log = read_log(put(tmp_path, text(table, HEADER.strip() + ",unit\n")))
    assert set(log.cases["unit"]) == {"nan"}


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
MIXED = (
    text([*rows(), ["c1", "受理", "P", "", "2025-03-01"]]).encode() + "审批".encode("gb18030") + b"\xff\xff\n"
)


def workbook(change, names=("xl/worksheets/sheet1.xml",)) -> bytes:
    """A log as a workbook, with some of its parts changed."""
    book = openpyxl.Workbook()
    for row in [HEADER.strip().split(","), *rows()]:
        book.active.append(row)
    book.active["B3"] = "ENTITY"
    made, changed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name).decode()) if name in names else old.read(name))
    return changed.getvalue()


def declaring(kind: str, encoding: str = "utf-8", before: str = ""):
    """A document type before the root element of a part."""

    def change(part: str) -> bytes:
        rest = part[part.index("?>") + 2 :] if part.startswith("<?xml") else part
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        return f"{head}{before}<!DOCTYPE x [{kind}]>{rest}".encode(encoding)

    return change


ROWS = (HEADER + "c1,receive,P1,2025-03-01,2025-03-02\n" * 2_200_000).encode()
BIG_XES = gzip.compress(b"<log>" + b"<trace/>" * 9_000_000)
STYLES = ("xl/styles.xml",)
SHEET_BOMB = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
SHEET_OUTSIDE = '<!ENTITY x SYSTEM "file:///etc/hostname">'
WRONG = {
    "bomb.xlsx": (workbook(declaring(SHEET_BOMB)), "declares entities"),
    "outside.xlsx": (workbook(declaring(SHEET_OUTSIDE), STYLES), "'xl/styles.xml' declares entities"),
    "late.xlsx": (workbook(declaring(SHEET_OUTSIDE, before=f"<!--{'x' * 9000}-->")), "declares entities"),
    "utf16.xlsx": (workbook(declaring(SHEET_OUTSIDE, "utf-16")), "declares entities"),
    "cut.xlsx": (workbook(lambda part: part[:-60]), "cannot be read as a workbook"),
    "no_sheet.xlsx": (workbook(lambda part: "<x/>", ("xl/workbook.xml",)), "cannot be read as a workbook"),
    "no.xlsx": (b"PK\x03\x04 something", "no workbook, or it is damaged"),
    "empty": (b"", "the file is empty"),
    "no_header": (text(rows(), ""), "not column names"),
    "other_header": (text(rows(), "a,b,c,d,e\n"), "the number of the case"),
    "only_header": (HEADER, "no rows"),
    "one_case": (text([["c1", *row[1:]] for row in rows()]), "the log has 1 case"),
    "future": (text([*rows(), ["c1", "a", "P", "2087-01-01", "2087-01-02"]]), "in the future"),
    "backwards": (text([*rows(), ["c1", "a", "P", "2025-03-02", "2025-03-01"]]), "end before the start"),
    "no_moment": (text([*rows(), ["c1", "a", "P", "", "soon"]]), "is no moment"),
    "year_1900": (text([*rows(), ["c1", "a", "P", "", "1900-01-01"]]), "an end in an impossible year"),
    "year_2099": (
        text([*rows(), ["c1", "a", "P", "31.12.2099", "2025-03-01"]]),
        "a start in an impossible year",
    ),
    "no_case": (text([*rows(), ["", "a", "P", "", "2025-03-01"]]), "without a case"),
    "short_row": (text([*rows(), ["c1", "a"]]), "another number of cells"),
    "twice": (text(rows(), "case,activity,case,start,end\n"), "two columns are called"),
    "long_line": (HEADER.encode() + b"c" * (13 << 20), "line is longer"),
    "mixed": (MIXED, "mixes encodings"),
    "two_encodings": (
        text([*rows(), ["c1", "受理", "P", "", "2025-03-01"]]).encode()
        + "c1,审核,P,,2025-03-01\n".encode("gb18030"),
        "some lines are in UTF-8 and some are not",
    ),
    "wide": ("x" * 100_000 + ",b,c\n1,2,3\n", "the number of the case"),
    "zeros": (HEADER.encode() + b"\0" * (3 << 20), "zeros.csv:2: a zero byte"),
    "zero_in_a_name": (text([*rows(), ["c1", "a\0b", "P", "", "2025-03-01"]]), ":50: a zero byte"),
    "workbook": (b"PK\x03\x04 something", "a workbook or an archive"),
    "bomb.xes": (xes(rows(), BOMB), "document type"),
    "outside.xes": (xes(rows(), OUTSIDE), "document type"),
    "cut.xes": (xes(rows())[:-40], "not valid XML"),
    "html.xes": ("<html><body/></html>", "not a log"),
    "long_tag.xes": (b'<log><trace><string key="k" value="' + b"x" * (18 << 20), "tag is longer"),
    "packed.csv.gz": (b"no gzip", "gzip file is damaged"),
    "bomb.csv.gz": (gzip.compress(ROWS), "unpacks to more than 64 MB from 0.23 MB"),
    "wide.csv.gz": (gzip.compress(ROWS.decode().encode("utf-16")), "unpacks to more than"),
    "bomb.xes.gz": (BIG_XES, "unpacks to more than 64 MB"),
    "bomb2.xlsx": (workbook(lambda part: part + " " * 80_000_000), "unpacks to more than 64 MB"),
    "log.docx": (b"PK", "cannot be a '.docx' file"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_bad_input_is_told_and_nothing_is_written(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    content, message = WRONG[name]
    file = put(tmp_path, content, name if "." in name else f"{name}.csv")
    before = sorted(tmp_path.rglob("*"))
    ran = CliRunner().invoke(app, ["import-log", str(file), "--name", "office"])
    assert ran.exit_code == 2, ran.output
    assert message in ran.stderr and "Traceback" not in ran.stderr
    assert len(ran.stderr) < 1500
    assert sorted(tmp_path.rglob("*")) == before


def test_a_formula_is_refused_by_its_cell(tmp_path):
    book = openpyxl.Workbook()
    for row in [HEADER.strip().split(","), *rows()]:
        book.active.append(row)
    book.active["B3"] = '=HYPERLINK("http://example.org")'
    book.save(tmp_path / "log.xlsx")
    with pytest.raises(InputError, match="the cell B3 of 'Sheet' holds a formula"):
        read_log(tmp_path / "log.xlsx")


def test_a_stray_cell_in_the_last_corner_of_a_sheet_is_not_read(tmp_path):
    book = openpyxl.Workbook()
    for row in [HEADER.strip().split(","), *rows()]:
        book.active.append(row)
    book.active["XFD1048576"] = "stray"
    book.save(tmp_path / "log.xlsx")
    began = time.process_time()
    log = read_log(tmp_path / "log.xlsx")
    assert len(log.events) == len(rows())
    assert time.process_time() - began < 30  # every row of 16,384 cells would take a quarter of an hour


def test_a_zero_byte_is_refused_in_every_encoding(tmp_path):
    content = text([["c\0", *row[1:]] for row in rows()])
    for encoding in ("utf-8", "utf-16", "utf-16-be", "gb18030"):
        file = tmp_path / f"{encoding}.csv"
        file.write_bytes(content.encode(encoding))
        with pytest.raises(InputError, match="a zero byte"):
            read_log(file)


@pytest.mark.parametrize("nothing", ["NULL", "nan", "NaN", "None", " "])
def test_cases_whose_number_a_system_wrote_as_nothing_are_no_case(tmp_path, nothing):
    file = put(tmp_path, text([*rows(), [nothing, "decide", "P", "2025-03-02", "2025-03-02"]]))
    with pytest.raises(InputError, match="1 row without a case"):
        read_log(file)
    assert found(read_log(file, leave_out_wrong=True), "no_case") == 1


@pytest.mark.parametrize("nobody", ["NULL", "None", "N/A", "nan"])
def test_people_whom_a_system_wrote_as_nothing_are_nobody(tmp_path, nobody):
    table = [[*row[:2], nobody if number < 10 else row[2], *row[3:]] for number, row in enumerate(rows())]
    log = read_log(put(tmp_path, text(table)))
    assert nobody not in log.events["person"].cat.categories
    assert found(log, "no_person") == 10


@pytest.mark.parametrize("wrong", ["2025-03-01 25:00:00", "2025/3/1 10:75", "01/13/2025 24:01:00"])
def test_an_hour_that_no_day_has_is_no_moment(tmp_path, wrong):
    """It was read as a moment of the next day or hour."""
    with pytest.raises(InputError, match="1 row with an end that is no moment"):
        read_log(put(tmp_path, text([*rows(), ["c1", "decide", "P", "2025-03-01", wrong]])))


def test_24_00_is_the_end_of_a_day(tmp_path):
    late = ["late", "decide", "P", "2025-03-05 23:00", "2025-03-05 24:00"]
    log = read_log(put(tmp_path, text([*rows(), late])))
    assert pd.Timestamp("2025-03-06") in log.events["end"].tolist()


def test_columns_of_days_beside_hours_are_told(tmp_path):
    head = "case,activity,person,start,end,due\n"
    log = read_log(put(tmp_path, text([[*row, "2025-06-30"] for row in rows()], head)))
    assert found(log, "midnight_due") == len(rows()) and found(log, "midnight_end") == 0
    log = read_log(put(tmp_path, text([[*row, "2025-06-30 00:00:00.020"] for row in rows()], head)))
    assert found(log, "midnight_due") == len(rows())


@pytest.mark.parametrize(
    "words", ["Prüfung für José", "Avaliação da solicitação", "APROVAÇÃO", "Création créée"]
)
def test_latin_1_is_named_and_not_taken_for_chinese(tmp_path, words):
    """Two accented letters beside each other are a Chinese character of GB 18030 too."""
    table = [[row[0], words, *row[2:]] for row in rows()]
    (tmp_path / "log.csv").write_bytes(text(table).encode("latin-1"))
    with pytest.raises(InputError, match="neither UTF-8 nor GB 18030: perhaps Latin-1"):
        read_log(tmp_path / "log.csv")


@pytest.mark.parametrize("words", ["A类受理", "VIP客户app端", "審核鎔囍", "e窗通", "微信app报案"])
def test_chinese_beside_letters_stays_chinese(tmp_path, words):
    table = [[row[0], words, "张三", *row[3:]] for row in rows()]
    log = read_log(put(tmp_path, text(table, "案号,环节,办理人,开始时间,结束时间\n").encode("gb18030")))
    assert list(log.events["activity"].cat.categories) == [words]


def test_wrong_rows_are_left_out_only_on_demand_and_counted(tmp_path):
    file = put(tmp_path, text([*rows(), ["c1", "a", "P", "2025-03-02", "2025-03-01"]]))
    log = read_log(file, leave_out_wrong=True)
    assert found(log, "backwards") == 1 and len(log.events) == 48
    assert log.origin.filters == ("rows with an end before the start: 1",)


def test_a_column_is_told_by_a_flag(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = put(tmp_path, text(rows(), "number,what,who,from,to\n"))
    told = ["case=number", "activity=what", "person=who", "start=from", "end=to"]
    ran = CliRunner().invoke(
        app, ["import-log", str(file), "--look", *(part for one in told for part in ("--column", one))]
    )
    assert ran.exit_code == 0, ran.output
    assert "24  cases (2025-03-01 – 2025-03-24)" in ran.output
    wrong = CliRunner().invoke(app, ["import-log", str(file), "--look", "--column", "case=nummer"])
    assert wrong.exit_code == 2 and "Did you mean 'number'?" in wrong.stderr


def test_a_deadline_that_is_no_moment_is_counted(tmp_path):
    table = [[*row, ("soon", "1900-01-01")[place % 2]] for place, row in enumerate(rows())]
    log = read_log(put(tmp_path, text(table, "case,activity,person,start,end,due\n")))
    assert found(log, "unread_due") == found(log, "year_due") == 24
    assert log.cases["due"].isna().all()


def test_dates_of_cases_that_cannot_be_are_told(tmp_path):
    dates = {"c1": ["2024-01-01", ""], "c2": ["", "2024-12-31"], "c3": ["", "2087-01-01"]}
    table = [[*row, *dates.get(row[0], ["2025-12-31", "2025-04-01"])] for row in rows()]
    log = read_log(put(tmp_path, text(table, HEADER.strip() + ",due,case_end\n")))
    counts = [found(log, name) for name in ("due_before", "closed_before", "closed_future")]
    assert counts == [1, 1, 1] and len(log.cases) == 24
