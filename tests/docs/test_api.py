"""The public names: each is documented whole, its examples are run, and the page is made of its docstring."""

from __future__ import annotations

import ast
import dataclasses
import doctest
import importlib
import inspect
import re
import textwrap

import pytest
from typer.testing import CliRunner

import sim
from docs.tools.__main__ import app
from docs.tools.api_page import GROUPS, PAGE, entries, is_current, page, parsed
from docs.tools.api_page.names import Entry, entry
from docs.tools.api_page.page import anchor, signature
from docs.tools.api_page.sections import ORDER

from .text import ROOT

ENTRIES = list(entries())
CALLED = [one for one in ENTRIES if one.kind in ("function", "method")]
CLASSES = [one for one in ENTRIES if one.kind == "class"]
LONGEST = 30  # words of a sentence
_END = re.compile(r"(?<=[.:;?!])\s+|\n\s*\n")


def each(of):
    return pytest.mark.parametrize("one", of, ids=[one.path for one in of])


def function_of(one: Entry):
    """The plain function of a method or property."""
    found = one.object
    found = getattr(found, "fget", None) or getattr(found, "func", None) or found
    return inspect.unwrap(getattr(found, "__func__", found))


def test_every_public_name_is_on_the_page():
    listed = {path for paths in GROUPS.values() for path in paths}
    assert {f"sim.{name}" for name in sim.__all__} - listed == {"sim.__version__"}
    assert len(listed) == sum(len(paths) for paths in GROUPS.values())
    assert all(importlib.import_module(path.rpartition(".")[0]) for path in listed)


def test_a_class_that_a_function_returns_is_on_the_page():
    known = {one.object.__name__ for one in CLASSES}
    said = " ".join(str(inspect.signature(one.object).return_annotation) for one in CALLED)
    ours = set(re.findall(r"\b[A-Z]\w+\b", said)) - {"DataFrame", "None", "Any"}
    inner = {"Unit", "UnitType", "Figure"}  # of a study, of a scenario, of matplotlib: told with their module
    assert ours - known == inner


@each(ENTRIES)
def test_it_has_a_summary_of_one_line_and_short_sentences(one):
    doc = one.doc
    assert doc.summary and doc.summary.endswith("."), "no summary, or one of several lines"
    assert set(doc.titles) <= set(ORDER), "an unknown section"
    assert list(doc.titles) == [title for title in ORDER if title in doc.titles], "sections out of order"
    texts = [doc.summary, doc.body, *(text for title, text in doc.prose.items() if title == "Notes")]
    texts += [item.text for items in doc.items.values() for item in items]
    for sentence in (sentence for text in texts for sentence in _END.split(text)):
        if "Columns:" not in text_before(one, sentence):
            assert len(sentence.split()) <= LONGEST, sentence


def text_before(one: Entry, sentence: str) -> str:
    """What stands before a sentence in its docstring: a list of columns is no sentence."""
    whole = " ".join((inspect.getdoc(one.object) or "").split())
    return whole[: whole.find(" ".join(sentence.split()))][-len("Columns: ") :]


@each(CALLED)
def test_it_documents_its_parameters_and_what_it_returns(one):
    found = inspect.signature(one.object)
    names = [name for name in found.parameters if name not in ("self", "cls")]
    assert one.doc.named == names
    for item in one.doc.items.get("Parameters", []):
        assert item.type and item.text.endswith("."), item.names
        for name in item.names:
            optional = found.parameters[name].default is not inspect.Parameter.empty
            told = item.type.endswith(", optional") or "default" in item.text or item.type.startswith("{")
            assert told or not optional, f"{name} can be left out"
    returns = one.doc.items.get("Returns", [])
    assert bool(returns) == (found.return_annotation not in ("None", None))
    assert all(item.type and item.text for item in returns)


@each(CLASSES)
def test_a_class_documents_its_fields_and_how_it_is_made(one):
    fields = list(getattr(one.object, "model_fields", {}))
    if dataclasses.is_dataclass(one.object):
        fields = [field.name for field in dataclasses.fields(one.object)]
    fields = fields or [name for name in inspect.signature(one.object).parameters]
    documented = one.doc.named
    assert set(documented) == {name for name in fields if not name.startswith("_")}
    assert len(documented) == len(set(documented))
    for item in [*one.doc.items.get("Parameters", []), *one.doc.items.get("Attributes", [])]:
        assert item.type and item.text.endswith("."), item.names


@each([one for one in ENTRIES if one.kind == "property"])
def test_a_property_says_its_type(one):
    assert re.search(r": \S+", signature(one))


@each(CALLED)
def test_it_documents_the_mistakes_that_it_tells(one):
    raised = {item.type for item in one.doc.items.get("Raises", [])}
    if raises(function_of(one), set()):
        assert "InputError" in raised
    for item in one.doc.items.get("Raises", []):
        assert item.text.startswith("If "), "say when"


def raises(function, seen: set) -> bool:
    """Whether a function raises InputError: itself, or by a function of sim that it calls by name."""
    if function in seen or not (getattr(function, "__module__", "") or "").startswith("sim"):
        return False
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    known = dict(function.__globals__)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            module = importlib.import_module(base, function.__globals__["__package__"])
            known |= {
                name.name: getattr(module, name.name) for name in node.names if hasattr(module, name.name)
            }
    for node in ast.walk(tree):
        told = isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if told and ast.unparse(node.exc.func) == "InputError":
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = inspect.unwrap(known.get(node.func.id, None) or len)
            if inspect.isfunction(called) and raises(called, seen):
                return True
    return False


@pytest.mark.parametrize(
    ("path", "mistake"),
    [
        ("sim.load", lambda: sim.load("nowhere")),
        ("sim.build", lambda: sim.build({})),
        ("sim.load_policy", lambda: sim.load_policy(sim.load("one-office"), "nothing")),
        ("sim.reform", lambda: sim.reform(sim.load("one-office"), {"pay.flor": 1})),
        ("sim.simulate", lambda: sim.simulate("one-office", seed=-1)),
        ("sim.study", lambda: sim.study("nothing")),
        ("sim.what_if", lambda: sim.what_if("one-office", replications=1)),
        ("sim.budget_neutral", lambda: sim.budget_neutral("one-office", "current", "pay.flor")),
        ("sim.Policy.of", lambda: sim.Policy.of({1: 2})),
        ("sim.Policy", lambda: sim.Policy("p", None, None, move=({"from": "clerk"},))),
    ],
)
def test_a_mistake_is_told_as_documented(path, mistake):
    (one,) = (one for one in ENTRIES if one.path == path)
    assert "InputError" in {item.type for item in one.doc.items["Raises"]}
    with pytest.raises(sim.InputError):
        mistake()


@each([one for one in ENTRIES if one.kind != "property"])
def test_it_has_an_example_that_can_be_pasted(one):
    shown = doctest.DocTestParser().get_examples(one.doc.examples)
    assert shown, "no example"
    assert shown[-1].source and any(example.source == "import sim\n" for example in shown)


def test_every_example_is_found_by_doctest():
    """It passes over some kinds of members; `test_examples` would then run nothing of them."""
    shown = [one for one in ENTRIES if ">>> " in (inspect.getdoc(one.object) or "")]
    modules = {(one.object if one.kind == "class" else function_of(one)).__module__ for one in shown}
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = {
        test.docstring.strip()
        for module in modules
        for test in finder.find(importlib.import_module(module))
        if test.examples
    }
    lost = [one.path for one in shown if (one.object.__doc__ or "").strip() not in found]
    assert not lost


def test_a_docstring_is_read_in_its_sections():
    doc = parsed(
        "Do it.\n\nMore\nof it.\n\nParameters\n----------\nlow, high : float\n    The ends,\n    in s.\n\n"
        "Raises\n------\nInputError\n    If not.\n\nSee Also\n--------\nother : Does more.\n\n"
        "Examples\n--------\n>>> 1\n1"
    )
    assert (doc.summary, doc.body, doc.examples) == ("Do it.", "More\nof it.", ">>> 1\n1")
    assert doc.items["Parameters"] == [(("low", "high"), "float", "The ends, in s.")]
    assert doc.items["Raises"] == [((), "InputError", "If not.")]
    assert doc.items["See Also"] == [(("other",), "", "Does more.")]
    assert doc.named == ["low", "high"]


def test_a_signature_has_types_and_defaults():
    assert signature(entry("sim.load")) == "sim.load(scenario: str | Path) -> Scenario"
    assert "changes: dict[str, Any] = dict()" in signature(entry("sim.Policy"))
    assert "\n    *,\n" in signature(entry("sim.simulate"))
    assert not [one.path for one in ENTRIES if "_empty" in signature(one)], "types are missing"


def test_no_two_headings_have_one_anchor():
    titles = re.findall(r"^#+ (.*)$", page(), re.MULTILINE)
    assert len({anchor(title) for title in titles}) == len(titles) > 40


def test_the_page_is_as_the_docstrings_have_it():
    assert is_current(ROOT / PAGE), "write it anew: python -m docs.tools api"


def test_the_command_writes_the_page_and_tells_when_it_is_old(tmp_path):
    run, file = CliRunner().invoke, tmp_path / "api.md"
    missing = run(app, ["api", "--check", "--write", str(file)])
    assert missing.exit_code == 1 and "out of date" in missing.output
    assert run(app, ["api", "--write", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == page()
    assert run(app, ["api", "--check", "--write", str(file)]).exit_code == 0
    file.write_text(page() + "More.\n", encoding="utf-8")
    assert run(app, ["api", "--check", "--write", str(file)]).exit_code == 1
