"""Results on disk: for each unit of work a Parquet file, named by the hash of all that determines it.

A file is written beside and moved into place, so that it is whole or not there. One that is not what was
written, or not what its name says, is set aside as ``.damaged`` and computed again. One process at a time
writes to a folder; any number may read.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.errors import InputError, printable

from .result import OUTCOMES, REQUESTS, Files, Unit, stated, unpack

if TYPE_CHECKING:
    import pyarrow as pa

FAILED, DAMAGED, LOCK, STUDIES = ".failed.json", ".damaged", ".lock", ".studies"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OURS = re.compile(
    r"(?P<key>[0-9a-f]{32})(?P<ending>\.parquet|\.requests\.parquet|\.failed\.json)(\.damaged)?\Z"
)

Mark = tuple[int, int, int]  # size, time of change in ns, inode: a file of the same mark is the same file
Tell = Callable[[str], None]


class RunError(RuntimeError):
    """A study could not be run on: no space, workers that die again and again, a scheduler that is gone."""


@dataclass(frozen=True)
class Store:
    """The results in one folder."""

    folder: Path
    _whole: dict[str, Mark] = field(default_factory=dict, compare=False, repr=False)  # found or written so
    _held: list[bool] = field(default_factory=list, compare=False, repr=False)  # while it is open for writing

    def file(self, key: str) -> Path:
        return self.folder / f"{key}{OUTCOMES}"

    def failure_file(self, key: str) -> Path:
        return self.folder / f"{key}{FAILED}"

    # Writing

    @contextlib.contextmanager
    def opened(self, tell: Tell) -> Iterator[None]:
        """Hold the folder for writing; waits, and says so, while another process does.

        Nobody else writes meanwhile, so whatever is half written was left by a process that died: it is
        removed at the beginning and at the end, whichever way that comes. Where the file system knows no
        locks it goes without.

        Raises InputError where nothing can be written, RunError where the disk is full.
        """
        with contextlib.ExitStack() as held:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(self._lock(tell))
                self._sweep()
                trial = self.folder / ".trial.partial"
                trial.touch()
                trial.unlink()
            except OSError as error:
                raise self._refused(error) from None
            self._held.append(True)
            try:
                yield
            finally:
                self._held.pop()
                self._sweep()

    @contextlib.contextmanager
    def _lock(self, tell: Tell) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / LOCK)
        try:
            try:
                lock.acquire(timeout=0)
            except Timeout:
                tell(f"another process is at work in {self.folder}; waiting until it is done")
                lock.acquire(poll_interval=0.1)
        except NotImplementedError:  # no locks here: of two runs at once both compute the same files
            yield
            return
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP):
                raise
            yield
            return
        try:
            yield
        finally:
            lock.release()

    # Whose it is

    def claim(self, study: Path | None) -> None:
        """Note that this study file (None: it has none) keeps its results here, while the folder is held."""
        noted = self._noted()
        if study is not None and str(study) not in noted:
            self._write(STUDIES, json.dumps([*noted, str(study)], indent=1).encode())

    def others(self, study: Path | None) -> list[str]:
        """The other study files that keep results here; one that is gone or was moved no longer counts."""
        noted = (path for path in self._noted() if os.path.isfile(path))
        return [path for path in noted if study is None or os.path.realpath(path) != os.path.realpath(study)]

    def _noted(self) -> list[str]:
        try:
            noted = json.loads((self.folder / STUDIES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [path for path in noted if isinstance(path, str)] if isinstance(noted, list) else []

    def _refused(self, error: OSError) -> InputError | RunError:
        """The one message for results that cannot be written."""
        reason = error.strerror or str(error)
        if error.errno in FULL:
            return RunError(
                f"no room for results in {self.folder} ({reason}); what was finished is kept. "
                "Free some space there (sim clean removes results that are no longer used) and run again"
            )
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE) and self._held:
            return RunError(
                f"the results in {self.folder} were removed or moved while they were written ({reason}); "
                "run again"
            )
        if error.errno == errno.ELOOP:
            remedy = f"Remove the link {self.folder} or {self.folder.parent}, which leads to itself"
        elif error.errno in (errno.EEXIST, errno.ENOTDIR):
            remedy = "A file stands where the folder should be: move it away"
        else:
            remedy = "Run from a folder in which you may write"
        return InputError(f"results cannot be written to {self.folder} ({reason})", remedy=remedy)

    def _sweep(self) -> None:
        for partial in self.folder.glob(".*.partial"):
            partial.unlink(missing_ok=True)

    def write(self, unit: Unit, files: Files) -> None:
        """Keep a result (`result.pack`). Raises RunError or InputError where it cannot be written."""
        for ending, data in files.items():
            self._write(f"{unit.key}{ending}", data)
        self.failure_file(unit.key).unlink(missing_ok=True)

    def write_failure(self, unit: Unit, text: str) -> None:
        """Keep why a unit has no result."""
        said = {"policy": unit.policy, "behaviour": unit.behaviour, "replication": unit.replication}
        content = json.dumps(said | {"error": text}, indent=1, ensure_ascii=False)
        self._write(f"{unit.key}{FAILED}", content.encode("utf-8", "replace"))

    def _write(self, name: str, data: bytes) -> None:
        try:
            with _beside(self.folder / name) as partial, partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                mark = _mark(os.fstat(file.fileno()))
        except OSError as error:
            raise self._refused(error) from None
        self._whole[name] = mark

    # Reading

    def files(self) -> dict[str, Mark]:
        """All files in the folder, by name."""
        try:
            entries = list(os.scandir(self.folder))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        found = {}
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # moved away meanwhile
                if entry.is_file():
                    found[entry.name] = _mark(entry.stat())
        return found

    def sound(self, keys: Iterable[str], keep_requests: bool = False) -> set[str]:
        """Those of `keys` whose result is there and whole; what is damaged is set aside.

        A file is read once: afterwards its mark tells that it is still the same.
        """
        there = self.files()
        endings = (OUTCOMES, REQUESTS) if keep_requests else (OUTCOMES,)
        return {key for key in keys if all(self._sound(key, ending, there) for ending in endings)}

    def _sound(self, key: str, ending: str, there: dict[str, Mark]) -> bool:
        mark = there.get(f"{key}{ending}")
        if mark is None:
            return False
        return self._whole.get(f"{key}{ending}") == mark or self._read(key, ending, stated) is not None

    def read(self, key: str) -> pa.Table | None:
        """The outcomes of one unit, or None."""
        return self._read(key, OUTCOMES, unpack)

    def read_requests(self, key: str) -> pa.Table | None:
        """The requests of one unit, or None."""
        return self._read(key, REQUESTS, unpack)

    def metadata(self, key: str) -> dict[str, Any] | None:
        """What a sound file says of itself: format, key, policy, behaviour, replication, rows, checks."""
        return self._read(key, OUTCOMES, stated)

    def _read(self, key: str, ending: str, parse: Callable[[bytes, str], Any]) -> Any:
        import pyarrow as pa

        file = self.folder / f"{key}{ending}"
        try:
            with file.open("rb") as handle:
                mark, data = _mark(os.fstat(handle.fileno())), handle.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", file=file) from None
        try:
            parsed = parse(data, key)
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:  # OSError: pyarrow's, of bytes
            self._set_aside(file, str(error))
            return None
        self._whole[file.name] = mark
        return parsed

    def _set_aside(self, file: Path, reason: str) -> None:
        aside = file.with_name(file.name + DAMAGED)
        with contextlib.suppress(OSError):  # another process has done it, or the folder is only to be read
            os.replace(file, aside)
        told = f"{file.name} is damaged and was set aside as {aside.name}: {printable(reason, 160)}"
        warnings.warn(told, stacklevel=2)

    def failures(self, keys: Iterable[str]) -> dict[str, str]:
        """Why the last attempt at a unit failed, for those of `keys` that have no result because of it."""
        there = self.files()
        failed = (key for key in keys if f"{key}{FAILED}" in there and f"{key}{OUTCOMES}" not in there)
        return {key: self._failure(key) for key in failed}

    def _failure(self, key: str) -> str:
        try:
            return str(json.loads(self.failure_file(key).read_text(encoding="utf-8"))["error"])
        except (OSError, ValueError, KeyError, TypeError):
            return "it failed, and the record of why cannot be read"

    # Cleaning

    def of_nothing(self, keys: set[str], keep_requests: bool) -> dict[str, int]:
        """Sizes in bytes of the files that belong to no unit of `keys`: of other code or another scenario,
        set aside, half written, or requests that are no longer kept. Files of other kinds are not ours."""
        found = {}
        for name, mark in self.files().items():
            ours = _OURS.match(name)
            if ours:
                unused = ours["ending"] == REQUESTS and not keep_requests
                if ours["key"] in keys and not unused and not name.endswith(DAMAGED):
                    continue
            if ours or (name.startswith(".") and name.endswith(".partial")):
                found[name] = mark[0]
        return found

    def remove(self, names: Iterable[str]) -> int:
        """Remove these files; returns the bytes freed. Call it while the folder is held."""
        freed = 0
        for name in names:
            file = self.folder / name
            with contextlib.suppress(FileNotFoundError):
                size = file.stat().st_size
                file.unlink()
                freed += size
        return freed


def _mark(status: os.stat_result) -> Mark:
    return status.st_size, status.st_mtime_ns, status.st_ino


class _beside:
    """A file to write beside `file`, moved into its place when all went well and removed when not."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.partial = file.with_name(f".{file.name}.{os.getpid()}.partial")

    def __enter__(self) -> Path:
        return self.partial

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                os.replace(self.partial, self.file)
        finally:
            if failed is not None:
                self.partial.unlink(missing_ok=True)
