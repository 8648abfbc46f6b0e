"""The folder in which machine code is kept, and its files: whole, and this user's own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import platformdirs

KEPT = 4  # versions of the sources on one machine that stay however old they are
KEPT_DAYS = 30  # a version used since stays too
_DIGEST_BYTES = 16


def folder_for(sources: Iterable[str]) -> Path | None:
    """Return the folder for these sources' machine code. None if none is usable or others could write."""
    digest = hashlib.blake2b(f"{sys.version} {metadata.version('numba')}".encode(), digest_size=8)
    package = Path(__file__).parents[1]
    for source in sources:
        digest.update((package / source).read_bytes())
    given = os.environ.get("NUMBA_CACHE_DIR")  # other programs' as well: only what lies in our folder is ours
    for place in ([Path(given) / "jingxi"] if given else []) + [platformdirs.user_cache_path("jingxi")]:
        with contextlib.suppress(OSError, RuntimeError):  # no such place; no home folder
            place.parent.mkdir(parents=True, exist_ok=True)
            folder = place / "compiled" / digest.hexdigest()
            if all(_is_ours(own) for own in (place, folder.parent, folder)):
                os.utime(folder)
                _drop_old(folder.parent)
                return folder
    return None


def _is_ours(folder: Path) -> bool:
    """Make a folder in which only this user can write; return False if it belongs to somebody else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not hasattr(os, "geteuid"):
        return os.access(folder, os.W_OK)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        return False
    if status.st_mode & 0o022:
        folder.chmod(0o700)
    return os.access(folder, os.W_OK)


def _drop_old(root: Path) -> None:
    """Remove versions that have not been used for long."""
    versions = [folder for folder in root.iterdir() if re.fullmatch("[0-9a-f]{16}", folder.name)]
    for old in sorted(versions, key=lambda version: version.stat().st_mtime)[:-KEPT]:
        if time.time() - old.stat().st_mtime > KEPT_DAYS * 86_400:
            shutil.rmtree(old, ignore_errors=True)


def read(file: Path) -> bytes | None:
    """Return the content of `file`, if the file is whole and belongs to this user."""
    try:
        with file.open("rb") as opened:
            whole = opened.read()
            owned = not hasattr(os, "geteuid") or os.fstat(opened.fileno()).st_uid == os.geteuid()
    except OSError:
        return None
    content, digest = whole[:-_DIGEST_BYTES], whole[-_DIGEST_BYTES:]
    return content if owned and digest == _digest(content) else None


def write(file: Path, content: bytes) -> None:
    """Write `content` whole or not at all; after a failure it is only compiled again.

    Its digest stands behind it: so the system can open the file as the library that it is.
    """
    with contextlib.suppress(OSError):
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        try:
            with open(handle, "wb") as opened:
                opened.write(content + _digest(content))
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()
