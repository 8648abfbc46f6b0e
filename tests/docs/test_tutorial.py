"""The tutorial is done as it is written: every table typed into the workbook, every command run."""

from __future__ import annotations

import re
import shlex

import openpyxl
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.commands import app

from .text import ROOT

PAGES = {lang: (ROOT / "docs" / f"tutorial.{lang}.md").read_text(encoding="utf-8") for lang in ("en", "zh")}
_SHEET = re.compile(r"^### (?:Sheet|表) (\w+)[:：].*\n\n((?:\|.*\n)+)", re.MULTILINE)
IN_CHINESE = " --lang zh"
_COMMAND = re.compile(r"^    (sim .*)$", re.MULTILINE)


def tables(page: str) -> dict[str, list[list[str]]]:
    """The rows of each sheet, the keys first."""
    found = {}
    for sheet, table in _SHEET.findall(page):
        rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in table.splitlines()]
        found[sheet] = [rows[0], *rows[2:]]
    return found


def test_both_languages_have_the_same_tables_and_commands():
    assert tables(PAGES["en"]) == tables(PAGES["zh"]) and len(tables(PAGES["en"])) == 7
    english, chinese = (_COMMAND.findall(page) for page in PAGES.values())
    assert english == [command.removesuffix(IN_CHINESE) for command in chinese] and len(english) >= 12
    staff = tables(PAGES["en"])["staff"][1:]
    assert len(staff) == 5 and sum(int(row[4]) for row in staff) == 30


def typed(text: str) -> str | float | int:
    return float(text) if re.fullmatch(r"[0-9]+\.[0-9]+", text) else int(text) if text.isdecimal() else text


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """What each command printed; the page's tables are typed in after the first one."""
    folder = tmp_path_factory.mktemp("office")
    told = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for number, command in enumerate(_COMMAND.findall(PAGES["en"])):
            arguments = shlex.split(command)[1:]
            result = CliRunner().invoke(app, arguments)
            assert result.exit_code == 0, f"{command}\n{result.output}"
            told[command] = result.output
            if number == 0:
                fill(folder / arguments[1])
        yield folder, told, sim.study("taxhall-2025")


def fill(file) -> None:
    book = openpyxl.load_workbook(file)
    for name, (keys, *rows) in tables(PAGES["en"]).items():
        sheet = next(one for one in book if one.title.split()[0] == name)
        columns = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
        first = 4
        while sheet.cell(first, 1).value is not None:
            first += 1
        for row, cells in enumerate(rows, first):
            for key, text in zip(keys, cells, strict=True):
                sheet.cell(row, columns[key], typed(text))
    about = next(one for one in book if one.title.startswith("about"))
    titles = {"title.en": "County tax hall", "title.zh": "县办税服务厅"}
    for row in about.iter_rows(min_row=4):
        if row[0].value in titles:
            row[1].value = titles[row[0].value]
    book.save(file)


def test_the_office_of_the_page_is_the_one_that_was_read(done):
    folder, told, study = done
    scenario = study.scenario
    assert scenario.title.zh == "县办税服务厅" and len(scenario.kinds) == 5 and len(scenario.units) == 5
    assert sum(group.count for group in scenario.staff.values()) == 30
    assert "assumed, for it has no source: kinds" in told["sim import-workbook taxhall.xlsx"]
    assert "assumed, for it has no source: staff" not in told["sim import-workbook taxhall.xlsx"]
    assert scenario.source.evidence["demand",].source == "Ticket machine and filing system, 2024"


def test_the_commands_tell_what_the_page_says(done):
    _, told, study = done
    assert told["sim check taxhall"].count("ok: ") == 3
    tried = next(text for command, text in told.items() if command.startswith("sim what-if"))
    assert "[" in tried and "4 replications" in tried
    assert list(study.policies) == ["current", "lines-98", "two-to-chengguan"]
    assert "Mean wait for the first step" in told["sim compare taxhall-2025 two-to-chengguan"]


def test_what_the_chinese_page_asks_for_in_chinese_is_told_in_chinese(done, monkeypatch):
    monkeypatch.chdir(done[0])
    asked = [command for command in _COMMAND.findall(PAGES["zh"]) if command.endswith(IN_CHINESE)]
    assert len(asked) >= 7
    for command in asked:
        if "what-if" not in command:  # a comparison, as the one of the study is
            told = CliRunner().invoke(app, shlex.split(command)[1:])
            assert told.exit_code == 0, f"{command}\n{told.output}"
            assert re.match(r"[\u4e00-\u9fff]", told.stdout), command


def test_the_briefings_are_there_in_both_languages(done):
    folder, _, _ = done
    english, chinese = (
        (folder / f"reports/taxhall-2025/briefing.{lang}.html").read_text(encoding="utf-8")
        for lang in ("en", "zh")
    )
    assert "Lines and staff" in english and "门槛与人员配置" in chinese
