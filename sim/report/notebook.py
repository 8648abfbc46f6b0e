"""Read and check a notebook's parameters (names, types, values) before a kernel starts."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario.errors import InputError, nearest

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Parameter(NamedTuple):
    """One line of a `parameters` cell: ``name: type = default``."""

    name: str
    annotation: ast.expr | None
    default: ast.expr


def read_notebook(path: Path) -> NotebookNode:
    """Read the notebook in `path`, of format 4. Raises InputError if there is none."""
    nbformat = _nbformat()
    from nbformat.reader import NotJSONError

    path = Path(path)
    if not path.is_file():
        raise InputError("no such notebook", file=path)
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (NotJSONError, nbformat.ValidationError, UnicodeDecodeError, AttributeError, KeyError) as error:
        raise InputError(
            "not a Jupyter notebook", file=path, remedy="Open it in JupyterLab to see why"
        ) from error
    return notebook


def _nbformat() -> ModuleType:
    """Load nbformat without what its jsonschema would load for internationalised addresses: compiling their
    grammar takes a second, and no notebook has any."""
    modules: dict[str, Any] = sys.modules
    grammar = "rfc3987_syntax"
    if grammar in modules:
        return importlib.import_module("nbformat")
    modules[grammar] = None  # as if it were not installed
    try:
        return importlib.import_module("nbformat")
    finally:
        del modules[grammar]


def parameters_of(notebook: NotebookNode, file: Path) -> dict[str, Parameter]:
    """Return the parameters that the cell tagged `parameters` defines. Nothing is executed.

    Raises InputError without such a cell: papermill would put its values at the top, where the notebook's own
    lines overwrite them.
    """
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", [])
    ]
    if len(cells) != 1:
        found = "no cell" if not cells else f"{len(cells)} cells"
        raise InputError(
            f"{found} tagged 'parameters'", file=file, remedy="Tag the one that sets the defaults"
        )
    try:
        tree = ast.parse(cells[0].source)
    except SyntaxError as error:
        raise InputError(f"the parameters cell is no Python: {error.msg}", file=file) from error
    parameters: dict[str, Parameter] = {}
    for line in tree.body:
        match line:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as default):
                parameters[name] = Parameter(name, annotation, default)
            case ast.Assign(targets=[ast.Name(id=name)], value=default):
                parameters[name] = Parameter(name, None, default)
    return parameters


def check_parameters(known: Mapping[str, Parameter], values: Mapping[str, object], file: Path) -> None:
    """Raises InputError for a value whose name is unknown, or which is not what the notebook's
    annotation says.

    Annotations are built of str, int, float, bool, None, list, dict, Literal and ``|``; a float may be
    given whole. Without an annotation the default's type counts. Any value must be one that JSON can hold.
    """
    for name, value in values.items():
        if name not in known:
            raise InputError(f"unknown parameter '{name}'", file=file, remedy=nearest(name, known))
        parameter = known[name]
        if parameter.annotation is None:
            wanted = _type_of_default(parameter.default)
            right = wanted is None or _fits(value, ast.Name(id=wanted))
        else:
            wanted = ast.unparse(parameter.annotation)
            try:
                right = _fits(value, parameter.annotation)
            except ValueError as error:
                raise InputError(f"the type '{wanted}' cannot be checked", file=file, path=name) from error
        if not right:
            raise InputError(
                f"{value!r} is not of type {wanted}", file=file, path=name, remedy=f"Give a {wanted}"
            )
        try:
            json.dumps(value)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"a {type(value).__name__} cannot be handed to a notebook",
                file=file,
                path=name,
                remedy="Give text, numbers, lists or mappings",
            ) from error


def _type_of_default(default: ast.expr) -> str | None:
    try:
        value = ast.literal_eval(default)
    except ValueError:
        return None
    return None if value is None else type(value).__name__


_SIMPLE = {"str": str, "bool": bool, "list": list, "dict": dict}


def _fits(value: object, annotation: ast.expr) -> bool:
    match annotation:
        case ast.Name(id="int"):
            return isinstance(value, int) and not isinstance(value, bool)
        case ast.Name(id="float"):
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case ast.Name(id=name) if name in _SIMPLE:
            return isinstance(value, _SIMPLE[name])
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            return any(type(value) is type(choice) and value == choice for choice in _choices(choices))
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return isinstance(value, list) and all(_fits(element, item) for element in value)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, item])):
            return isinstance(value, dict) and all(_fits(k, key) and _fits(v, item) for k, v in value.items())
    raise ValueError(ast.unparse(annotation))


def _choices(node: ast.expr) -> tuple:
    value = ast.literal_eval(node)
    return value if isinstance(node, ast.Tuple) else (value,)
