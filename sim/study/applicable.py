"""Which policies apply to a scenario, where one list of policies is meant for several scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.scenario.errors import InputError
from sim.scenario.part import Text
from sim.scenario.policy import CURRENT, Policy, load_policy
from sim.scenario.reform import made_upon
from sim.scenario.schema import Scenario
from sim.world import check_runs


def applicable(
    scenario: Scenario, policies: Sequence[str | Path | Policy], baseline: Policy | None = None
) -> tuple[list[Policy], dict[str, Text]]:
    """Return the policies that apply to a scenario, and why the others do not, by name.

    A policy applies, as a change of the `baseline` if one is given, if the scenario has one of that name, or
    it is given as a file or whole, and it changes what is there. Raises InputError for a file that is no
    policy, and for a wrong policy of the scenario's own.
    """
    found: list[Policy] = []
    left_out: dict[str, Text] = {}
    for given in policies:
        named = isinstance(given, str) and not given.endswith(".yaml")
        if given == CURRENT:
            if baseline is not None and baseline.name != CURRENT:
                found.append(load_policy(scenario, CURRENT))
            continue
        if named and not (scenario.folder / "policies" / f"{given}.yaml").is_file():
            try:
                load_policy(scenario, given)
            except InputError as error:
                left_out[str(given)] = Text(en=error.message, zh="本情景没有该方案")
            continue
        policy = load_policy(scenario, given)
        if baseline is not None:
            policy = made_upon(policy, baseline)
        try:
            check_runs(scenario, policy)
        except InputError as error:
            if named:
                raise
            left_out[policy.name] = Text(en=error.message, zh=f"与本情景不符：{error.message}")
        else:
            found.append(policy)
    return found, left_out
