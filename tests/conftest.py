"""For all tests."""

import os

from hypothesis import settings

os.environ.pop("COLUMNS", None)  # set in the workers of xdist: to the commands it is a terminal's width
settings.register_profile("any machine", deadline=None)  # nothing about time is asserted in the tests
settings.load_profile("any machine")
