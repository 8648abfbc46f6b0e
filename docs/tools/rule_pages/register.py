"""The register of rules: every rule with a page, in the order of the index."""

from __future__ import annotations

from . import (
    behaviour_pages,
    careers_pages,
    competence_pages,
    friction_pages,
    judging_pages,
    office_pages,
    other_pages,
    pay_pages,
    promise_pages,
    seen_pages,
    service_staff,
    start_pages,
    study_pages,
)
from .rule import Group, Rule

GROUPS: tuple[Group, ...] = (
    service_staff.GROUP,
    office_pages.GROUP,
    promise_pages.GROUP,
    start_pages.GROUP,
    friction_pages.GROUP,
    seen_pages.GROUP,
    other_pages.GROUP,
    study_pages.GROUP,
    competence_pages.GROUP,
    judging_pages.GROUP,
    careers_pages.GROUP,
    pay_pages.GROUP,
    behaviour_pages.GROUP,
)
RULES: tuple[Rule, ...] = tuple(rule for group in GROUPS for rule in group.rules)
