"""Help between units: pooled staff and mobile support teams."""

from __future__ import annotations

from sim.scenario.organisation import Staff
from sim.scenario.schema import Scenario


def staff_in_force(scenario: Scenario) -> dict[str, Staff]:
    """Return the staff with their stations under pooling and mobile support; without, the same object."""
    staff = scenario.staff
    if scenario.service_rules.pooling.on:
        staff = _pooled(scenario, staff)
    if scenario.service_rules.mobile_support.on:
        staff = _supporting(scenario, staff)
    return staff


def _pooled(scenario: Scenario, staff: dict[str, Staff]) -> dict[str, Staff]:
    """Let people of the same role in the named units serve each other's stations."""
    rule = scenario.service_rules.pooling
    return {
        name: _also(group, rule.units)
        if group.unit in rule.units and (rule.roles == "all" or group.role in rule.roles)
        else group
        for name, group in staff.items()
    }


def _supporting(scenario: Scenario, staff: dict[str, Staff]) -> dict[str, Staff]:
    """Let the groups of a team help its units in their own role, and lose a part of their time to travel."""
    staff = dict(staff)
    for team in scenario.service_rules.mobile_support.teams.values():
        for name in team.groups:
            helper = _also(staff[name], team.units)
            staff[name] = helper.model_copy(update={"speed": helper.speed * (1.0 - team.travel_share)})
    return staff


def _also(group: Staff, units: tuple[str, ...]) -> Staff:
    stations = [f"{unit}/{group.role}" for unit in units if unit != group.unit]
    return group.model_copy(update={"also_serves": tuple(dict.fromkeys((*group.also_serves, *stations)))})
