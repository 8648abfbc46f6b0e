"""Write a document as a Word file (.docx), laid out as GB/T 9704-2012 has it.

Word files carry no fonts: the text names those of official papers (仿宋, 黑体, 小标宋), which a reader's
Word has or replaces.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.document import (
    RIGHT,
    Block,
    Document,
    Figure,
    Heading,
    Lead,
    Listing,
    Note,
    Paragraph,
    Table,
    captioned,
)
from sim.report.drawings import png_of
from sim.report.files import write_whole
from sim.report.read_page import read_page
from sim.report.tables import column_widths, cut_to_pages
from sim.report.words import line_width

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as Line
    from docx.text.run import Run

_LATIN = "Times New Roman"
_TEXT, _HEAD, _TITLE, _NUMBER = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体"
_MARGINS_MM = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same page gives the same bytes
_TYPE = re.compile(r"--type: ([\d.]+)pt")
_WIDTH_MM = 156.0  # of the text
_DPI = 200
READ = 10.5  # points of the text of what is not of one page: 五号
_LINE, _PADDING = 96, 3  # characters that a line of a table holds, and that stay free beside a column
_LONGEST_HEADING = 10  # characters of a Chinese heading that is kept on a line
_BOLD = 1.2  # times as wide as the others, about, are bold characters
_SMALL = 8.0  # points of its tables: an interval keeps to a line, in a font that replaces a missing one, too


def to_docx(html: Path, output: Path, lang: str) -> Path:
    """Write the Word file of a page that `export.write_page` wrote to `output`; return `output`.

    The type of a paper of one page is that of the page (`export.fit`). Raises as `read_page.read_page` does,
    and as `export.to_pdf` does where the page has figures.
    """
    document = read_page(html, lang)
    size = _TYPE.search(Path(html).read_text(encoding="utf-8"))
    return write_docx(document, output, READ if document.counted or size is None else float(size[1]))


def write_docx(document: Document, output: Path, size: float) -> Path:
    """Write a document as a Word file with text of `size` points; return `output`."""
    import docx
    from docx.shared import Mm

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, wide in _MARGINS_MM.items():
        setattr(section, side, Mm(wide))
    section.footer_distance = Mm(24)
    writer = _Writer(made, size, document.lang, document.counted)
    writer.number_pages()
    properties = made.core_properties
    properties.title, properties.author = document.title, "Jingxi"
    properties.language = "zh-CN" if document.lang == "zh" else "en"
    writer.title(document.title)
    for block, label in document.numbered():
        writer.block(block, label)
    return write_whole(Path(output), _same_bytes(made))


class _Writer:
    """Append the pieces of a page to a document."""

    def __init__(self, document: WordDocument, size: float, lang: str, counted: bool) -> None:
        from docx.shared import Pt

        self.document, self.size, self.lang, self.counted = document, size, lang, counted
        style = document.styles["Normal"]
        style.font.size = Pt(size)
        _fonts(style.element.get_or_add_rPr(), _TEXT, lang)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = Pt(round(size * (1.35 if lang == "zh" else 1.2), 1))

    def title(self, text: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        line = self.document.add_paragraph(style="Title")
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing = 1.1
        line.paragraph_format.space_after = Pt(self.size * 0.6)
        for border in self.document.styles["Title"].element.xpath(".//w:pBdr"):
            border.getparent().remove(border)
        self._run(line, text, _TITLE, self.size * (1.8 if self.lang == "zh" else 1.5), bold=self.lang == "en")

    def block(self, block: Block, label: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        match block:
            case Heading():
                self._heading(block)
            case Lead():
                line = self._paragraph()
                self._run(line, block.text, _TEXT, bold=True)
                line.paragraph_format.space_after = Pt(self.size * 0.6)
            case Paragraph():
                line = self._paragraph(indent=not block.dated)
                if block.head:
                    self._run(line, block.head, _HEAD, bold=True)
                self._run(line, (" " if block.head and self.lang == "en" else "") + block.text, _TEXT)
                if self.counted:
                    line.paragraph_format.space_after = Pt(self.size * 0.4)
                if block.dated:
                    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            case Listing():
                for item in block.items:
                    self._run(self._paragraph(), f"• {item}", _TEXT)
            case Table():
                for part in cut_to_pages(block, _LINE - _PADDING) if self.counted else [block]:
                    self._table(part, captioned(part, label, self.lang))
            case Figure():
                self._figure(block, captioned(block, label, self.lang))
            case Note():
                self._run(self.document.add_paragraph(), block.text, _TEXT, self.size * 0.75)

    def _heading(self, heading: Heading) -> None:
        from docx.shared import Pt

        line = self.document.add_paragraph(style=f"Heading {heading.level - 1}")
        line.paragraph_format.space_before = Pt(self.size * 0.8)
        line.paragraph_format.space_after = Pt(self.size * 0.2)
        self._run(line, heading.text, _HEAD, self.size * (1.25 if heading.level == 2 else 1.05), bold=True)

    def _figure(self, figure: Figure, caption: str) -> None:
        """Put the drawing as a picture, its alt text in its properties, and its caption under it."""
        from docx.shared import Mm, Pt

        if figure.drawing is None:
            drawn = io.BytesIO(png_of(figure.svg))
        else:
            drawn = io.BytesIO()
            figure.drawing.savefig(drawn, format="png", dpi=_DPI, metadata={"Software": None})
            drawn.seek(0)
        line = self.document.add_paragraph()
        line.paragraph_format.line_spacing, line.paragraph_format.keep_with_next = 1.0, True
        picture = line.add_run().add_picture(drawn, width=Mm(_WIDTH_MM))
        picture._inline.docPr.set("descr", figure.alt)
        for side in "TBLR":
            picture._inline.set(f"dist{side}", "0")  # LibreOffice takes what is not said for 3 mm
        line = self.document.add_paragraph()
        line.paragraph_format.space_after = Pt(self.size)
        self._run(line, caption, _TEXT, self.size * 0.875)

    def number_pages(self) -> None:
        """Write the number of the page between dashes at the outer foot."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        line = self.document.sections[0].footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(line, "— ", _NUMBER, 14)
        run = self._run(line, "", _NUMBER, 14)
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._element.append(part)
        self._run(line, " —", _NUMBER, 14)

    def _paragraph(self, indent: bool = True) -> Line:
        from docx.shared import Pt

        line = self.document.add_paragraph()
        if self.lang == "zh" and indent:
            line.paragraph_format.first_line_indent = Pt(2 * self.size)
        return line

    def _run(self, line: Line, text: str, font: str, size: float | None = None, bold: bool = False) -> Run:
        from docx.shared import Pt, RGBColor

        run = line.add_run(text)
        run.font.size, run.font.bold = Pt(round(size or self.size, 1)), bold or None
        run.font.color.rgb = RGBColor(0, 0, 0)
        _fonts(run._element.get_or_add_rPr(), font, self.lang)
        return run

    def _table(self, element: Table, caption: str) -> None:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, Pt

        small = _SMALL if self.counted else self.size * (0.875 if self.lang == "zh" else 0.83)  # 五号
        left, right = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
        line = self.document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        if self.counted:
            line.paragraph_format.space_before = Pt(self.size)
        self._run(line, caption, _HEAD, self.size * 0.875)
        rows = [element.labels, *element.rows]
        table = self.document.add_table(len(rows), len(rows[0]))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        widths = self._widths(element)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for place, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
            for column, (box, cell) in enumerate(zip(row.cells, cells, strict=True)):
                box.width = Mm(widths[column])
                line = box.paragraphs[0]
                line.paragraph_format.line_spacing = Pt(round(small * 1.3, 1))
                line.alignment = right if element.sides[column] == RIGHT else left
                self._run(line, cell, _HEAD if not place else _TEXT, small, bold=not place)
            _rule(row, place in (0, len(rows) - 1), top=place == 0)
            _add(row._tr.get_or_add_trPr(), "w:cantSplit", val="true")
        header = table.rows[0]._tr.get_or_add_trPr()
        _add(header, "w:tblHeader", val="true")
        if element.note:
            line = self.document.add_paragraph()
            self._run(line, element.note, _TEXT, self.size * 0.75)
            if self.counted:
                line.paragraph_format.space_after = Pt(self.size * 0.5)

    def _widths(self, table: Table) -> list[float]:
        """Return the widths of columns in millimetres: of a one-page paper the whole of the line, shared by
        what each keeps on a line, of others by what they hold."""
        count = len(table.labels)
        if not self.counted and count > 1:
            bold = 1.0 if self.lang == "zh" else _BOLD  # a bold sign of Chinese is as wide as another
            kept = [
                _PADDING + max(bold * max(map(line_width, _pieces(label))), *map(line_width, cells), 0)
                for label, *cells in zip(table.labels, *table.rows, strict=True)
            ]
            kept[0] *= _BOLD  # names in which Latin figures may be wider than reckoned
            return [_WIDTH_MM * one / sum(kept) for one in kept]
        widths = column_widths(table, _LINE - _PADDING * count)
        if widths is None:
            widths = [max(map(line_width, column)) for column in zip(table.labels, *table.rows, strict=True)]
        padded = [one + _PADDING for one in widths]
        return [min(_WIDTH_MM * one / sum(padded), one * _WIDTH_MM / _LINE * 1.6) for one in padded]


def _pieces(label: str) -> list[str]:
    """Return what of a column's heading is kept on a line: words, and what stands in brackets. A long Chinese
    heading takes two lines."""
    found = []
    for piece in label.replace("（", " （").split() or [""]:
        half = (len(piece) + 1) // 2
        two = line_width(piece) == 2 * len(piece) > _LONGEST_HEADING and not piece.startswith("（")
        found += [piece[:half], piece[half:]] if two else [piece]
    return found


def _fonts(properties: Any, font: str, lang: str) -> None:
    """Name the fonts of Chinese and of Latin text, and their languages."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for script, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{script}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if properties.find(qn("w:lang")) is None:
        _add(properties, "w:lang", val="en-GB", eastAsia="zh-CN")


def _rule(row: Any, thick: bool, top: bool) -> None:
    """Draw the lines of a three-line table: over and under its head, and under its last row."""
    for cell in row.cells:
        borders = _add(cell._tc.get_or_add_tcPr(), "w:tcBorders")
        if top:
            _add(borders, "w:top", val="single", sz="12", space="0", color="000000")
        if thick:
            _add(borders, "w:bottom", val="single", sz="6" if top else "12", space="0", color="000000")


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def _same_bytes(document: WordDocument) -> bytes:
    """Return the file of a document, without the time at which it was made."""
    from datetime import datetime

    document.core_properties.created = document.core_properties.modified = datetime(*_EPOCH[:3])
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
