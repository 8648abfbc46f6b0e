"""Describe a scenario's assumptions and a policy's changes: labels for paths, numbers with their evidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.report.choices import CHOICES, UNITS
from sim.report.places import PLACES, WEEKDAYS
from sim.report.words import MINUS, Text, one_line, pick
from sim.scenario.cards import unit_here
from sim.scenario.counts import number_of
from sim.scenario.currency import words
from sim.scenario.items import is_item, named_items
from sim.scenario.part import card_of
from sim.scenario.paths import field_at
from sim.scenario.reform import apart, reform
from sim.scenario.schema import Scenario
from sim.scenario.state import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sim.scenario.policy import Policy
    from sim.scenario.source import Evidence, Path_, Source

_SAME_NAMES = frozenset({"demand", "volumes"})  # mappings whose keys name kinds and units
_NONE = Text(en="none", zh="无")
_LONGEST_VALUE = 60
_LONGEST_CHANGE = 120  # what a policy changes is read by everybody


def label(scenario: Scenario, path: Path_, lang: str, new: Any = None) -> str:
    """Describe a path in words: ``Pay: share of assessment pay lost for each point under the threshold``.

    `new` : what a policy puts there; it has a title of its own where the scenario has nothing.
    """
    said: list[str] = []
    data: Any = scenario.source.data
    for depth, part in enumerate(path, start=1):
        data = data.get(part) if isinstance(data, dict) else None
        data = new if data is None and depth == len(path) else data
        found = field_at(Scenario, path[:depth], scenario.source.data)
        card = card_of(found) if hasattr(found, "json_schema_extra") else None
        title = data.get("title") if isinstance(data, dict) else None
        if card is not None:
            said.append(card["label"][lang])
        elif isinstance(title, dict) and lang in title:
            said.append(str(title[lang]))
        elif depth > 1 and path[depth - 2] in _SAME_NAMES and part in scenario.kinds:
            said.append(pick(scenario.kinds[part].title, lang))
        elif depth > 1 and path[depth - 2] in _SAME_NAMES and part in scenario.units:
            said.append(pick(scenario.units[part].title, lang))
        elif path[:1] == ("staff",) and depth == 2 and part in scenario.staff:
            said.append(group(scenario, part, lang))
        elif part in PLACES:
            said.append(pick(PLACES[part], lang))
        elif part in WEEKDAYS:
            said.append(pick(WEEKDAYS[part], lang))
        elif lang == "zh" and depth == 4 and path[::2][:2] == ("kinds", "route") and data is not None:
            steps = list(scenario.source.data["kinds"][path[1]]["route"])  # they have no title
            said.append(f"第{steps.index(part) + 1}环节" if part in steps else part)
        else:
            said.append(part.replace("_", " "))
    if len(said) > 2 and path[0] in ("kinds", "units", "unit_types", "grades"):
        said = said[1:]  # the name says what it is
    following = [*said[1:], ""]
    said = [
        one for one, then in zip(said, following, strict=True) if not then.lower().startswith(one.lower())
    ]
    first = said[0][0].upper() + said[0][1:]
    return (": " if lang == "en" else "：").join([first, *said[1:]])


def group(scenario: Scenario, name: str, lang: str) -> str:
    """Describe a group of staff, which has no title, by its unit, role and grade."""
    staff = scenario.staff[name]
    unit, role = pick(scenario.units[staff.unit].title, lang), pick(scenario.roles[staff.role].title, lang)
    grade = pick(scenario.grades[staff.grade].title, lang)
    return f"{unit}, {role} ({grade})" if lang == "en" else f"{unit}{role}（{grade}）"


def printed(
    value: Any, lang: str, longest: int = _LONGEST_VALUE, names: Mapping[str, str] | None = None
) -> str:
    """Format a value of a scenario file in a few words; a long block by its number of entries.

    `names` are what units, matters and roles are called.
    """
    if value is None:
        return pick(_NONE, lang)
    if isinstance(value, bool):
        return pick(Text(en="yes", zh="是") if value else Text(en="no", zh="否"), lang)
    if isinstance(value, int | float):
        return _exactly(value)
    if isinstance(value, str):
        if names and value in names:
            return names[value]
        return CHOICES.get(value, value) if lang == "zh" else value.replace("_", " ")
    if _is_text(value):
        return one_line(value[lang])
    if isinstance(value, dict) and value.keys() == {"weekday", "at"}:
        return pick(WEEKDAYS[value["weekday"]], lang) + f"{' ' if lang == 'en' else ''}{value['at']}"
    if isinstance(value, dict) and value.keys() == {"amount", "per"}:  # a time limit
        return f"{_exactly(value['amount'])} {printed(value['per'], lang)}"
    # a block is called by its title, which is then not said again
    entries = (
        [(key, part) for key, part in value.items() if key != "title"]
        if isinstance(value, dict)
        else [*enumerate(value)]
    )
    inner = []
    for key, part in entries:
        said = printed(part, lang, longest, names)
        titled = isinstance(part, dict) and _is_text(part.get("title"))
        known = pick(PLACES[key], lang) if key in PLACES else printed(key, lang, names=names)
        name = one_line(part["title"][lang]) if titled else known
        inner.append(f"{name} {said}" if isinstance(value, dict) else said)
    text = (", " if lang == "en" else "、").join(inner) if len(value) <= 8 else ""
    if text and len(text) <= longest:
        return text
    if lang == "en":
        return number_of(len(value), "entry", "entries").replace(" ", "\u00a0")
    return f"{len(value)}项"


def changes(scenario: Scenario, policy: Policy, lang: str) -> list[tuple[str, str, str]]:
    """List a policy's changes in words: label, from, and to with its unit."""
    scenario, policy = apart(scenario, policy)
    found, names = [], _names(scenario, lang)
    for dotted_path, value in policy.changes.items():
        path = tuple(dotted_path.split("."))
        both = (_standing(scenario, dotted_path), value)
        if is_item(path):
            both = (_points(both[0], lang), _points(both[1], lang))
        before, after = (printed(one, lang, _LONGEST_CHANGE, names) for one in both)
        blocks = isinstance(value, dict) and isinstance(both[0], dict)
        if blocks and before == after and both[0] != value:  # both told by their length
            after = _moved(both[0], value, lang)
        if isinstance(value, int | float) and not isinstance(value, bool):
            unit = unit_of(scenario, path, lang)
            after += (" " if unit and lang == "en" else "") + unit
        found.append((label(scenario, path, lang, value), before, after))
    found += _shared_out(scenario, policy, lang)
    for move in policy.move:
        who = Text(
            en=f"{move.heads} {'people move' if move.heads > 1 else 'person moves'}", zh=f"调动{move.heads}人"
        )
        origin, to = (_group(scenario, one, lang) for one in (move.origin, move.to))
        found.append((pick(who, lang), origin, to))
    return found


def _moved(before: Mapping[str, Any], after: Mapping[str, Any], lang: str) -> str:
    """Tell two blocks of as many entries apart: by how many entries are new."""
    new = sum(name not in before for name in after)
    told = new or sum(_differs(before[name], part) for name, part in after.items())
    word = Text(en="new" if new else "changed", zh="新列" if new else "有改动")
    if told == len(after):
        return pick(Text(en=f"{told} entries, all {word.en}", zh=f"{told}项，均{word.zh}"), lang)
    return pick(
        Text(en=f"{len(after)} entries, {told} {word.en}", zh=f"{len(after)}项，其中{told}项{word.zh}"), lang
    )


def _differs(before: Any, after: Any) -> bool:
    """Return whether an entry differs; what the new one leaves out is a default, and does not."""
    if isinstance(before, dict) and isinstance(after, dict):
        return any(before.get(name) != part for name, part in after.items())
    return bool(before != after)


def _points(item: Mapping[str, Any] | None, lang: str) -> str:
    """Return the points of an item of a scorecard in words."""
    return (
        pick(_NONE, lang) if item is None else f"{item['points']:g}" + pick(Text(en=" points", zh="分"), lang)
    )


def _shared_out(scenario: Scenario, policy: Policy, lang: str) -> list[tuple[str, str, str]]:
    """List what is left to the items of scorecards that a policy does not name, where it names some."""
    rows: list[tuple[str, str, str]] = []
    rest = pick(Text(en=": all other items, in their proportions", zh="：其余各项（按原比例）"), lang)
    for name, own in named_items(tuple(path.split(".")) for path in policy.changes).items():
        before, after = (
            sum(item.points for key, item in one.scorecards[name].items.items() if key not in own)
            for one in (scenario, reform(scenario, policy))
        )
        if before != after:
            head = label(scenario, ("scorecards", name, "items"), lang) + rest
            rows.append((head, _points({"points": before}, lang), _points({"points": after}, lang)))
    return rows


def _group(scenario: Scenario, group: str, lang: str) -> str:
    """Describe a staff group by unit, role and grade."""
    staff = scenario.staff[group]
    titled = scenario.units[staff.unit], scenario.roles[staff.role], scenario.grades[staff.grade]
    return "/".join(pick(one.title, lang) for one in titled)


def _names(scenario: Scenario, lang: str) -> dict[str, str]:
    """Return the titles of all that has one, by name, and of stations (unit/role)."""
    names = dict(_titled(source_of(scenario).data, lang))
    for group in (scenario.unit_types, scenario.kinds, scenario.roles, scenario.units):
        names |= {name: pick(one.title, lang) for name, one in group.items()}
    for role, one in scenario.roles.items():
        for unit, place in scenario.units.items():
            names[f"{unit}/{role}"] = f"{pick(place.title, lang)}/{pick(one.title, lang)}"
    return names


def _titled(data: Any, lang: str) -> Iterator[tuple[str, str]]:
    """Give the name and title of each block of a file that has a title."""
    if isinstance(data, dict):
        for name, block in data.items():
            if isinstance(block, dict) and _is_text(block.get("title")):
                yield str(name), one_line(block["title"][lang])
            yield from _titled(block, lang)


def _is_text(value: Any) -> bool:
    """Return whether a block of a file is a text in both languages."""
    return isinstance(value, dict) and value.keys() == {"en", "zh"}


def unit_of(scenario: Scenario, path: Path_, lang: str) -> str:
    """Return the unit of the parameter at a path, from its card; "" for shares, choices and blocks."""
    found = field_at(Scenario, path, scenario.source.data)
    card = card_of(found) if hasattr(found, "json_schema_extra") else None
    return "" if card is None else _unit(unit_here(card["unit"], path, scenario.source.data), scenario, lang)


def _standing(scenario: Scenario, path: str) -> Any:
    """Return the scenario's own value at a dotted path, defaults included."""
    here: Any = scenario.model_dump(mode="json")
    for part in path.split("."):
        if isinstance(here, list):
            here = here[int(part)] if part.isdigit() and int(part) < len(here) else None
        else:
            here = (here or {}).get(part)
    return here


def register(scenario: Scenario, lang: str) -> pd.DataFrame:
    """List every number or block that states its evidence, in the file's order.

    Columns label, path, value, unit, range, source, reason, assumed, numbers (how many it covers) and weight
    (numbers × the logarithm of how far they may be off).
    """
    import pandas as pd

    source, names = source_of(scenario), _names(scenario, lang)
    covered = _covered(source)
    rows = [
        {
            "label": label(scenario, path, lang),
            "path": ".".join(path),
            "value": printed(_at(source.data, path), lang, names=names),
            "unit": _unit(evidence.unit or "", scenario, lang),
            "range": _range(evidence),
            "source": evidence.source or "",
            "reason": evidence.reason or "",
            "assumed": evidence.assumed,
            "numbers": covered.get(path, 0),
            "weight": max(covered.get(path, 0), 1) * _width(evidence),
        }
        for path, evidence in source.evidence.items()
    ]
    columns = ["label", "path", "value", "unit", "range", "source", "reason", "assumed", "numbers", "weight"]
    return pd.DataFrame(rows, columns=columns)


def widest(scenario: Scenario, lang: str, rows: int) -> pd.DataFrame:
    """Return the `rows` of the register that weigh most of those that are assumed and have a range."""
    import numpy as np

    from sim.evaluate.accuracy import levels

    table = register(scenario, lang)
    table = table[table["assumed"].astype(bool) & (table["weight"] > 0)]
    return table.iloc[np.argsort(-levels(table["weight"]), kind="stable")].head(rows)


def counts(scenario: Scenario) -> tuple[int, int]:
    """Count the scenario's assumed numbers, and all its numbers. A number without evidence counts as
    assumed.
    """
    source = source_of(scenario)
    covered, evidence = _covered(source), source.evidence
    assumed = sum(n for path, n in covered.items() if path is None or evidence[path].assumed)
    return assumed, sum(covered.values())


def _covered(source: Source) -> dict[Path_ | None, int]:
    """Count the numbers that each piece of evidence covers; the innermost one counts; None without any."""
    found: dict[Path_ | None, int] = {}

    def walk(data: Any, path: Path_, within: Path_ | None) -> None:
        within = path if path in source.evidence else within
        if isinstance(data, dict | list):
            for key, part in data.items() if isinstance(data, dict) else enumerate(data):
                walk(part, (*path, str(key)), within)
        elif isinstance(data, int | float) and not isinstance(data, bool):
            found[within] = found.get(within, 0) + 1

    walk(source.data, (), None)
    return found


def _at(data: Any, path: Path_) -> Any:
    for part in path:
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def _range(evidence: Evidence) -> str:
    if evidence.range is not None:
        return " – ".join(_exactly(bound) for bound in evidence.range)
    if evidence.factor is not None:
        return " – ".join(f"{100 * bound:g}%" for bound in evidence.factor)
    return ""


def _unit(unit: str, scenario: Scenario, lang: str) -> str:
    """Return a unit as readers see it; shares (1) and choices (-) have none."""
    said = "" if unit in ("1", "-") else unit.replace("_", " ")
    if lang == "en":
        return said
    money = words(scenario.currency)
    if said.startswith(money.en):
        return money.zh + said.removeprefix(money.en).replace(" a year", "/年").replace(" a day", "/天")
    return UNITS.get(said, said)


def _exactly(value: float) -> str:
    """Format a number of a file exactly as written."""
    return f"{value:,.10g}".replace("-", MINUS)


def _width(evidence: Evidence) -> float:
    """Compute log(upper / lower bound); a bound of zero counts as a hundredth of the other."""
    bounds = evidence.range or evidence.factor
    if bounds is None or bounds[1] <= 0:
        return 0.0
    return math.log(bounds[1] / max(bounds[0], bounds[1] / 100))
