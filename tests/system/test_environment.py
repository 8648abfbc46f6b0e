"""pyproject.toml, environment.yml and requirements.lock state the environment, and must agree."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]

# On conda-forge these names are the command line or the C library; the Python packages are called:
CONDA_NAMES = {"brotli": "brotli-python", "duckdb": "python-duckdb"}
PYTHON_NAMES = {conda: python for python, conda in CONDA_NAMES.items()}

LOCKED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")


def requirements(lines: list[str]) -> dict[str, Requirement]:
    """Requirements by canonical name; a name may come only once."""
    parsed = [Requirement(line) for line in lines]
    named = {canonicalize_name(requirement.name): requirement for requirement in parsed}
    assert len(named) == len(parsed), "a package is required twice"
    return named


STATED = requirements(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])


def test_conda_users_get_the_same_dependencies():
    (pip_block,) = (entry["pip"] for entry in CONDA if isinstance(entry, dict))
    assert "--editable ." in pip_block, "conda users would lack the project itself"
    lines = [line for line in CONDA if isinstance(line, str)] + [
        line for line in pip_block if not line.startswith("--")
    ]
    conda = {PYTHON_NAMES.get(name, name): given.specifier for name, given in requirements(lines).items()}
    assert conda.pop("python") == PROJECT["requires-python"]
    assert not conda.pop("pip")
    assert conda == {name: requirement.specifier for name, requirement in STATED.items()}


def test_the_lock_satisfies_what_is_stated():
    locked: dict[str, list[Version]] = {}
    for line in LOCK.splitlines():
        if entry := LOCKED.fullmatch(line):
            locked.setdefault(entry["name"], []).append(Version(entry["version"]))
    assert not STATED.keys() - locked.keys(), "not locked: run `make lock`"
    refused = {
        f"{name}=={version} is locked, {requirement} is stated"
        for name, requirement in STATED.items()
        for version in locked[name]  # one for each range of Pythons
        if version not in requirement.specifier
    }
    assert not refused, "run `make lock`"


def test_the_lock_holds_pinned_versions_and_hashes_and_nothing_else():
    before = "hash"
    for number, line in enumerate(LOCK.splitlines(), start=1):
        kind = "package" if LOCKED.fullmatch(line) else "hash" if HASH.fullmatch(line) else None
        assert kind, f"line {number} is neither a pinned package nor a hash (an address, perhaps): {line}"
        assert (before, kind) != ("package", "package"), f"line {number - 1} has no hash"
        before = kind
    assert before == "hash"


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("sim/")}
    present = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sim").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    travelling = {  # what reports are made from, and what planners begin with
        f"sim/{path.relative_to(ROOT).as_posix()}"
        for folder in ("notebooks", "scenarios")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
    assert packed - travelling == present
    assert {name for name in travelling if not name.endswith(".py")} <= packed


@pytest.fixture
def unready(tmp_path):
    """A folder with all that set-up reads, and no environment yet."""
    for name in ("setup.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_set_up_refuses_an_unsuitable_python_and_says_what_to_do(unready):
    unready.joinpath("python2").write_text("#!/bin/sh\nexit 1\n")
    unready.joinpath("python2").chmod(0o755)
    refused = subprocess.run(
        ["bash", "setup.sh"],
        cwd=unready,
        env={"PATH": "/usr/bin:/bin", "PYTHON": "./python2"},
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert "./python2" in refused.stderr
    assert "PYTHON=/path/to/python3.12 make setup" in refused.stderr
    assert not unready.joinpath(".venv").exists()
