"""The sheets of a workbook and their columns, from the schema: no list of keys stands here."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.authoring.keys import Key, keys
from sim.report.places import PLACES, WEEKDAYS
from sim.report.words import Text
from sim.scenario.part import Text as Titles
from sim.scenario.paths import field_at, options, parts_of, tag_of
from sim.scenario.schema import Scenario
from sim.scenario.source import Path_

Form = Literal["text", "number", "flag", "choice", "structure", "date"]
EACH, NUMBER = "*", "#"  # in the path of a table: a name that the file chooses, a place in a list
FIRST_ROW = 4  # under the key, the English and the Chinese heading
SOURCES = "sources"
NOT_STATED = "-"  # in place of a source: the scenario gives none, and none is to be made up


@dataclass(frozen=True)
class Column:
    """A column of a table: a key of the entries, or one side of a title, or one number of a list.

    path : under the entry. form : what stands in its cells. choices : the values it may have. refers : the
    sheet whose first column lists them.
    """

    path: Path_
    label: Text
    unit: Text
    bounds: Text
    form: Form
    choices: tuple[str, ...] = ()
    refers: str = ""

    @property
    def heading(self) -> str:
        """The key in the first row: ``limit.amount``."""
        return ".".join(self.path) or "value"


@dataclass(frozen=True)
class Table:
    """A sheet with a row for each entry of a mapping; `path` has `EACH` where a row gives the name."""

    sheet: str
    title: Text
    path: Path_
    names: tuple[Column, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Settings:
    """A sheet with a row for each value of the blocks that are no tables."""

    sheet: str
    title: Text
    blocks: tuple[str, ...]


_NONE = Text(en="-", zh="-")
_STEPS = {  # what happens at a step of each type
    "work": Text(en="people work on it", zh="人员办理"),
    "delay": Text(en="it waits, and nobody works on it", zh="等待，无人办理"),
    "return": Text(en="some go back to the applicant and come again", zh="部分退回申请人，补正后再次提交"),
    "sitting": Text(en="a committee decides it at a sitting", zh="由会审审议"),
    "branch": Text(en="one of several ways, by chance", zh="按概率去往不同环节"),
}
_OF_SETTINGS = (
    ("about", Text(en="The office, its time and calendar", zh="基本情况与日历")),
    ("pay", Text(en="Assessment and pay", zh="考核与工资")),
    ("rules", Text(en="Rules and behaviour", zh="制度与行为")),
)


@cache
def tables() -> tuple[Table, ...]:
    """Return the tables: every mapping of a scenario from names to blocks, and what is nested in it."""
    found: list[Table] = []
    for name, info in Scenario.model_fields.items():
        if _entries(info) is not None:
            found += _tables((name,), info)
    return tuple(found)


@cache
def settings() -> tuple[Settings, ...]:
    """Return the sheets of single values: the office, pay, and all other rules."""
    tabled = {table.path[0] for table in tables()}
    rest = [name for name in Scenario.model_fields if name not in tabled]
    split: dict[str, list[str]] = {"about": [], "pay": [], "rules": []}
    for name in rest:
        is_rule = bool(parts_of(Scenario.model_fields[name].annotation)) and name in PLACES
        first = not is_rule or name in ("horizon", "calendar")
        split["about" if first else "pay" if name in ("assessment", "pay") else "rules"].append(name)
    return tuple(Settings(sheet, title, tuple(split[sheet])) for sheet, title in _OF_SETTINGS)


def form_of(annotation: Any) -> Form:
    """Return what stands in a cell of this type."""
    found = options(annotation)
    if any(isinstance(one, type) and issubclass(one, BaseModel) for one in found):
        return "structure"
    if any(get_origin(one) in (dict, tuple) for one in found):
        return "structure"
    if bool in found:
        return "flag"
    if any(get_origin(one) is Literal for one in found):
        return "choice"
    if any(isinstance(one, type) and issubclass(one, dt.date) for one in found):
        return "date"
    return "number" if any(one in (int, float) for one in found) else "text"


def choices_of(annotation: Any) -> tuple[str, ...]:
    """Return the values that a choice or a flag may have."""
    literals = [one for one in options(annotation) if get_origin(one) is Literal]
    return tuple(str(value) for one in literals for value in get_args(one))


def form_at(path: Path_, data: Any) -> Form:
    """Return what stands in the cell of a single value of a scenario."""
    found = field_at(Scenario, path, data)
    if found is None:
        return "text"
    return form_of(found.annotation if isinstance(found, FieldInfo) else found)


@cache
def _keys() -> dict[str, Key]:
    return {key.path: key for key in keys("scenario")}


def _entries(info: FieldInfo) -> Any:
    """Return the type of the entries of a mapping from names, None if it is none."""
    for option in options(info.annotation):
        if get_origin(option) is dict and get_origin(get_args(option)[0]) is not Literal:
            return get_args(option)[1]
    return None


def _tables(path: Path_, info: FieldInfo, title: Text | None = None) -> Iterator[Table]:
    """The table of a mapping, and tables of the mappings and lists of blocks in its entries."""
    entry = _entries(info)
    here = (*path, EACH)
    fixed = [part for part in path if part not in (EACH, NUMBER)]
    models = parts_of(entry)
    columns: dict[Path_, Column] = {}
    nested: list[Table] = []
    if not models:  # volumes
        label = Text(en=fixed[-1], zh=PLACES[fixed[-1]].zh)
        columns[()] = Column((), label, _unit(path), _NONE, form_of(entry))
    for model in models:
        for name, field in model.model_fields.items():
            inner = _entries(field)
            if inner is not None and (parts_of(inner) or len(models) == 1):
                nested += _tables((*here, name), field)
            elif blocks := _list_of(field):
                nested.append(_list_table((*here, name), blocks))
            else:
                for column in _columns((name,), field, _path_of(here, model)):
                    columns.setdefault(column.path, column)
    if len(models) > 1:
        tags = tuple(tag for model in models if (tag := tag_of(model)))
        old = columns.pop(("type",))
        columns = {old.path: Column(old.path, old.label, _NONE, _told(tags), "choice", tags), **columns}
    names = tuple(
        _name(part, fixed[: number + 1]) for number, part in enumerate(fixed) if part in _named(path)
    )
    yield Table("_".join(fixed), title or _title(fixed), here, names, tuple(columns.values()))
    yield from nested


def _told(tags: tuple[str, ...]) -> Text:
    """What each type of entry is."""
    known = [(tag, _STEPS[tag]) for tag in tags if tag in _STEPS]
    english = "\n".join(f"{tag}: {text.en}" for tag, text in known)
    return Text(en=english, zh="\n".join(f"{tag}：{text.zh}" for tag, text in known)) if known else _NONE


def _named(path: Path_) -> list[str]:
    """The parts of a path after which a row gives a name."""
    return [part for part, after in zip(path, (*path[1:], EACH), strict=True) if after == EACH]


def _list_table(path: Path_, model: type[BaseModel]) -> Table:
    fixed = [part for part in path if part not in (EACH, NUMBER)]
    columns = [
        column
        for name, field in model.model_fields.items()
        for column in _columns((name,), field, (*path, "<number>"))
    ]
    names = tuple(_name(part, fixed[: number + 1]) for number, part in enumerate(fixed[:-1]))
    return Table("_".join(fixed), _title(fixed), (*path, NUMBER), names, tuple(columns))


def _list_of(info: FieldInfo) -> type[BaseModel] | None:
    for option in options(info.annotation):
        if get_origin(option) is tuple and (found := parts_of(get_args(option)[0])):
            return found[0]
    return None


def _name(part: str, fixed: list[str]) -> Column:
    """The column that names the entry: of ``staff``, its group."""
    label = PLACES[part] if part in PLACES else Text(en=part, zh=part)
    refers = "units" if part == "volumes" else fixed[0] if len(fixed) == 1 and part == "demand" else ""
    singular = {"volumes": "unit", "demand": "kind", "route": "step", "staff": "group", "duties": "duty"}.get(
        part
    )
    key = singular or part.removesuffix("s")
    return Column((key,), label, _NONE, _NONE, "text", (), "kinds" if part == "demand" else refers)


def _title(fixed: list[str]) -> Text:
    told = [PLACES[part] for part in fixed if part in PLACES]
    return Text(en=": ".join(one.en for one in told), zh="：".join(one.zh for one in told))


def _path_of(here: Path_, model: type[BaseModel]) -> Path_:
    """The path by which the keys' own list calls the entries: ``<work step>`` for `EACH`."""
    return (*here[:-1], f"<{tag} ") if (tag := tag_of(model)) else here


def _columns(path: Path_, info: FieldInfo, above: Path_) -> Iterator[Column]:
    """The columns of a field: two of a title, one of each number of a list of fixed length."""
    if options(info.annotation) == [Titles]:
        for side, label in (
            ("en", Text(en="title in English", zh="英文名称")),
            ("zh", Text(en="title in Chinese", zh="中文名称")),
        ):
            yield Column((*path, side), label, _NONE, _NONE, "text")
        return
    key = _key((*above, *path))
    inner = parts_of(info.annotation)
    if inner and all(get_origin(one) is None for one in options(info.annotation)):
        for name, field in inner[0].model_fields.items():
            yield from _columns((*path, name), field, above)
        return
    label = key.label if key else Text(en=path[-1], zh=path[-1])
    unit, bounds = (key.unit, key.bounds) if key else (_NONE, _NONE)
    if length := _length(info):
        for number in range(length):
            place = _numbered(path[-1], number)
            one = Text(en=f"{label.en.partition(',')[0]} ({place.en})", zh=f"{label.zh}（{place.zh}）")
            yield Column((*path, str(number)), one, unit, bounds, "number")
        return
    form = form_of(info.annotation)
    yield Column(path, label, unit, bounds, form, choices_of(info.annotation), _refers(path[-1], above[0]))


def _numbered(name: str, number: int) -> Text:
    """What the number at a place of a list is of: ``months`` begin with January."""
    if name == "months":
        return Text(en=calendar.month_name[number + 1], zh=f"{number + 1}月")
    if name == "weekdays":
        return list(WEEKDAYS.values())[number]
    told = f"{number}:00" if name == "hours" else str(number + 1)
    return Text(en=told, zh=told)


def _refers(name: str, block: str) -> str:
    """The sheet that lists the names a key may have: ``unit`` is one of ``units``."""
    if name == "type":
        name = f"{block.removesuffix('s')}_type"
    return f"{name}s" if f"{name}s" in Scenario.model_fields else ""


def _length(info: FieldInfo) -> int:
    """The length of a list of numbers that has just one, 0 otherwise."""
    limits = {
        name: getattr(one, name)
        for one in info.metadata
        for name in ("min_length", "max_length")
        if hasattr(one, name)
    }
    fixed = limits.get("min_length") == limits.get("max_length") and "min_length" in limits
    return limits["min_length"] if fixed and form_of(info.annotation) == "structure" else 0


def _unit(path: Path_) -> Text:
    key = _key(path)
    return key.unit if key else _NONE


def _key(path: Path_) -> Key | None:
    """The key at a path with `EACH` and the like in place of the placeholders of the keys' own list."""
    for known, key in _keys().items():
        parts = known.split(".")
        if len(parts) == len(path) and all(
            mine == yours
            or (yours == EACH and mine.startswith("<"))
            or (yours.startswith("<") and mine.startswith(yours))
            for mine, yours in zip(parts, path, strict=True)
        ):
            return key
    return None
