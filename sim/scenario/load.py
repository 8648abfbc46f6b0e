"""Build a checked scenario from a file or plain data; report every problem with file, line and path."""

from __future__ import annotations

import copy
import math
import os
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .check import problems
from .currency import with_money
from .errors import InputError, lookalike, nearest, see
from .open_matters import read_open_matters
from .part import RelativeBound, bounds_text, card_of
from .paths import down, field_at, fields_at
from .renamed import elsewhere
from .request_tables import read_rates, read_replay
from .schema import Scenario
from .source import Path_, Source, dotted, read_yaml

SCENARIO_FILE = "scenario.yaml"
SHOWN = 8  # problems told at once
Model = TypeVar("Model", bound=BaseModel)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


def own_folder() -> Path:
    """Return ``scenarios/`` under the working directory: what a planner writes stands there."""
    return Path.cwd() / "scenarios"


def shipped_folder() -> Path:
    """Return the scenarios that the package ships: those of the checkout, or those inside a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "scenarios"
    return inside if inside.is_dir() else package.parent / "scenarios"


def scenarios_folders() -> list[Path]:
    """Return the folders in which a name is looked up: one's own first, then the shipped one."""
    own = [own_folder()] if own_folder().is_dir() else []
    return own if own and own[0].resolve() == shipped_folder() else [*own, shipped_folder()]


def checked_name(name: str, what: str) -> str:
    """Return a name that is safe as a file name: letters, digits, ``-`` and ``_``."""
    if not isinstance(name, str) or not _NAME.match(name):
        raise InputError(
            f"'{name}' cannot be the name of a {what}", remedy="Use letters, digits, '-' and '_'"
        )
    return name


def load(scenario: str | Path) -> Scenario:
    """Load a scenario and check it.

    Parameters
    ----------
    scenario : str or Path
        The name of a folder under ``scenarios/``, or the path of a scenario's folder or file.

    Returns
    -------
    Scenario
        The scenario, which has passed every check.

    Raises
    ------
    InputError
        If a file cannot be read, or the scenario is refused. The error gives file, line and path.

    See Also
    --------
    build : Build a scenario from plain data.

    Notes
    -----
    A bare word is a name first, and ``./binhai`` is always a path. A name is looked up in ``scenarios/`` of
    the working directory, then among the scenarios that the package ships.

    Examples
    --------
    >>> import sim
    >>> office = sim.load("one-office")
    >>> office.title.en
    'One office'
    >>> sim.load("one-ofice")
    Traceback (most recent call last):
        ...
    sim.scenario.errors.InputError: unknown scenario 'one-ofice'. Did you mean 'one-office'?
    """
    file = not_linked_away(_scenario_file(scenario))
    return build_from(read_yaml(file), file.parent)


def _scenario_file(scenario: str | Path) -> Path:
    found = named(scenario, f"*/{SCENARIO_FILE}", "scenario")
    return found / SCENARIO_FILE if is_folder(found) else found


def named(given: str | Path, pattern: str, what: str, *, only_names: bool = False) -> Path:
    """Resolve a path, or a name: the ``*`` of `pattern` in the folder of scenarios.

    A bare word is a name first, whatever else is called so in the working folder: ``./binhai`` is a path. In
    a file it can only be a name. Raises InputError for a word that is neither; `what` says what it should be.
    """
    if not isinstance(given, str | Path):
        raise InputError(f"{given!r} is no {what}", remedy="Give its name or the path of its file")
    if not isinstance(given, str) or Path(given).name != given or Path(given).suffix:
        return Path(given)
    folders, (before, after) = scenarios_folders(), pattern.split("*")
    places = (folder / f"{before}{given}{after}" for folder in folders)
    if _NAME.match(given) and (place := next((one for one in places if one.is_file()), None)):
        return place
    if not only_names and (is_folder(Path(given)) or is_file(Path(given))):
        return Path(given)
    checked_name(given, what)
    files = (path.relative_to(folder).as_posix() for folder in folders for path in folder.glob(pattern))
    known = [name.removeprefix(before).removesuffix(after) for name in files]
    remedy = nearest(given, known) if known else f"There is none in {folders[0].absolute()}"
    if known and not own_folder().is_dir():  # as in the wrong folder
        stop = "" if remedy.endswith("?") else "."
        remedy = f"{remedy}{stop} Only shipped ones are known here: there is no folder {own_folder()}"
    raise InputError(f"unknown {what} '{given}'", remedy=remedy)


def real(path: Path) -> Path:
    """Return the absolute path behind links; in a loop of links, as far as they lead."""
    return Path(os.path.realpath(path))


def build(data: dict[str, Any], folder: Path | None = None) -> Scenario:
    """Build a scenario from plain data and check it.

    Parameters
    ----------
    data : dict
        The content of a ``scenario.yaml``, without evidence. The function copies it.
    folder : Path, optional
        The folder of the CSV files that the data name; ``data`` under the working directory by default.

    Returns
    -------
    Scenario
        The scenario, which has passed every check.

    Raises
    ------
    InputError
        If the scenario is refused. The error gives the path inside the data.

    See Also
    --------
    load : Load a scenario from its file.

    Examples
    --------
    >>> import copy
    >>> import sim
    >>> data = copy.deepcopy(sim.load("one-office").source.data)
    >>> data["staff"]["clerk"]["count"] = 2
    >>> sim.build(data).staff["clerk"].count
    2
    """
    return build_from(Source(Path("<data>"), copy.deepcopy(data)), folder or Path("data"))


def build_from(source: Source, folder: Path) -> Scenario:
    """Validate what was read, check it as a whole, and keep the source beside it."""
    scenario = validate(Scenario, source)
    scenario._source = source
    scenario._folder = real(folder) if is_folder(folder) else folder
    wrong_tables = list(_table_errors(scenario))  # what else is wrong is known when tables are read
    problems_found = () if wrong_tables else _problems(scenario)
    raise_all(chain(wrong_tables, problems_found, _evidence_errors(scenario)))
    return scenario


def raise_all(found: Iterable[InputError]) -> None:
    """Raise the problems as one error: the first ones in full, and whether there are more."""
    told = list(islice(found, SHOWN + 1))
    if not told:
        return
    first, *others = told
    if len(told) > SHOWN:
        others[-1] = InputError("and more", file=first.file, remedy="Mend these first")
    raise InputError(
        first.message, file=first.file, line=first.line, path=first.path, remedy=first.remedy, others=others
    )


def _problems(scenario: Scenario) -> Iterator[InputError]:
    for problem in problems(scenario):
        yield scenario.source.error(problem.message, problem.path, problem.remedy)


def inside(folder: Path, name: str) -> Path | None:
    """Return the file `name` in `folder`, or None if the name leads out of it."""
    if Path(name).is_absolute() or ".." in Path(name).parts or not name.isprintable():
        return None
    target = real(folder / name)
    return target if target.is_relative_to(real(folder)) else None


def not_linked_away(file: Path, folder: Path | None = None) -> Path:
    """`file`, unless it is a link that leads out of `folder` (its own if none is given): that is refused.

    The folder itself may be a link.
    """
    folder = folder or file.parent
    if not real(file).is_relative_to(real(folder)):
        raise InputError(f"it is a link that leads out of {folder}", file=file, remedy="Put the file there")
    return file


def _table_errors(scenario: Scenario) -> Iterator[InputError]:
    for path, name, read in _tables(scenario):
        if name is None:
            continue
        target = inside(scenario.folder, name)
        if target is None:
            message, remedy = f"the file '{name}' is outside the scenario's folder", "Name a file inside it"
            yield scenario.source.error(message, path, remedy)
        elif not is_file(target):
            message = f"there is no file '{name}' in {scenario.folder}"
            yield scenario.source.error(message, path, "Check the spelling, or put it there")
        else:
            try:
                read(scenario.folder / name, scenario)
            except InputError as error:
                yield error


def _tables(scenario: Scenario) -> Iterator[tuple[Path_, str | None, Callable[[Path, Scenario], object]]]:
    """Yield where each table is named, its name, and what reads it."""
    for kind, demand in scenario.demand.items():
        yield ("demand", kind, "rates"), demand.rates, read_rates
    yield ("replay",), scenario.replay, read_replay
    yield ("work_in_progress",), scenario.work_in_progress, read_open_matters


def is_file(path: Path) -> bool:
    """Return whether `path` is a file; False too for an overlong name and a loop of links."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Return whether `path` is a folder, likewise."""
    return os.path.isdir(path)


def validate(model: type[Model], source: Source) -> Model:
    """Validate `source.data` as a pydantic `model`; raise InputErrors with line, path and remedy."""
    if not isinstance(source.data, dict):
        mistyped = lookalike(source.data[:100]) if isinstance(source.data, str) else None
        if mistyped:
            raise source.error(f"the file holds {mistyped.what}", remedy=mistyped.remedy)
        remedy = f"For example {next(iter(model.model_fields))}: …"
        raise source.error("the file must hold keys and values", remedy=remedy)
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        found = sorted(filter(_is_true, error.errors(include_url=False)), key=_rank)
        raise_all(_explained(problem, model, source) for problem in found)
        raise AssertionError("a validation error without problems") from error


def _is_true(problem: ErrorDetails) -> bool:
    """Return whether a list is as short as pydantic says, which does not count wrong entries."""
    return problem["type"] != "too_short" or len(problem["input"]) < problem["ctx"]["min_length"]


def _rank(problem: ErrorDetails) -> int:
    """Rank complaints. Unknown keys first: a misspelt key is also missing. Wrong types of lists or blocks
    last.
    """
    if problem["type"] == "extra_forbidden":
        return 0
    return 2 if problem["type"] == "literal_error" and not isinstance(problem["input"], str) else 1


def _explained(problem: ErrorDetails, model: type[BaseModel], source: Source) -> InputError:
    kind, context = problem["type"], problem.get("ctx", {})
    path = _yaml_path(problem["loc"], source.data)
    shown = _shown(problem["input"])
    given = problem["input"] if kind != "extra_forbidden" else None
    if isinstance(given, str) and len(given) <= 100 and (mistyped := lookalike(given)):
        return source.error(f"{shown} holds {mistyped.what}", path, mistyped.remedy)
    if kind == "extra_forbidden":
        remedy = nearest(path[-1], fields_at(model, path[:-1], source.data))
        if model is Scenario:
            remedy = elsewhere(dotted(path) or "") or see(remedy, dotted(path[:-1]) or "")
        return source.error(f"unknown parameter '{path[-1]}'", path, remedy)
    if kind == "missing":
        hint = _card_hint(model, (*path, str(problem["loc"][-1])), source.data)
        return source.error(f"'{problem['loc'][-1]}' is missing", path, hint or "Add it")
    if kind in ("value_error", "assertion_error"):
        cause = context.get("error", problem["msg"])
        if isinstance(cause, InputError):
            return source.error(cause.message, path, cause.remedy)
        if isinstance(cause, RelativeBound):
            path = (*path, cause.name)
        message, _, remedy = str(cause).rpartition("; ")
        return source.error(message or remedy, path, f"{remedy[0].upper()}{remedy[1:]}" if message else None)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        wrong = "missing" if kind.endswith("found") else "unknown"
        remedy = "One of: work, delay, return, sitting, branch"
        return source.error(f"the step's 'type' is {wrong}", path, remedy)
    if kind == "literal_error":
        remedy = f"One of: {context.get('expected', '').replace(' or ', ', ')}"
        return source.error(f"{shown} is not possible here", path, remedy)
    if kind == "string_pattern_mismatch":
        remedy = "Use small letters, digits and '_', beginning with a letter (a station is unit/role)"
        return source.error(f"{shown} is not a name", path, remedy)
    if kind in _EXPECTED:
        message = f"{shown} is not {_EXPECTED[kind]}"
    elif kind in _LIMITS:
        message = f"{shown} {_LIMITS[kind].format(**context)}"
    else:
        message = f"{shown} is not possible here"
    hint = _card_hint(model, path, source.data)
    form = _FORMS.get(kind)
    remedy = f"{form}. {hint}" if form and hint else form or hint or "Mend the value"
    return source.error(message, path, remedy)


_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "dict_type": "a block of keys and values",
    "model_type": "a block of keys and values",
    "model_attributes_type": "a block of keys and values",
}


_BLOCK = "Write keys and values, as in {en: …, zh: …}"
_FORMS = {
    "tuple_type": "Write a list, as in [one, other]",
    "dict_type": _BLOCK,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "too_short": "Add an entry",
}


_LIMITS = {
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be below {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "has too few entries ({actual_length}); at least {min_length} must stand here",
    "too_long": "has too many entries; at most {max_length} may stand here",
    "string_too_short": "is too short; at least {min_length} characters must stand here",
    "string_too_long": "is too long; at most {max_length} characters may stand here",
}


def _shown(given: Any) -> str:
    """Return a value as the file writes it, cut short."""
    if given is None or isinstance(given, bool):
        return {None: "nothing", True: "true", False: "false"}[given]
    if isinstance(given, str | int | float):
        text = repr(given)
        return text if len(text) <= 80 else f"{text[:79]}…"
    return "a list" if isinstance(given, list | tuple) else "a block"


def _yaml_path(loc: tuple[Any, ...], data: Any) -> Path_:
    """Return pydantic's location as a path in the file, without the tags of unions and the like."""
    path: list[str] = []
    for part in loc:
        if isinstance(data, dict):
            stands = part in data
        else:
            stands = isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
        if stands:
            data = data[part]
            path.append(str(part))
    return tuple(path)


def _card_at(model: type[BaseModel], path: Path_, data: Any) -> dict[str, Any] | None:
    """Return the card of the parameter at a path, or of the mapping or list whose entry it is."""
    for place in (path, path[:-1]):
        found = field_at(model, place, data)
        if hasattr(found, "json_schema_extra") and card_of(found) is not None:
            return card_of(found)
    return None


def _card_hint(model: type[BaseModel], path: Path_, data: Any) -> str | None:
    """Return a remedy from the parameter's card."""
    card = _card_at(model, path, data)
    if card is None:
        return None
    unit = "" if card["unit"] in ("-", "1") else f", in {with_money(card['unit'], data)}"
    limits = bounds_text(card, "en")
    return f"It is '{card['label']['en']}'{unit}" + (f", {limits}" if limits else "")


def _evidence_errors(scenario: Scenario) -> Iterator[InputError]:
    """Check that evidence has the parameter's own unit, and a range within the parameter's bounds."""
    source = scenario.source
    for path, evidence in source.evidence.items():
        card = _card_at(Scenario, path, source.data)
        unit = None if card is None else unit_here(card["unit"], path, source.data)
        if evidence.unit is None and unit not in (None, "-", "1"):
            yield source.error("the unit is missing", path, f"Add unit: {unit}")
        if evidence.unit not in (None, unit):
            has_unit = unit not in (None, "-")
            remedy = f"This parameter is in {unit}" if has_unit else "It has none; leave 'unit' out"
            yield source.error(f"the unit is '{evidence.unit}'", (*path, "unit"), remedy)
        if evidence.range is not None and card is not None:
            numbers = {key: bound for key, bound in card["bounds"].items() if not isinstance(bound, str)}
            least, most = numbers.get("ge", numbers.get("gt", -math.inf)), numbers.get("le", math.inf)
            if evidence.range[0] < least or evidence.range[1] > most:
                remedy = f"The parameter must be {bounds_text(card, 'en')}"
                yield source.error("the range leaves the parameter's bounds", (*path, "range"), remedy)


def unit_of(path: Path_, data: Any) -> str | None:
    """Return the unit that evidence of the value at a path must have; None if it has none."""
    card = _card_at(Scenario, path, data)
    unit = None if card is None else unit_here(card["unit"], path, data)
    return None if unit in ("-", "1") else unit


def unit_here(unit: str, path: Path_, data: Any) -> str:
    """The unit at a path, also where another key decides it: ``per`` of the same block, ``currency``."""
    if "per" not in unit.split("'") and unit != "unit of the mean":
        return with_money(unit, data)
    block, nearest_per = data, None
    for part in path:
        if isinstance(block, dict) and isinstance(block.get("per"), str):
            nearest_per = block["per"]
        block = down(block, part)
    if unit.startswith("requests"):
        return f"requests a {nearest_per or 'year'}"
    return nearest_per or "minutes"
