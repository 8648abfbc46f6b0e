"""What outcomes are told of beside kinds of matter: named time limits, standing duties, departments."""

from __future__ import annotations

from .limits import named_limits
from .part import Text
from .schema import Scenario

DUTY, DEPARTMENT = "duty.", "department."  # before the name of a standing duty, of a department
LIMIT = "limit."  # before that of a further time limit


def subjects(scenario: Scenario) -> dict[str, Text]:
    """Return the titles of all subjects, by name; no name is that of a kind, since it has a dot."""
    told = {f"{LIMIT}{name}": title for name, title in named_limits(scenario).items()}
    if scenario.frictions.violations.on:
        told |= {f"{DUTY}{name}": duty.title for name, duty in scenario.duties.items()}
    if scenario.departments.on:
        told |= {f"{DEPARTMENT}{name}": title for name, title in scenario.departments.titles.items()}
    return told
