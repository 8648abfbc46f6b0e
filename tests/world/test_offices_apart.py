"""Two offices with the same demand meet different citizens: no stream is shared between units."""

import numpy as np

from sim.scenario import build
from sim.world import draw_world


def text(word):
    return {"en": word, "zh": word}


def two_offices():
    serve = {"type": "work", "at": "own/clerk", "minutes": 10, "distribution": "exponential"}
    kind = {"title": text("k"), "patience_minutes": 30, "route": {"serve": serve}}
    grade = {"base_pay": 0, "assessment_pay": 0, "target_bonus": 0, "leave_days": 0}
    return build(
        {
            "format": "jingxi-scenario/1",
            "title": text("t"),
            "description": text("d"),
            "horizon": {"start": "2025-01-01", "minutes": 14_400},
            "calendar": {"country": "none", "week": "always"},
            "roles": {"clerk": {"title": text("c")}},
            "grades": {"g": {"title": text("g"), **grade}},
            "unit_types": {
                "o": {"title": text("o"), "discipline": "class_priority", "preemption": "resample"}
            },
            "units": {unit: {"type": "o", "title": text(unit)} for unit in ("east", "west")},
            "staff": {unit: {"unit": unit, "role": "clerk", "grade": "g"} for unit in ("east", "west")},
            "kinds": {"k": kind},
            "demand": {"k": {"volumes": {"east": 2, "west": 2}, "per": "hour"}},
        }
    )


def test_no_draw_is_shared_between_units():
    world = draw_world(two_offices(), seed=5)
    requests = world.requests.assign(work_s=world.tasks.work_s, again_s=world.tasks.again_s)
    east, west = (requests[requests["unit"] == unit].sort_values("number") for unit in ("east", "west"))
    n = min(len(east), len(west))
    assert n > 300
    for column in ("work_s", "again_s", "patience_s"):
        correlation = np.corrcoef(east[column][:n], west[column][:n])[0, 1]
        assert abs(correlation) < 4 / np.sqrt(n), column
    assert not np.array_equal(east["arrival_s"][:n], west["arrival_s"][:n])
