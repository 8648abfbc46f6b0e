"""For all tests."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # nothing about time is asserted in the tests
settings.load_profile("any machine")
