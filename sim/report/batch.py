"""Run a notebook with parameters: the result is written whole, or not at all.

Around papermill, because by itself it only warns of a parameter that a notebook does not have, never
checks types, writes its output in place, and records a run whose kernel was killed as completed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.errors import ReportError
from sim.report.notebook import check_parameters, parameters_of, read_notebook
from sim.scenario.errors import printable

if TYPE_CHECKING:
    from nbformat import NotebookNode


def run_notebook(
    notebook: Path, output: Path, parameters: Mapping[str, object], timeout_s: int = 1800
) -> Path:
    """Execute `notebook` in a fresh kernel and write it, with what it showed, to `output`; returns `output`.

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

    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_name(f"{output.stem}.partial.ipynb")
    partial.unlink(missing_ok=True)
    reason = "interrupted"
    try:
        failure = _execute(node, partial, values, timeout_s)
        if failure is None:
            _tidy(partial)
            os.replace(partial, output)
            return output
        reason, cause = failure
        raise ReportError(f"{notebook}: {reason} (as far as it came: {partial})") from cause
    finally:
        if partial.exists():
            _mark_aborted(partial, reason)


def _execute(
    node: NotebookNode, partial: Path, values: dict[str, object], timeout_s: int
) -> tuple[str, Exception] | None:
    """None, or what went wrong and where in a few words."""
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
    """Take out what differs from run to run: times, random ids, this machine's folders."""
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
