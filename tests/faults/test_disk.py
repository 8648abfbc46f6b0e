"""A disk that is full, read-only or rotten, and a clock that jumps."""

import os
import subprocess
import sys
import time
import warnings

import pytest

from sim import cli
from sim.study import study as load_study
from tests.faults.conftest import COMMAND, tries
from tests.study.conftest import computed  # noqa: F401 (a fixture)

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits and mounts")


@pytest.fixture
def mounted(disturbed):
    """``mounted("size=64k")`` puts ``results/`` on a file system of its own, with these options."""
    place = disturbed.folder / "results"
    place.mkdir(exist_ok=True)

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("a file system cannot be mounted here (needs root)")

    yield mount
    if place.is_mount():
        subprocess.run(["umount", "-l", str(place)], check=True)


def assert_told_and_usable(disturbed, run: subprocess.Popen) -> None:
    told = run.communicate(timeout=60)[1]
    assert run.returncode == 1, told
    assert "no room for results in" in told and str(disturbed.results) in told
    assert "Free some space" in told and "Traceback" not in told
    assert not disturbed.half_written()
    disturbed.assert_whole()


def test_a_full_disk(disturbed, mounted, survived):
    mounted("size=64k")
    assert_told_and_usable(disturbed, disturbed.start(*COMMAND))
    finished = disturbed.files()
    assert 0 < len(finished) < len(disturbed.undisturbed)
    with pytest.warns(UserWarning, match="are missing"):
        assert load_study("counters").sql("select count(*) n from outcomes")["n"].item() > 0
    mounted("remount,size=8m")
    disturbed.complete()
    survived("disk full (a small tmpfs)")


@posix
def test_a_quota(disturbed, survived):
    import resource

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    assert_told_and_usable(disturbed, disturbed.start(*COMMAND, preexec_fn=limited))
    assert not disturbed.files()
    survived("disk full (a limit on file sizes)")


def test_a_folder_that_is_a_file(disturbed, survived, monkeypatch, capsys):
    (disturbed.folder / "results").write_text("in the way")
    monkeypatch.setattr("sys.argv", COMMAND[2:])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "results cannot be written to" in told
    assert (disturbed.folder / "results").read_text() == "in the way"
    survived("read-only folder (a file in the way)")


def test_a_read_only_file_system(disturbed, mounted, survived, monkeypatch, capsys):
    mounted("ro")
    monkeypatch.setattr("sys.argv", COMMAND[2:])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2 and "results cannot be written to" in told and "Read-only" in told
    survived("read-only file system")


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def assert_noticed(study, damage, chance, survived, fault, times) -> None:  # noqa: F811
    """Each damaged file is set aside and missing; put back, it is sound again."""
    keys = sorted({unit.key for unit in study.units})
    for _ in range(times):
        key = chance.choice(keys)
        file = study.store.file(key)
        data = file.read_bytes()
        file.write_bytes(damage(data))
        with pytest.warns(UserWarning, match="is damaged and was set aside"):
            missing = study.missing()
        assert {unit.key for unit in missing} == {key} and not file.exists()
        file.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert not study.missing()
        survived(fault)


def test_single_bits(computed, chance, survived):  # noqa: F811
    def damage(data: bytes) -> bytes:
        return flipped(data, chance.randrange(8 * len(data)))

    assert_noticed(computed, damage, chance, survived, "one flipped bit", 500)


def test_truncated_and_empty_files(computed, chance, survived):  # noqa: F811
    def damage(data: bytes) -> bytes:
        return data[: chance.randrange(len(data))]

    assert_noticed(computed, damage, chance, survived, "truncated Parquet file", tries(20))
    assert_noticed(computed, lambda _: b"", chance, survived, "empty Parquet file", 1)


def test_a_clock_that_jumps(computed, monkeypatch, survived):  # noqa: F811
    half_written = []
    for number, moment in enumerate((0, 4_000_000_000, time.time())):  # 1970, 2096, now
        for file in list(computed.folder.glob("*.parquet"))[number::3]:
            os.utime(file, (moment, moment))
        half_written.append(computed.folder / f".{'a' * 32}.parquet.{number}.partial")
        half_written[-1].write_bytes(b"half")
        os.utime(half_written[-1], (moment, moment))
    lost = computed.units[-1]
    computed.store.file(lost.key).unlink()
    before = {file.name: file.read_bytes() for file in computed.folder.glob("*.parquet")}
    now = [2e9]

    def jumping() -> float:
        now[0] = 4e9 - now[0] + 1
        return now[0]

    monkeypatch.setattr(time, "time", jumping)
    again = load_study("counters")
    assert again.missing() == [lost]
    again.run(workers=1, progress=False)
    assert not any(file.exists() for file in half_written)
    after = {file.name: file.read_bytes() for file in computed.folder.glob("*.parquet")}
    assert before.items() <= after.items() and len(after) == len(before) + 1
    survived("a clock that jumps")
