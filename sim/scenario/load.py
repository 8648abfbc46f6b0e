"""From a file, or plain data, to a checked scenario; every problem is told with file, line and path."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .check import problems
from .errors import InputError, nearest
from .part import card_of
from .schema import Scenario
from .source import Path_, Source, dotted, read_yaml

SCENARIO_FILE = "scenario.yaml"
SHOWN = 8  # problems told at once
Model = TypeVar("Model", bound=BaseModel)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")


def scenarios_folder() -> Path:
    """``scenarios/`` under the working directory, or in the checkout the package runs from."""
    here = Path.cwd() / "scenarios"
    return here if here.is_dir() else Path(__file__).resolve().parents[2] / "scenarios"


def checked_name(name: str, what: str) -> str:
    """A name that is safe as a file name: letters, digits, ``-`` and ``_``."""
    if not _NAME.match(name):
        raise InputError(
            f"'{name}' cannot be the name of a {what}", remedy="Use letters, digits, '-' and '_'"
        )
    return name


def load(scenario: str | Path) -> Scenario:
    """Load a scenario by its name under ``scenarios/`` or by the path of its folder or file.

    Raises InputError for everything that is wrong with it, with file, line and path.
    """
    given = Path(scenario)
    if isinstance(scenario, str) and given.name == scenario and given.suffix == "" and not given.exists():
        folder = scenarios_folder() / checked_name(scenario, "scenario")
        if not folder.is_dir():
            known = [path.parent.name for path in scenarios_folder().glob(f"*/{SCENARIO_FILE}")]
            raise InputError(f"unknown scenario '{scenario}'", remedy=nearest(scenario, known))
        given = folder
    file = given / SCENARIO_FILE if given.is_dir() else given
    return build_from(read_yaml(file), file.parent)


def build(data: dict[str, Any], folder: Path | None = None) -> Scenario:
    """A scenario from plain data (no evidence), as read from YAML; `folder` holds the tables it names."""
    return build_from(Source(Path("<data>"), copy.deepcopy(data)), folder or Path("data"))


def build_from(source: Source, folder: Path) -> Scenario:
    """Validate what was read, check it as a whole, and keep the source beside it."""
    scenario = validate(Scenario, source)
    scenario._source = source
    scenario._folder = folder.resolve() if folder.exists() else folder
    found = [source.error(*_told(problem)) for problem in problems(scenario)]
    found += [error for name in scenario.tables() if (error := _table_error(name, scenario))]
    found += list(_evidence_errors(scenario))
    raise_all(found)
    return scenario


def _told(problem) -> tuple[str, Path_, str | None]:
    return problem.message, problem.path, problem.remedy


def raise_all(found: list[InputError]) -> None:
    """Raise the problems as one error, the first ones told, the rest counted."""
    if not found:
        return
    first, others = found[0], found[1:SHOWN]
    if len(found) > SHOWN:
        others = [*others, InputError(f"and {len(found) - SHOWN} more", file=first.file)]
    raise InputError(
        first.message, file=first.file, line=first.line, path=first.path, remedy=first.remedy, others=others
    )


def inside(folder: Path, name: str) -> Path | None:
    """The file `name` in `folder`, or None where the name leads out of it."""
    if Path(name).is_absolute() or ".." in Path(name).parts or not name.isprintable():
        return None
    target = (folder / name).resolve()
    return target if target.is_relative_to(folder.resolve()) else None


def _table_error(name: str, scenario: Scenario) -> InputError | None:
    places = [("demand", kind, "rates") for kind, demand in scenario.demand.items() if demand.rates == name]
    path = places[0] if places else ("replay",)
    target = inside(scenario.folder, name)
    if target is None:
        return scenario.source.error(
            f"the file '{name}' is outside the scenario's folder", path, "Name a file inside it"
        )
    if not target.is_file():
        return scenario.source.error(f"there is no file '{name}' in {scenario.folder}", path)
    return None


def validate(model: type[Model], source: Source) -> Model:
    """`source.data` as a pydantic `model`; its complaints become InputErrors with line, path and remedy."""
    if not isinstance(source.data, dict):
        raise source.error("the file must hold keys and values", remedy="For example title: …")
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise_all([_explained(problem, model, source) for problem in error.errors(include_url=False)])
        raise AssertionError("a validation error without problems") from error


def _explained(problem: dict[str, Any], model: type[BaseModel], source: Source) -> InputError:
    kind, context = problem["type"], problem.get("ctx", {})
    path = _yaml_path(problem["loc"], source.data)
    given = problem["input"]
    shown = f"{given!r}" if isinstance(given, str | int | float | bool) else type(given).__name__
    if kind == "extra_forbidden":
        known = fields_at(model, path[:-1], source.data)
        place = f"{dotted(path[:-1])}" if path[:-1] else "parameters"
        return source.error(
            f"unknown parameter '{path[-1]}'",
            path[:-1],
            f"{nearest(path[-1], known)} See: sim parameters {place}",
        )
    if kind == "missing":
        return source.error(
            f"'{problem['loc'][-1]}' is missing",
            _yaml_path(problem["loc"][:-1], source.data),
            _card_hint(model, path, source.data),
        )
    if kind in ("value_error", "assertion_error"):
        return source.error(str(context.get("error", problem["msg"])), path)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return source.error(
            f"the step's 'type' is {'missing' if kind.endswith('found') else 'unknown'}",
            path,
            "One of: work, delay, return, sitting, branch",
        )
    if kind == "literal_error":
        return source.error(
            f"{shown} is not possible here",
            path,
            f"One of: {context.get('expected', '').replace(' or ', ', ')}",
        )
    if kind == "string_pattern_mismatch":
        return source.error(
            f"{shown} is not a name",
            path,
            "Use small letters, digits and '_', beginning with a letter (a station is unit/role)",
        )
    message = problem["msg"][0].lower() + problem["msg"][1:]
    return source.error(f"{shown}: {message}", path, _card_hint(model, path, source.data))


def _yaml_path(loc: tuple[Any, ...], data: Any) -> Path_:
    """pydantic's location without the tags of unions and other names that do not stand in the file."""
    path: list[str] = []
    for position, part in enumerate(loc):
        if isinstance(data, dict):
            if part in data:
                data = data[part]
            elif position < len(loc) - 1 or part == "[key]":
                continue
        elif isinstance(data, list | tuple):
            if not isinstance(part, int) or part >= len(data):
                continue
            data = data[part]
        elif position > 0:
            continue
        path.append(str(part))
    return tuple(path)


def field_at(model: Any, path: Path_, data: Any) -> Any:
    """Follow a path through the schema: the FieldInfo or type that stands there, or None."""
    here: Any = model
    for part in path:
        here = _annotation(here)
        candidates = [
            option for option in _options(here) if isinstance(option, type) and issubclass(option, BaseModel)
        ]
        inner = data.get("type") if isinstance(data, dict) else None
        candidates = [c for c in candidates if _tag_of(c) in (None, inner)] or candidates
        found = next((c.model_fields[part] for c in candidates if part in c.model_fields), None)
        if found is None:
            mapping = next((option for option in _options(here) if get_origin(option) in (dict, tuple)), None)
            if mapping is None:
                return None
            found = get_args(mapping)[1] if get_origin(mapping) is dict else get_args(mapping)[0]
        data = _down(data, part)
        here = found
    return here


def _down(data: Any, part: str) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    return (
        data[int(part)]
        if isinstance(data, list | tuple) and part.isdigit() and int(part) < len(data)
        else None
    )


def _annotation(here: Any) -> Any:
    return here.annotation if hasattr(here, "annotation") and not isinstance(here, type) else here


def _options(annotation: Any) -> list[Any]:
    """The alternatives of an annotation, without Annotated and None."""
    if hasattr(annotation, "__metadata__"):
        return _options(get_args(annotation)[0])
    origin = get_origin(annotation)
    if (
        origin is not None
        and origin not in (dict, tuple, list)
        and "Union" in getattr(origin, "__name__", str(origin))
    ):
        return [
            option for inner in get_args(annotation) if inner is not type(None) for option in _options(inner)
        ]
    return [annotation]


def _tag_of(model: type[BaseModel]) -> str | None:
    tag = model.model_fields.get("type")
    choices = get_args(tag.annotation) if tag is not None else ()
    return choices[0] if len(choices) == 1 else None


def fields_at(model: Any, path: Path_, data: Any) -> list[str]:
    """The names that may stand under a path: a part's fields, or the keys of a mapping in `data`."""
    found = field_at(model, path, data)
    inner = data
    for part in path:
        inner = _down(inner, part)
    names: list[str] = []
    tag = inner.get("type") if isinstance(inner, dict) else None
    for option in _options(_annotation(found)):
        if isinstance(option, type) and issubclass(option, BaseModel) and _tag_of(option) in (None, tag):
            names += list(option.model_fields)
        elif get_origin(option) is dict and isinstance(inner, dict):
            names += list(inner)
    return names


def _card_hint(model: type[BaseModel], path: Path_, data: Any) -> str | None:
    """What the parameter's card says would be right."""
    from .parameters import bounds_text

    found = field_at(model, path, data)
    card = card_of(found) if hasattr(found, "json_schema_extra") else None
    if card is None:
        return None
    limits = bounds_text(card, "en")
    return f"It is '{card['label']['en']}', in {card['unit']}" + (f", {limits}" if limits else "")


def _evidence_errors(scenario: Scenario):
    """Evidence must name the parameter's own unit, and stand where a parameter or a block of them stands."""
    source = scenario.source
    for path, evidence in source.evidence.items():
        found = field_at(Scenario, path, source.data)
        card = card_of(found) if hasattr(found, "json_schema_extra") else None
        parent = field_at(Scenario, path[:-1], source.data)
        if card is None and hasattr(parent, "json_schema_extra"):  # one entry of a mapping of numbers
            card = card_of(parent)
        if card is None or card["unit"] in ("-",):
            continue
        unit = _unit_here(card["unit"], path, source.data, scenario)
        if evidence.unit is None and unit != "1":
            yield source.error("the unit is missing", path, f"Add unit: {unit}")
        elif evidence.unit is not None and evidence.unit != unit:
            yield source.error(f"the unit is '{evidence.unit}'", path, f"This parameter is in {unit}")


def _unit_here(unit: str, path: Path_, data: Any, scenario: Scenario) -> str:
    """Units that another key of the same block decides (``per``)."""
    if "'per'" not in unit:
        return unit
    block = data
    for part in path:
        if isinstance(block, dict) and "per" in block:
            break
        block = _down(block, part)
    per = (block.get("per") if isinstance(block, dict) else None) or "year"
    return f"requests a {per}" if unit.startswith("requests") else per
