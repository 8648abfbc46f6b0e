"""A scenario goes to a workbook and comes back equal; a wrong one is told by cell, and writes nothing."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import sim
from sim.authoring.workbook import import_workbook, read_workbook, write_template, write_workbook
from sim.authoring.workbook.book import Book, Cell, open_book
from sim.cli.commands import app
from sim.scenario import InputError
from sim.scenario.folders import shipped_folder

from .language_server import tool

SHIPPED = sorted(file.parent.name for file in shipped_folder().glob("*/scenario.yaml"))


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def sheet(book, name):
    return next(one for one in book if one.title.split()[0] == name)


def add(book, name, *rows):
    """Type rows under the headings of a sheet, below what stands there."""
    where = sheet(book, name)
    columns = {cell.value: number for number, cell in enumerate(where[1], 1)}
    first = 4
    while where.cell(first, 1).value is not None:
        first += 1
    for row, values in enumerate(rows, first):
        for key, value in values.items():
            where.cell(row, columns[key], value)


def fill(book):
    add(book, "units", {"unit": "hall", "type": "office", "title.en": "Hall", "title.zh": "大厅"})
    add(
        book,
        "staff",
        {"group": "clerk", "unit": "hall", "role": "window", "grade": "clerk", "count": 5},
    )
    add(
        book,
        "kinds",
        {
            "kind": "invoice",
            "title.en": "Invoices",
            "title.zh": "发票",
            "limit.amount": 1,
            "limit.per": "工作日",
        },
    )
    step = {"kind": "invoice", "step": "serve", "type": "work", "at": "own/window", "minutes": 12, "cv": 0.5}
    add(book, "kinds_route", step)
    add(book, "demand", {"kind": "invoice", "profile": "usual"})
    add(book, "demand_volumes", {"kind": "invoice", "unit": "hall", "value": 20000})


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_comes_back_equal(name):
    original = sim.load(name)
    import_workbook(write_workbook(original, Path("office.xlsx")), "copy")
    copied = sim.load("copy")
    assert copied.digest() == original.digest()
    assert copied.source.evidence == original.source.evidence
    assert (copied.title, copied.description) == (original.title, original.description)


def test_an_empty_workbook_that_is_filled_in_makes_a_scenario_that_runs():
    book = openpyxl.load_workbook(write_template(Path("empty.xlsx")))
    fill(book)
    book.save("filled.xlsx")
    files, read = import_workbook(Path("filled.xlsx"), "tax")
    assert read.assumed == ["staff", "kinds", "demand"] and read.remarks == []
    scenario = sim.load("tax")
    assert scenario.kinds["invoice"].limit.per == "working_days"  # typed as 工作日
    assert scenario.source.evidence["staff",].source == "assumed"
    assert Path("scenarios/studies/tax.yaml") in [file.relative_to(Path.cwd()) for file in files]
    assert sim.simulate("tax", policy="lower-lines").outcomes["value"].notna().any()


def test_a_source_that_is_given_is_kept():
    book = openpyxl.load_workbook(write_template(Path("empty.xlsx")))
    fill(book)
    add(book, "sources", {"path": "staff", "source": "Roster of March", "reason": "Counted."})
    row = {"path": "demand.invoice.volumes.hall", "source": "assumed", "unit": "requests a year"}
    add(book, "sources", row | {"low": 15000, "high": 25000, "reason": "Ticket machine."})
    book.save("filled.xlsx")
    _, read = import_workbook(Path("filled.xlsx"), "tax")
    assert read.assumed == ["kinds"]
    found = sim.load("tax").source.evidence
    assert found["staff",].source == "Roster of March"
    assert found["demand", "invoice", "volumes", "hall"].range == (15000, 25000)


def test_a_scenario_is_replaced_and_its_policies_stay():
    import_workbook(write_workbook(sim.load("one-office"), Path("office.xlsx")), "mine")
    book = openpyxl.load_workbook("office.xlsx")
    sheet(book, "staff")["E4"] = 3
    book.save("office.xlsx")
    told = CliRunner().invoke(app, ["import-workbook", "office.xlsx", "--name", "mine"])
    assert told.exit_code == 2 and "--replace" in told.output
    told = CliRunner().invoke(app, ["import-workbook", "office.xlsx", "--name", "mine", "--replace"])
    assert told.exit_code == 0, told.output
    assert sim.load("mine").staff["clerk"].count == 3
    assert sim.load_policy(sim.load("mine"), "lower-lines").changes["pay.full_pay_threshold"] == 90
    (kept,) = Path("scenarios/mine/replaced").iterdir()
    assert str(kept) in told.output
    assert sim.load(str(kept)).digest() == sim.load("one-office").digest()
    again = CliRunner().invoke(app, ["import-workbook", "office.xlsx", "--name", "mine", "--replace"])
    assert again.exit_code == 0 and len(list(kept.parent.iterdir())) == 1  # nothing changed: no further copy


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_what_is_interrupted_while_it_is_replaced_stays_as_it_was(moves, tmp_path, monkeypatch):
    """The scenario has a table beside it; the interruption comes before, between and after the two moves."""
    from sim.authoring import place

    old, new = tmp_path / "mine", tmp_path / "new"
    for folder, text in ((old, "before"), (new, "after")):
        folder.mkdir()
        for name in ("scenario.yaml", "rates.csv"):
            (folder / name).write_text(text, encoding="utf-8")
    real, done = Path.replace, []

    def interrupted(self, target):
        if self.parent == new:
            if len(done) == moves:
                raise KeyboardInterrupt
            done.append(self)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    names = ["scenario.yaml", "rates.csv", *(["more.csv"] if moves == 2 else [])]
    for name in names[2:]:
        (new / name).write_text("after", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        place._replaced(new, old, names)
    told = {one.name: one.read_text("utf-8") for one in old.iterdir() if one.is_file()}
    assert told == {"scenario.yaml": "before", "rates.csv": "before"}


def test_all_mistakes_of_a_workbook_are_told_at_once():
    book = openpyxl.load_workbook(io.BytesIO(small()))
    sheet(book, "units")["A4"] = "大厅"
    sheet(book, "staff")["E4"] = "[1"
    sheet(book, "kinds")["A4"] = "Bad Name"
    sheet(book, "demand_volumes").cell(4, 9, "lost")
    book.save("wrong.xlsx")
    told = CliRunner().invoke(app, ["import-workbook", "wrong.xlsx"])
    assert told.exit_code == 2 and not Path("scenarios").exists()
    lines = told.output.strip().splitlines()
    assert len(lines) == 4, told.output  # the steps and demand of the kind are not told again
    for place, line in zip(("units 单位!A4", "staff 人员!E4", "kinds 事项!A4", "!I4"), lines, strict=True):
        assert place in line


def test_a_value_alone_in_its_row_is_told_by_its_own_cell():
    book = openpyxl.load_workbook(io.BytesIO(small()))
    sheet(book, "demand_volumes")["C4"] = "1,200"
    sheet(book, "staff")["E5"] = 5  # a sum under the column
    book.save("wrong.xlsx")
    told = CliRunner().invoke(app, ["import-workbook", "wrong.xlsx"])
    assert told.exit_code == 2 and "!A5: the name is missing" in told.output and "totals" in told.output
    sheet(book, "staff")["E5"] = None
    book.save("wrong.xlsx")
    told = CliRunner().invoke(app, ["import-workbook", "wrong.xlsx"])
    assert told.exit_code == 2 and "demand_volumes 来件量!C4: '1,200' is not a number" in told.output


def test_months_weekdays_and_steps_are_told_by_name():
    book = openpyxl.load_workbook(write_template(Path("empty.xlsx")))
    heads = [[cell.value for cell in sheet(book, "profiles")[row]] for row in (2, 3)]
    assert "weights of the months (January)" in heads[0] and "各月权重（12月）" in heads[1]
    assert "delay：等待，无人办理" in sheet(book, "kinds_route")["C1"].comment.text


def test_headings_are_in_both_languages_with_units_and_lists_drop_down():
    book = openpyxl.load_workbook(write_workbook(sim.load("one-office"), Path("office.xlsx")))
    staff = sheet(book, "staff")
    columns = {cell.value: number for number, cell in enumerate(staff[1], 1)}
    heads = [staff.cell(row, columns["count"]).value for row in (2, 3)]
    assert heads == ["people [people]", "人数 [人]"]
    offered = {str(one.sqref)[:1]: one.formula1 for one in staff.data_validations.dataValidation}
    assert offered["B"].startswith("'units ")
    kinds = sheet(book, "unit_types").data_validations.dataValidation
    assert any("one_window,desk_per_kind" in str(one.formula1) for one in kinds)
    assert staff.cell(1, columns["speed"]).comment.text.startswith("above 0.05")


def test_formulas_macros_links_and_hidden_sheets_are_data_and_are_told():
    write_workbook(sim.load("one-office"), Path("office.xlsx"))
    book = openpyxl.load_workbook("office.xlsx")
    sheet(book, "roles").sheet_state = "hidden"
    book.create_sheet("notes")["A1"] = "call Wang"
    sheet(book, "staff")["E4"] = "=1+1"
    book.save("office.xlsx")
    with pytest.raises(InputError, match="formula without a stored value") as told:
        read_workbook(Path("office.xlsx"))
    assert "staff" in str(told.value) and "!E4" in str(told.value)
    with zipfile.ZipFile("office.xlsx") as old, zipfile.ZipFile("stored.xlsx", "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            new.writestr(part, content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"))
        new.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
        new.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    read = read_workbook(Path("stored.xlsx"))
    assert read.source.data["staff"]["clerk"]["count"] == 2
    told = "\n".join(read.remarks)
    for word in (
        "macros; they are not executed",
        "links to other files",
        "hidden",
        "'notes'",
        "stored value 2",
    ):
        assert word in told


@pytest.mark.parametrize("locale", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_workbook_that_libreoffice_saved_is_read(locale, tmp_path, monkeypatch):
    office = tool("localc")
    monkeypatch.setenv("LC_ALL", locale)
    write_workbook(sim.load("one-office"), Path("office.xlsx"))
    command = [
        office,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", "saved", "office.xlsx"], check=True, capture_output=True, timeout=180
    )
    import_workbook(Path("saved/office.xlsx"), "saved")
    assert sim.load("saved").digest() == sim.load("one-office").digest()


# One message, by sheet and cell, and nothing written: workbooks with something wrong.

WRONG = {  # what may be typed into a cell of a form, and is wrong there
    "number": ["many", "３", -1e9, "1,5", True, "[1]", "1/2"],
    "flag": ["maybe", 7],
    "choice": ["something", 3],
    "refers": ["nowhere", "Bad Name", 5],
    "name": ["Bad Name", "大厅", None, "a b"],
    "structure": ["[1", "{a: }}", "nothing at all", -3],
}


def small() -> bytes:
    """A workbook of one office, without the sheets that it can do without."""
    book = openpyxl.load_workbook(write_template(Path("small.xlsx")))
    fill(book)
    for name in ("rules", "read", "committees", "training", "awards", "duties", "staff_roster"):
        del book[sheet(book, name).title]
    return saved(book)


def saved(book) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells_with_mistakes():
    """(sheet, cell, value): a wrong value in every column that has a form, where something stands."""
    from sim.authoring.workbook.layout import tables

    found = []
    for table in tables():
        columns = [*table.names, *table.columns]
        for number, column in enumerate(columns, 1):
            letter = openpyxl.utils.get_column_letter(number)
            form = "name" if number <= len(table.names) else "refers" if column.refers else column.form
            found += [(table.sheet, f"{letter}4", value) for value in WRONG.get(form, ())]
    return found


def test_two_hundred_wrong_cells_are_told_by_sheet_and_cell(monkeypatch):
    """Every thirtieth goes through a file, which takes a second; the others among the cells as read."""
    content = small()
    base = openpyxl.load_workbook(io.BytesIO(content))
    Path("sound.xlsx").write_bytes(content)
    read = open_book(Path("sound.xlsx"))
    titles = {title.split()[0]: title for title in read.sheets}
    tried = 0
    for name, place, value in cells_with_mistakes():
        if name not in titles or sheet(base, name)["A4"].value is None:
            continue
        cell = sheet(base, name)[place]
        before = cell.value
        if before is None and value is None:
            continue
        tried += 1
        with monkeypatch.context() as patch:
            if tried % 30 == 0:
                cell.value = value
                Path("wrong.xlsx").write_bytes(saved(base))
                cell.value = before
            else:
                title, number = titles[name], openpyxl.utils.cell.coordinate_from_string(place)[0]
                rows = [list(row) for row in read.sheets[title]]
                column = openpyxl.utils.column_index_from_string(number) - 1
                rows[3][column] = Cell(f"{title}!{place}", value)
                wrong = Book(Path("wrong.xlsx"), read.sheets | {title: rows})
                patch.setattr("sim.authoring.workbook.read.open_book", lambda _, wrong=wrong: wrong)
            with pytest.raises(InputError) as told:
                import_workbook(Path("wrong.xlsx"), "wrong")
        message = str(told.value)
        assert message.startswith("wrong.xlsx: ") and told.value.remedy, (name, place, value, message)
        assert f"!{place}" in message or "!" in message.splitlines()[0], (name, place, value, message)
        assert not Path("scenarios").exists()
    assert tried >= 200


def files_with_mistakes():
    """Files that are no workbook, or a damaged or hostile one."""
    good = small()
    yield "empty", b""
    yield "text", b"unit,count\nhall,3\n"
    yield "old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "word", archive({"word/document.xml": b"<document/>"})
    yield "nothing inside", archive({"xl/workbook.xml": b""})
    yield "no xml", archive({"xl/workbook.xml": b"\0\1\2"})
    yield "entities", archive({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'})
    yield "bomb", archive({"xl/workbook.xml": b"<workbook/>", "xl/big.xml": bytes(201_000_000)})
    yield "many parts", archive({"xl/workbook.xml": b""} | {f"{number}.xml": b"" for number in range(2001)})
    for place in range(1, 10):
        yield f"cut at {place}", good[: len(good) * place // 10]
    chance = random.Random(16)
    for number in range(10):
        flipped = bytearray(good)
        for _ in range(200):
            flipped[chance.randrange(len(flipped))] ^= 0xFF
        yield f"noise {number}", bytes(flipped)
    for name in ("units", "staff", "kinds", "kinds_route", "about", "grades", "roles", "unit_types"):
        fewer = openpyxl.load_workbook(io.BytesIO(good))
        del fewer[sheet(fewer, name).title]
        yield f"without {name}", saved(fewer)
    for name in ("units", "staff", "kinds_route", "sources", "about"):
        renamed = openpyxl.load_workbook(io.BytesIO(good))
        sheet(renamed, name)["B1"] = "no such column"
        yield f"heading of {name}", saved(renamed)
    for name in ("units", "staff", "kinds", "demand"):
        twice = openpyxl.load_workbook(io.BytesIO(good))
        where = sheet(twice, name)
        for cell in where[4]:
            where.cell(5, cell.column, cell.value)
        yield f"{name} twice", saved(twice)
    for path, source in (("staff.nobody", "assumed"), (None, "assumed"), ("pay", "assumed")):
        told = openpyxl.load_workbook(io.BytesIO(good))
        add(told, "sources", {"source": source, "path": path} if path else {"source": source})
        yield f"source of {path}", saved(told)
    far = openpyxl.load_workbook(io.BytesIO(good))
    sheet(far, "staff").cell(4, 30, "lost")
    yield "beside the table", saved(far)


def archive(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return content.getvalue()


def test_files_that_are_no_sound_workbook_are_told_and_write_nothing():
    tried = 0
    for name, content in files_with_mistakes():
        Path("wrong.xlsx").write_bytes(content)
        told = CliRunner().invoke(app, ["import-workbook", "wrong.xlsx"])
        assert told.exit_code == 2, (name, told.output, told.exception)
        assert "wrong.xlsx" in told.output and "Traceback" not in told.output, (name, told.output)
        assert len(told.output.strip().splitlines()) <= 9, (name, told.output)
        assert not Path("scenarios").exists(), name
        tried += 1
    assert tried >= 40


def test_a_file_with_a_chinese_name_asks_for_a_name_and_studies_is_none():
    Path("县车管所 2025.xlsx").write_bytes(small())
    told = CliRunner().invoke(app, ["import-workbook", "县车管所 2025.xlsx"])
    assert told.exit_code == 2 and "--name office" in told.output
    told = CliRunner().invoke(app, ["import-workbook", "县车管所 2025.xlsx", "--name", "studies"])
    assert told.exit_code == 2 and "cannot be called 'studies'" in told.output
    assert not Path("scenarios").exists()
    told = CliRunner().invoke(app, ["import-workbook", "县车管所 2025.xlsx", "--name", "cars"])
    assert told.exit_code == 0 and sim.load("cars").units


def test_a_file_that_is_not_there_or_called_otherwise_is_told():
    for name in ("nowhere.xlsx", "office.csv", "."):
        told = CliRunner().invoke(app, ["import-workbook", name])
        assert told.exit_code == 2 and told.output.strip()
    Path("office.xlsx").write_bytes(b"")
    told = CliRunner().invoke(app, ["workbook", "one-office", "--file", "office.xlsx"])
    assert told.exit_code == 2 and "there already" in told.output
    shutil.rmtree("scenarios", ignore_errors=True)
