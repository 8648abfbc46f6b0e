"""Types are checked everywhere in sim and docs/tools: nothing silences the checker."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
SILENCED = re.compile(r"#\s*(type:\s*ignore|mypy:|pyright:)|no_type_check")
CAST = re.compile(r"(?<![.\w])cast\(")
CASTS = 1  # a route of a file as one that rules may add steps to: dicts are invariant; let it not grow


def test_nothing_is_silenced():
    assert not places(SILENCED)
    assert len(found := places(CAST)) <= CASTS, found


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for folder in SETTINGS["files"]
        for file in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_exempt():
    assert SETTINGS["files"] == ["sim", "docs/tools"] and SETTINGS["check_untyped_defs"]
    assert not {"exclude", "ignore_errors", "disable_error_code", "follow_imports"} & set(SETTINGS)
    for override in SETTINGS["overrides"]:  # of others' packages only, and only that they tell no types
        assert set(override) == {"module", "ignore_missing_imports"}
        assert not [name for name in override["module"] if name.split(".")[0] in ("sim", "*")]
