"""Pages held against WCAG 2.1 AA by axe-core, in a real browser without a window."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.authoring.language_server import ROOT, required

from .in_process import page_of

AXE = ROOT / ".test-tools" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASKED = """
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(found => {
  const told = document.createElement("pre");
  told.id = "axe";
  told.textContent = JSON.stringify({
    passed: found.passes.length,
    wrong: found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200)).slice(0, 3)]),
  });
  document.body.append(told);
});
"""


@pytest.fixture(scope="module")
def browser() -> str:
    """A browser; where it or axe-core is missing the test is skipped, unless all tests must run."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None or not AXE.is_file():
        message = "Chromium or axe-core is missing; install them with: make test-tools"
        (pytest.fail if required() else pytest.skip)(message)
    return str(found)


def asked(browser: str, page: Path, width: int) -> dict:
    """What axe finds on a page: a copy of it runs axe, which its own policy would not let in."""
    content = page.read_text(encoding="utf-8")
    content = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", content)
    script = AXE.read_text(encoding="utf-8") + ASKED
    copy = page.with_name(f"axe-{page.name}")
    copy.write_text(content.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={page.parent / 'browser'}", f"--window-size={width},900",
            "--virtual-time-budget=60000", "--dump-dom", copy.as_uri(),
        ],
        capture_output=True, encoding="utf-8", timeout=300, check=True,
    )  # fmt: skip
    told = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)
    assert told, done.stderr[-2000:]
    return json.loads(html.unescape(told[1]))


@pytest.mark.parametrize(("report", "lang", "width"), [("briefing", "zh", 1280), ("comparison", "en", 390)])
def test_a_page_is_accessible(browser, small_study, tmp_path, monkeypatch, report, lang, width):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    page_of(small_study, report, lang, tmp_path)
    found = asked(browser, tmp_path / f"offices-{report}.{lang}.html", width)
    assert found["wrong"] == [] and found["passed"] > 10


def test_axe_finds_what_is_wrong(browser, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text('<html><head></head><body><img src="x.png"><p>Text</p></body></html>', encoding="utf-8")
    wrong = {name for name, _ in asked(browser, page, 1280)["wrong"]}
    assert {"html-has-lang", "document-title", "image-alt"} <= wrong
