"""The page of the public names: signature, parameters, errors and examples, from their docstrings.

`write` writes ``docs/api.md`` (`make docs`). `GROUPS` lists the names, and `is_current` compares the page
with the docstrings.
"""

from .names import GROUPS, Entry, entries
from .page import PAGE, is_current, page, write
from .sections import Docstring, Item, parsed

__all__ = ["GROUPS", "PAGE", "Docstring", "Entry", "Item", "entries", "is_current", "page", "parsed", "write"]
