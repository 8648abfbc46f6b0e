"""``python -m sim.cli``: the command ``sim``."""

from . import main

if __name__ == "__main__":
    main()
