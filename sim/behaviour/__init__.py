"""The behaviours, by which people respond to the rules: exchangeable modules with one small interface.

`BEHAVIOURS` maps the name that a study gives to the module. ``respond`` returns the units' `Conduct` for the
next month from their `Standing`; ``READS_RULES`` says whether it reads the rules by which a year is judged.
"""

from . import learning, mechanical, responsive
from .conduct import Behaviour, Conduct, Memory, Outlook, Standing

BEHAVIOURS: dict[str, Behaviour] = {part.NAME: part for part in (mechanical, responsive, learning)}

__all__ = ["BEHAVIOURS", "Behaviour", "Conduct", "Memory", "Outlook", "Standing"]
