"""A small valid scenario and policy with every kind of part, and small changes to their text."""

from __future__ import annotations

from pathlib import Path

SMALL = """\
format: jingxi-scenario/1
title: {en: Small, zh: 小}
description: {en: Two offices., zh: 两个所。}
horizon: {start: 2025-01-01, years: 1, warm_up_days: 10}
calendar:
  country: CN
  week:
    mon: ["08:30-12:00", "14:00-17:30"]
    tue: ["08:30-12:00", "14:00-17:30"]
  closed: [2025-03-03]
roles:
  window: {title: {en: Window, zh: 窗口}, front: true}
  review: {title: {en: Review, zh: 审核}}
grades:
  clerk:
    title: {en: Clerk, zh: 办事员}
    base_pay: {value: 50000, unit: yuan a year, source: assumed, range: [40000, 60000], reason: usual}
    assessment_pay: 20000
    target_bonus: 8000
    leave_days: 5
unit_types:
  office:
    title: {en: Office, zh: 国土所}
    discipline: earliest_due_date
    scorecard: card
    pay_bound: true
  hall:
    title: {en: Hall, zh: 窗口}
    discipline: class_priority
    preemption: resume
units:
  north: {type: office, title: {en: North, zh: 北所}}
  south: {type: office, title: {en: South, zh: 南所}}
  hall: {type: hall, title: {en: Hall, zh: 大厅}}
staff:
  north_window: {unit: north, role: window, grade: clerk, count: 2}
  south_window: {unit: south, role: window, grade: clerk, names: [张三]}
  hall_window:
    unit: hall
    role: window
    grade: clerk
    roster:
      - {start: 2025-01-02 08:30, end: 2025-01-02 12:00}
      - {start: 2025-01-02 13:00, end: 2025-01-02 17:00}
  north_review:
    unit: north
    role: review
    grade: clerk
    skills: [visit]
    also_serves: [south/review]
    speed: 1.2
kinds:
  visit:
    title: {en: Visit, zh: 来访}
    limit: {amount: 20, per: working_days}
    route:
      check:
        type: return
        chance: 0.1
        amount: {value: 2, unit: working_days, source: assumed}
        per: working_days
        distribution: exponential
        back_to: check
      intake: {type: work, at: own/window, minutes: 20, distribution: exponential}
      board: {type: sitting, committee: board, minutes: 30}
      fork:
        type: branch
        to: {notice: 0.25, decide: 0.75}
      notice: {type: delay, reason: public_notice, amount: 15, per: calendar_days, distribution: constant}
      decide: {type: work, at: own/review, minutes: 30, cv: 0.5, next: end}
demand:
  visit:
    volumes: {north: 400, south: {value: 300, unit: requests a year, source: assumed}}
    profile: even
profiles:
  even:
    weekdays: [1, 1, 1, 1, 1, 0, 0]
committees:
  board: {title: {en: Board, zh: 会审}, first: [600, 700], places: [4, 4], every_minutes: 20160}
study:
  weekly_hours: 2
  slots: [{weekday: mon, at: "14:00"}]
training:
  tier: {title: {en: Training, zh: 培训}, roles: [window], days_a_year: 3}
duties:
  patrol: {title: {en: Patrol, zh: 巡查}, roles: [review], week: {tue: ["14:00-16:00"]}}
scorecards:
  card:
    title: {en: Card, zh: 评分表}
    items:
      speed:
        {title: {en: On time, zh: 按时}, indicator: on_time_rate, points: 60, rule: proportional}
      study:
        {title: {en: Study, zh: 学习}, indicator: study_rate, points: 40, rule: target, target: 0.9}
assessment:
  advanced_threshold: 95
  promotion_threshold: 90
  bottom_count: 1
  certified_threshold: 90
  excellent_threshold: 97
pay:
  full_pay_threshold: 95
  deduction_per_point: 1
  bonus_threshold: 95
"""

POLICY = """\
format: jingxi-policy/1
title: {en: Ninety, zh: 九十分}
reason: {en: Within reach., zh: 可以达到。}
changes:
  pay.full_pay_threshold: 90
  pay.bonus_threshold: 90
"""


def swap(text: str, *changes: tuple[str, str]) -> str:
    """`text` with each `(old, new)` made once; what is replaced must stand in it exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def small(*changes: tuple[str, str]) -> str:
    return swap(SMALL, *changes)


def write_scenario(folder: Path, text: str | bytes = SMALL) -> Path:
    """A scenario folder with that ``scenario.yaml``; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    content = text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass")
    (folder / "scenario.yaml").write_bytes(content)
    return folder
