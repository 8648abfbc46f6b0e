"""Count the posts of a scenario and their pay in full."""

from __future__ import annotations

from typing import NamedTuple

from .currency import words
from .policy import PolicyLike
from .reform import reform
from .schema import Scenario


class Posts(NamedTuple):
    """``headcount``: people. ``payroll``: their base pay, assessment pay and target bonus in full, in the
    scenario's currency a year. Or the change in both.
    """

    headcount: int
    payroll: float

    def less(self, before: Posts) -> Posts:
        """Return the change from the posts `before`."""
        return Posts(self.headcount - before.headcount, self.payroll - before.payroll)

    def as_change(self, currency: str) -> str:
        """``heads +1, pay +84,000 yuan a year``; `currency` is a code of ISO 4217."""
        return f"heads {_signed(self.headcount)}, pay {_signed(self.payroll)} {words(currency).en} a year"


def posts(scenario: Scenario) -> Posts:
    """Return the posts, whoever holds them."""
    groups = scenario.staff.values()
    payroll = sum(group.full_posts * scenario.grades[group.grade].full_pay for group in groups)
    return Posts(sum(group.count for group in groups), float(payroll))


def posts_change(scenario: Scenario, policy: PolicyLike) -> Posts:
    """Compute a policy's change in posts. Raises InputError for a policy that the scenario refuses."""
    return posts(reform(scenario, policy)).less(posts(scenario))


def _signed(value: float) -> str:
    return "0" if not round(value) else f"{value:+,.0f}"
