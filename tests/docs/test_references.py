"""What prose points at is there: links, files, names, targets of make, commands and their options."""

from __future__ import annotations

import ast
import builtins
import importlib
import re
from functools import cache
from pathlib import Path

import typer

from sim.authoring.keys import keys
from sim.cli.commands import app
from sim.scenario.parameters import catalogue
from sim.study import Study

from .text import CODE, PAGES, ROOT, Prose, commands, comments, pages

ROOMS = ("sim", "tests", "docs", "scenarios", "benchmarks", "notebooks")
MADE = ("benchmarks/.others",)  # by make
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
DOTTED = re.compile(r"(?<![\w./-])((?:sim|benchmarks)(?:\.[A-Za-z_]\w*)+)(?![\w/-])")
FILE = re.compile(rf"(?<![\w./<-])((?:{'|'.join(ROOMS)})/[\w./*{{}},<>-]*[\w/*}}])")
BARE = re.compile(r"(?<![\w./<*-])([a-z_]+\.(?:py|css|c|ipynb|j2|lock|toml))(?!\w)")
TICKED = re.compile(r"(?<!`)`([A-Za-z_]\w*)`(?!`)")
TARGET = re.compile(r"`make ([a-z-]+)")
COMMAND = re.compile(r"`(sim [a-z][^`]*)`")
PARAMETER = re.compile(r"`((?:[a-z_]+|<\w+>)(?:\.(?:[a-z_0-9]+|<\w+>))+)`(?<!\.py`)")
ELSEWHERE = re.compile(r"§|\b(?:IC|S)-[A-Z]?\d+\b|\bMODEL\b")  # of papers that are not here


@cache
def everything() -> list[Prose]:
    return [*pages(), *comments()]


def told(lost: list[tuple[Prose, str]]) -> str:
    return "\n".join(f"{prose}: {what}" for prose, what in lost)


def test_every_link_leads_to_a_file_and_a_heading():
    lost = []
    for page in pages():
        for link in LINK.findall(page.text):
            path, _, heading = link.partition("#")
            target = page.file.parent / path if path else page.file
            gone = not target.exists() or (heading and heading not in headings(target))
            if gone and not re.match(r"[a-z]+:", link):
                lost.append((page, link))
    assert not lost, told(lost)


def headings(file: Path) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_file_that_is_named_exists():
    lost = [
        (prose, name)
        for prose in everything()
        for name in [*FILE.findall(prose.text), *BARE.findall(prose.text)]
        if not is_there(name)
    ]
    assert not lost, told(lost)


@cache
def is_there(name: str) -> bool:
    """A bare name may be in any folder; ``<name>`` and ``…`` stand for anything."""
    if "/" not in name:
        return name in files()
    wanted = alternatives(re.sub(r"<.*?>|…", "*", name))
    return name.startswith(MADE) or any(list(ROOT.glob(one.strip("/"))) for one in wanted)


def alternatives(name: str) -> list[str]:
    """``a{b,c}d`` is abd or acd."""
    if not (braces := re.search(r"\{([^{}]*)\}", name)):
        return [name]
    return [name[: braces.start()] + one + name[braces.end() :] for one in braces[1].split(",")]


@cache
def files() -> set[str]:
    inside = {path.name for room in ROOMS for path in (ROOT / room).rglob("*.*")}
    return inside | {path.name for path in ROOT.iterdir()}


def test_every_name_with_dots_can_be_imported():
    lost = [
        (prose, name)
        for prose in everything()
        for name in DOTTED.findall(prose.text)
        if not is_importable(name) and name.rpartition(".")[2] not in ("yaml", "md")
    ]
    assert not lost, told(lost)


@cache
def is_importable(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            fields = getattr(found, "model_fields", {}) | getattr(found, "__dataclass_fields__", {})
            if not hasattr(found, part) and part not in fields:
                return False
            found = getattr(found, part, None)
        return True
    return False


def test_every_name_in_backticks_is_one_of_the_code_or_of_a_file():
    known = names()
    lost = [(prose, name) for prose in comments() for name in TICKED.findall(prose.text) if name not in known]
    assert not lost, told(lost)


def names() -> set[str]:
    """Whatever the code and the files of scenarios call something; what a docstring says is no name."""
    known = set(dir(builtins)) | {path.stem for path in CODE} | {path.parent.name for path in CODE}
    for file in CODE:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            for part in ("name", "id", "attr", "arg", "asname"):
                if isinstance(called := getattr(node, part, None), str):
                    known.update(called.split("."))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                known.update(re.findall(r"\w+", node.value))
    for file in (ROOT / "scenarios").rglob("*.yaml"):
        known.update(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    return known


def test_every_target_of_make_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    targets |= {f"report-{study.stem}" for study in (ROOT / "scenarios" / "studies").glob("*.yaml")}
    named = [(prose, target) for prose in everything() for target in TARGET.findall(prose.text)]
    lines = [(Prose(page, 1, line), line.split()) for page in PAGES for line in commands(page)]
    named += [(prose, words[1]) for prose, words in lines if words[:1] == ["make"] and len(words) > 1]
    assert len({target for _, target in named}) > 8
    lost = [(prose, target) for prose, target in named if target not in targets]
    assert not lost, told(lost)


def test_every_command_and_option_is_one_of_sim():
    known = typer.main.get_command(app).commands
    shown = [Prose(page, 1, call) for page in PAGES for line in commands(page) for call in line.split(" · ")]
    shown += [Prose(page.file, page.line, call) for page in pages() for call in COMMAND.findall(page.text)]
    calls = [(prose, prose.text.removeprefix(".venv/bin/").split()) for prose in shown]
    calls = [(prose, words[1:]) for prose, words in calls if words[:1] == ["sim"] and len(words) > 1]
    assert len(calls) > 15
    for prose, (name, *arguments) in calls:
        assert name in known, told([(prose, prose.text)])
        several = [known[name], *getattr(known[name], "commands", {}).values()]  # of a group, too
        options = {
            option for one in several for param in one.params for option in param.opts + param.secondary_opts
        }
        given = {word.partition("=")[0].rstrip(":,;") for word in arguments if word.startswith("-")}
        assert given <= options, told([(prose, prose.text)])


def test_every_parameter_that_a_page_names_can_be_set():
    """By dotted path, as in a policy; ``<name>`` stands for any name, in pages and in the catalogue."""
    paths = {parameter.path for parameter in catalogue()} | {key.path for key in keys()}
    paths |= {path.rpartition(".")[0] for path in paths}
    rooms = {path.partition(".")[0] for path in paths}

    def is_known(path: str) -> bool:
        if path.startswith("study.") and hasattr(Study, path.removeprefix("study.")):
            return True  # of Python
        if path in paths or path in ("title.en", "title.zh"):  # the titles: columns of a workbook's sheets
            return True
        return any(re.fullmatch(form(path), known) or re.fullmatch(form(known), path) for known in paths)

    lost = [
        (page, path)
        for page in pages()
        for path in PARAMETER.findall(page.text)
        if path.partition(".")[0] in rooms and not is_known(path)
    ]
    assert not lost, told(lost)


def form(path: str) -> str:
    return re.sub(r"<\w+>", "[^.]+", path.replace(".", r"\."))


def test_nothing_points_to_papers_that_are_not_here():
    lost = [(prose, found[0]) for prose in everything() if (found := ELSEWHERE.search(prose.text))]
    assert not lost, told(lost)
