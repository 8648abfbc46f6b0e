"""Requests through offices. The model is tables; an executor advances them to a given time.

`build` makes an executor's tables from a world; `SimpyFlow` is the reference executor.
"""

from .simpy_flow import SimpyFlow
from .tables import Tables, build

ENGINES = ("compiled", "simpy")


def prepare(engine: str) -> None:
    """Have the executor ready: the compiled one is compiled at its first use on a machine, and says so."""


__all__ = ["ENGINES", "SimpyFlow", "Tables", "build", "prepare"]
