"""How people answer to the rules: exchangeable parts behind one small interface.

`BEHAVIOURS` maps the name that a study gives to the part: ``respond`` gives each person's speed for the
month to come, ``READS_RULES`` says whether it looks at the rules by which a year is judged.
"""

from . import mechanical

BEHAVIOURS = {mechanical.NAME: mechanical}

__all__ = ["BEHAVIOURS"]
