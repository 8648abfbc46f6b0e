"""What a policy leaves as it is although one mostly means to change it, too."""

from __future__ import annotations

from typing import Any

from sim.scenario import Policy, Scenario
from sim.scenario.part import card_of
from sim.scenario.paths import down, field_at
from sim.scenario.schema import Scenario as Schema


def left_alone(scenario: Scenario, policy: Policy) -> dict[str, Any]:
    """Return the parameters that belong together with a changed one and keep their value.

    Parameters
    ----------
    scenario : Scenario
        The scenario that the policy changes.
    policy : Policy
        The policy.

    Returns
    -------
    dict of str to Any
        The value that stays, by dotted path.

    Examples
    --------
    >>> import sim
    >>> from sim.authoring.together import left_alone
    >>> left_alone(sim.load("one-office"), sim.Policy.of({"pay.full_pay_threshold": 80}))
    {'pay.bonus_threshold': 95}
    """
    found: dict[str, Any] = {}
    data = scenario.source.data
    for changed in policy.changes:
        path = tuple(changed.split("."))
        field = field_at(Schema, path, data)
        card = card_of(field) if hasattr(field, "json_schema_extra") else None
        for partner in (card or {}).get("together", ()):
            other = ".".join((*path[:-1], partner))
            value = data
            for part in (*path[:-1], partner):
                value = down(value, part)
            if value is not None and not {other, ".".join(path[:-1])} & policy.changes.keys():
                found[other] = value
    return found
