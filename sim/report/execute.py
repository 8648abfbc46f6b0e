"""Run a notebook with parameters; write it whole or not at all.

`run_notebook` is around papermill, because by itself that only warns of a parameter that a notebook does not
have, never checks types, writes its output in place, and records a run whose kernel was killed as completed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.errors import ReportError
from sim.report.files import make_folder
from sim.report.notebook import check_parameters, parameters_of, read_notebook
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from nbformat import NotebookNode


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, object], timeout_s: int = 1800
) -> Path:
    """Execute `notebook` in a fresh kernel and write it, with its outputs, to `output`; return `output`.

    The kernel works in the caller's folder: hand over paths that are absolute. The same notebook,
    parameters and data give the same bytes, as far as the notebook's own output does.

    Parameters
    ----------
    parameters : values by name for the cell tagged `parameters`; checked before a kernel starts. A Path
    counts as text.
    timeout_s : seconds for the whole notebook.

    Raises
    ------
    InputError : no such notebook, no `parameters` cell, an unknown parameter, a value of the wrong type.
    ReportError : a cell failed, took too long, or the kernel died. What there was is beside `output` as
        ``<name>.partial.ipynb``, with the reason in ``metadata.papermill.aborted``.
    """
    notebook, output = Path(notebook), Path(output)
    values = {name: str(v) if isinstance(v, Path) else v for name, v in parameters.items()}
    node = read_notebook(notebook)
    check_parameters(parameters_of(node, notebook), values, notebook)

    make_folder(output.parent)
    partial = output.with_name(f"{output.stem}.partial.ipynb")
    partial.unlink(missing_ok=True)
    try:
        failure = _execute(node, partial, values, timeout_s)
    except BaseException:  # interrupted: nobody asks how far it came
        partial.unlink(missing_ok=True)
        raise
    if failure is None:
        _tidy(partial)
        os.replace(partial, output)
        return output
    reason, cause = failure
    _mark_aborted(partial, reason)
    raise ReportError(f"{notebook}: {reason} (as far as it came: {partial})") from cause


def _execute(
    node: NotebookNode, partial: Path, values: dict[str, object], timeout_s: int
) -> tuple[str, Exception] | None:
    """Return None, or a short description of the error and its place."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from sim.report import kernel

    progress = kernel.Progress(timeout_s)
    literal = str(partial).replace("{", "{{").replace("}", "}}")  # papermill formats its paths
    try:
        papermill.execute_notebook(
            node,
            literal,
            parameters=values,
            engine_name=kernel.ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            progress=progress,
        )
    except papermill.PapermillExecutionError as error:
        return (
            f"cell In [{error.exec_count}] failed: {printable(f'{error.ename}: {error.evalue}', 300)}",
            error,
        )
    except CellTimeoutError as error:
        return f"not done after {timeout_s} seconds, in cell In [{progress.cell}]", error
    except DeadKernelError as error:
        return f"the kernel died in cell In [{progress.cell}] (killed, or out of memory)", error
    except RuntimeError as error:  # of jupyter_client: the kernel never answered
        return printable(f"no kernel: {error}", 300), error
    return None


def _tidy(path: Path) -> None:
    """Remove what differs from run to run: times, random ids, this machine's folders."""
    import nbformat

    node = nbformat.read(path, as_version=4)
    kept = ("parameters", "version")
    node.metadata.papermill = {k: v for k, v in node.metadata.get("papermill", {}).items() if k in kept}
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    nbformat.write(node, path)


def _mark_aborted(path: Path, reason: str) -> None:
    import nbformat

    try:
        node = nbformat.read(path, as_version=4)
    except Exception:  # cut off in the middle of being written: it cannot be taken for a finished one either
        return
    node.metadata.setdefault("papermill", {})["aborted"] = reason
    nbformat.write(node, path)


def notebooks_folder(given: Path | None = None) -> Path:
    """The folder of the notebooks: this package's own unless another is given, whatever lies in the working
    folder, because they are programs. In a checkout they lie beside the package, in a wheel inside it."""
    if given is not None:
        return Path(given)
    package = Path(__file__).resolve().parents[1]
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"
