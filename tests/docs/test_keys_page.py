"""The reference of keys is as the schema would have it."""

from docs.tools import keys_page

from .text import ROOT


def test_the_pages_are_current():
    assert keys_page.out_of_date(ROOT / "docs") == []


def test_an_example_is_a_name_only_where_a_name_may_stand():
    rows = [
        line.split(" | ") for line in keys_page.pages()["keys.en.md"].splitlines() if line.startswith("| `")
    ]
    wrong = [row[0] for row in rows if row[5].endswith(": name`") and "a name that stands" not in row[3]]
    assert len(rows) > 300 and wrong == []
