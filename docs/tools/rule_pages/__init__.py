"""A page of documentation for every rule of the model: what it is, its figure, and what it does alone.

`build` writes them to ``docs/rules`` (`make docs`); `RULES` is the register, `differing` says which pages are
out of date.
"""

from .book import build, differing, drawn, pages, rewrite
from .register import GROUPS, RULES

__all__ = ["GROUPS", "RULES", "build", "differing", "drawn", "pages", "rewrite"]
