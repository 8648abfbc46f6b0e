"""Every notebook has every format: what a page shows is read back as the blocks it was written from."""

import io
import re

import docx
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pylatexenc.latexwalker import LatexWalker
from pypdf import PdfReader

from sim.report import page, style
from sim.report.document import Figure, Heading, Lead, Listing, Note, Paragraph, Table
from sim.report.drawings import pdf_of, png_of
from sim.report.export import to_pdf, write_formats, write_page
from sim.report.latex import remove_latex, to_latex
from sim.report.markup import Html
from sim.report.page import html_of
from sim.report.read_page import read_page
from sim.report.tables import html_table
from sim.report.word_file import to_docx
from sim.report.words import unbroken
from sim.scenario.errors import InputError

HOSTILE = '</td><script>alert(1)</script> \\input{/etc/passwd} $x_1$ & "50 %"'

texts = (
    st.text(st.sampled_from("ab <>&\"'\\$%_^#[]{}=—件年，。 −"), min_size=1, max_size=30)
    .map(lambda text: unbroken(" ".join(text.split())))
    .filter(bool)
)


@st.composite
def tables(draw):
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    row = st.tuples(*[texts] * width)
    sides = ("left", *draw(st.tuples(*[st.sampled_from(["left", "right", "centre"])] * (width - 1))))
    rows = tuple(draw(st.lists(row, min_size=height, max_size=height)))
    return Table(draw(texts), draw(row), sides, rows, draw(texts | st.just("")))


blocks = st.one_of(
    st.builds(Heading, texts, st.sampled_from([2, 3, 4])),
    st.builds(Lead, texts),
    st.builds(Note, texts),
    st.builds(Paragraph, texts, st.just(""), st.booleans()),
    st.builds(Paragraph, texts, texts),
    st.builds(Listing, st.lists(texts, min_size=1, max_size=3).map(tuple)),
    tables(),
)


@settings(max_examples=60, deadline=None)
@given(shown=st.lists(blocks, min_size=1, max_size=6))
def test_what_was_written_is_read(shown, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "page.html"
    body = "".join(f"<section>{html_of(block)}</section>" for block in shown)
    file.write_text(f"<body><h1>T</h1><main>{body}</main></body>", encoding="utf-8")
    read = read_page(file, "en")
    assert read.title == "T" and read.counted
    assert [_nameless(block) for block in read.blocks] == shown


def _nameless(block):
    if not isinstance(block, Table | Figure):
        return block
    return type(block)(**{**vars(block), "name": ""})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A page with a wide table, a drawing, what is on screens alone, and hostile texts."""
    style.use_house_style()
    drawing, axis = plt.subplots(figsize=(3, 2))
    axis.plot([1, 2], color="#d24f50")
    wide = pd.DataFrame([["北所", *[1e6] * 14]], columns=["office", *(f"indicator {n}" for n in range(14))])
    only = Html('<div class="on-screen">{}{}</div>').format(
        page.heading("Only here", 3), html_table(wide.iloc[:, :2], "Only on screens", "en")
    )
    shown = [
        page.lead("No clear difference."),
        html_table(wide.iloc[:, :2], "First", "en"),
        only,
        page.heading("A heading"),
        html_table(wide, HOSTILE, "en", note="Under the last part."),
        page.figure(drawing, alt=f"It rises. {HOSTILE}", caption="A rise"),
        page.bullets(["one", HOSTILE]),
    ]
    folder = tmp_path_factory.mktemp("whole")
    return write_page(shown, folder / "page.en.html", "en", HOSTILE)


def test_tables_are_whole_again_and_numbers_are_those_of_print(whole, tmp_path):
    read = read_page(whole, "en")
    assert read.title == HOSTILE
    labels = {block.caption: label for block, label in read.numbered() if label}
    assert labels == {"First": "Table 1", HOSTILE: "Table 2", "A rise": "Figure 1"}
    (table,) = [block for block in read.blocks if isinstance(block, Table) and block.caption == HOSTILE]
    assert len(table.labels) == 15 and table.rows[0][0] == "北所" and table.note == "Under the last part."
    assert "Only here" not in [block.text for block in read.blocks if isinstance(block, Heading)]
    printed = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(to_pdf(whole, tmp_path / "p.pdf")).pages).split()
    )
    for caption, label in (("First", "Table 1"), ("</td><script>", "Table 2"), ("A rise", "Figure 1")):
        assert f"{label}. {caption}" in printed
    assert "Table 3" not in printed and "Only on screens" not in printed


def test_the_word_file_has_its_picture_with_a_text_and_its_tables(whole, tmp_path):
    first = to_docx(whole, tmp_path / "a.docx", "en").read_bytes()
    assert to_docx(whole, tmp_path / "b.docx", "en").read_bytes() == first
    document = docx.Document(tmp_path / "a.docx")
    told = [one.get("descr") for one in document.element.body.iter() if one.tag.endswith("}docPr")]
    assert told == [f"It rises. {HOSTILE}"]
    text = "\n".join(line.text for line in document.paragraphs)
    assert "Table 1. First" in text and "Table 2. " in text and "Figure 1. A rise" in text
    assert "Only" not in text and HOSTILE in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {f"indicator {n}" for n in range(14)} <= set(cells)


def test_the_latex_has_its_figures_beside_it_and_runs_nothing(whole, tmp_path):
    source, *figures = to_latex(whole, tmp_path / "page.en.tex", "en")
    assert [file.relative_to(tmp_path).as_posix() for file in figures] == ["page.en.figures/figure-1.pdf"]
    text = source.read_text(encoding="utf-8")
    assert LatexWalker(text, tolerant_parsing=False).get_latex_nodes()[0]
    assert not re.search(r"\\input|(?<!\\)\$", text)
    assert r"{page.en.figures/figure-1.pdf}" in text and r"\caption{A rise}" in text
    (sheet,) = PdfReader(figures[0]).pages
    assert 180 < float(sheet.mediabox.width) < 230
    remove_latex(source)
    assert not list(tmp_path.iterdir())


def test_a_drawing_is_its_own_picture():
    with plt.rc_context({"savefig.bbox": "standard", "figure.constrained_layout.use": False}):
        figure = plt.figure(figsize=(2, 1), facecolor="#d24f50")
        out = io.StringIO()
        figure.savefig(out, format="svg")
    plt.close(figure)
    svg = out.getvalue()
    picture = Image.open(io.BytesIO(png_of(svg[svg.index("<svg") :]))).convert("RGB")
    assert picture.size == (400, 200) and picture.getpixel((200, 100)) == (0xD2, 0x4F, 0x50)
    with pytest.raises(ValueError, match="viewBox"):
        pdf_of("<svg></svg>")


def test_a_notebook_is_written_in_each_format_asked_for(make_executed, tmp_path):
    run = make_executed(
        page.lead("Answer."), "<table><tr><th>a</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    files = {suffix: tmp_path / f"r.en.{suffix}" for suffix in ("docx", "tex")}
    assert write_formats(run, files, "en", "Title") == list(files.values())
    assert not (tmp_path / "r.en.html").exists() and "Answer." in files["tex"].read_text(encoding="utf-8")
    (table,) = docx.Document(files["docx"]).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a", ""], ["1", "2"]]


def test_what_is_no_page_is_the_users_mistake(tmp_path):
    with pytest.raises(InputError, match="no such page"):
        to_docx(tmp_path / "none.html", tmp_path / "none.docx", "en")
    for content in ("text", "<body><p>Text</p></body>"):
        (tmp_path / "other.html").write_text(content)
        with pytest.raises(InputError, match="not the page of a report"):
            to_latex(tmp_path / "other.html", tmp_path / "other.tex", "en")
    assert [file.name for file in tmp_path.iterdir()] == ["other.html"]
