"""The documentation site: its navigation holds every page, and it builds without a broken link."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from docs.tools.site import RULES, on_page_markdown, rule_pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TOOLS = ROOT / ".test-tools" / "site"


def pages(entries: Any) -> list[str]:
    """The pages of a part of the navigation."""
    if isinstance(entries, str):
        return [entries]
    parts = entries.values() if isinstance(entries, dict) else entries
    return [page for part in parts for page in pages(part)]


def test_the_navigation_holds_every_page_once():
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    told = pages(nav) + pages(rule_pages((DOCS / RULES).read_text(encoding="utf-8")))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert len(told) > 90 and sorted(told) == sorted(there)


def test_a_link_out_of_the_pages_is_told_as_a_path_and_must_lead_somewhere(caplog):
    page = SimpleNamespace(file=SimpleNamespace(src_uri="rules/one-stop.md"))
    config = {"docs_dir": str(DOCS)}
    text = "[a file](../../scenarios/one-office/scenario.yaml) and [a page](../model.md)"
    found = on_page_markdown(text, page=page, config=config)
    assert found == "a file (`scenarios/one-office/scenario.yaml`) and [a page](../model.md)"
    assert not caplog.records
    on_page_markdown("[gone](../../scenarios/gone.yaml)", page=page, config=config)
    assert "gone.yaml, which does not exist" in caplog.text


def test_it_builds_and_asks_for_nothing_from_elsewhere(tmp_path):
    if not (TOOLS / "mkdocs").is_dir():
        (pytest.fail if os.environ.get("ALL_TESTS") else pytest.skip)("mkdocs is missing: make test-tools")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(TOOLS), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rule = (tmp_path / "rules" / "one-stop.html").read_text(encoding="utf-8")
    assert "<math" in rule and "arithmatex" not in rule
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'src="http' not in text and 'rel="stylesheet" href="http' not in text
