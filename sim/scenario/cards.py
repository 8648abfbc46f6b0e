"""What the card of the parameter at a path says: its unit there."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from .currency import with_money
from .part import card_of
from .paths import down, field_at
from .schema import Scenario
from .source import Path_


def card_at(model: type[BaseModel], path: Path_, data: Any) -> dict[str, Any] | None:
    """Return the card of the parameter at a path, or of the mapping or list whose entry it is."""
    for place in (path, path[:-1]):
        found = field_at(model, place, data)
        if hasattr(found, "json_schema_extra") and card_of(found) is not None:
            return card_of(found)
    return None


def unit_of(path: Path_, data: Any) -> str | None:
    """Return the unit that evidence of the value at a path must have; None if it has none."""
    card = card_at(Scenario, path, data)
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
