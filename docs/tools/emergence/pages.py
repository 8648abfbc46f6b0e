"""``make emergence``: the notebook `emergence` as pages, in both languages.

Writes ``reports/emergence/emergence.<lang>.{ipynb,html,pdf}`` under the working directory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.report.execute import run_notebook
from sim.report.export import to_html, to_pdf
from sim.report.files import REPORTS, report_path
from sim.report.words import Text, pick

NAME = "emergence"
TITLE = Text(en="What emerges when people answer to the rules", zh="人员对规则作出反应时出现的现象")


def write(lang: str, parameters: Mapping[str, int | bool], folder: Path = Path(REPORTS)) -> list[Path]:
    """Run the notebook in one language and export it; `parameters` are the notebook's own."""
    executed, html, pdf = (
        report_path(folder, NAME, NAME, lang, suffix) for suffix in ("ipynb", "html", "pdf")
    )
    values = {"lang": lang, "folder": ".", **parameters}
    run_notebook(Path(__file__).with_name(f"{NAME}.ipynb"), executed, values)
    to_html(executed, html, lang, pick(TITLE, lang))
    return [executed, html, to_pdf(html, pdf)]
