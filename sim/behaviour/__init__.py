"""How people answer to the rules: exchangeable parts behind one small interface, ``respond``.

`BEHAVIOURS` maps the name a study gives to the part.
"""

from . import mechanical

BEHAVIOURS = {mechanical.NAME: mechanical.respond}

__all__ = ["BEHAVIOURS"]
