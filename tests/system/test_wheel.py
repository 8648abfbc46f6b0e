"""The wheel works alone: in an environment and a folder of its own, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
OFFICE = ("--people", "2", "--volume", "2000", "--units", "hall:Hall:大厅", "--no-ask")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A fresh environment with the wheel. In .ci/run its dependencies are installed anew; else they are lent:
    a folder that a .pth file names is searched, but its own .pth files, as of the checkout, are not read."""
    folder = tmp_path_factory.mktemp("environment")
    python = folder / "bin" / "python"
    if UV.is_file():  # the same files, much sooner
        made, install = ["--without-pip"], [str(UV), "pip", "install", "--python", str(python)]
    else:
        made, install = [], [str(python), "-m", "pip", "install"]
    subprocess.run([sys.executable, "-m", "venv", *made, str(folder)], check=True)
    install.append("--quiet")
    if os.environ.get("ALL_TESTS"):
        subprocess.run([*install, "--constraint", plain_lock(folder), str(wheel)], check=True)
    else:
        subprocess.run([*install, "--no-deps", str(wheel)], check=True)
        (own,) = folder.glob("lib/*/site-packages")
        (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def plain_lock(folder: Path) -> str:
    """The lock without its hashes, which pip asks of the wheel as well."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    lock = folder / "constraints.txt"
    kept = [line.removesuffix(" \\") for line in lines if line and not line.startswith((" ", "#"))]
    lock.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return str(lock)


@pytest.fixture
def call(environment, tmp_path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*arguments: str) -> str:
        command = [str(environment.parent / "sim"), *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_scenarios_templates_and_notebooks_travel_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("scenarios", "notebooks"):
        for file in (ROOT / folder).rglob("*.*"):
            inside = f"sim/{file.relative_to(ROOT)}"
            if file.is_file() and file.suffix in (".yaml", ".csv", ".ipynb", ".md", ".gz"):
                assert inside in names, inside
    assert {"sim/authoring/templates/scenario.yaml", "sim/authoring/templates/README.md"} <= names


def test_an_office_is_made_run_and_reported_in_an_empty_folder(call, environment, tmp_path):
    where = [str(environment), "-c", "import sim; print(sim.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert str(ROOT) not in found
    assert "scenarios/tax/scenario.yaml" in call("new", "tax", *OFFICE)
    assert call("check", "tax").count("ok: ") == 3
    assert "all is in" in call("run", "tax", "--workers", "1")
    assert "reports/tax/briefing.en.html" in call("report", "tax", "--lang", "en")
    assert "Mean score" in call("simulate", "one-office")  # a shipped one, beside one's own
    assert "one-office.xlsx" in call("workbook", "one-office")
    assert "notebooks/start_here.ipynb" in call("lab", "--no-open")
    assert {one.name for one in tmp_path.iterdir()} == {
        "scenarios", "results", "reports", "notebooks", "one-office.xlsx",
    }  # fmt: skip
