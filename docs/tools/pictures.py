"""The pictures of the README and the sample reports, from what the commands write and show today."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.scenario.errors import InputError

STUDY, OFFICE = "incentive-schemes", "binhai"
SAMPLES = {
    f"{name}.{lang}.pdf": Path("reports") / folder / f"{report}.{lang}.pdf"
    for name, folder, report in (("briefing", STUDY, "briefing"), (OFFICE, f"scenarios/{OFFICE}", "scenario"))
    for lang in ("en", "zh")
}
_TOOLS = Path(".test-tools/python")
_MADE_BY = f"Write them first: sim report {STUDY}; sim brief {OFFICE}"


def write(docs: Path = Path("docs"), samples: Path = Path("reports/sample")) -> list[Path]:
    """Copy the reports of today to the samples, and draw a briefing and the what-if page; return the files.

    Raises InputError where a report, Chromium or what drives it is missing.
    """
    page = Path("reports") / STUDY / "briefing.en.html"
    for made in (page, *SAMPLES.values()):
        if not made.is_file():
            raise InputError("there is no such report", file=made, remedy=_MADE_BY)
    with _chromium() as browser:
        pictures = [_briefing(browser, page, docs / "briefing.png"), _what_if(browser, docs / "what-if.png")]
    copied = [Path(shutil.copyfile(made, samples / name)) for name, made in SAMPLES.items()]
    return pictures + copied


@contextmanager
def _chromium() -> Iterator[Any]:
    program = shutil.which("chromium")
    if program is None or not _TOOLS.is_dir():
        raise InputError("Chromium, or what drives it, is missing", remedy="Install it: make test-tools")
    sys.path.append(str(_TOOLS))
    with import_module("playwright.sync_api").sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _briefing(browser: Any, page: Path, picture: Path) -> Path:
    """Draw the page as it prints, with a small margin."""
    opened = browser.new_page(viewport={"width": 622, "height": 100}, device_scale_factor=1.1)
    opened.emulate_media(media="print")
    opened.goto(page.resolve().as_uri())
    opened.evaluate("document.body.style.padding = '16px'")
    return _kept(opened.screenshot(full_page=True), picture)


def _kept(drawn: bytes, picture: Path) -> Path:
    """Write a picture in 64 colours: a third of the bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(drawn)) as whole:
        whole.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(picture, optimize=True)
    return picture


def _what_if(browser: Any, picture: Path) -> Path:
    """Draw the page as `sim dashboard` serves it, with a corner of pay pulled and an hour of study more."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim.cli", "dashboard", OFFICE, "--no-browser"]
        server = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            assert server.stdout is not None
            opened = browser.new_page(viewport={"width": 1280, "height": 1000})
            opened.set_default_timeout(300_000)
            opened.goto(server.stdout.readline().strip())
            opened.locator("#cards .card").first.wait_for()
            opened.select_option("#form", "corners")
            _press(opened, "[data-corner='1-share']", "ArrowLeft", 4)
            _press(opened, "[id='c-study.weekly_hours']", "ArrowRight", 2)
            opened.locator("body[data-done=yes] .summary:not(.stale)").wait_for()
            opened.evaluate("scrollTo(0, 0)")
            return _kept(opened.screenshot(), picture)
        finally:
            server.terminate()
            server.wait(60)


def _press(page: Any, control: str, key: str, times: int) -> None:
    """Press a key at a control; its section is opened for that, and is then as it was."""
    slider = page.locator(control)
    was_open = slider.evaluate(
        "one => { const part = one.closest('details'); const was = !part || part.open;"
        " if (part) part.open = true; return was; }"
    )
    slider.focus()
    for _ in range(times):
        slider.press(key)
    if not was_open:
        slider.evaluate("one => { one.closest('details').open = false; }")
