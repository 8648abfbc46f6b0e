"""The documentation site: its navigation holds every page, and it builds without a broken link."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

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


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built; what it needs is missing where its tools are not installed."""
    if not (TOOLS / "mkdocs").is_dir():
        _lacks("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(TOOLS), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def _lacks(what: str) -> None:
    (pytest.fail if os.environ.get("ALL_TESTS") else pytest.skip)(f"{what} is missing: make test-tools")


def test_it_builds_and_asks_for_nothing_from_elsewhere(site):
    rule = (site / "rules" / "one-stop.html").read_text(encoding="utf-8")
    assert "<math" in rule and "arithmatex" not in rule
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'src="http' not in text and 'rel="stylesheet" href="http' not in text


def test_search_works_in_both_languages_where_the_site_is_read_from_a_folder(site, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        _lacks("Chromium")
    for words, wanted in (
        ("queueing theory", "Queueing theory"),
        ("末位", "The bottom three"),
        ("xyzzyx", ""),
    ):
        address = f"{(site / 'index.html').as_uri()}?q={quote(words)}"
        done = subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", f"--user-data-dir={tmp_path}",
                "--virtual-time-budget=30000", "--dump-dom", address,
            ],
            capture_output=True, encoding="utf-8", timeout=300, check=True,
        )  # fmt: skip
        (count,) = re.findall(r'md-search-result__meta">([^<]*)<', done.stdout)
        found = re.findall(r'<a href="([^"]*)" class="md-search-result__link', done.stdout)
        assert bool(found) == bool(wanted), (words, count)
        told = re.sub(r"<[^>]*>", "", done.stdout[done.stdout.index("md-search-result__meta") :])
        assert wanted in told
