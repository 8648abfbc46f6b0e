"""Titles as a stranger may write them, through whole reports: they are read, and steer nothing."""

import csv
import io
import re
import warnings

import pytest
import yaml

from sim.report import glyphs, labels
from sim.report.record import write_tables
from sim.scenario.errors import printable
from sim.study import study as load_study
from tests import two_offices

from .in_process import page_of

DOLLARS = "Fee $5 instead of $10"
TITLES = {  # of units, kinds, policies
    "north": r"$\frac{1}{$ and \alpha_{2} 100% {0} {title} %s",
    "south": "_under_ <b>&amp;</b> \"'><script>alert(1)</script>",
    "visit": "\u202egnp.exe\u2066\u200b\x07 of\r\n=1+1",
    "ninety": DOLLARS,
    "second-clerk": "_" + "long title " * 54,
    "nothing": "长" * 599 + "。",
}
REASON = "assumed \r=1+1\t＝2 \u202e"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    scenario = yaml.safe_load(two_offices.SCENARIO)
    for group, name in (("units", "north"), ("units", "south"), ("kinds", "visit")):
        scenario[group][name]["title"] = {"en": TITLES[name], "zh": TITLES[name]}
    scenario["grades"]["clerk"]["base_pay"]["reason"] = REASON
    changes = {
        "ninety": {"pay.full_pay_threshold": 90, "pay.bonus_threshold": 90},
        "second-clerk": {"staff.north_window.count": 2},
        "nothing": {"assessment.bottom_count": 0},
    }
    policies = {name: two_offices.policy(TITLES[name], own, zh=TITLES[name]) for name, own in changes.items()}
    for content in policies.values():
        content["reason"] = dict(content["title"])
    text = yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False)
    root = two_offices.write(tmp_path_factory.mktemp("hostile"), text, policies)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        yield load_study("offices").run(workers=1, progress=False)


@pytest.mark.parametrize(
    ("report", "lang"), [("comparison", "en"), ("briefing", "zh"), ("assumptions", "en")]
)
def test_a_report_shows_titles_as_they_are(hostile, report, lang, tmp_path, monkeypatch):
    monkeypatch.setattr(glyphs, "font_faces", lambda text, serif=False, lang="zh": "")
    drawn = []
    monkeypatch.setattr(glyphs, "missing_glyphs", lambda text: drawn.append(text) or set())
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # a figure without room, a glyph that is not there
        page = page_of(hostile, report, lang, tmp_path)
    assert not STEERING.search(page)
    assert page.count("<script") == page.count("<script>/* Search, folding and sorting") <= 1  # our own
    assert "&lt;script&gt;" in page or report != "assumptions"  # which names every unit
    assert "Fee $5 instead of $10" in page
    (text,) = drawn  # also what figures draw as outlines, which matplotlib notes in comments
    figures = text[text.rindex("</") :]
    assert "Fee $5" in figures.replace("\n", " ") or report == "briefing"


def test_no_cell_of_a_table_is_a_formula(hostile, tmp_path):
    for file in write_tables(hostile, tmp_path):
        told = file.read_text(encoding="utf-8-sig")
        assert not STEERING.search(told) and "\r" not in told
        for row in csv.reader(io.StringIO(told)):
            for cell in row:
                assert "\n" not in cell
                number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
                assert number or not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_the_terminal_is_not_driven():
    assert printable("a\x1b[2Jb\u202ec\u2066d\u200be\r\nf") == "a [2Jb c d e  f"


@pytest.mark.parametrize("name", [*TITLES.values(), "Word " * 120, "甲 a" * 200, ""])
def test_names_keep_to_their_room(name):
    for width, lines in ((25, 3), (44, 1), (100, 3)):
        found = labels.wrapped(name, width, lines).split("\n")
        assert len(found) <= lines and all(labels.line_width(line) <= width for line in found)
    both = labels.told_apart([name, name, name])
    assert len(set(both)) == 3 and all(labels.line_width(label) <= labels.LONGEST_ROW for label in both)
