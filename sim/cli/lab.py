"""Open JupyterLab in one's own folder: ``lab``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .endings import FAILED, fail
from .terminal import say

FIRST = "start_here.ipynb"


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it, or only put the first notebook there.")
    ] = True,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Show it in the browser.")] = True,
) -> None:
    """Open JupyterLab in the working folder, with a notebook to begin with; yours are never written over.

    Further options, as --port 8899 or --allow-root, go to JupyterLab.
    """
    import shutil
    import subprocess

    from sim.report.execute import notebooks_folder

    place = Path("notebooks") / FIRST
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(notebooks_folder() / FIRST, place)
        say(str(place))
    if not open_it:
        return
    # Given the notebook as a file, JupyterLab would show its folder only, without one's scenarios.
    shown = ["--ServerApp.root_dir=.", f"--LabApp.default_url=/lab/tree/{place.as_posix()}"]
    # It needs no network: no question about news, no look for newer versions.
    shown += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdates"]
    quiet = [] if browser else ["--no-browser"]
    if code := subprocess.call([sys.executable, "-m", "jupyterlab", *shown, *quiet, *context.args]):
        fail(f"JupyterLab ended with code {code}", FAILED)
