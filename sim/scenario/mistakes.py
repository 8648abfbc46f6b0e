"""What is wrong with plain data: each problem with file, line, path and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .cards import card_at
from .currency import with_money
from .errors import InputError, lookalike, nearest, see
from .part import RelativeBound, bounds_text
from .paths import fields_at
from .renamed import elsewhere
from .schema import Scenario
from .source import Path_, Source, dotted

SHOWN = 8  # problems told at once
Model = TypeVar("Model", bound=BaseModel)


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


def _card_hint(model: type[BaseModel], path: Path_, data: Any) -> str | None:
    """Return a remedy from the parameter's card."""
    card = card_at(model, path, data)
    if card is None:
        return None
    unit = "" if card["unit"] in ("-", "1") else f", in {with_money(card['unit'], data)}"
    limits = bounds_text(card, "en")
    return f"It is '{card['label']['en']}'{unit}" + (f", {limits}" if limits else "")
