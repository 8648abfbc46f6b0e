"""The what-if page as a person meets it: a server of its own, and real Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.authoring.new import Office, new_scenario
from sim.dashboard.server import serve
from sim.report.words import Text

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".test-tools" / "python"
TOKEN = "the-token-of-the-tests"
HOSTILE = "<img src=x onerror=alert(1)>"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@dataclass(frozen=True)
class Site:
    """A running server: its address without the token, and the working folder."""

    url: str
    folder: Path


def missing(what: str) -> None:
    """Skip a test for want of a tool, unless none may be skipped, as in CI."""
    (pytest.fail if os.environ.get("ALL_TESTS") else pytest.skip)(f"{what} is missing: make test-tools")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """Serve shipped scenarios and one of the folder's own, whose titles are hostile."""
    folder = tmp_path_factory.mktemp("site")
    before = Path.cwd()
    os.chdir(folder)
    office = Office(
        units=(f"north:{HOSTILE}:{HOSTILE}", "south:South:城南所"), people=2, volume=1500, minutes=60, days=1
    )
    new_scenario("hostile", office, title=Text(en=HOSTILE, zh=HOSTILE))
    stop: list[Any] = []
    address: list[str] = []
    ready = threading.Event()

    def told(url: str) -> None:
        address.append(url)
        ready.set()

    async def run() -> None:
        stop.extend([asyncio.get_running_loop(), asyncio.Event()])
        await serve(token=TOKEN, first="one-office", ready=told, stop=stop[1])

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(60)
    try:
        yield Site(address[0].partition("/?")[0], folder)
    finally:
        stop[0].call_soon_threadsafe(stop[1].set)
        thread.join(60)
        os.chdir(before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not TOOLS.is_dir():
        missing("playwright")
    program = shutil.which("chromium")
    if program is None:
        missing("chromium")
    sys.path.append(str(TOOLS))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def person(site, browser) -> Iterator[Any]:
    """Open the page as a new person; call it for each one. A script's error fails the test."""
    contexts, wrong = [], []

    def opened(lang: str = "en", width: int = 1280) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 844}, accept_downloads=True)
        context.set_default_timeout(300_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{site.url}/?token={TOKEN}")
        page.goto(f"{site.url}/?lang={lang}")
        page.locator("#cards .card").first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong
