"""Malformed scenario and policy files, each with the place and the words of the complaint it must draw.

Most differ from the small valid scenario in one place, and the complaint must name that line.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from .small import POLICY, SMALL, swap, write_scenario


class BadFile(NamedTuple):
    """``content`` is the file at fault: the scenario, or a policy beside the small valid scenario."""

    name: str
    is_policy: bool
    content: bytes
    line: int | None
    path: str | None
    says: tuple[str, ...]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write it under `folder`; returns the scenario's folder and the file at fault."""
        if not self.is_policy:
            home = write_scenario(folder / "case", self.content)
            return home, home / "scenario.yaml"
        home = write_scenario(folder / "case")
        (home / "policies").mkdir(exist_ok=True)
        (home / "policies" / "bad.yaml").write_bytes(self.content)
        return home, home / "policies" / "bad.yaml"


def first_difference(before: str, after: str) -> int:
    """The first line (from 1) in which two texts differ."""
    lines = zip_longest(before.splitlines(), after.splitlines())
    return next(number for number, (old, new) in enumerate(lines, 1) if old != new)


def bad(
    name: str,
    old: str,
    new: str,
    path: str | None,
    *says: str,
    line: int | None = None,
    at: str | None = None,
) -> BadFile:
    """The small scenario with `old` written as `new`; `at` marks the complaint's line if it is another."""
    text = swap(SMALL, (old, new))
    if at is not None:
        line = next(number for number, shown in enumerate(text.splitlines(), 1) if at in shown)
    return BadFile(name, False, text.encode(), line or first_difference(SMALL, text), path, says)


def raw(name: str, content: str | bytes, line: int | None, path: str | None, *says: str) -> BadFile:
    return BadFile(name, False, content if isinstance(content, bytes) else content.encode(), line, path, says)


def bad_policy(name: str, changes: str, path: str | None, *says: str, line: int = 5) -> BadFile:
    """A policy with these lines of changes; the complaint is about the first of them (line 5)."""
    head = POLICY[: POLICY.index("changes:")]
    lines = "".join(f"  {change}\n" for change in changes.splitlines())
    return BadFile(name, True, f"{head}changes:\n{lines}".encode(), line, path, says)


def raw_policy(
    name: str, old: str, new: str, path: str | None, *says: str, line: int | None = None
) -> BadFile:
    text = swap(POLICY, (old, new))
    return BadFile(name, True, text.encode(), line or first_difference(POLICY, text), path, says)


_VISIT = "kinds.visit.route"
_END = SMALL.count("\n") + 1  # the first line after the text
_ROUTE = SMALL[SMALL.index("    route:\n") : SMALL.index("demand:\n")]
_ASSESSMENT = SMALL[SMALL.index("assessment:\n") : SMALL.index("pay:\n  ")]
_DEMAND = SMALL[SMALL.index("demand:\n") : SMALL.index("profiles:\n")]
_VOLUMES = SMALL[SMALL.index("volumes: {") : SMALL.index("profiles:\n") - 1]
_PAY = "{value: 50000, unit: yuan a year, source: assumed, range: [40000, 60000], reason: usual}"
_BASE = "grades.clerk.base_pay"

EVIDENCE = [
    bad("currency_unknown", "calendar:\n", "currency: PNL\ncalendar:\n", "currency", "Did you mean 'PLN'?"),
    bad("currency_a_word", "calendar:\n", "currency: zloty\ncalendar:\n", "currency", "such as CNY or PLN"),
    bad("currency_no_text", "calendar:\n", "currency: 5\ncalendar:\n", "currency", "5 is not text"),
    bad(
        "unit_of_another_currency",
        "calendar:\n",
        "currency: PLN\ncalendar:\n",
        f"{_BASE}.unit",
        "'yuan a year'",
        "in zloty a year",
        at="base_pay:",
    ),
    bad("unit_missing", _PAY, "{value: 50000, source: assumed}", _BASE, "unit is missing", "yuan a year"),
    bad("unit_wrong", "unit: yuan a year,", "unit: euro,", f"{_BASE}.unit", "'euro'", "in yuan a year"),
    bad(
        "unit_not_of_per",
        "unit: requests a year",
        "unit: requests a day",
        "demand.visit.volumes.south.unit",
        "in requests a year",
    ),
    bad(
        "unit_not_of_limit_per",
        "limit: {amount: 20,",
        "limit: {amount: {value: 20, unit: calendar_days},",
        "kinds.visit.limit.amount.unit",
        "'calendar_days'",
        "in working_days",
    ),
    bad(
        "unit_of_a_choice",
        "country: CN",
        "country: {value: CN, unit: minutes}",
        "calendar.country.unit",
        "leave 'unit' out",
    ),
    bad(
        "unit_of_a_block",
        "  even:\n    weekdays: [1, 1, 1, 1, 1, 0, 0]",
        "  even:\n    {unit: hours, value: {weekdays: [1, 1, 1, 1, 1, 0, 0]}}",
        "profiles.even.unit",
        "leave 'unit' out",
    ),
    bad(
        "key_beside_value",
        "weekdays: [1, 1, 1, 1, 1, 0, 0]",
        "{value: {}, weekdays: [1, 1, 1, 1, 1, 0, 0]}",
        "profiles.even.weekdays",
        "unknown key 'weekdays' beside 'value'",
    ),
    bad(
        "value_outside_range",
        "value: 50000",
        "value: 70000",
        _BASE,
        "70000 is outside its own range",
        "Widen",
    ),
    bad("range_reversed", "[40000, 60000]", "[60000, 40000]", f"{_BASE}.range", "the lower first", "[1, 3]"),
    bad("range_of_one", "[40000, 60000]", "[40000]", f"{_BASE}.range", "two numbers"),
    bad("range_of_texts", "[40000, 60000]", "[low, high]", f"{_BASE}.range", "two numbers"),
    bad("range_of_flags", "[40000, 60000]", "[false, true]", f"{_BASE}.range", "two numbers"),
    bad("range_infinite", "[40000, 60000]", "[0, .inf]", f"{_BASE}.range.1", "finite"),
    bad("range_leaves_bounds", "[40000, 60000]", "[-1, 60000]", f"{_BASE}.range", "bounds", "at least 0"),
    bad(
        "range_of_a_choice",
        "country: CN",
        "country: {value: CN, range: [1, 2]}",
        "calendar.country.range",
        "single number",
        "factor",
    ),
    bad(
        "factor_without_1", "range: [40000, 60000]", "factor: [2, 3]", f"{_BASE}.factor", "hold 1", "[0.5, 2]"
    ),
    bad("factor_negative", "range: [40000, 60000]", "factor: [-1, 3]", f"{_BASE}.factor", "hold 1"),
    bad(
        "evidence_key_unknown", "reason: usual", "raeson: usual", f"{_BASE}.raeson", "Did you mean 'reason'?"
    ),
    bad("reason_is_number", "reason: usual", "reason: 5", f"{_BASE}.reason", "must be text"),
    bad(
        "evidence_twice",
        "unit: yuan a year,",
        "unit: yuan a year, unit: yuan,",
        f"{_BASE}.unit",
        "stands twice",
    ),
]

NUMBERS = [
    bad(
        "negative_volume",
        "north: 400",
        "north: -400",
        "demand.visit.volumes.north",
        "-400",
        "at least",
    ),
    bad(
        "negative_minutes", "minutes: 20,", "minutes: -20,", f"{_VISIT}.intake.minutes", "in minutes, above 0"
    ),
    bad("nan", "minutes: 20,", "minutes: .nan,", f"{_VISIT}.intake.minutes", "finite number"),
    bad("infinite", "minutes: 20,", "minutes: -.inf,", f"{_VISIT}.intake.minutes", "finite number"),
    bad("overflowing", "minutes: 20,", "minutes: 1e999,", f"{_VISIT}.intake.minutes", "finite number"),
    bad(
        "huge_integer",
        "minutes: 20,",
        f"minutes: {'9' * 5000},",
        f"{_VISIT}.intake.minutes",
        "too many digits",
    ),
    bad(
        "huge_float", "minutes: 20,", f"minutes: {'9' * 5000}.0,", f"{_VISIT}.intake.minutes", "finite number"
    ),
    bad(
        "text_for_number",
        "minutes: 20,",
        "minutes: long,",
        f"{_VISIT}.intake.minutes",
        "'long' is not a number",
    ),
    bad(
        "quoted_number", "minutes: 20,", 'minutes: "20",', f"{_VISIT}.intake.minutes", "'20' is not a number"
    ),
    bad(
        "grouped_number",
        "minutes: 20,",
        "minutes: 1_000,",
        f"{_VISIT}.intake.minutes",
        "'1_000' is not a number",
    ),
    bad(
        "flag_for_number",
        "minutes: 20,",
        "minutes: true,",
        f"{_VISIT}.intake.minutes",
        "true is not a number",
    ),
    bad(
        "nothing_for_number",
        "minutes: 20,",
        "minutes: ,",
        f"{_VISIT}.intake.minutes",
        "nothing is not a number",
    ),
    bad(
        "list_for_number",
        "minutes: 20,",
        "minutes: [20],",
        f"{_VISIT}.intake.minutes",
        "a list is not a number",
    ),
    bad(
        "block_for_number",
        "minutes: 20,",
        "minutes: {a: 20},",
        f"{_VISIT}.intake.minutes",
        "a block is not a num",
    ),
    bad("part_of_a_person", "count: 2", "count: 2.0", "staff.north_window.count", "whole number", "'people'"),
    bad(
        "number_for_flag",
        "pay_bound: true",
        "pay_bound: 1",
        "unit_types.office.pay_bound",
        "1 is not true or false",
    ),
    bad(
        "yes_for_flag",
        "pay_bound: true",
        "pay_bound: yes",
        "unit_types.office.pay_bound",
        "'yes' is not true or",
    ),
    bad("number_for_text", "en: North", "en: 12", "units.north.title.en", "12 is not text"),
    bad("text_for_block", "  clerk:\n", "  other: 5\n  clerk:\n", "grades.other", "5 is not a block of keys"),
    bad("text_for_list", "closed: [2025-03-03]", "closed: 2025-03-03", "calendar.closed", "is not a list"),
    bad("speed_zero", "speed: 1.2", "speed: 0", "staff.north_review.speed", "above 0.05 and at most 20"),
    bad("too_many_people", "count: 2", "count: 501", "staff.north_window.count", "at most 500"),
    bad("cv_missing", "minutes: 30, cv: 0.5", "minutes: 30", f"{_VISIT}.decide", "needs 'cv'"),
    bad("cv_of_uniform", "cv: 0.5,", "cv: 0.6, distribution: uniform,", f"{_VISIT}.decide", "at most 0.577"),
    bad(
        "half_a_working_day", "{amount: 20, per", "{amount: 2.5, per", "kinds.visit.limit", "Give whole days"
    ),
    bad(
        "weight_negative", "[1, 1, 1, 1, 1, 0, 0]", "[1, 1, 1, 1, 1, 0, -1]", "profiles.even.weekdays.6", "-1"
    ),
    bad(
        "weights_zero",
        "[1, 1, 1, 1, 1, 0, 0]",
        "[0, 0, 0, 0, 0, 0, 0]",
        "profiles.even",
        "all zero",
        at="  even:",
    ),
    bad("weights_too_few", "[1, 1, 1, 1, 1, 0, 0]", "[1, 1]", "profiles.even.weekdays", "at least 7"),
    bad("places_missing", "places: [4, 4]", "places: [4]", "committees.board", "2 sittings but 1"),
    bad("round_overlaps", "every_minutes: 20160", "every_minutes: 50", "committees.board", "repeats before"),
]

NAMES = [
    bad(
        "unknown_key",
        "pay_bound:",
        "pay_bond:",
        "unit_types.office.pay_bond",
        "Did you mean 'pay_bound'?",
        "See:",
    ),
    bad("unknown_block", "\npay:", "\npayy:", "payy", "Did you mean 'pay'?", "sim parameters"),
    bad(
        "key_missing", "  bottom_count: 1\n", "", "assessment", "'bottom_count' is missing", at="assessment:"
    ),
    bad(
        "title_missing",
        "title: {en: North, zh: 北所}",
        "title: {en: North}",
        "units.north.title",
        "'zh' is missing",
    ),
    bad(
        "unknown_unit_type",
        "north: {type: office",
        "north: {type: ofice",
        "units.north.type",
        "mean 'office'?",
    ),
    bad("unknown_unit", "{unit: south", "{unit: suoth", "staff.south_window.unit", "Did you mean 'south'?"),
    bad(
        "unknown_role",
        "role: review\n",
        "role: reviewer\n",
        "staff.north_review.role",
        "Did you mean 'review'?",
    ),
    bad(
        "unknown_grade",
        "window, grade: clerk, count",
        "window, grade: boss, count",
        "staff.north_window.grade",
        "clerk",
    ),
    bad(
        "unknown_skill",
        "skills: [visit]",
        "skills: [vist]",
        "staff.north_review.skills.0",
        "Did you mean 'visit'?",
    ),
    bad("skills_word", "skills: [visit]", "skills: some", "staff.north_review.skills", "One of: 'all'"),
    bad(
        "skill_not_a_name",
        "skills: [visit]",
        "skills: [visit, 7]",
        "staff.north_review.skills.1",
        "7 is not text",
    ),
    bad(
        "unknown_station",
        "[south/review]",
        "[sooth/review]",
        "staff.north_review.also_serves.0",
        "mean 'south'?",
    ),
    bad("station_without_role", "[south/review]", "[south]", "staff.north_review.also_serves.0", "unit/role"),
    bad("unknown_next", "next: end", "next: ende", f"{_VISIT}.decide.next", "Did you mean 'end'?"),
    bad(
        "unknown_back_to",
        "back_to: check",
        "back_to: chek",
        f"{_VISIT}.check.back_to",
        "Did you mean 'check'?",
    ),
    bad(
        "unknown_branch", "notice: 0.25", "notise: 0.25", f"{_VISIT}.fork.to.notise", "Did you mean 'notice'?"
    ),
    bad("unknown_place", "at: own/review", "at: own/reveiw", f"{_VISIT}.decide.at", "Did you mean 'review'?"),
    bad(
        "unknown_place_unit", "at: own/review", "at: won/review", f"{_VISIT}.decide.at", "Did you mean 'own'?"
    ),
    bad(
        "unknown_profile", "profile: even", "profile: evening", "demand.visit.profile", "Did you mean 'even'?"
    ),
    bad(
        "unknown_committee",
        "committee: board,",
        "committee: bord,",
        f"{_VISIT}.board.committee",
        "mean 'board'?",
    ),
    bad(
        "unknown_scorecard",
        "scorecard: card",
        "scorecard: cart",
        "unit_types.office.scorecard",
        "mean 'card'?",
    ),
    bad(
        "unknown_kind",
        "  visit:\n    volumes",
        "  visits:\n    volumes",
        "demand.visits",
        "Did you mean 'visit'?",
    ),
    bad("unknown_volume", "{north: 400", "{nort: 400", "demand.visit.volumes.nort", "Did you mean 'north'?"),
    bad("unknown_step_type", "type: sitting", "type: siting", f"{_VISIT}.board", "unknown", "sitting"),
    bad("step_without_type", "{type: sitting, ", "{", f"{_VISIT}.board", "'type' is missing", "One of: work"),
    bad(
        "step_type_is_list",
        "type: sitting",
        "type: [sitting]",
        f"{_VISIT}.board",
        "'type' is",
        "One of: work",
    ),
    bad(
        "step_is_text",
        "{type: sitting, committee: board, minutes: 30}",
        "board",
        f"{_VISIT}.board",
        "'type' is missing",
    ),
    bad(
        "key_of_other_step",
        "minutes: 30}",
        "minutes: 30, chance: 1}",
        f"{_VISIT}.board.chance",
        "unknown parameter",
    ),
    bad(
        "unknown_choice",
        "resume",
        "resumes",
        "unit_types.hall.preemption",
        "One of: 'none', 'resume', 'restart'",
    ),
    bad("unknown_weekday", '    tue: ["08', '    tus: ["08', "calendar.week.tus", "'tue'"),
    bad(
        "unknown_role_trained",
        "roles: [window], d",
        "roles: [wndow], d",
        "training.tier.roles.0",
        "mean 'window'?",
    ),
    bad(
        "name_with_capital",
        "  even:\n",
        "  Even:\n",
        "profiles.Even",
        "'Even' is not a name",
        "small letters",
    ),
    bad("name_with_dot", "  even:\n", "  ev.en:\n", "profiles.ev.en", "is not a name"),
    bad("unit_called_own", "  hall: {type", "  own: {type", "units.own", "cannot be called 'own'"),
    bad("step_called_end", "      fork:\n", "      end:\n", f"{_VISIT}.end", "cannot be called 'end'"),
    bad(
        "person_twice",
        "names: [张三]",
        "names: [north_window_1]",
        "staff.south_window.names",
        "already taken",
    ),
    bad("too_few_names", "count: 2", "count: 2, names: [李四]", "staff.north_window", "1 name for 2 people"),
    bad("title_too_long", "en: North", f"en: {'N' * 601}", "units.north.title.en", "at most 600 characters"),
    bad("title_empty", "en: North", 'en: ""', "units.north.title.en", "at least 1 character"),
    bad("wrong_format", "jingxi-scenario/1", "jingxi-scenario/2", "format", "One of: 'jingxi-scenario/1'"),
    bad("control_character", "en: North", '"e\\e[31mn": North', "units.north.title.e\x1b[31mn", "e [31mn"),
    bad(
        "long_key",
        "en: North",
        f"{'k' * 900}: North",
        f"units.north.title.{'k' * 900}",
        "unknown parameter",
        "Known here: en, zh",
    ),
]

TIME = [
    bad(
        "hours_backwards",
        'tue: ["08:30-12:00"',
        'tue: ["12:00-08:30"',
        "calendar.week.tue",
        "would last 20.5 hours",
    ),
    bad(
        "hours_overlap",
        'tue: ["08:30-12:00"',
        'tue: ["08:30-14:30"',
        "calendar.week.tue",
        "overlap",
        "Let one end",
    ),
    *(
        bad(name, 'tue: ["08:30-12:00"', f'tue: ["{hours}"', "calendar.week.tue", says)
        for name, hours, says in (
            ("full_width_colon", "08：30-12：00", "a full-width colon '：' (U+FF1A). Write ':'"),
            ("full_width_dash", "08:30－12:00", "a full-width dash '－' (U+FF0D). Write '-'"),
            ("long_dash", "08:30–12:00", "a dash that is no hyphen '–' (U+2013). Write '-'"),
        )
    ),
    bad("hour_25", 'tue: ["08:30-12:00"', 'tue: ["08:30-25:00"', "calendar.week.tue", "Write it as HH:MM"),
    bad(
        "hours_without_dash",
        'tue: ["08:30-12:00"',
        'tue: ["08:30"',
        "calendar.week.tue",
        "Write it as 08:30-12:00",
    ),
    bad("not_a_date", "closed: [2025-03-03]", "closed: [2025-02-30]", "calendar.closed.0", "2025-01-31"),
    bad("number_for_date", "closed: [2025-03-03]", "closed: [20250303]", "calendar.closed.0", "2025-01-31"),
    bad(
        "closed_and_open",
        "closed: [2025-03-03]",
        "closed: [2025-03-03]\n  open: [2025-03-03]",
        "calendar",
        "both in",
        at="calendar:",
    ),
    bad(
        "shifts_overlap", "02 13:00, end", "02 11:00, end", "staff.hall_window", "overlap", at="hall_window:"
    ),
    bad(
        "shift_backwards",
        "end: 2025-01-02 12:00",
        "end: 2025-01-02 08:00",
        "staff.hall_window.roster.0",
        "before",
    ),
    bad(
        "start_with_zone",
        "start: 2025-01-01,",
        'start: "2025-01-01 00:00+08:00",',
        "horizon.start",
        "time zone",
    ),
    bad("start_in_1900", "start: 2025-01-01,", "start: 1900-01-01,", "horizon", "between 1990 and 2090"),
    bad("two_lengths", "years: 1,", "years: 1, minutes: 60,", "horizon", "in 'years' or in 'minutes'"),
    bad(
        "never_open",
        '    mon: ["08:30-12:00", "14:00-17:30"]\n    tue: ["08:30-12:00", "14:00-17:30"]\n',
        "    mon: []\n",
        "calendar",
        "never opens",
        at="calendar:",
    ),
    bad(
        "study_nowhere", 'slots: [{weekday: mon, at: "14:00"}]', "slots: []", "study", "'slots'", at="study:"
    ),
    bad("study_at_noon_text", 'at: "14:00"}', "at: noon}", "study.slots.0.at", "'noon' is not a time of day"),
]

RULES = [
    bad("chance_above_1", "chance: 0.1", "chance: 1.1", f"{_VISIT}.check.chance", "at least 0 and at most 1"),
    bad(
        "branch_sum", "decide: 0.75", "decide: 0.76", f"{_VISIT}.fork.to", "sum to 1.01", "They must sum to 1"
    ),
    bad(
        "branch_above_1",
        "decide: 0.75",
        "decide: 1.75",
        f"{_VISIT}.fork.to.decide",
        "at most 1",
    ),
    bad("route_never_ends", "next: end", "next: intake", f"{_VISIT}.decide", "never ends"),
    bad(
        "step_unreachable",
        "minutes: 20, d",
        "next: fork, minutes: 20, d",
        f"{_VISIT}.board",
        "ever reaches",
        at="      board:",
    ),
    bad("route_empty", _ROUTE, "    route: {}\n", "kinds.visit.route", "at least 1 must stand here"),
    bad(
        "nobody_can",
        "skills: [visit]",
        "skills: []",
        f"{_VISIT}.decide.at",
        "nobody at north/review can do 'visit'",
        "with the skill",
        at="      decide: {",
    ),
    bad(
        "nobody_there",
        "count: 2",
        "count: 0",
        f"{_VISIT}.intake.at",
        "nobody at north/window",
        at="      intake: {",
    ),
    bad(
        "preemption_without_classes",
        "class_priority",
        "earliest_due_date",
        "unit_types.hall.preemption",
        "needs the discipline 'class_priority'",
        at="preemption",
    ),
    bad(
        "due_date_without_limit",
        "    limit: {amount: 20, per: working_days}\n",
        "",
        "kinds.visit.limit",
        "no time limit",
        "Give a limit",
        at="  visit:",
    ),
    bad(
        "two_disciplines",
        "{type: office, title: {en: South",
        "{type: office, discipline: first_come_first_served, title: {en: South",
        "staff.north_review.also_serves.0",
        "who would be next",
        at="also_serves",
    ),
    bad(
        "threshold_above_100",
        "full_pay_threshold: 95",
        "full_pay_threshold: 101",
        "pay.full_pay_threshold",
        "at most 100",
    ),
    bad(
        "advanced_above_100",
        "advanced_threshold: 95",
        "advanced_threshold: 101",
        "assessment.advanced_threshold",
        "100",
    ),
    bad(
        "promotion_above_advanced",
        "promotion_threshold: 90",
        "promotion_threshold: 96",
        "assessment.promotion_threshold",
        "It must be at most 'advanced_threshold', which is 95",
    ),
    bad(
        "certified_above_excellent",
        "certified_threshold: 90",
        "certified_threshold: 98",
        "assessment.certified_threshold",
        "It must be at most 'excellent_threshold', which is 97",
    ),
    bad(
        "points_not_100",
        "points: 60",
        "points: 50",
        "scorecards.card",
        "sum to 90. They must sum to 100",
        at="  card:",
    ),
    bad(
        "target_missing",
        "rule: target, target: 0.9",
        "rule: target",
        "scorecards.card.items.study",
        "needs a 'target'",
        at="      study:",
    ),
    bad(
        "deduct_missing",
        "rule: target,",
        "rule: deduction,",
        "scorecards.card.items.study",
        "needs 'deduct'",
        at="      study:",
    ),
    bad("assessment_missing", _ASSESSMENT, "", "assessment", "are assessed", line=1),
    bad(
        "pay_corners_fall",
        "  bonus_threshold: 95\n",
        "  bonus_threshold: 95\n  schedule: [{score: 90, share: 1}, {score: 80, share: 0}]\n",
        "pay",
        "do not rise",
        "in order",
        line=SMALL[: SMALL.index("\npay:")].count("\n") + 2,
    ),
    *(
        bad(
            f"behaviour_{name}",
            "  bonus_threshold: 95\n",
            f"  bonus_threshold: 95\nbehaviour: {{{content}}}\n",
            path,
            *says,
        )
        for name, content, path, says in (
            ("unknown", "responsiv: {}", "behaviour.responsiv", ("Did you mean 'responsive'?",)),
            (
                "on_is_a_number",
                "responsive: {effort: {on: 1}}",
                "behaviour.responsive.effort.on",
                ("true or false",),
            ),
            (
                "strength_negative",
                "responsive: {strength: -1}",
                "behaviour.responsive.strength",
                ("at least 0 and at most 10",),
            ),
            (
                "costless",
                "responsive: {effort: {cost: 0}}",
                "behaviour.responsive.effort.cost",
                ("above 0",),
            ),
            (
                "least_over_usual",
                "learning: {least: 1.2}",
                "behaviour.learning.least",
                ("at most 1",),
            ),
            (
                "tasks_are_one",
                "responsive: {effort: {substitution: 1}}",
                "behaviour.responsive.effort.substitution",
                ("at most 0.99",),
            ),
            (
                "people_of_no_unit",
                "responsive: {people: {by_unit: {nroth: {strength: 0}}}}",
                "behaviour.responsive.people.by_unit.nroth",
                ("unknown unit 'nroth'", "'north'"),
            ),
            (
                "no_mode",
                "responsive: {recording: {clock_stop: 0, needless_supplement: 0, close_and_reopen: 0}}",
                "behaviour.responsive.recording",
                ("are all 0", "Give one above 0"),
            ),
            (
                "window_endless",
                "responsive: {recording: {window_days: .inf}}",
                "behaviour.responsive.recording.window_days",
                ("finite",),
            ),
            (
                "no_discount",
                "responsive: {discount: 0}",
                "behaviour.responsive.discount",
                ("above 0",),
            ),
            (
                "levels_that_fall",
                "responsive: {effort: {levels: [1.2, 1.0]}}",
                "behaviour.responsive.effort",
                ("do not rise", "1, the usual effort"),
            ),
            (
                "levels_out_of_bounds",
                "responsive: {effort: {levels: [0.5, 1.0]}}",
                "behaviour.responsive.effort",
                ("outside 'least' and 'most'",),
            ),
            (
                "more_than_everybody",
                "responsive: {people: {not_responding: 1.2}}",
                "behaviour.responsive.people.not_responding",
                ("at most 1",),
            ),
            (
                "unknown_return",
                "return: guessed",
                "behaviour.return",
                ("known", "learned", "assumed"),
            ),
            (
                "trials_the_wrong_way_round",
                "trials: {at_least: 16, at_most: 8}",
                "behaviour.trials.at_most",
                ("16",),
            ),
            (
                "forecast_of_before",
                "forecast: {spread: 2}",
                "behaviour.forecast",
                ("It is measured by trials now", "leave it out"),
            ),
            (
                "least_spread_of_before",
                "responsive: {least_spread: 1}",
                "behaviour.responsive.least_spread",
                ("It is measured by trials now", "leave it out"),
            ),
            (
                "substitution_of_before",
                "responsive: {allocation: {substitution: 0.6}}",
                "behaviour.responsive.allocation.substitution",
                ("It is 'behaviour.responsive.effort.substitution' now", "0.43 for 0.6"),
            ),
            (
                "discount_of_before",
                "responsive: {ratchet: {discount: 0.1}}",
                "behaviour.responsive.ratchet.discount",
                ("It is 'behaviour.responsive.discount' now",),
            ),
            (
                "career_in_words",
                "responsive: {careers: {promotion: much}}",
                "behaviour.responsive.careers.promotion",
                ("number",),
            ),
        )
    ),
]

YAML = [
    raw("empty", "", 1, None, "empty"),
    raw("only_comments", "# nothing\n\n", 1, None, "empty"),
    raw("list_at_top", "- format: jingxi-scenario/1\n", 1, None, "keys and values", "format: …"),
    raw("text_at_top", "jingxi", 1, None, "keys and values"),
    raw("two_documents", SMALL + "---\na: 1\n", _END, None, "not valid YAML", "another document"),
    raw(
        "bomb",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + SMALL,
        1,
        None,
        "anchors and aliases",
        "where they are used",
    ),
    raw("alias_unknown", SMALL + "replay: *nothing\n", _END, None, "anchors and aliases"),
    bad(
        "python_object",
        "format: jingxi-scenario/1",
        "format: !!python/object/apply:os.system [id]",
        None,
        "tag",
        "without tags",
    ),
    bad("python_name", "country: CN", "country: !!python/name:os.system", None, "the tag", "is not allowed"),
    bad("custom_tag", "country: CN", "country: !land CN", None, "the tag !land is not allowed"),
    bad("standard_tag", "count: 2", "count: !!int 2", None, "the tag", "without tags"),
    bad(
        "merge_key",
        "    leave_days: 5",
        "    <<: {leave_days: 5}",
        "grades.clerk",
        "a key must be plain text",
        "'<<'",
    ),
    bad(
        "list_as_key",
        "    leave_days: 5",
        "    ? [leave_days]\n    : 5",
        "grades.clerk",
        "a key must be plain text",
    ),
    bad(
        "key_twice",
        "    leave_days: 5",
        "    leave_days: 5\n    leave_days: 10",
        "grades.clerk.leave_days",
        "stands twice",
    ),
    bad(
        "key_twice_quoted",
        "speed: 1.2",
        'speed: 1.2\n    "speed": 2',
        "staff.north_review.speed",
        "stands twice",
    ),
    raw("latin_1", "a: 1\nb: Büros\n".encode("latin-1"), 2, None, "not UTF-8", "Save the file as UTF-8"),
    raw("utf_16", SMALL.encode("utf-16"), 1, None, "not UTF-8", "Save the file as UTF-8"),
    raw("utf_16_without_mark", "a: 1\n".encode("utf-16-le"), 1, None, "U+0000", "UTF-8"),
    bad("nul", "en: North", "en: N\0rth", None, "U+0000", "Delete it"),
    bad("escape", "en: North", "en: \x1b[31mred", None, "U+001B", "Delete it"),
    raw("deep_lists", "a: " + "[" * 100_000, 1, None, "nested too deeply", "40 levels"),
    raw("deep_blocks", "\n".join(" " * depth + "a:" for depth in range(200)), 41, None, "nested too deeply"),
    raw("bracket_open", SMALL + "replay: [\n", _END + 1, None, "not valid YAML", "near this line"),
    raw("tab", "format: jingxi-scenario/1\nhorizon:\n\tyears: 1\n", 3, None, "not valid YAML", "a tab"),
    raw("too_large", "# " + "x" * 4_000_001, None, None, "larger than 4 MB"),
]

FILES = [
    bad(
        "rates_above",
        _VOLUMES,
        "rates: ../../etc/passwd",
        "demand.visit.rates",
        "outside the scenario's folder",
        "inside it",
    ),
    bad("rates_absolute", _VOLUMES, "rates: /etc/passwd", "demand.visit.rates", "outside"),
    bad("rates_missing", _VOLUMES, "rates: no.csv", "demand.visit.rates", "there is no file 'no.csv'"),
    bad("rates_folder", _VOLUMES, "rates: .", "demand.visit.rates", "there is no file"),
    bad("rates_long", _VOLUMES, f"rates: {'r' * 300}", "demand.visit.rates", "there is no file"),
    bad("rates_nul", _VOLUMES, 'rates: "a\\0b"', "demand.visit.rates", "outside"),
    bad(
        "rates_and_volumes",
        "    profile: even",
        "    rates: no.csv",
        "demand.visit",
        "Give one of the two",
        line=SMALL[: SMALL.index(_DEMAND)].count("\n") + 2,
    ),
    raw("replay_above", SMALL + "replay: ../log.csv\n", _END, "replay", "outside"),
]

POLICIES = [
    bad_policy(
        "path_unknown",
        "pay.full_pay_treshold: 90",
        "changes.pay.full_pay_treshold",
        "unknown parameter",
        "Did you mean 'pay.full_pay_threshold'?",
        "sim parameters pay",
    ),
    bad_policy("path_unknown_block", "payy.floor: 0.2", "changes.payy.floor", "Did you mean 'pay'?"),
    bad_policy(
        "path_unknown_unit", "units.nort.type: hall", "changes.units.nort.type", "Did you mean 'units.north'?"
    ),
    bad_policy(
        "path_into_leaf", "pay.floor.deep: 0.2", "changes.pay.floor.deep", "inside 'pay.floor'", "as a whole"
    ),
    bad_policy("path_into_text", "units.north.type.x: 1", "changes.units.north.type.x", "as a whole"),
    bad_policy(
        "path_into_word",
        "staff.north_window.skills.0: visit",
        "changes.staff.north_window.skills.0",
        "unknown",
    ),
    bad_policy(
        "path_past_list", "committees.board.places.2: 4", "changes.committees.board.places.2", "board.places."
    ),
    bad_policy(
        "path_odd_digit",
        "committees.board.places.²: 4",
        "changes.committees.board.places.²",
        "unknown parameter",
    ),
    bad_policy("path_empty", '"": 4', "changes.", "unknown parameter ''"),
    bad_policy("path_dots", "pay..floor: 0.1", "changes.pay..floor", "unknown parameter"),
    bad_policy(
        "path_of_other_step", f"{_VISIT}.intake.chance: 0.1", f"changes.{_VISIT}.intake.chance", "unknown"
    ),
    bad_policy(
        "value_refused",
        "pay.full_pay_threshold: 101",
        "changes.pay.full_pay_threshold",
        "at most 100",
    ),
    bad_policy(
        "value_text", "pay.full_pay_threshold: ninety", "changes.pay.full_pay_threshold", "not a number"
    ),
    bad_policy(
        "value_breaks_other",
        "assessment.advanced_threshold: 80",
        "changes.assessment.advanced_threshold",
        "'assessment.promotion_threshold' is wrong",
        "at most 'advanced_threshold', which is 80",
    ),
    bad_policy(
        "staff_gone",
        "pay.floor: 0.1\nstaff.north_window.count: 0",
        "changes.staff.north_window.count",
        "nobody at north/window",
        line=6,
    ),
    bad_policy(
        "second_refused",
        "pay.floor: 0.1\npay.bonus_threshold: -1",
        "changes.pay.bonus_threshold",
        "at least 0",
        line=6,
    ),
    bad_policy(
        "evidence_unit",
        "pay.floor: {value: 0.1, unit: yuan}",
        "changes.pay.floor",
        "'pay.floor.unit' is wrong",
        "in 1",
    ),
    bad_policy(
        "evidence_range",
        "pay.floor: {value: 0.1, range: [0.2, 0.3]}",
        "changes.pay.floor",
        "outside its own range",
    ),
    bad_policy(
        "title_changed", "title.en: Better", "changes.title.en", "cannot change 'title'", "Change rules"
    ),
    bad_policy("format_changed", "format: other", "changes.format", "cannot change 'format'"),
    bad_policy(
        "change_in_change",
        "pay.floor: 0.1\npay: {floor: 0.2}",
        "changes.pay.floor",
        "lies inside 'pay'",
        "one of the two",
    ),
    bad_policy("change_twice", "pay.floor: 0.1\npay.floor: 0.2", "changes.pay.floor", "stands twice", line=6),
    bad_policy(
        "rates_outside",
        "demand.visit: {rates: ../x.csv}",
        "changes.demand.visit",
        "outside the scenario's folder",
    ),
    bad_policy("limit_taken", "kinds.visit.limit: null", "changes.kinds.visit.limit", "no time limit"),
    bad_policy(
        "route_endless", f"{_VISIT}.decide.next: intake", f"changes.{_VISIT}.decide.next", "never ends"
    ),
    raw_policy(
        "title_in_one_language",
        "title: {en: Ninety, zh: 九十分}",
        "title: {en: Ninety}",
        "title",
        "'zh' is missing",
    ),
    raw_policy(
        "no_reason", "reason: {en: Within reach., zh: 可以达到。}\n", "", None, "'reason' is missing", line=1
    ),
    raw_policy("unknown_key_in_policy", "reason:", "reasons:", "reasons", "Did you mean 'reason'?"),
    raw_policy(
        "scenario_as_policy", "jingxi-policy/1", "jingxi-scenario/1", "format", "One of: 'jingxi-policy/1'"
    ),
    raw_policy(
        "changes_are_a_list",
        "changes:\n  pay.full_pay_threshold: 90\n  pay.bonus_threshold: 90\n",
        "changes: [pay.floor]\n",
        "changes",
        "a list is not a block",
    ),
    raw_policy(
        "policy_tag",
        "pay.bonus_threshold: 90",
        "pay.bonus_threshold: !!python/object:os.x {}",
        None,
        "the tag",
    ),
]


def with_block(name: str, block: str, path: str, *says: str) -> BadFile:
    """The small scenario with one more block, written in one line."""
    return bad(name, "committees:\n", f"{block}\ncommittees:\n", path, *says)


_ON = "service_rules: {%s: {on: true, %s}}"
_CLASS = "title: {en: Plots, zh: 地块}, hours: 20, role: review"
_PROJECTS = "projects: {on: true, break_down_role: window, classes: {plots: {%s}}%s}"

SERVICE = [
    with_block(
        "online_kind_unknown",
        _ON % ("online", "kinds: {vist: 0.3}"),
        "service_rules.online.kinds.vist",
        "unknown kind 'vist'",
        "'visit'",
    ),
    with_block(
        "share_above_one",
        _ON % ("online", "kinds: {visit: 30}"),
        "service_rules.online.kinds.visit",
        "at most 1",
    ),
    with_block(
        "rule_misspelt",
        "service_rules: {one_step: {on: true}}",
        "service_rules.one_step",
        "unknown parameter",
        "'one_stop'",
    ),
    with_block(
        "switch_is_a_word",
        "service_rules: {clarity: {on: 1}}",
        "service_rules.clarity.on",
        "not true or false",
    ),
    with_block(
        "factor_above_one",
        _ON % ("one_stop", "transfer_factor: 1.5"),
        "service_rules.one_stop.transfer_factor",
        "at most 1",
    ),
    with_block(
        "limit_of_nothing",
        _ON % ("time_limit_commitment", "share: 0"),
        "service_rules.time_limit_commitment.share",
        "at least 0.01",
    ),
    with_block(
        "two_channels_at_once",
        "service_rules: {online: {on: true, kinds: {visit: 0.7}}, early: {on: true, kinds: {visit: 0.7}}}",
        "service_rules.early.kinds.visit",
        "together take 1.4",
        "at most 1",
    ),
    with_block(
        "filing_backwards",
        _ON % ("online", 'begins_at: "20:00", ends_at: "08:00"'),
        "service_rules.online",
        "before it begins",
    ),
    with_block(
        "doorstep_role_unknown",
        _ON % ("doorstep", "kinds: {visit: 0.2}, role: feild"),
        "service_rules.doorstep.role",
        "unknown role 'feild'",
    ),
    with_block(
        "pooling_unit_unknown",
        _ON % ("pooling", "units: [north, soth]"),
        "service_rules.pooling.units.1",
        "unknown unit 'soth'",
        "'south'",
    ),
    with_block(
        "pooling_two_disciplines",
        _ON % ("pooling", "units: [north, hall]"),
        "service_rules.pooling.units",
        "north serves by 'earliest_due_date' and hall by 'class_priority'",
        "same discipline",
    ),
    with_block(
        "team_group_unknown",
        _ON % ("mobile_support", "teams: {one: {groups: [north_windw], units: [south]}}"),
        "service_rules.mobile_support.teams.one.groups.0",
        "unknown group of staff 'north_windw'",
    ),
    with_block(
        "team_always_on_the_road",
        _ON % ("mobile_support", "teams: {one: {groups: [north_window], units: [south], travel_share: 1}}"),
        "service_rules.mobile_support.teams.one.travel_share",
        "at most 0.9",
    ),
    with_block(
        "pairing_role_unknown",
        _ON % ("petition_pairing", "households_each: 1"),
        "service_rules.petition_pairing.role",
        "unknown role 'leader'",
    ),
    with_block(
        "pairing_past_midnight",
        _ON % ("petition_pairing", 'role: review, at: "23:00", hours_a_week: 2'),
        "service_rules.petition_pairing",
        "past midnight",
    ),
    with_block(
        "repeat_for_certain",
        "frictions: {repeat_petitions: {on: true, kinds: [visit], chance: 1}}",
        "frictions.repeat_petitions.chance",
        "at most 0.9",
    ),
    with_block(
        "friction_kind_unknown",
        "frictions: {repeat_petitions: {on: true, kinds: [visits]}}",
        "frictions.repeat_petitions.kinds.0",
        "unknown kind 'visits'",
    ),
    with_block(
        "errors_of_unknown_kind",
        "frictions: {errors: {on: true, kinds: {deed: 0.02}}}",
        "frictions.errors.kinds.deed",
        "unknown kind 'deed'",
    ),
    with_block(
        "corrected_nowhere",
        "frictions: {errors: {on: true, kinds: {visit: 0.02}, at: nort/review}}",
        "frictions.errors.at",
        "unknown unit 'nort'",
    ),
    with_block(
        "corrected_by_nobody",
        "frictions: {errors: {on: true, kinds: {visit: 0.02}, at: hall/review}}",
        "frictions.errors.at",
        "nobody at hall/review can do 'visit'",
    ),
    with_block(
        "reversed_by_unknown_role",
        "frictions: {overreach: {on: true, at: own/judge}}",
        "frictions.overreach.at",
        "unknown role 'judge'",
    ),
    with_block(
        "projects_of_unknown_unit",
        _PROJECTS % (f"{_CLASS}, a_year: {{nroth: 2}}", ""),
        "projects.classes.plots.a_year.nroth",
        "unknown unit 'nroth'",
    ),
    with_block(
        "projects_without_staff",
        _PROJECTS % (f"{_CLASS}, a_year: {{hall: 2}}", ""),
        "projects.classes.plots.a_year.hall",
        "nobody is at hall/review",
    ),
    bad(
        "projects_without_years",
        "horizon: {start: 2025-01-01, years: 1, warm_up_days: 10}",
        "horizon: {start: 2025-01-01, minutes: 6000}\n" + _PROJECTS % (f"{_CLASS}, a_year: {{north: 2}}", ""),
        "projects.on",
        "the horizon is in minutes",
        at="projects:",
    ),
    with_block(
        "projects_due_in_no_month",
        _PROJECTS % (f"{_CLASS}, due_month: 13", ""),
        "projects.classes.plots.due_month",
        "at most 12",
    ),
    with_block(
        "projects_of_no_work",
        _PROJECTS % ("title: {en: Plots, zh: 地块}, hours: 0", ""),
        "projects.classes.plots.hours",
        "above 0",
    ),
    with_block(
        "projects_accepted_nowhere",
        _PROJECTS % (_CLASS, ", accepted_at: hall/jury"),
        "projects.accepted_at",
        "unknown role 'jury'",
    ),
    with_block(
        "award_for_unknown_role",
        "awards: {degree: {title: {en: Degree, zh: 学历}, chance: 0.1, roles: [clerk]}}",
        "awards.degree.roles.0",
        "unknown role 'clerk'",
    ),
    with_block(
        "award_without_chance",
        "awards: {degree: {title: {en: Degree, zh: 学历}, reward: 100}}",
        "awards.degree",
        "'chance' is missing",
    ),
    bad(
        "duty_every_no_week",
        "roles: [review], week:",
        "roles: [review], every_weeks: 0, week:",
        "duties.patrol.every_weeks",
        "at least 1",
    ),
    bad(
        "training_in_no_month",
        "days_a_year: 3",
        "days_a_year: 3, months: [0]",
        "training.tier.months.0",
        "at least 1",
    ),
    bad(
        "article_hours_below_zero",
        "study:\n  weekly_hours: 2",
        "study:\n  article_hours_a_quarter: -1\n  weekly_hours: 2",
        "study.article_hours_a_quarter",
        "at least 0",
    ),
    bad_policy(
        "policy_of_unknown_kind",
        "service_rules.online: {on: true, kinds: {vist: 0.3}}",
        "changes.service_rules.online",
        "unknown kind 'vist'",
    ),
    bad_policy(
        "policy_of_unknown_rule",
        "service_rules.onlin.on: true",
        "changes.service_rules.onlin.on",
        "unknown parameter",
        "service_rules.online",
    ),
]

_STUDY_ITEM = "indicator: study_rate, points: 40, rule: target, target: 0.9"
_SPEED_ITEM = "indicator: on_time_rate, points: 60, rule: proportional"
_SPEED = "scorecards.card.items.speed"
_BOTTOM = "  bottom_count: 1\n"
_BONUS = "  bonus_threshold: 95\n"


def bad_item(name: str, new: str, *says: str, path: str = _SPEED) -> BadFile:
    """The item of the small scorecard that is assessed by cases, written differently."""
    return bad(name, _SPEED_ITEM, new, path, *says, at="      speed:" if path == _SPEED else None)


def bad_rule(name: str, new: str, path: str, *says: str) -> BadFile:
    """One more line in the block of assessment or of pay."""
    old = _BOTTOM if path.startswith("assessment") else _BONUS
    return bad(name, old, f"{old}  {new}\n", path, *says)


ASSESSMENT = [
    bad_item(
        "per_case_without_points",
        "indicator: on_time_rate, points: 60, rule: per_case",
        "needs 'deduct_per_case'",
    ),
    bad_item(
        "per_case_of_no_cases",
        "indicator: time_against_limit, points: 60, rule: per_case, deduct_per_case: 1",
        "no cases to deduct for",
        "error_rate",
    ),
    bad_item(
        "points_by_the_case_by_another_rule",
        f"{_SPEED_ITEM}, deduct_per_case: 1",
        "goes with the rule 'per_case'",
    ),
    bad_item("floor_over_points", f"{_SPEED_ITEM}, floor: 70", "at most 'points'", path=f"{_SPEED}.floor"),
    bad_item(
        "cap_under_floor", f"{_SPEED_ITEM}, floor: 20, cap: 10", "at least 'floor'", path=f"{_SPEED}.cap"
    ),
    bad_item(
        "petitions_of_no_kind", "indicator: petitions_resolved, points: 60, rule: proportional", "kinds"
    ),
    bad_item("kinds_unknown", f"{_SPEED_ITEM}, kinds: [vist]", "Did you mean", path=f"{_SPEED}.kinds.0"),
    bad_item(
        "innovation_without_mean", "indicator: innovation, points: 60, rule: proportional", "marks_mean"
    ),
    bad(
        "study_of_kinds",
        _STUDY_ITEM,
        f"{_STUDY_ITEM}, kinds: [visit]",
        "scorecards.card.items.study",
        "Leave 'kinds' out",
        at="      study:",
    ),
    bad_rule("rolling_years", "rolling: {on: true, years: 6}", "assessment.rolling.years", "at most 5"),
    bad_rule(
        "rolling_weights",
        "rolling: {on: true, years: 3, weights: [1, 2]}",
        "assessment.rolling",
        "2 weights for 3 years",
        "or none",
    ),
    bad_rule(
        "rolling_without_this_year",
        "rolling: {on: true, years: 2, weights: [0, 1]}",
        "assessment.rolling",
        "this year's weight is 0",
    ),
    bad_rule("scaling_unknown", "scaling: t_score", "assessment.scaling", "z_score"),
    bad_rule("noise_design", "noise: {design_effect: 0.5}", "assessment.noise.design_effect", "at least 1"),
    bad_rule(
        "distinct_surely",
        "bottom_only_if_distinct: {on: true, confidence: 1}",
        "assessment.bottom_only_if_distinct.confidence",
        "below 1",
    ),
    bad_rule("audits_over_all", "audits: {on: true, rate: 1.5}", "assessment.audits.rate", "at most 1"),
    bad_rule("audits_switch", "audits: {on: maybe}", "assessment.audits.on", "true or false"),
    bad_rule("criticism_unknown", "criticism: {point: 1}", "assessment.criticism.point", "Did you mean"),
    bad_rule("ceiling_under_floor", "ceiling: -0.1", "pay.ceiling", "at least 'floor'"),
    bad_rule("bonus_ceiling", "bonus_ceiling: 3", "pay.bonus_ceiling", "at most 2"),
    bad_rule("basis_unknown", "basis: place", "pay.basis", "rank"),
    bad_rule("gate_sure", "gate: {on: true, confidence: 0.3}", "pay.gate.confidence", "at least 0.5"),
    bad_rule("fund_negative", "reward_fund: {on: true, sum: -1}", "pay.reward_fund.sum", "at least 0"),
    bad_rule(
        "fund_for_nobody", "reward_fund: {on: true, top_count: 0}", "pay.reward_fund.top_count", "at least 1"
    ),
    bad(
        "gate_by_rank",
        _BONUS,
        f"{_BONUS}  basis: rank\n  gate: {{on: true}}\n",
        "pay",
        "pay follows the rank",
        "basis: score",
        line=SMALL[: SMALL.index("\npay:")].count("\n") + 2,
    ),
    bad_policy(
        "fund_misspelt",
        "pay.reward_fund.summ: 1000",
        "changes.pay.reward_fund.summ",
        "Did you mean 'pay.reward_fund.sum'?",
    ),
    bad_policy(
        "fund_renamed",
        "pay.reward_fund.sum_yuan: 1000",
        "changes.pay.reward_fund.sum_yuan",
        "It is called 'pay.reward_fund.sum' now",
    ),
    bad_policy(
        "forecast_changed",
        "behaviour.forecast.spread: 1",
        "changes.behaviour.forecast.spread",
        "It is measured by trials now",
    ),
    bad(
        "pay_renamed",
        "    base_pay:",
        "    base_pay_yuan:",
        "grades.clerk.base_pay_yuan",
        "It is called 'base_pay' now",
    ),
]

CALENDARS = [
    bad(
        "make_up_choice",
        "  country: CN\n",
        "  country: CN\n  make_up_days: sometimes\n",
        "calendar.make_up_days",
        "'sometimes' is not true or false",
    ),
]

BAD_FILES: list[BadFile] = [
    *CALENDARS,
    *(*EVIDENCE, *NUMBERS, *NAMES, *TIME, *RULES),
    *(*YAML, *FILES, *POLICIES, *SERVICE, *ASSESSMENT),
]
