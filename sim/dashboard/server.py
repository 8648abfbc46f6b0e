"""Serve the page over HTTP to this machine alone."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, StaticFileHandler

from sim.report.glyphs import FOLDER as FONTS
from sim.report.words import LANGUAGES
from sim.scenario import InputError
from sim.scenario.folders import SCENARIO_FILE, named

from . import people
from .guard import ADDRESS, BEHAVIOURS, Guarded, Page
from .questions import Briefing, Downloaded, Estimate, Office, Opened, Saved, Schedule
from .trials import scenario_of, titles, trial_of
from .words import other, words

HERE = Path(__file__).parent
_MOST_BODY = 1_000_000  # bytes


class Whole(Guarded):
    """The page, and the way in: the address with the token."""

    def prepare(self) -> None:
        token = self.get_query_argument("token", "")
        if token and self._has_token(token) and self.request.host.endswith(f":{self.page.port}"):
            self.set_cookie(self.page.cookies[0], token, httponly=True, samesite="Lax")
            if not people.is_secret(self.get_cookie(self.page.cookies[1], "") or ""):
                self.set_cookie(
                    self.page.cookies[1], people.new_secret(), httponly=True, samesite="Lax", expires_days=365
                )
            self.redirect("/")
            return
        super().prepare()

    async def get(self) -> None:
        import jinja2

        lang = self.get_query_argument("lang", "") or self._preferred()
        if lang not in LANGUAGES:
            raise HTTPError(404)
        listed = await self.read(titles, lang)
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )
        self.finish(
            environment.get_template("page.html.j2").render(
                lang=lang,
                html_lang={"en": "en", "zh": "zh-Hans"}[lang],
                other=other(lang),
                words=words(lang),
                scenarios=listed,
                first=self.page.first,
                behaviours=BEHAVIOURS,
            )
        )

    def _preferred(self) -> str:
        asked = self.request.headers.get("Accept-Language", "en")
        return "zh" if asked.lower().startswith("zh") else "en"


class Nowhere(Guarded):
    """Any other address: 404 for who has the token."""

    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404)


class Static(Guarded, StaticFileHandler):
    """The page's script, style and font."""

    def initialize(self, *given: Any, **named: Any) -> None:
        Guarded.initialize(self, named["page"])
        StaticFileHandler.initialize(self, str(named["path"]))

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "private, max-age=3600" if path.endswith(".ttf") else "no-cache")


def application(page: Page) -> Application:
    """Return the routes of the page."""
    given = {"page": page}
    return Application(
        [
            ("/", Whole, given),
            ("/api/office", Office, given),
            ("/api/schedule", Schedule, given),
            ("/api/open", Opened, given),
            ("/api/estimate", Estimate, given),
            ("/api/save", Saved, given),
            ("/api/briefing", Briefing, given),
            (r"/(policy|briefing)/([\w-]+)/([\w-]+)\.(\w+)", Downloaded, given),
            (r"/static/(.*)", Static, {**given, "path": HERE / "static"}),
            (r"/font/(.*\.ttf)", Static, {**given, "path": FONTS}),
            (r".*", Nowhere, given),
        ]
    )


async def serve(
    root: Path | None = None,
    *,
    port: int = 0,
    token: str = "",
    first: str = "binhai",
    ready: Callable[[str], None] = lambda url: None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve the page until `stop`.

    Parameters
    ----------
    root : Path, optional
        The folder of people's work; ``what-if`` under the working directory by default.
    port : int, optional
        0 for a free one.
    token : str, optional
        What opens the page; drawn anew by default.
    first : str, optional
        The scenario that is shown first, and whose current rules are simulated at once.
    ready : callable, optional
        Called with the address once the page can be opened.
    stop : asyncio.Event, optional
        Ends the server; for ever without one.

    Raises
    ------
    InputError
        If there is no such scenario, or the port is taken.
    """
    named(first, f"*/{SCENARIO_FILE}", "scenario", only_names=True)
    page = Page(root or Path.cwd() / people.FOLDER, token or secrets.token_urlsafe(24), first)
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError as error:
        remedy = "Give another --port, or none"
        raise InputError(f"port {port} cannot be used ({error.strerror})", remedy=remedy) from None
    page.port = sockets[0].getsockname()[1]
    server = HTTPServer(application(page), max_body_size=_MOST_BODY, max_buffer_size=_MOST_BODY)
    server.add_sockets(sockets)
    usual = BEHAVIOURS[0]
    page.simulating[usual].submit(lambda: trial_of(scenario_of(first), usual).part(0))  # before anybody asks
    ready(page.url)
    try:
        await (stop or asyncio.Event()).wait()
    finally:
        server.stop()
        await server.close_all_connections()
        for threads in (page.reading, *page.simulating.values()):
            threads.shutdown(wait=False, cancel_futures=True)
