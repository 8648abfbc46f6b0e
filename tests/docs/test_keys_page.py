"""The reference of keys is as the schema would have it."""

from docs.tools import keys_page

from .text import ROOT


def test_the_pages_are_current():
    assert keys_page.out_of_date(ROOT / "docs") == []
