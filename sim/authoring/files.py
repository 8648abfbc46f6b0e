"""Put new files of a planner's own in their place: made and checked aside, then all of them or none."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.scenario import InputError, Scenario, load
from sim.scenario.folders import own_folder, real

from .json_schema import write_schemas

TEMPLATES = Path(__file__).parent / "templates"
SCHEMAS = ".schema"  # the folder beside the scenarios, which the first line of each file names


def own(scenario: str) -> Scenario:
    """Load a scenario that lies in the working folder: shipped ones are not written to."""
    read = load(scenario)
    if not real(read.folder).is_relative_to(real(Path.cwd())):
        remedy = f"Copy it first: sim new my-{read.name} --like {read.name}"
        raise InputError(f"the scenario '{read.name}' is not in the working folder", remedy=remedy)
    return read


def refuse_taken(*places: Path) -> None:
    for taken in places:
        if taken.exists():
            remedy = "Give another name, or remove it first"
            raise InputError("it is there already", file=taken, remedy=remedy)


class aside_of:
    """A folder beside the targets, in which files are made and checked; it goes, whatever happens."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.was_there = folder, folder.exists()

    def __enter__(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        return self.made

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.made, ignore_errors=True)
        if not self.was_there and not any(self.folder.iterdir()):
            self.folder.rmdir()


def move(aside: Path, folder: Path, names: Sequence[Path]) -> list[Path]:
    """Move what was made to its place, all of it or nothing; write the schemas that the first lines name."""
    if not (own_folder() / SCHEMAS / "scenario.schema.json").is_file():
        write_schemas(own_folder() / SCHEMAS)
    moved: list[Path] = []
    try:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            moved.append((aside / name).rename(folder / name))
    except BaseException:  # an interruption, too
        for made, name in zip(moved, names, strict=False):
            made.rename(aside / name)
        raise
    files = [[one] if one.is_file() else sorted(one.rglob("*.*")) for one in moved]
    return [file for several in files for file in several if file.is_file()]


def told_of(error: InputError, file: Path) -> InputError:
    """The error of a file that was made aside, told of the file as it would be called."""
    return InputError(error.message, file=file, path=error.path, remedy=error.remedy)


def header(file: str, up: int) -> str:
    """The line by which a YAML editor finds the schema."""
    return f"# yaml-language-server: $schema={'../' * up}{SCHEMAS}/{file}.schema.json"


def write(target: Path, template: str, **values: Any) -> None:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    environment.globals |= {"text": write_text_of, "assumed": _assumed}
    made = environment.from_string((TEMPLATES / template).read_text(encoding="utf-8")).render(**values)
    put(target, made)


def put(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def write_text_of(title: Any) -> str:
    """A text in both languages as YAML writes it on one line: ``{en: "…", zh: "…"}``."""
    return (
        f"{{en: {json.dumps(title.en, ensure_ascii=False)}, zh: {json.dumps(title.zh, ensure_ascii=False)}}}"
    )


def _assumed(value: float, unit: str) -> str:
    """A number that was typed without a source."""
    low, high = (f"{value * factor:.6g}" for factor in (0.5, 1.5))
    if unit == "people":
        low, high = str(max(int(value * 0.5), 1)), str(min(round(value * 1.5), 500))
    reason = "Typed into sim new; write where it comes from."
    return f'{{value: {value:g}, unit: {unit}, source: assumed, range: [{low}, {high}], reason: "{reason}"}}'
