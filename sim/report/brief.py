"""Write the briefings of scenarios: `notebooks/scenario.ipynb`, run by papermill for each, with an index."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.report.errors import ReportError
from sim.report.execute import notebooks_folder
from sim.report.files import REPORTS, USUAL_FORMATS
from sim.report.index import write_index
from sim.report.job import Report, check_formats, make_all, state_of
from sim.report.words import LANGUAGES, InBothLanguages, Text, check_language, pick
from sim.scenario.errors import InputError
from sim.scenario.load import load
from sim.scenario.policy import CURRENT
from sim.study import Study
from sim.study.applicable import applicable
from sim.world import check_runs

SCENARIOS = Path(REPORTS) / "scenarios"
NOTEBOOK = "scenario"


def write_briefs(
    scenarios: Sequence[str],
    policies: Sequence[str] = (),
    languages: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = USUAL_FORMATS,
    *,
    replications: int = 10,
    seed: int = 1,
    behaviour: str = "mechanical",
    progress: bool = True,
    anew: bool = False,
    notebooks: Path | None = None,
) -> list[Path]:
    """Write ``reports/scenarios/<scenario>/scenario.<lang>.{ipynb,html,pdf}`` of each scenario under its own
    rules and the policies that apply to it, and the indexes; return what was written. What is up to date is
    left alone, unless `anew`.

    Raises InputError before anything is written: for a scenario, policy, number or behaviour that is wrong, a
    policy that applies to none of the scenarios, or two scenarios of one name. Raises ReportError at
    the end for briefings that failed. In a script, call it under ``if __name__ == "__main__":``.
    """
    spoken = [check_language(lang) for lang in dict.fromkeys(languages)]
    wanted = check_formats(formats)
    asked = {"replications": replications, "seed": seed, "behaviours": [behaviour]}
    opened = _checked(scenarios, policies, asked)
    notebook = notebooks_folder(notebooks) / f"{NOTEBOOK}.ipynb"
    shared = {"replications": replications, "seed": seed, "behaviour": behaviour}
    shared |= {"policies": list(policies), "folder": "."}
    jobs = [
        Report(
            SCENARIOS,
            name,
            NOTEBOOK,
            lang,
            notebook,
            {**shared, "scenario": given, "lang": lang},
            pick(_title(study.scenario.title), lang),
            wanted,
            state_of(study),
        )
        for name, (given, study) in opened.items()
        for lang in spoken
    ]
    written, failed = make_all(jobs, "briefings", progress, anew)
    written += write_index()
    if failed:
        raise ReportError(
            f"{len(failed)} of {len(jobs)} briefings failed, the others are written. " + " | ".join(failed)
        )
    return written


def _title(about: InBothLanguages) -> Text:
    return Text(en=f"{about.en}: the office", zh=f"{about.zh}：机构运行情况")


def _checked(
    scenarios: Sequence[str], policies: Sequence[str], asked: dict[str, Any]
) -> dict[str, tuple[str, Study]]:
    """Return by name how each scenario is opened, and its study, once all were seen to run."""
    found: dict[str, tuple[str, Study]] = {}
    applying = {CURRENT}
    known: dict[str, str] = {}
    for given in dict.fromkeys(scenarios):
        scenario = load(given)
        check_runs(scenario)
        if scenario.name in found:
            raise InputError(
                f"two scenarios are called '{scenario.name}'", remedy="Brief them one after the other"
            )
        apply, left_out = applicable(scenario, policies)
        study = Study.of(scenario, apply, **asked)  # which refuses what is wrong in them together
        found[scenario.name] = given, study
        applying |= {policy.name for policy in apply}
        for name, why in left_out.items():
            known[name] = why.en
            warnings.warn(f"'{name}' does not apply to '{scenario.name}': {why.en}", stacklevel=3)
    for name, message in known.items():
        if name not in applying:
            raise InputError(f"policy '{name}' applies to no scenario that was given ({message})")
    return found
