"""No response: rules change pay and careers, and people work as before. The baseline of every study."""

from __future__ import annotations

from sim.scenario.schema import Scenario

from .conduct import Conduct, Memory, Standing

NAME = "mechanical"
READS_RULES = False


def respond(standing: Standing, rules: Scenario, conduct: Conduct, memory: Memory) -> Conduct:
    """Return the present conduct, whatever the standing and the rules."""
    return conduct
