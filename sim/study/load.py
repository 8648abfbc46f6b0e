"""A study from its file, or asked for in Python, with its scenario and policies, and checked as a whole."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.scenario.calendar import calendar_of
from sim.scenario.counts import number_of
from sim.scenario.errors import InputError, nearest
from sim.scenario.folders import SCENARIO_FILE, checked_name, is_file, named, real
from sim.scenario.idle import tell_idle
from sim.scenario.load import build_from, load
from sim.scenario.mistakes import raise_all, validate
from sim.scenario.part import Text
from sim.scenario.policy import TRIED, Policy, PolicyLike, load_policy
from sim.scenario.reform import made_upon, reform
from sim.scenario.schema import Scenario
from sim.scenario.source import Path_, Source
from sim.scenario.state import source_of
from sim.scenario.subjects import subjects
from sim.world import check_runs

from .applicable import applicable
from .design import Study
from .file import InlinePolicy, StudyFile, changes_without, name_of, problems, read_study
from .measures import policies_of

RESULTS = "results"  # the folder, under the working directory
QUESTION = Text(en="What would change?", zh="会有什么变化？")

opened_before: dict[tuple[Path, str], Study] = {}
"""Studies with their outcomes, by working folder and name, that this process was forked with."""


def open_before(study: str) -> None:
    """Open a study with its outcomes for processes that are forked from this one."""
    found = load_study(study)
    found.outcomes  # noqa: B018 (it reads them)
    opened_before[Path.cwd(), study] = found


def load_study(study: str | Path) -> Study:
    """Read a study by its name under ``scenarios/studies/`` or by the path of its file, and check it.

    Of a file over several scenarios one is opened, by ``name:scenario``.
    """
    if opened_before and (before := opened_before.get((Path.cwd(), str(study)))) is not None:
        return before
    found = load_studies(study)
    if len(found) > 1:
        raise InputError(
            f"the study '{study}' is of several scenarios", remedy=f"Open one of them: {found[0].called}"
        )
    return found[0]


def load_studies(study: str | Path) -> list[Study]:
    """Read a study as one for each of its scenarios, and check them all.

    Results and reports of each are its own; policies that do not apply to a scenario are ``left_out``.
    """
    given, _, only = str(study).rpartition(":")
    if not given or Path(only).name != only or only.endswith(".yaml"):
        only = ""
    name, content, source = read_study(given if only else study)
    if only and only not in content.scenarios:
        raise InputError(
            f"'{only}' is no scenario of the study '{name}'", remedy=nearest(only, content.scenarios)
        )
    if not content.scenarios:
        entries = _entries(content, source)
        loaded = _loaded(str(content.scenario), source, ("scenario",))

        def read(scenario: Scenario, policy: str) -> Policy:
            return load_policy(scenario, entries.get(policy) or checked_name(policy, "policy"))

        return [_checked(name, content, source, loaded, read, path=source.file.absolute())]
    members = [_member(name, content, source, one) for one in content.scenarios if only in ("", one)]
    if not only:
        for number, entry in enumerate(content.policies):
            if all(name_of(entry) in member.left_out for member in members):
                why = members[0].left_out[name_of(entry)].en
                message = f"'{name_of(entry)}' applies to no scenario of the study ({why})"
                raise source.error(message, ("policies", str(number)), "Take it out, or correct it")
    return members


def _entries(content: StudyFile, source: Source) -> dict[str, str | Path | Policy]:
    """Return the policies of a study by name: a name, a file beside the study's, or one written out."""
    found: dict[str, str | Path | Policy] = {}
    for number, entry in enumerate(content.policies):
        try:
            name = checked_name(name_of(entry), "policy")
            if not isinstance(entry, InlinePolicy) and entry not in (name, f"{name}.yaml"):
                checked_name(entry.removesuffix(".yaml"), "policy")  # it is a path
        except InputError as error:
            raise _placed(error, source, ("policies", str(number))) from None
        if isinstance(entry, InlinePolicy):
            changes = source.data["policies"][number].get("changes") or {}
            found[name] = Policy(name, entry.title, entry.reason, changes, move=entry.move)
        else:
            found[name] = name if entry == name else source.file.absolute().parent / entry
    return found


def _member(name: str, content: StudyFile, source: Source, scenario: str) -> Study:
    """The study of one of several scenarios, with the policies that apply to it."""
    place: Path_ = ("scenarios", str(content.scenarios.index(scenario)))
    loaded = _loaded(scenario, source, place)
    one = content.model_copy(update={"scenario": scenario, "scenarios": ()})
    entries = _entries(content, source)
    left_out: dict[str, Text] = {}
    meant: list[str] = []  # policies that say that they are for this scenario
    for entry in content.policies:
        if isinstance(entry, InlinePolicy) and entry.scenarios:
            if scenario in entry.scenarios:
                meant.append(entry.name)
            else:
                left_out[entry.name] = Text(
                    en=f"it is for {', '.join(entry.scenarios)}",
                    zh=f"该方案只用于{'、'.join(entry.scenarios)}",
                )
                del entries[entry.name]
    scenario_now = _changed(loaded, one, source)
    try:
        baseline = load_policy(scenario_now, one.baseline)
    except InputError as error:
        raise _placed(error, source, ("baseline",)) from None
    policies, unfit = applicable(scenario_now, list(entries.values()), baseline)
    for policy in meant:
        if policy in unfit:
            number = [name_of(entry) for entry in content.policies].index(policy)
            message = f"'{policy}' does not apply to '{scenario}': {unfit[policy].en}"
            raise source.error(message, ("policies", str(number)), "Correct it, or its 'scenarios'")
    if not policies:
        raise source.error(f"no policy applies to '{scenario}'", place, "Give one, or leave it out")
    by_name = {policy.name: policy for policy in policies}
    one = one.model_copy(update={"policies": tuple(by_name)})
    study = _checked(
        f"{name}-{scenario}",
        one,
        source,
        loaded,
        lambda rules, policy: by_name.get(policy) or load_policy(rules, policy),
        folder=Path(RESULTS) / name / scenario,
        path=source.file.absolute(),
    )
    study.left_out, study.called = left_out | unfit, f"{name}:{scenario}"
    return study


def make_study(
    scenario: Scenario | str | Path,
    policies: Any,
    *,
    baseline: PolicyLike,
    name: str | None,
    folder: str | Path | None,
    asked: dict[str, Any],
) -> Study:
    """Make a study without a file; see `Study.of`. `asked` is what its file would say besides.

    The scenario and the policies are copied: what the caller does to his own later is not asked of the study.
    """
    scenario = scenario.model_copy(deep=True) if isinstance(scenario, Scenario) else load(scenario)
    name = checked_name(scenario.name if name is None else name, "study")
    if folder is not None and (not isinstance(folder, str | Path) or "\0" in str(folder) or not str(folder)):
        raise InputError(f"the folder is {folder!r}", remedy="Give the path of a folder, or leave it out")
    listed = policies if isinstance(policies, list | tuple) else [policies]
    given = [copy.deepcopy(load_policy(scenario, policy)) for policy in (baseline, *listed)]
    names = [policy.name for policy in given]
    if names.count(TRIED) > 1:
        raise InputError(
            f"several policies are called '{TRIED}'", remedy="Name each: Policy.of(changes, name='…')"
        )
    said = {"format": "jingxi-study/1", "scenario": scenario.name, "title": scenario.title}
    said |= {"question": QUESTION, "baseline": names[0], "policies": names[1:], **asked}
    source = Source(Path(f"<study {name}>"), said)
    content = validate(StudyFile, source)
    raise_all(list(problems(content, source)))
    by_name = dict(zip(names, given, strict=True))
    return _checked(name, content, source, scenario, lambda _, policy: by_name[policy], folder=folder)


def _checked(
    name: str,
    content: StudyFile,
    source: Source,
    loaded: Scenario,
    read: Callable[[Scenario, str], Policy],
    folder: str | Path | None = None,
    path: Path | None = None,
) -> Study:
    """The study, once every policy, which `read` gives by name, was seen to run."""
    scenario = _changed(loaded, content, source)
    policies: dict[str, Policy] = {}
    found: list[InputError] = []
    listed: list[tuple[str, Path_]] = [
        (name_of(entry), ("policies", str(number))) for number, entry in enumerate(content.policies)
    ]
    made = {policy.name: policy for policy in policies_of(content.measures, changes_without(source))}
    everywhere: Path_ = ("measures",)
    placed: list[Path_] = [(*everywhere, str(number), "without") for number in range(len(content.measures))]
    listed += list(zip(made, [*placed, *([everywhere] * len(made))], strict=False))
    for policy, place in [(content.baseline, ("baseline",)), *listed]:
        try:
            given = made.get(policy) or read(scenario, policy)
            policies[policy] = made_upon(given, policies.get(content.baseline, given))
            _check_horizon(content, policies[policy])
            check_runs(scenario, policies[policy])
        except InputError as error:
            found.append(_placed(error, source, place))
    raise_all(found)
    raise_all(list(_unknown_kinds(content, source, reform(scenario, policies[content.baseline]))))
    told = [name for name in policies if name not in made] + list(made)[: len(content.measures)]
    for policy in told:  # of what is left where a measure is alone, much stands still
        tell_idle(scenario, policies[policy], stacklevel=4)
    kept = Path.cwd() / (Path(RESULTS) / name if folder is None else folder)
    return Study(name, content, scenario, policies, kept, path, loaded)


def _unknown_kinds(content: StudyFile, source: Source, scenario: Scenario) -> Iterator[InputError]:
    """The kinds of matter, duties and departments that measures name and the baseline does not have."""
    known = list(subjects(scenario)) + list(scenario.kinds) if content.measures else []
    for number, measure in enumerate(content.measures):
        for place, meant in enumerate(measure.meant):
            if meant.kind is not None and meant.kind not in known:
                path = ("measures", str(number), "meant", str(place), "kind")
                yield source.error(f"unknown kind '{meant.kind}'", path, nearest(meant.kind, known))


def _loaded(scenario: str, source: Source, place: Path_) -> Scenario:
    """The scenario beside ``studies/``, else the one of that name under ``scenarios/``: no other folder."""
    try:
        name = checked_name(scenario, "scenario")
        beside = real(source.file).parent.parent / name
        if is_file(beside / SCENARIO_FILE):
            return load(beside)
        found = named(name, f"*/{SCENARIO_FILE}", "scenario", only_names=True)
        return load(found)
    except InputError as error:
        raise _placed(error, source, place) from None


def _changed(scenario: Scenario, content: StudyFile, source: Source) -> Scenario:
    """The scenario as the study changes it, over its years, whose calendar must be known."""
    if content.changes:  # a complaint names their lines in the study's file
        changes = source.data["changes"]
        scenario = reform(scenario, Policy("study", content.title, content.question, changes, source))
    asked = ("scenario",)
    if content.years is not None:
        asked = ("years",)
        scenario = _over(scenario, content.years, source)
    try:
        calendar_of(scenario)
    except InputError as error:
        raise source.error(f"{error.path}: {error.message}", asked, error.remedy) from None
    return scenario


def _over(scenario: Scenario, years: int, source: Source) -> Scenario:
    if scenario.horizon.years is None:
        minutes = f"{scenario.horizon.minutes:g}"
        raise source.error(
            f"the scenario '{scenario.name}' is a stretch of {minutes} minutes and has no years",
            ("years",),
            "Leave 'years' out",
        )
    try:
        return over_years(scenario, years)
    except InputError as error:
        message = f"over {number_of(years, 'year')} the scenario is wrong: {error.message}"
        raise source.error(message, ("years",), error.remedy) from None


def over_years(scenario: Scenario, years: int) -> Scenario:
    """The scenario with another number of assessment years; the given one stays as it is."""
    path, known = ("horizon", "years"), source_of(scenario)
    data = copy.deepcopy(known.data)
    data[path[0]][path[1]] = years
    evidence = {at: one for at, one in known.evidence.items() if at != path}
    return build_from(Source(known.file, data, dict(known.lines), evidence), scenario.folder)


def _check_horizon(content: StudyFile, policy: Policy) -> None:
    """Policies are compared over the same years."""
    if content.years is not None and (given := {"horizon", "horizon.years"} & set(policy.changes)):
        raise InputError(
            f"'{policy.name}' changes '{given.pop()}', and the study sets the years of all policies",
            remedy="Take it out of the policy, or 'years' out of the study",
        )


def _placed(error: InputError, source: Source, path: Path_) -> InputError:
    """An error that names no file is one of the study file; a fault inside another file is told there."""
    return error if error.file is not None else source.error(error.message, path, error.remedy)
