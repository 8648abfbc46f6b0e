"""Open the what-if page in the browser: ``dashboard``."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import app
from .terminal import say


@app.command()
def dashboard(
    scenario: Annotated[str, typer.Argument(help="The scenario shown first, by name.")] = "binhai",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; a free one if left out.")] = 0,
    token: Annotated[str, typer.Option(help="What opens the page; drawn anew if left out.")] = "",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Show it in the browser.")] = True,
) -> None:
    """Open the what-if page: an office's rules on sliders, in the browser, on this machine alone.

    What is saved goes into the folder what-if/. Ctrl-C ends it.
    """
    import asyncio
    import webbrowser

    from sim.dashboard.server import serve

    def ready(url: str) -> None:
        say(url)
        say("open this address; who has it can use the page. Ctrl-C ends it")
        if browser:
            webbrowser.open(url)

    asyncio.run(serve(port=port, token=token, first=scenario, ready=ready))
