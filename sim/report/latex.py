r"""Write a document, or a table of it, as LaTeX: booktabs, for XeLaTeX or LuaLaTeX.

Whatever is text is escaped, so that no title becomes a command.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from pathlib import Path

from sim.report.document import (
    RIGHT,
    Document,
    Figure,
    Heading,
    Lead,
    Listing,
    Note,
    Paragraph,
    Table,
)
from sim.report.drawings import pdf_of
from sim.report.files import write_whole
from sim.report.read_page import read_page
from sim.report.tables import column_widths, cut_to_pages
from sim.report.words import one_line, unbroken

_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_\allowbreak{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    "−": r"\ensuremath{-}", "→": r"\ensuremath{\rightarrow}", "×": r"\ensuremath{\times}",
    "≥": r"\ensuremath{\geq}", "≤": r"\ensuremath{\leq}", "∞": r"\ensuremath{\infty}",
    "±": r"\ensuremath{\pm}", "⁻": r"\textsuperscript{-}",
    "\u00a0": "~",
}  # fmt: skip
_SIGNS |= {
    letter: rf"\ensuremath{{\{name.lower()}}}"
    for letter, name in (
        (chr(code), unicodedata.name(chr(code)).removeprefix("GREEK SMALL LETTER "))
        for code in range(ord("α"), ord("ω") + 1)
    )
    if name.isalpha() and name != "OMICRON"
}
_DOT = re.compile(r"(?<=\w)\.(?=[a-z])")  # inside a dotted path, where a line may end
_LIGATURE = re.compile(r"(--|\?'|!')")  # two signs that TeX would make one
_SPECIAL = re.compile("|".join(map(re.escape, _SIGNS)))
_SECTIONS = {2: "section", 3: "subsection", 4: "subsubsection"}
_LINE = 92  # characters that a line of a table holds
_LONG_TABLE, _MUCH = 28, 2400  # rows, and characters, beyond which a table may go over pages
_TEXT_CM = 15.5
_CM, _GAP_CM = 0.175, 0.42  # of a character of the table's type, and between columns
_PREAMBLE = r"""% XeLaTeX or LuaLaTeX
\documentclass[a4paper,11pt{options}]{{{kind}}}
\usepackage[margin=2.6cm]{{geometry}}
\usepackage{{array,booktabs,graphicx,longtable}}
\usepackage[section]{{placeins}}
\renewcommand{{\topfraction}}{{.9}}\renewcommand{{\bottomfraction}}{{.9}}\renewcommand{{\textfraction}}{{.1}}
\renewcommand{{\floatpagefraction}}{{.85}} % tables share pages, and begin at the top of them
\makeatletter\setlength{{\@fptop}}{{0pt}}\setlength{{\@fpsep}}{{1.5em}}\makeatother
{fonts}\setlength{{\emergencystretch}}{{3em}}{spaced}
\title{{{title}}}
\author{{{author}}}
\date{{{date}}}
\begin{{document}}
\maketitle
"""
_FONTS = {
    "en": "\\usepackage{fontspec}\n",
    "zh": "",  # ctexart brings its own
    "both": "\\usepackage[fontset=fandol,scheme=plain]{ctex}\n",  # Chinese names in an English paper
}
# Paragraphs are told apart: in English by space, in Chinese by their first line.
_SPACED = {"en": "\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{.5em plus .1em}", "zh": ""}
_KIND = {"en": ("article", ""), "zh": ("ctexart", ",fontset=fandol")}


def escape(text: str) -> str:
    r"""Return LaTeX that prints `text` as it stands.

    Examples
    --------
    >>> from sim.report.latex import escape
    >>> print(escape(r"\input{x} 5 % of A_1 & B"))
    \textbackslash{}input\{x\} 5 \% of A\_\allowbreak{}1 \& B
    """
    made = _SPECIAL.sub(lambda sign: _SIGNS[sign[0]], unbroken(one_line(text)))
    made = _LIGATURE.sub(lambda two: "{}".join(two[0]), made)
    return _DOT.sub(r".\\allowbreak{}", made)


def write_latex(
    document: Document, output: Path, *, author: str = "", date: str = "", figures: str = "figures"
) -> Path:
    """Write a document as LaTeX; return `output`. Figures are named ``figures/NAME.pdf`` in it."""
    pieces = [piece for block, _ in document.numbered() for piece in (_tex(block, figures), "")]
    kind, options = _KIND[document.lang]
    chinese = any(unicodedata.east_asian_width(sign) == "W" for piece in pieces for sign in piece)
    start = _PREAMBLE.format(
        kind=kind,
        options=options,
        spaced=_SPACED[document.lang],
        fonts=_FONTS["both" if chinese and document.lang == "en" else document.lang],
        title=escape(document.title),
        author=escape(author),
        date=escape(date),
    )
    return write_whole(output, start + "\n" + "\n".join(pieces) + "\\end{document}\n")


def to_latex(html: Path, output: Path, lang: str) -> list[Path]:
    """Write the LaTeX of a page that `export.write_page` wrote to `output`, with its figures as PDF in a
    folder beside it; return what was written, `output` first.

    Raises as `read_page.read_page` does, and as `export.to_pdf` does where the page has figures.
    """
    document = read_page(html, lang)
    remove_latex(output)
    place = figures_of(output)
    written = [write_latex(document, output, figures=place.name)]
    for block in document.blocks:
        if isinstance(block, Figure):
            written.append(write_whole(place / f"{block.name}.pdf", pdf_of(block.svg)))
    return written


def figures_of(output: Path) -> Path:
    """Return the folder of a LaTeX file's figures: ``comparison.en.figures`` of ``comparison.en.tex``."""
    return output.with_suffix(".figures")


def remove_latex(output: Path) -> None:
    """Remove a LaTeX file with its figures, if they are there."""
    output.unlink(missing_ok=True)
    for figure in figures_of(output).glob("figure-*.pdf"):
        figure.unlink()
    with contextlib.suppress(OSError):  # there is none, or something else lies in it
        figures_of(output).rmdir()


def _tex(block: object, figures: str) -> str:
    match block:
        case Heading():
            return f"\\{_SECTIONS[block.level]}{{{escape(block.text)}}}"
        case Lead():
            return f"\\noindent\\textbf{{{escape(block.text)}}}"
        case Paragraph():
            return (f"\\textbf{{{escape(block.head)}}} " if block.head else "") + escape(block.text)
        case Listing():
            items = "\n".join(f"  \\item {_first(escape(item))}" for item in block.items)
            return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"
        case Note():
            return f"{{\\small {escape(block.text)}}}"
        case Table():
            return ("\\FloatBarrier\n" if _is_long(block) else "") + table_tex(block)
        case Figure():
            return (
                "\\begin{figure}[htbp]\n\\centering\n"
                f"% {escape(block.alt)}\n"
                f"\\includegraphics[width=\\linewidth]{{{figures}/{block.name}.pdf}}\n"
                f"\\caption{{{escape(block.caption)}}}\n\\label{{fig:{block.name}}}\n\\end{{figure}}"
            )
    raise TypeError(f"LaTeX has no way to write {block!r}")


def table_tex(table: Table) -> str:
    """Return a table as LaTeX that needs the packages array, booktabs and longtable.

    Long ones go over pages. One too wide for a page is cut into parts, which share one number.
    """
    parts = cut_to_pages(table, _LINE)
    write = _long if _is_long(table) else _short
    made = [write(part, place == 0) for place, part in enumerate(parts)]
    return "\n\n".join(made)


def _is_long(table: Table) -> bool:
    return (
        len(table.rows) > _LONG_TABLE or sum(map(len, (cell for row in table.rows for cell in row))) > _MUCH
    )


def _short(table: Table, first: bool) -> str:
    columns, head, rows = _inside(table)
    return (
        f"\\begin{{table}}[htbp]\n\\centering\\footnotesize\n{_caption(table, first)}\n"
        f"\\begin{{tabular}}{{{columns}}}\n\\toprule\n{head}\n\\midrule\n{rows}\n\\bottomrule\n"
        f"\\end{{tabular}}\n{_note(table)}\\end{{table}}"
    )


def _long(table: Table, first: bool) -> str:
    columns, head, rows = _inside(table)
    return (
        f"{{\\footnotesize\n\\begin{{longtable}}{{{columns}}}\n{_caption(table, first)}\\\\\n\\toprule\n"
        f"{head}\n\\midrule\n\\endfirsthead\n\\toprule\n{head}\n\\midrule\n\\endhead\n{rows}\n\\bottomrule\n"
        f"\\end{{longtable}}\n{_note(table)}}}"
    )


def _inside(table: Table) -> tuple[str, str, str]:
    """Return the columns, the head and the rows."""
    columns = _columns(table)
    head = " & ".join(f"\\textbf{{{escape(label)}}}" for label in table.labels) + " \\\\"
    rows = "\n".join(_first(" & ".join(map(escape, row))) + " \\\\" for row in table.rows)
    return f"@{{}}{columns}@{{}}", head, rows


def _columns(table: Table) -> str:
    """Return the columns: as they are where a line holds them, else broken into lines."""
    room = (_TEXT_CM - _GAP_CM * (len(table.labels) - 1)) / _CM
    if (widths := column_widths(table, room)) is None:
        return "".join("r" if side == RIGHT else "l" for side in table.sides)
    way = {True: "\\raggedleft", False: "\\raggedright"}
    return "".join(
        f">{{{way[side == RIGHT]}\\arraybackslash\\hspace{{0pt}}}}p{{{one * _CM:.2f}cm}}"
        for one, side in zip(widths, table.sides, strict=True)
    )


def _caption(table: Table, first: bool) -> str:
    label = f"\\label{{tab:{table.name}}}" if table.name and first else ""
    again = "" if first else "\\addtocounter{table}{-1}"
    return f"{again}\\caption{{{escape(table.caption)}}}{label}"


def _note(table: Table) -> str:
    return f"\n\\smallskip\\noindent{{\\scriptsize {escape(table.note)}\\par}}\n" if table.note else ""


def _first(text: str) -> str:
    r"""Return what may follow ``\\`` or ``\item``: a bracket or star there would be read as theirs."""
    return "{}" + text if text.lstrip().startswith(("[", "*")) else text
