"""Let in only this machine's browser with the token, and tell people apart by a secret."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from tornado.web import HTTPError, RequestHandler

from . import people

T = TypeVar("T")
ADDRESS = "127.0.0.1"
BEHAVIOURS = ("mechanical", "responsive")  # that the page offers
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Page:
    """What all requests share: the token, the folder of people's work, and the threads.

    Simulation takes one thread for each behaviour, a step at a time: people who ask at once take turns, and
    nobody waits while what effort brings is measured for somebody else.
    """

    def __init__(self, root: Path, token: str, first: str) -> None:
        self.root, self.token, self.first = root, token, first
        self.port = 0
        self.simulating = {name: ThreadPoolExecutor(1, thread_name_prefix=name) for name in BEHAVIOURS}
        self.reading = ThreadPoolExecutor(2, thread_name_prefix="reading")
        self.reporting = asyncio.Semaphore(1)

    @property
    def cookies(self) -> tuple[str, str]:
        """The names of the cookies: of the token of this server, and of the person."""
        return f"jingxi-token-{self.port}", "jingxi-person"

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.port}/?token={self.token}"


class Guarded(RequestHandler):
    """A request that must come from this machine's browser, with the token; else 403."""

    page: Page

    def initialize(self, page: Page) -> None:
        self.page = page

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self) -> None:
        if self.request.host not in (f"{name}:{self.page.port}" for name in (ADDRESS, "localhost")):
            raise HTTPError(403)  # another name may lead here: DNS rebinding
        if not self._has_token(self.get_cookie(self.page.cookies[0], "")):
            raise HTTPError(403)
        if self.request.method == "POST" and self.request.headers.get("X-Jingxi") != "1":
            raise HTTPError(403)  # no other site can send this header

    def _has_token(self, given: str | None) -> bool:
        return hmac.compare_digest((given or "").encode(), self.page.token.encode())

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        told = {403: "403: open the address that `sim dashboard` printed, with its token."}
        self.finish(told.get(status_code, str(status_code)))

    @property
    def folder(self) -> Path:
        """The folder of the person who asks."""
        secret = self.get_cookie(self.page.cookies[1], "") or ""
        if not people.is_secret(secret):
            raise HTTPError(403)
        return people.folder_of(self.page.root, secret)

    async def read(self, work: Callable[..., T], *given: Any) -> T:
        """Do what takes less than a second in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self.page.reading, partial(work, *given))

    async def simulate(self, behaviour: str, work: Callable[..., T]) -> T:
        """Do a step of a simulation in its thread, when those that were asked before are done."""
        return await asyncio.get_running_loop().run_in_executor(self.page.simulating[behaviour], work)
