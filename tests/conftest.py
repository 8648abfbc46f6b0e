"""For all tests."""

import os

import pytest
from hypothesis import settings

os.environ.pop("COLUMNS", None)  # set in the workers of xdist: to the commands it is a terminal's width
settings.register_profile("any machine", deadline=None)  # nothing about time is asserted in the tests
settings.load_profile("any machine")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests of a module that share what is made once go to one process: it is made once, not in each."""
    for item in items:
        made = [one for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
        if any(one.scope == "module" for one in made) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
