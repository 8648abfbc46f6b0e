"""Requests through offices. The model is tables; an executor advances them to a given time.

`build` makes an executor's tables from a world; `SimpyFlow` is the reference executor.
"""

from .simpy_flow import SimpyFlow
from .tables import Tables, build

__all__ = ["SimpyFlow", "Tables", "build"]
