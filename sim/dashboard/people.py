"""Keep what each person makes in a folder of their own, by a secret that only their browser has."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from sim.report.files import make_folder
from sim.scenario.folders import not_linked_away

FOLDER = "what-if"  # under the working directory
_SECRET = re.compile(r"[0-9a-f]{32}\Z")


def new_secret() -> str:
    """Return the secret of a new person, 128 bits in hexadecimal digits."""
    return secrets.token_hex(16)


def is_secret(text: str) -> bool:
    """Return whether a text has the form of a person's secret."""
    return bool(_SECRET.match(text))


def folder_of(root: Path, secret: str) -> Path:
    """Return a person's folder under `root`, made if it is missing.

    Its name is a hash of the secret: who sees the folders cannot be one of the people.
    """
    if not is_secret(secret):
        raise ValueError("no secret of a person")
    folder = root / hashlib.sha256(secret.encode()).hexdigest()[:16]
    make_folder(folder)
    return not_linked_away(folder, root)
