"""Write the folder of a study's paper: text, tables, figures, inputs, results, checklists, archive."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.paper import contents, crate, methods, odd, stress
from sim.paper.authors import PaperFile, file_of, read_authors
from sim.paper.contents import Exhibit
from sim.paper.provenance import commit, sha256
from sim.report import findings
from sim.report.batch import check_complete
from sim.report.behaviours import condition, holds
from sim.report.document import Block, Document, Figure, Heading, Lead, Note, Paragraph, Table, labelled
from sim.report.export import to_pdf, write_page
from sim.report.files import REPORTS, make_folder, safe_name, write_whole
from sim.report.latex import table_tex, write_latex
from sim.report.page import html_of
from sim.report.record import manifest
from sim.report.results import Results
from sim.report.word_file import write_docx
from sim.report.words import check_language, pick
from sim.scenario.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.study import Study

MANIFEST = "manifest.json"
FORMAT = "jingxi-paper-folder/1"
TABLES, FIGURES, INPUTS, DATA = "tables", "figures", "inputs", "data"
_TYPE = 10.5  # points of the Word file's text
_APPENDED = frozenset({"assumptions", "stress-des"})  # tables that stand at the end


@dataclass(frozen=True)
class Paper:
    """What a paper is made of: its results, what its authors say, its tables and figures."""

    results: Results
    authors: PaperFile
    tables: list[Exhibit]
    figures: list[Exhibit]
    checklist: list[stress.Item]

    @property
    def title(self) -> str:
        return pick(self.authors.title or self.results.study.title, self.results.lang)

    @classmethod
    def of(cls, study: Study, lang: str) -> Paper:
        """Gather what the paper of a finished study is made of. Raises InputError without results."""
        results, authors = Results(study, lang), read_authors(study)
        tables, figures = contents.tables(results), contents.figures(results)
        labels = labels_of(tables, figures, lang)
        return cls(results, authors, tables, figures, stress.checklist(results, authors, labels))

    @property
    def labels(self) -> dict[str, str]:
        """What tables and figures are called, by name."""
        return labels_of(self.tables, self.figures, self.results.lang)

    def document(self) -> Document:
        """Arrange the paper. Tables and figures come in their order, so that their labels are right."""
        r, labels = self.results, self.labels
        found = findings.choice(r)
        blocks: list[Block] = [Lead(findings.answer(r, found))]
        if told := findings.incomplete(r):
            blocks.append(Paragraph(told))
        blocks += [Heading(r.text("Question", "问题")), Paragraph(pick(r.study.question, r.lang))]
        overview, *others = [one.block for one in self.figures]
        assert isinstance(overview, Figure)
        blocks += methods.methods(r, labels, overview)
        blocks += odd.odd(r, labels)
        blocks.append(Heading(r.text("Results", "结果")))
        blocks += [Paragraph(one) for one in findings.sureness(r, found)]
        blocks += [
            Paragraph(f"{condition(other)}{r.text(': ', '：')}{holds(r, found, other)}")
            for other in r.sides[1:]
        ]
        blocks.append(Paragraph(self._shown_where()))
        blocks += [*(one.block for one in self.tables if one.name not in _APPENDED), *others]
        blocks.append(Heading(r.text("Checklist", "核对表")))
        blocks.append(stress.table(self.checklist, r.lang))
        if "assumptions" in labels:
            blocks.append(Heading(r.text("Assumptions and sources", "假定与出处")))
            blocks += [one.block for one in self.tables if one.name == "assumptions"]
        blocks.append(Heading(r.text("To make it again", "复现")))
        blocks.append(Note(r.text(
            "manifest.json has the seed, versions and hashes. sim reproduce with this folder makes the "
            "tables anew from inputs/ and compares them cell by cell.",
            "种子、版本和哈希值见manifest.json。对本文件夹运行sim reproduce，可由inputs/重新生成各表并逐格"
            "比对。",
        )))  # fmt: skip
        return Document(self.title, r.lang, tuple(blocks))

    def _shown_where(self) -> str:
        """Say where the numbers stand."""
        r, labels = self.results, self.labels
        groups = [labels[name] for name in ("service", "scores", "pay") if name in labels]
        drawn = [labels[f"figure-{one.name}"] for one in self.figures[1:]]
        and_ = r.text(", ", "、")
        return r.text(
            f"{labels['summary']} has all rules side by side, {labels['choice']} the choice among them. "
            f"{and_.join(groups)}: every difference with its interval. Drawn in {and_.join(drawn)}.",
            f"各方案并列见{labels['summary']}，选择结果见{labels['choice']}，"
            f"各项差值及区间见{and_.join(groups)}，图示见{and_.join(drawn)}。",
        )


def labels_of(tables: list[Exhibit], figures: list[Exhibit], lang: str) -> dict[str, str]:
    """Return what tables and figures are called in the paper, by name (``figure-NAME`` of figures).

    The checklist comes after the tables of the text, the assumptions last.
    """
    body = [one.block for one in tables if one.name not in _APPENDED]
    last = [one.block for one in tables if one.name == "assumptions"]
    between = Table("", ("",), ("left",), (), name="stress-des")
    blocks = [*body, between, *last, *(one.block for one in figures)]
    named = labelled(blocks, lang)
    return {f"figure-{one.name}" if isinstance(one, Figure) else one.name: label for one, label in named}


def folder_of(study: Study, lang: str) -> Path:
    """Return where the paper of a study is written: ``reports/STUDY/paper.LANG``."""
    return Path(REPORTS) / safe_name(study.called.replace(":", "-"), "study") / f"paper.{lang}"


def write_paper(study: Study, lang: str, out: Path | None = None) -> tuple[Path, Paper]:
    """Write the paper of a finished study into a folder of its own, whole or not at all.

    Returns the folder, and what the paper is made of.

    Raises InputError where results of the study are missing or damaged, its authors' file is wrong, or
    something else than a paper stands in the folder's place.
    """
    check_language(lang)
    if study.path is None:
        raise InputError("a paper is of a study that has a file", remedy="Write one: sim new study NAME")
    folder = out or folder_of(study, lang)
    _check_place(folder)
    check_complete(study)
    paper = Paper.of(study, lang)
    make_folder(folder.parent)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=f".{folder.name}.", suffix=".partial"
    ) as place:
        made = Path(place, "paper")
        made.mkdir()
        _fill(paper, made)
        if folder.exists():
            shutil.move(folder, Path(place, "before"))
        shutil.move(made, folder)
    return folder, paper


def _check_place(folder: Path) -> None:
    """Refuse to replace what is no paper."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise InputError("is no folder", file=folder, remedy="Give another --out, or move it away")
    if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise InputError(
            "the folder holds something else than a paper",
            file=folder,
            remedy="Give an empty one, or a new one",
        )


def _fill(paper: Paper, folder: Path) -> None:
    r = paper.results
    for one in paper.tables:
        _write_table(one, folder)
    _write_table(checklist_of(paper), folder)
    for one in paper.figures:
        _write_figure(one, folder)
    document = paper.document()
    write_page([html_of(block) for block in document.blocks], folder / "paper.html", r.lang, paper.title)
    to_pdf(folder / "paper.html", folder / "paper.pdf")
    write_docx(document, folder / "paper.docx", _TYPE)
    authors = ", ".join(one.name for one in paper.authors.authors)
    date = "" if paper.authors.date is None else paper.authors.date.isoformat()
    write_latex(document, folder / "paper.tex", author=authors, date=date)
    copy_inputs(r.study, folder / INPUTS)
    (folder / DATA).mkdir()
    r.study.outcomes.to_parquet(folder / DATA / "outcomes.parquet", index=False, compression="zstd")
    write_whole(folder / "CITATION.cff", crate.citation(paper.title, paper.authors, r))
    write_whole(folder / MANIFEST, _json(_manifest(paper, folder)))
    crate.write_crate(folder, paper.title, paper.authors, r)


def _write_table(one: Exhibit, folder: Path) -> None:
    assert isinstance(one.block, Table)
    place = folder / TABLES
    write_whole(place / f"{one.name}.csv", contents.data_text(one.data).encode("utf-8-sig"))
    write_whole(place / f"{one.name}.tex", table_tex(one.block) + "\n")
    write_whole(place / f"{one.name}.html", str(html_of(one.block)) + "\n")


def _write_figure(one: Exhibit, folder: Path) -> None:
    assert not isinstance(one.block, Table) and one.block.drawing is not None
    place = folder / FIGURES
    write_whole(place / f"{one.name}.csv", contents.data_text(one.data).encode("utf-8-sig"))
    write_whole(place / f"{one.name}.svg", '<?xml version="1.0" encoding="UTF-8"?>\n' + one.block.svg)
    drawn = io.BytesIO()
    one.block.drawing.savefig(
        drawn, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None}
    )
    write_whole(place / f"{one.name}.pdf", drawn.getvalue())


def checklist_of(paper: Paper) -> Exhibit:
    """Return the checklist as a table with its data."""
    import pandas as pd

    table = stress.table(paper.checklist, paper.results.lang)
    return Exhibit(table, pd.DataFrame(table.rows, columns=list(table.labels)))


def copy_inputs(study: Study, folder: Path) -> None:
    """Copy what the study is read from: its file, that of its authors, the scenario, and its policies.

    They stand as under ``scenarios/``: ``studies/NAME.yaml`` and ``SCENARIO/…``. Links are not followed.
    """
    assert study.path is not None  # checked before
    studies, scenario = folder / "studies", study.scenario.folder
    studies.mkdir(parents=True)
    shutil.copyfile(study.path, studies / study.path.name)
    for entry in study.file.policies:
        if isinstance(entry, str) and entry.endswith(".yaml"):
            shutil.copyfile(study.path.with_name(entry), studies / entry)
    beside = file_of(study)
    if beside is not None and beside.is_file():
        shutil.copyfile(beside, studies / beside.name)
    for file in sorted(scenario.rglob("*")):
        kept = file.suffix in (".yaml", ".csv") and not file.is_symlink() and file.is_file()
        if kept and not any(part.startswith(".") for part in file.relative_to(scenario).parts):
            to = folder / scenario.name / file.relative_to(scenario)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)


def _manifest(paper: Paper, folder: Path) -> Mapping[str, Any]:
    r = paper.results
    _, _, only = r.study.called.partition(":")
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        "format": FORMAT,
        "lang": r.lang,
        "study_file": f"{INPUTS}/studies/{r.study.path.name}" if r.study.path else "",
        "only_scenario": only,
        **manifest(r.study),
        "design": methods.design_of(r.study),
        "replications_done": r.replications,
        "commit": commit() or None,
        "checklist": {
            "score": stress.score(paper.checklist),
            "gaps": [one.number for one in paper.checklist if not one.met],
        },
        "tables": [one.name for one in paper.tables],
        "figures": [one.name for one in paper.figures],
        "files": {file.relative_to(folder).as_posix(): sha256(file) for file in files},
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
