"""For all tests."""

import os
import warnings
from collections import Counter, deque
from itertools import chain

import pytest
from hypothesis import settings

from sim.study import work
from sim.study.local import Processes
from sim.study.run import processors

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


class Here:
    """An engine of `sim.study.run` that computes in this process."""

    width = 1

    def __init__(self, inputs):
        work.begin(inputs)
        self.inputs, self.tasks = inputs, deque()

    def submit(self, task):
        self.tasks.append(task)

    def finished(self):
        task = self.tasks.popleft()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # in a process of its own nobody would hear them
            return [(task, work.compute(self.inputs, task))]

    def run(self, one, which):
        return map(one, which)

    def close(self):
        self.tasks.clear()


@pytest.fixture(autouse=True, scope="session")
def one_worker():
    """Studies have one worker unless more are asked for, and a single one is this process.

    To start another takes two seconds. The tests that are about processes ask for `real_workers`.
    """

    def engine(inputs, width):
        return Here(inputs) if width == 1 and inputs.simulate is None else Processes(inputs, width)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.local.Processes", engine)
        patch.setattr("sim.study.run.processors", lambda: 1)
        yield


@pytest.fixture
def real_workers(monkeypatch):
    """Each worker of a study is a process of its own, and there are as many as processors."""
    monkeypatch.setattr("sim.study.local.Processes", Processes)
    monkeypatch.setattr("sim.study.run.processors", processors)
