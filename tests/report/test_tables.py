import io

import numpy as np
import pandas as pd
import pytest

from sim.report import tables, words
from sim.report.document import Table
from sim.report.tables import column_widths
from sim.report.words import unbroken


def test_a_table_is_accessible_and_escaped():
    frame = pd.DataFrame(
        {"office": ["<b>", "=cmd()"], "n": [1234, 5], "x": [1.5, np.nan], "on": [True, False]}
    )
    html = tables.html_table(
        frame, "Caption & <i>", "en", columns={"office": "Office", "n": "N", "x": "X", "on": "?"}
    )
    assert "<caption>Caption &amp; &lt;i&gt;</caption>" in html
    assert html.count('<th scope="col"') == 4
    assert html.count('<th scope="row" class="left short">&lt;b&gt;</th>') == 1
    assert '<td class="right" data-label="N">1,234</td><td class="right" data-label="X">1.50</td>' in html
    assert (
        f'<td class="right" data-label="X">{words.MISSING}</td><td class="left short" data-label="?">no</td>'
        in html
    )
    assert "<b>" not in html and "<i>" not in html


def test_columns_are_chosen_named_aligned_and_printed_as_asked():
    frame = pd.DataFrame({"a": [1], "b": [0.5], "year": [2026]})
    html = tables.html_table(
        frame,
        "c",
        "zh",
        columns={"year": "年", "b": "占比"},
        align={"b": "centre"},
        formats={"year": str, "b": words.percent},
    )
    assert (
        '<th scope="row" class="left short">2026</th><td class="centre" data-label="占比">50.00%</td>' in html
    )
    assert html.index("年") < html.index("占比") and ">a<" not in html


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"z": "Z"}}, "0 columns 'z'"),
        ({"align": {"z": "left"}}, "0 columns 'z'"),
        ({"align": {"a": "middle"}}, "not 'middle'"),
        ({"columns": {}}, "needs a column"),
    ],
)
def test_what_a_table_cannot_show_is_refused(options, said):
    with pytest.raises(ValueError, match=said):
        tables.html_table(pd.DataFrame({"a": [1]}), "c", "en", **options)


def test_a_wide_table_gets_smaller_then_is_cut():
    def of(columns):
        names = ["office"] + [f"indicator {n}" for n in range(columns)]
        return tables.html_table(
            pd.DataFrame([["Household registration", *[1e6] * columns]], columns=names), "c", "en"
        )

    sizes = [of(n).split('class="table ')[1].split(" whole")[0] for n in (1, 4, 6)]
    assert sizes == ["narrow", "", "small"]
    cut = of(10)
    assert cut.count("<table") == 2 and "(1/2)" in cut and "(2/2)" in cut
    assert cut.count("Household registration") == 2  # each part says whose row it is
    assert all(cut.count(f">indicator {n}<") == 1 for n in range(10))


def test_rows_that_take_two_columns_to_be_told_apart_have_both_in_each_part():
    from sim.report.document import Table

    names = [("rule", "harm", *(f"number {n}" for n in range(12)))]
    table = Table(
        "c",
        names[0],
        ("left", "left", *["right"] * 12),
        tuple(("same rule", harm, *["1,000,000"] * 12) for harm in ("waiting longer", "more mistakes")),
    )
    parts = tables.cut_to_pages(table)
    assert len(parts) > 1
    assert all([row[:2] for row in part.rows] == [row[:2] for row in table.rows] for part in parts)
    assert [label for part in parts for label in part.labels[2:]] == list(table.labels[2:])


def test_csv_holds_no_formula(tmp_path):
    frame = pd.DataFrame(
        {
            "=name": ["=cmd()", "+1", "-1", "@x", "\tx", " =1", "＝1", "assumed \r=1+1\u202e"],
            "number": [-1.5, np.nan, 0, 1, 2, 3, 4, 5],
            "mixed": ["=1", 2, None, -3, "ok", True, 1.5, "-"],
        }
    )
    path = tables.write_csv(frame, tmp_path / "new" / "t.csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    back = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)
    assert list(back.columns) == ["'=name", "number", "mixed"]
    assert list(back.iloc[:, 0]) == ["'=cmd()", "'+1", "'-1", "'@x", " x", "' =1", "'＝1", "assumed  =1+1"]
    assert list(back["number"])[:2] == ["-1.5", ""]
    assert list(back["mixed"]) == ["'=1", "2", "", "-3", "ok", "True", "1.5", "'-"]
    assert list(frame.columns)[0] == "=name"  # the frame itself stays
    assert [p.name for p in path.parent.iterdir()] == ["t.csv"]


def test_a_column_keeps_an_interval_and_a_short_name_of_a_row_whole():
    interval = unbroken("−180,000 [−230,000, −140,000]*")
    text = "as good as the best, no difference that matters"
    table = Table(
        "c", ("rule", "verdict", "pay"), ("left", "left", "right"), (("Full pay from 98", text, interval),)
    )
    first, middle, last = column_widths(table, 80)
    assert first >= len("Full pay from 98") and last >= len(interval) and first + middle + last == 80
    assert column_widths(table, 200) is None  # it holds all as it is
