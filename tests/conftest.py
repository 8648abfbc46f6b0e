"""For all tests."""

import os
from collections import Counter
from itertools import chain

import pytest
from hypothesis import settings

os.environ.pop("COLUMNS", None)  # set in the workers of xdist: to the commands it is a terminal's width
settings.register_profile("any machine", deadline=None)  # nothing about time is asserted in the tests
settings.load_profile("any machine")


def pytest_terminal_summary(terminalreporter, config):
    """Which files take the time, where ``--durations`` asks for it: what grows is seen there first."""
    if not config.option.durations:
        return
    seconds = Counter()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"seconds by file, of {seconds.total():.0f}")
    for file, whole in seconds.most_common(25):
        terminalreporter.write_line(f"{whole:7.0f} s  {file}")
