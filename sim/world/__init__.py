"""The random draws, made before any policy acts: requests and their ways, people and their availability.

`in_force` writes the service rules of a scenario into its routes and staff, once. `draw_world` returns one
replication's tables; `check_runs` checks beforehand that it can, and `closed_doors` tells who would come when
the office is closed. The same seed gives the same citizens under
every policy (common random numbers).
"""

from .closed_doors import closed_doors
from .draw import World, draw_world
from .service_rules import in_force
from .size import check_runs
from .streams import Luck, Streams

__all__ = ["Luck", "Streams", "World", "check_runs", "closed_doors", "draw_world", "in_force"]
