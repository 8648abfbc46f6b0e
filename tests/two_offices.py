"""A study of two small offices as files: what many tests run, each with changes of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SCENARIO = """\
format: jingxi-scenario/1
title: {en: Two offices, zh: 两个所}
description: {en: Two offices., zh: 两个所。}
horizon: {start: 2025-01-01, years: 1}
calendar: {country: CN, week: {mon: ["09:00-12:00"], wed: ["09:00-12:00"]}}
roles: {window: {title: {en: Window, zh: 窗口}, front: true}}
grades:
  clerk:
    title: {en: Clerk, zh: 办事员}
    base_pay: {value: 50000, unit: yuan a year, source: assumed, range: [40000, 60000], reason: usual}
    assessment_pay: 20000
    target_bonus: 8000
    leave_days: 5
unit_types:
  office: {title: {en: Office, zh: 国土所}, scorecard: card, pay_bound: true}
units:
  north: {type: office, title: {en: "North <i>office</i>", zh: 北所}}
  south: {type: office, title: {en: South office, zh: 南所}}
staff:
  north_window: {unit: north, role: window, grade: clerk}
  south_window: {unit: south, role: window, grade: clerk, count: 2}
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    limit: {amount: 2, per: working_days}
    route: {serve: {type: work, at: own/window, minutes: 45, distribution: exponential}}
demand: {visit: {volumes: {north: 380, south: 300}}}
scorecards:
  card:
    title: {en: Card, zh: 评分表}
    items: {speed: {title: {en: On time, zh: 按时}, indicator: on_time_rate, points: 100, rule: proportional}}
assessment:
  advanced_threshold: 95
  promotion_threshold: 90
  bottom_count: 1
  certified_threshold: 90
  excellent_threshold: 97
pay: {full_pay_threshold: 95, deduction_per_point: 1, bonus_threshold: 95}
"""
ASSUMED = SCENARIO  # the same numbers, with ranges
for number, assumed in {
    "minutes: 45": "minutes: {value: 45, unit: minutes, source: assumed, range: [30, 60], reason: x}",
    "amount: 2": "amount: {value: 2, unit: working_days, source: assumed, range: [1, 4], reason: x}",
    "{north: 380, south: 300}": "{value: {north: 380, south: 300}, unit: requests a year, source: assumed, "
    "factor: [0.5, 1.2], reason: x}",
}.items():
    ASSUMED = ASSUMED.replace(number, assumed)
STUDY = """\
format: jingxi-study/1
title: {en: Two offices, zh: 两个所的研究}
question: {en: Which rule serves best?, zh: 哪种办法最好？}
scenario: offices
policies: [ninety, second-clerk, nothing]
replications: 4
seed: 1
focus: [on_time_rate, pay_total]
"""


def policy(en: str, changes: Mapping[str, Any], zh: str = "试行") -> dict[str, Any]:
    """The content of a policy's file."""
    return {
        "format": "jingxi-policy/1",
        "title": {"en": en, "zh": zh},
        "reason": {"en": "A trial.", "zh": "试行。"},
        "changes": dict(changes),
    }


POLICIES = {
    "ninety": policy("Full pay from 90", {"pay.full_pay_threshold": 90, "pay.bonus_threshold": 90}),
    "second-clerk": policy("A second clerk", {"staff.north_window.count": 2}),
    "nothing": policy("Nothing", {"pay.deduction_per_point": 1}),
}


def write(
    root: Path,
    scenario: str = SCENARIO,
    policies: Mapping[str, Mapping[str, Any]] = POLICIES,
    studies: Mapping[str, str] | None = None,
) -> Path:
    """Write the scenario ``offices``, its policies and studies, `STUDY` if none is given.

    Returns `root`, the folder from which commands are given.
    """
    folder = root / "scenarios" / "offices"
    (folder / "policies").mkdir(parents=True)
    (root / "scenarios" / "studies").mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
    for name, content in policies.items():
        text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False)
        (folder / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in ({"offices": STUDY} if studies is None else studies).items():
        (root / "scenarios" / "studies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root
