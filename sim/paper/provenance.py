"""Where the code of a run comes from, and what files hold, by their hashes."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from pathlib import Path


@cache
def commit() -> str:
    """Return the commit of the checkout that this package is run from, marked ``+`` where files differ from
    it; "" where it is no checkout, or git is not there.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return ""  # a package that is installed into another project's folder is not of its commit
    try:
        at = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return ""
    return at + ("+" if changed else "")


def _git(root: Path, *asked: str) -> str:
    command = ["git", "-C", str(root), *asked]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
