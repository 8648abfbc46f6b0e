"""Check files: ``check``."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from .app import app, studies_of
from .endings import MISTAKE, complain
from .terminal import say


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Scenarios, policies, studies, papers.")
    ],
) -> None:
    """Check scenario, policy, study and paper files; a scenario's name checks it and its policies."""
    from sim.scenario import InputError

    wrong = False
    for file in files:
        try:
            targets = _targets(file)
        except InputError as error:
            wrong, targets = True, []
            complain(str(error))
        for target in targets:
            try:
                say(f"ok: {target}: {_checked(target)}")
            except InputError as error:
                wrong = True
                complain(str(error))
    if wrong:
        raise typer.Exit(MISTAKE)


def _targets(given: str) -> list[Path]:
    """Return the files meant by `given`: those of a scenario with its policies, or a study."""
    from sim.scenario.folders import SCENARIO_FILE, is_file, is_folder, named, scenarios_folders

    studies = [folder / "studies" / f"{given}.yaml" for folder in scenarios_folders()]
    if Path(given).name == given and (found := [study for study in studies if is_file(study)]):
        return _with_scenario(given, found[0])
    path = named(given, f"*/{SCENARIO_FILE}", "scenario")
    if Path(given) != path:
        path = path.parent
    return [path / SCENARIO_FILE, *sorted(path.glob("policies/*.yaml"))] if is_folder(path) else [path]


def _with_scenario(given: str, study: Path) -> list[Path]:
    """A study, and before it the scenario of the same name that stands beside it (`sim new`)."""
    from sim.scenario.folders import SCENARIO_FILE, is_file

    folder = study.parent.parent / given
    if not is_file(folder / SCENARIO_FILE):
        return [study]
    return [folder / SCENARIO_FILE, *sorted(folder.glob("policies/*.yaml")), study]


def _checked(file: Path) -> str:
    """Read and check `file`; return a short description. Raises InputError."""
    from sim.authoring.together import left_alone
    from sim.scenario import load, load_policy
    from sim.scenario.counts import number_of
    from sim.scenario.folders import SCENARIO_FILE
    from sim.scenario.idle import changes_nothing
    from sim.scenario.notes import notes
    from sim.scenario.open_matters import open_matters
    from sim.scenario.posts import posts, posts_change
    from sim.scenario.since import precedes
    from sim.scenario.source import read_yaml
    from sim.world import check_runs, closed_doors

    content = read_yaml(file).data
    format = str(content.get("format")) if isinstance(content, dict) else ""
    if format.startswith("jingxi-paper/"):
        from sim.paper import authors

        gaps = authors.unsaid(authors.read(file))
        return "what authors say" + (f", without {', '.join(gaps)}" if gaps else "")
    if format.startswith("jingxi-study/"):
        (several_studies,) = studies_of([file])
        study = several_studies[0]
        if len(several_studies) > 1:
            each = ", ".join(
                f"{one.scenario.name} ({number_of(len(one.policies), 'policy', 'policies')})"
                for one in several_studies
            )
            return f"study of {len(several_studies)} scenarios: {each}"
        asked = study.file.precision
        many = f"{asked.at_least} to {asked.at_most}" if asked else study.replications
        several = study.file.behaviours
        years = study.scenario.horizon.years or 1
        description = (
            f"study of {number_of(len(study.policies), 'policy', 'policies')}, {many} replications each"
        )
        description += f" of {number_of(years, 'year')}" if years > 1 else ""
        return description + (
            f", under {len(several)} behaviours: {', '.join(several)}" if len(several) > 1 else ""
        )
    if not format.startswith("jingxi-policy/"):
        scenario = load(file)
        check_runs(scenario)
        for note in (*notes(scenario), *closed_doors(scenario)):
            warnings.warn(str(note), stacklevel=2)
        people = posts(scenario).headcount
        many = f"units: {len(scenario.units)}, people: {people}, kinds of matter: {len(scenario.kinds)}"
        if (listed := open_matters(scenario)) is not None:
            many += f", open at the start: {len(listed)}"
        return f"scenario; {many}"
    scenario = load(file.absolute().parent.parent / SCENARIO_FILE)
    policy = load_policy(scenario, file)
    check_runs(scenario, policy)
    change, idle = posts_change(scenario, policy), changes_nothing(scenario, policy)
    if idle.keys() >= policy.changes.keys() and (not policy.move or "move" in idle):
        return "policy, but it changes nothing" + _because(idle)
    counts = {"change": len(policy.changes), "move": len(policy.move)}
    description = " and ".join(number_of(n, what) for what, n in counts.items() if n)
    description = f"policy with {description}; {change.as_change(scenario.currency)}"
    description += "".join(f"; {path} stays {value}" for path, value in left_alone(scenario, policy).items())
    if policy.since is not None and precedes(scenario, policy.since):
        description += f"; 'from: {policy.since}' is before the horizon, so it holds from the first year on"
    return description + (f"; these change nothing{_because(idle)}" if idle else "")


def _because(idle: dict[str, str]) -> str:
    """Format the reasons: ``: pay.floor (it is so already), …``."""
    return ": " * bool(idle) + ", ".join(f"{path} ({why})" for path, why in idle.items())
