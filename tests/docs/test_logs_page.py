"""`python -m docs.tools logs` puts figures between the marks of docs/logs.md, and says what it lacks."""

from __future__ import annotations

import pytest

from docs.tools.logs import held_out, page
from docs.tools.logs.recovery import recovered

from .text import ROOT


def test_a_log_that_is_not_here_is_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(held_out, "LOGS", (held_out.CREDENTIALS, held_out.RECEIPT))
    file = tmp_path / "page.md"
    file.write_text(f"before\n{page.BEGIN}\nstale figures\n{page.END}\nafter\n", encoding="utf-8")
    page.write(file, tmp_path, offices=0)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "stale" not in text
    for one in held_out.LOGS:
        assert f"{one.title} | not measured: the log is not here" in text


def test_an_office_of_which_all_is_known_is_counted():
    found = recovered(1, 3)
    assert found.loc["mean work", "count"] == 3 and found.loc["weight of a weekday", "count"] == 5
    assert found.loc["limit", "held"] == found.loc["hours of the week", "held"] == 1
    assert found["held"].sum() >= 0.7 * found["count"].sum()
    table = list(page.recovery_table(found))
    assert len(table) == len(found) + 2
    assert any(line.startswith("| limit | 1 | 1 | 100%") for line in table)


@pytest.mark.parametrize("row", ["fitted", "replayed", "naive"])
def test_the_page_has_figures_of_all_logs(row):
    text = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")
    figures = text.split(page.BEGIN)[1].split(page.END)[0]
    assert figures.count(f"| {row} |") == len(held_out.LOGS) and "not measured" not in figures
    assert "held-out monthly mean" in figures
