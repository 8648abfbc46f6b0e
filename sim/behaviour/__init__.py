"""How people answer to the rules: exchangeable parts behind one small interface.

`BEHAVIOURS` maps the name that a study gives to the part: ``respond`` gives the units' `Conduct` for the
month to come from where they stand (`Standing`), ``READS_RULES`` says whether it looks at the rules by which
a year is judged.
"""

from . import learning, mechanical, responsive
from .conduct import Behaviour, Conduct, Memory, Standing

BEHAVIOURS: dict[str, Behaviour] = {part.NAME: part for part in (mechanical, responsive, learning)}

__all__ = ["BEHAVIOURS", "Behaviour", "Conduct", "Memory", "Standing"]
