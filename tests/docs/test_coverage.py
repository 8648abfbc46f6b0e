"""The coverage of intervals: a short form of the experiments, and what the page says."""

import re

import numpy as np
import pytest

from docs.tools.coverage import experiments
from docs.tools.coverage.queues import RATES, pool

from .text import ROOT

PAGE = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
STUDIES = 500
LEEWAY = 3 * np.sqrt(0.95 * 0.05 / STUDIES)


@pytest.fixture(scope="module")
def office():
    return pool(0.75, "year", 300)


@pytest.mark.parametrize("n", [20, 50])
@pytest.mark.parametrize("rate", RATES[:2])
def test_intervals_of_a_years_rate_cover_and_none_is_marked(office, rate, n):
    rng = np.random.default_rng(n)
    marked, right = experiments.shares(office, RATES.index(rate), n, STUDIES, rng)
    assert marked == 0 and 0.93 - LEEWAY <= right <= 0.97 + LEEWAY
    paired = experiments.differences(office, RATES.index(rate), n, STUDIES, rng)
    assert 0.93 - LEEWAY <= paired <= 0.97 + LEEWAY


def test_rare_cases_of_a_busy_week_are_marked():
    found = pool(0.9, "week", 2000)
    marked, _ = experiments.shares(found, RATES.index(0.999), 20, 100, np.random.default_rng(1))
    assert marked == 1


def rows(heading):
    """The cells of the first table under a heading of the page."""
    table = PAGE.split(f"## {heading}\n")[1].split("\n\n| ")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("heading", ["On-time rates", "Differences between policies"])
def test_no_yearly_cell_of_the_page_that_must_cover_fails_or_is_marked(heading):
    found = [row for row in rows(heading) if row[0] == "year" and row[2] in ("90 %", "99 %")]
    assert len(found) == 6
    for row in found:
        for cell in row[4:]:  # n = 20 and 50
            assert re.fullmatch(r"9[3-7]\.\d", cell), row


def test_the_page_keeps_the_guarantees():
    equal, best = rows("Choosing among equal policies"), rows("Choosing the best")
    assert len(equal) == 8 and all(float(row[2]) <= 7.1 for row in equal)
    assert len(best) == 5 and all(float(row[1]) >= 92 and float(row[4]) <= 6 for row in best)
