"""Read and check a planner's input: scenarios, policies, the catalogue of parameters, calendars.

`load` a scenario by name, `reform` it by a policy, `catalogue` its parameters. Everything wrong with a file
is an `InputError` that says what, where and what would be right.
"""

from .errors import InputError
from .load import build, load
from .policy import Policy, load_policy
from .reform import reform
from .schema import Scenario

__all__ = ["InputError", "Policy", "Scenario", "build", "load", "load_policy", "reform"]
