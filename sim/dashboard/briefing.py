"""Make the one-page briefing of a saved policy: a study of its own, run and reported in the person's folder.

The commands are those of the command line, each a process whose working folder is the person's: whoever
takes the folder over finds a study like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import yaml

from sim.report.errors import ReportError
from sim.report.files import REPORTS, report_path, write_whole
from sim.report.words import LANGUAGES, check_language
from sim.scenario import Scenario, load_policy
from sim.scenario.folders import checked_name

from .draft import saved_file
from .words import say

FORMATS = ("pdf", "docx", "html")
REPLICATIONS, SEED = 10, 1
REPORT = "briefing"
_STUDIES = Path("scenarios") / "studies"


def study_name(scenario: str, policy: str) -> str:
    """Return the name of the study of a saved policy. Raises InputError if it is too long."""
    return checked_name(f"{scenario}-{policy}", "study")


def write_study(folder: Path, scenario: Scenario, policy: str, behaviour: str) -> str:
    """Write the study that compares a saved policy with the current rules; return its name."""
    name = study_name(scenario.name, policy)
    title = load_policy(scenario, saved_file(folder, scenario.name, policy)).title
    both = {
        "title": {
            lang: say("study_title", lang, scenario=getattr(scenario.title, lang), title=getattr(title, lang))
            for lang in LANGUAGES
        },
        "question": {lang: say("question", lang, title=getattr(title, lang)) for lang in LANGUAGES},
    }
    content = {
        "format": "jingxi-study/1",
        **both,
        "scenario": scenario.name,
        "policies": [policy],
        "replications": REPLICATIONS,
        "seed": SEED,
        "behaviours": list(dict.fromkeys(["mechanical", behaviour])),
        "reports": [REPORT],
    }
    write_whole(
        folder / _STUDIES / f"{name}.yaml", yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    )
    return name


async def make_briefing(folder: Path, study: str, lang: str) -> list[str]:
    """Run a study of `write_study` and write its briefing in one language; return the formats made.

    Raises ReportError with the command's own last words if one fails. Cancelled, it stops the commands.
    """
    check_language(lang)
    for command in (["run", study], ["report", study, "--lang", lang]):
        await _called(folder, command)
    return [one for one in FORMATS if briefing_file(folder, study, lang, one).is_file()]


def briefing_file(folder: Path, study: str, lang: str, suffix: str) -> Path:
    """Return the place of a briefing, inside a person's folder. Raises InputError for names that are none."""
    return report_path(folder / REPORTS, checked_name(study, "study"), REPORT, lang, suffix)


async def _called(folder: Path, command: list[str]) -> None:
    """Run a command of ``sim`` in `folder`, in a group of processes of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sim.cli",
        *command,
        cwd=folder,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        raise
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines()
        raise ReportError(lines[-1] if lines else f"exit code {process.returncode}")
