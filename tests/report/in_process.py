"""A report's notebook run in this process: no kernel has to start."""

from pathlib import Path

import nbformat

from sim.report.export import to_html
from sim.report.words import pick

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def page_of(study, report: str, lang: str, folder: Path, opened=None) -> str:
    """The HTML of one report of a study that was run. The working directory must be the study's own."""
    notebook = nbformat.read(NOTEBOOKS / f"{report}.ipynb", as_version=4)
    shown: list[dict] = []
    names: dict[str, object] = {}
    import IPython.display

    import sim

    kept = IPython.display.display, sim.study
    IPython.display.display = lambda piece: shown.append(piece._repr_mimebundle_())
    sim.study = lambda _: study
    try:
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], 1
            exec(compile(cell.source, f"{report}.ipynb", "exec"), names)  # noqa: S102
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"study": study.name, "lang": lang, "folder": "."}
            cell.outputs = [
                nbformat.v4.new_output("display_data", data={"text/html": one["text/html"]}) for one in shown
            ]
            shown.clear()
    finally:
        IPython.display.display, sim.study = kept
    executed = folder / f"{study.name}-{report}.{lang}.ipynb"
    nbformat.write(notebook, executed)
    title = f"{pick(study.title, lang)}"
    return to_html(executed, executed.with_suffix(".html"), lang, title).read_text(encoding="utf-8")
