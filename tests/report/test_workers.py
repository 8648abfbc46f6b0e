"""Reports side by side: what ends them leaves no process and no file."""

import os
import time
import warnings
from pathlib import Path

import pytest

from sim.report.errors import ReportError
from sim.report.workers import side_by_side


def job(what: str) -> object:
    """Run in a process of its own."""
    import subprocess
    import tempfile

    if what == "warn":
        warnings.warn("heard", UserWarning, stacklevel=1)
    if what == "fail":
        raise ReportError("told to fail")
    if what == "die":
        os._exit(9)
    if what == "wait":
        kernel = subprocess.Popen(["sleep", "600"], start_new_session=True)
        Path(tempfile.mkdtemp(), "kernel").write_text(str(kernel.pid))
        time.sleep(600)
    if what == "last":  # it ends when another has begun that stands behind it
        give_up = time.monotonic() + 60
        while not Path(tempfile.gettempdir(), "begun").exists() and time.monotonic() < give_up:
            time.sleep(0.05)
        assert time.monotonic() < give_up
    if what == "begin":
        Path(tempfile.gettempdir(), "begun").touch()
    return tempfile.gettempdir(), os.environ["PYTHONSAFEPATH"]


def test_all_are_done_and_their_warnings_are_heard(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with (
        pytest.warns(UserWarning, match="heard"),
        side_by_side(job, [("warn",), ("pass",), ("pass",)], 2) as answers,
    ):
        found = dict(answers)
    assert sorted(found) == [0, 1, 2] and {safe for _, safe in found.values()} == {"1"}
    assert all(Path(folder).parent == tmp_path for folder, _ in found.values())
    assert not list(tmp_path.iterdir())


def test_a_long_one_does_not_hold_up_those_behind_it():
    with side_by_side(job, [("last",), ("pass",), ("begin",)], 2) as answers:
        assert [number for number, _ in answers] == [1, 2, 0]


@pytest.mark.parametrize(("ends", "said"), [("fail", "told to fail"), ("die", "a process .* died")])
def test_one_that_fails_ends_the_others_with_their_kernels(ends, said, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ReportError, match=said), side_by_side(job, [("wait",), (ends,)], 2) as answers:
        give_up = time.monotonic() + 60
        while not (kernels := list(tmp_path.glob("*/*/kernel"))) and time.monotonic() < give_up:
            time.sleep(0.05)
        kernel = int(kernels[0].read_text())
        began = time.monotonic()
        list(answers)
    assert time.monotonic() - began < 10  # and not the ten minutes that the other would take
    assert not list(tmp_path.iterdir())
    assert not Path(f"/proc/{kernel}/cwd").exists()
