"""Write the briefings of scenarios: `notebooks/scenario.ipynb`, run by papermill for each, with an index."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.report.batch import AT_ONCE, notebooks_folder, run_notebook
from sim.report.export import to_html, to_pdf
from sim.report.files import REPORTS, half_written, report_path
from sim.report.index import write_index
from sim.report.words import LANGUAGES, Text, check_language, pick
from sim.report.workers import side_by_side
from sim.scenario.errors import InputError
from sim.scenario.load import load
from sim.scenario.reform import CURRENT
from sim.study import Study
from sim.study.applicable import applicable
from sim.world import check_runs

SCENARIOS = Path(REPORTS) / "scenarios"
NOTEBOOK = "scenario"
_TITLE = Text(en="the office", zh="机构运行情况")


def write_briefs(
    scenarios: Sequence[str],
    policies: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    *,
    replications: int = 10,
    seed: int = 1,
    behaviour: str = "mechanical",
    progress: bool = True,
    notebooks: Path | None = None,
) -> list[Path]:
    """Write ``reports/scenarios/<scenario>/scenario.<lang>.{ipynb,html,pdf}`` of each scenario under its own
    rules and the policies that apply to it, and the indexes; return what was written.

    Raises InputError before anything is written: for a scenario, policy, number or behaviour that is wrong, a
    policy that applies to none of the scenarios, or two scenarios of one name. Raises ReportError for a
    briefing that fails; those made before stay. In a script, call it under ``if __name__ == "__main__":``.
    """
    from tqdm import tqdm

    languages = [check_language(lang) for lang in dict.fromkeys(languages)]
    asked = {"replications": replications, "seed": seed, "behaviours": [behaviour]}
    titles = _checked(scenarios, policies, asked)
    place = notebooks_folder(notebooks) / f"{NOTEBOOK}.ipynb"
    shared = {"replications": replications, "seed": seed, "behaviour": behaviour}
    shared |= {"policies": list(policies), "folder": "."}
    jobs = [
        (place, name, title, {**shared, "scenario": given, "lang": lang})
        for name, (given, title) in titles.items()
        for lang in languages
    ]
    done: dict[int, list[Path]] = {}
    try:
        with (
            tqdm(total=len(jobs), desc="briefings", disable=not progress) as bar,
            side_by_side(write_brief, jobs, min(AT_ONCE, os.cpu_count() or 1)) as answers,
        ):
            for number, paths in answers:
                done[number] = paths
                bar.update()
    except BaseException as stop:
        for _, name, _, values in jobs:
            for path in half_written(report_path(SCENARIOS, name, NOTEBOOK, str(values["lang"]), "ipynb")):
                if str(path) not in str(stop):  # it names the one that failed, which stays
                    path.unlink(missing_ok=True)
        if done:
            write_index()
        raise
    return [path for number in sorted(done) for path in done[number]] + write_index()


def write_brief(notebook: Path, name: str, about: Text, values: dict[str, object]) -> list[Path]:
    """Write one briefing in one language: notebook, page and PDF."""
    lang = str(values["lang"])
    executed, html, pdf = (
        report_path(SCENARIOS, name, NOTEBOOK, lang, suffix) for suffix in ("ipynb", "html", "pdf")
    )
    run_notebook(notebook, executed, values)
    dash = Text(en=": ", zh="：")
    to_html(executed, html, lang, f"{pick(about, lang)}{pick(dash, lang)}{pick(_TITLE, lang)}")
    return [executed, html, to_pdf(html, pdf)]


def _checked(
    scenarios: Sequence[str], policies: Sequence[str], asked: dict[str, Any]
) -> dict[str, tuple[str, Text]]:
    """Return by name how each scenario is opened, and its title, once all were seen to run."""
    found: dict[str, tuple[str, Text]] = {}
    applying = {CURRENT}
    known: dict[str, str] = {}
    for given in dict.fromkeys(scenarios):
        scenario = load(given)
        check_runs(scenario)
        if scenario.name in found:
            raise InputError(
                f"two scenarios are called '{scenario.name}'", remedy="Brief them one after the other"
            )
        found[scenario.name] = given, Text(en=scenario.title.en, zh=scenario.title.zh)
        apply, left_out = applicable(scenario, policies)
        Study.of(scenario, apply, **asked)  # which refuses what is wrong in them together
        applying |= {policy.name for policy in apply}
        for name, why in left_out.items():
            known[name] = why.en
            warnings.warn(f"'{name}' does not apply to '{scenario.name}': {why.en}", stacklevel=3)
    for name, message in known.items():
        if name not in applying:
            raise InputError(f"policy '{name}' applies to no scenario that was given ({message})")
    return found
