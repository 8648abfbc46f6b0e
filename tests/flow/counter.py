"""A counter with one clerk and one kind of visit, as plain data, for tests that change one thing of it."""

from __future__ import annotations

from typing import Any


def text(name: str) -> dict[str, str]:
    return {"en": name, "zh": name}


PAY = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 0}
SERVE = {"type": "work", "at": "own/clerk", "minutes": 10, "distribution": "constant"}
DAY = "2025-01-06"  # a Monday


def counter(
    staff: dict[str, Any] | None = None,
    route: dict[str, Any] | None = None,
    kind: dict[str, Any] | None = None,
    hall: dict[str, Any] | None = None,
    **blocks: Any,
) -> dict[str, Any]:
    """A scenario of a working day and a half with these changes."""
    clerk = {"unit": "hall", "role": "clerk", "grade": "clerk"}
    return {
        "format": "jingxi-scenario/1",
        "title": text("counter"),
        "description": text("counter"),
        "horizon": {"start": f"{DAY} 08:00", "minutes": 1920},
        "calendar": {"country": "none", "week": {day: ["08:00-16:00"] for day in ("mon", "tue", "wed")}},
        "roles": {"clerk": {"title": text("clerk"), "front": True}},
        "grades": {"clerk": {"title": text("clerk"), **PAY}},
        "unit_types": {"hall": {"title": text("hall"), **(hall or {})}},
        "units": {"hall": {"type": "hall", "title": text("hall")}},
        "staff": {"clerk": clerk | (staff or {})},
        "kinds": {"visit": {"title": text("visit"), "route": route or {"serve": SERVE}, **(kind or {})}},
        "demand": {"visit": {"volumes": {"hall": 4}, "per": "hour"}},
    } | blocks
