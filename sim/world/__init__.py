"""What nature draws before any policy acts: requests and their ways, people and their availability.

`draw_world` gives one replication's tables; the same seed gives the same citizens under every policy.
"""

from .draw import World, draw_world
from .streams import Luck, Streams

__all__ = ["Luck", "Streams", "World", "draw_world"]
