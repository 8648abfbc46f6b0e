"""How often the intervals of `sim.evaluate` hold the truth, and its guarantees are kept: docs/coverage.md."""

from .page import write

__all__ = ["write"]
