"""From a notebook to a page and its PDF: nothing from elsewhere, nothing cut off, nothing that runs."""

import base64
import hashlib
import re
import warnings
from html import unescape

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from sim.report import page, style, tables
from sim.report.errors import ReportError
from sim.report.execute import run_notebook
from sim.report.export import PAPER, rendered, to_html, to_pdf, write_page
from sim.report.glyphs import MissingGlyph
from sim.report.markup import Html
from sim.scenario.errors import InputError

CELLS = (
    ("# The notebook's own title\n\nOnly in *English*.", ["en"]),
    ("# 笔记本自己的标题\n\n只见于**中文**。", ["zh"]),
    ("# Never\n\nNotes to the author", ["remove-cell"]),
    """
from sim.report import page, style, tables
from sim.report.words import Text, pick
import matplotlib.pyplot as plt
import pandas as pd
style.use_house_style()
print("printed, not shown")
page.lead(pick(Text(en="No clear difference.", zh="没有明显差别：变化 +0.3 [−0.1, +0.7] 个百分点。"), lang))
""",
    """
for title in ("各月按时率", '"><script>alert(1)</script>'):
    drawing, axes = plt.subplots()
    axes.plot([1, 2, 3])
    axes.set_xlabel(title)
    display(page.figure(drawing, alt=f"上升 {title}", caption=title))
""",
    """
frame = pd.DataFrame({"office": ["户籍科", "=cmd()"], "n": [1, 2]})
tables.html_table(frame, "各科室", lang, columns={"office": "科室", "n": "件数"})
""",
    """
page.bullets([f"第{number}条说明，使报告满一页以上" for number in range(30)])
""",
)


@pytest.fixture(scope="module")
def toy(make_notebook, tmp_path_factory):
    """A report in Chinese from the production path: notebook, page, PDF."""
    folder = tmp_path_factory.mktemp("toy")
    run = run_notebook(make_notebook(*CELLS), folder / "run.ipynb", {"lang": "zh"})
    html = to_html(run, folder / "run.zh.html", "zh", "滨海县 <script>alert(1)</script>")
    return run, html, to_pdf(html, folder / "run.zh.pdf")


def test_a_page_carries_all_it_needs_and_nothing_that_runs(toy):
    text = toy[1].read_text(encoding="utf-8")
    assert "http:" not in text and "https:" not in text and "//" not in re.sub(r"base64,[^)\"]+", "", text)
    assert text.lower().count("<script") == 1 and "onerror" not in text
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)  # the page's own, allowed by its hash
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in text.replace("&#39;", "'")
    assert '<html lang="zh-Hans">' in text and 'href="#content"' in text and '<main id="content">' in text
    assert text.count('<svg role="img" aria-label=') == 2 and text.count("<figcaption>") == 2
    assert "滨海县 &lt;script&gt;alert(1)&lt;/script&gt;</h1>" in text
    assert '<th scope="col" class="left">科室</th>' in text and "=cmd()" in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) > 20


def test_a_page_shows_what_cells_showed_in_its_language_and_no_code(toy):
    text = toy[1].read_text(encoding="utf-8")
    main = text[text.index("<main") :]
    assert main.index("只见于<strong>中文</strong>") < main.index('class="lead"') < main.index("<figure")
    for absent in (
        "Only in",
        "笔记本自己的标题",
        "Notes to the author",
        "printed, not shown",
        "use_house_style",
        "In [",
    ):
        assert absent not in text


def test_the_pdf_has_text_fonts_and_pages(toy):
    reader = PdfReader(toy[2])
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert len(reader.pages) == 2
    assert "没有明显差别" in text and "户籍科" in text and "第 1 页，共 2 页" in text and "图 1" in text
    assert reader.metadata.title == "滨海县 <script>alert(1)</script>"
    fonts = [
        f.get_object() for sheet in reader.pages for f in sheet["/Resources"]["/Font"].get_object().values()
    ]
    assert fonts and all(
        "Noto-Sans-SC" in font["/BaseFont"] or "DejaVu" in font["/BaseFont"] for font in fonts
    )
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))


def test_figures_in_the_pdf_are_told_to_those_who_do_not_see_them(toy):
    told = [
        str(e["/Alt"])
        for e in _elements(PdfReader(toy[2]).trailer["/Root"]["/StructTreeRoot"])
        if "/Alt" in e
    ]
    page = toy[1].read_text(encoding="utf-8")
    assert [unescape(one) for one in re.findall(r'<svg role="img" aria-label="([^"]*)"', page)] == told


def _elements(element):
    """The elements of a PDF's structure below `element`."""
    below = element.get("/K", [])
    for one in below if isinstance(below, list) else [below]:
        child = one.get_object()
        if hasattr(child, "get"):
            yield child
            yield from _elements(child)


def test_the_same_notebook_gives_the_same_page_and_pdf(toy, tmp_path):
    run, html, pdf = toy
    again = to_html(run, tmp_path / "again.html", "zh", "滨海县 <script>alert(1)</script>")
    assert again.read_bytes() == html.read_bytes()
    assert to_pdf(again, tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.html", "again.pdf"]


def test_hostile_output_of_a_cell_is_disarmed(make_executed, tmp_path):
    run = make_executed('<p onclick="x()">a</p><script src="https://x.example/y.js"></script></main>')
    text = to_html(run, tmp_path / "x.html", "en", "t").read_text()
    assert "<p>a</p>" in text and "x.example" not in text and "onclick" not in text
    assert text.count("</main>") == 1


def test_a_missing_glyph_is_reported(make_executed, tmp_path):
    with pytest.warns(MissingGlyph, match=r"cannot draw 🦄 \(U\+1F984\)"):
        to_html(make_executed("<p>🦄</p>"), tmp_path / "x.html", "en", "t")
    with pytest.warns(MissingGlyph, match="𠮷"):  # what matplotlib drew as outlines stands in its comments
        to_html(make_executed("<svg><!-- 𠮷 --></svg>"), tmp_path / "x.html", "en", "t")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        to_html(make_executed("<p>滨海 ✓ −1</p>"), tmp_path / "x.html", "en", "t")


def test_a_figure_needs_words_and_a_run_an_end(make_executed, make_notebook, tmp_path):
    with pytest.raises(ReportError, match=r"cell In \[1\]: a figure without an alt text"):
        to_html(make_executed(**{"image/png": "AAAA"}), tmp_path / "x.html", "en", "t")
    with pytest.raises(ValueError, match="needs an alt text and a caption"):
        page.figure(None, alt=" ", caption="c")
    with pytest.raises(ReportError):
        run_notebook(make_notebook("1 / 0"), tmp_path / "r.ipynb", {})
    with pytest.raises(ReportError, match="did not run to its end: cell In"):
        to_html(tmp_path / "r.partial.ipynb", tmp_path / "x.html", "en", "t")
    assert not (tmp_path / "x.html").exists()


def test_what_is_not_there_is_the_users_mistake(make_executed, tmp_path):
    with pytest.raises(InputError, match="no such notebook"):
        to_html(tmp_path / "none.ipynb", tmp_path / "x.html", "en", "t")
    with pytest.raises(InputError, match="no such page"):
        to_pdf(tmp_path / "none.html", tmp_path / "x.pdf")
    with pytest.raises(InputError, match="no reports in language 'fr'"):
        to_html(make_executed("x"), tmp_path / "x.html", "fr", "t")


@pytest.mark.parametrize("address", ["https://example.org/x.png", "file:///etc/hostname"])
def test_a_pdf_fetches_nothing(tmp_path, address):
    (tmp_path / "x.html").write_text(f'<html lang="en"><title>t</title><img alt="a" src="{address}">')
    with pytest.raises(ReportError, match="must carry all it shows"):
        to_pdf(tmp_path / "x.html", tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_without_pango_the_message_names_the_remedy(tmp_path, monkeypatch):
    import builtins

    genuine = builtins.__import__

    def without(name, *rest):
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return genuine(name, *rest)

    (tmp_path / "x.html").write_text("x")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReportError, match="make system-packages"):
        to_pdf(tmp_path / "x.html", tmp_path / "x.pdf")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_table_is_wider_than_its_page(make_executed, tmp_path, lang):
    """Laid out as in the PDF: at any number of columns, every cell's text lies inside the margins."""
    import weasyprint

    label = {"en": "Indicator number {}", "zh": "第{}项指标（万元）"}[lang]
    office = {"en": "Household registration", "zh": "户籍登记与管理科"}[lang]
    shown = []
    for count in (1, 3, 5, 7, 9, 12, 16, 24, 40):
        columns = {
            "office": [office] * 2,
            "text": ["+12.34 [−10.01, +34.56] and some words of explanation 说明文字"] * 2,
        }
        columns |= {label.format(n): np.array([-1234567.891, 8888888.88]) for n in range(count)}
        shown.append(tables.html_table(pd.DataFrame(columns), f"{count}", lang))
    html = to_html(make_executed(*shown), tmp_path / "x.html", lang, "t")
    sheets = weasyprint.HTML(string=html.read_text(encoding="utf-8")).render().pages
    texts = 0
    for sheet in sheets:
        box = sheet._page_box
        for inner in box.descendants():
            if inner.element_tag in ("td", "th") and hasattr(inner, "text"):
                texts += 1
                assert inner.position_x + inner.width <= box.content_box_x() + box.width + 0.5, inner.text
    assert texts > 300


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_of_a_leaders_page_lies_inside_its_margins(tmp_path, lang):
    """Four columns of "no change", beside a rule with a long title."""
    import weasyprint

    told = {"en": ("no change", "+128.00"), "zh": ("无变化", "+12.80")}[lang]
    title = {"en": "Move one clerk to the hall", "zh": "调一人到大厅并减半扣减"}[lang]
    heads = {
        "en": (
            "On time (%)",
            "Time (days)",
            "Pay ('000 yuan)",
            "Pay gap (Gini)",
            "Paid\u00a0less (%)",
            "Heads",
        ),
        "zh": (
            "按时办结率（%）",
            "办理时间（天）",
            "工资支出（万元）",
            "收入基尼系数",
            "减收人员（%）",
            "人数（人）",
        ),
    }[lang]
    frame = pd.DataFrame({"rule": [title] * 2} | {head: list(told) for head in heads}, dtype=object)
    frame[heads[-1]] = ["9", "0"]
    table = tables.html_table(frame, "All rules", lang, align=dict.fromkeys(heads, "right"))
    html = write_page([table], tmp_path / "x.html", lang, "t", form=PAPER)
    (sheet,) = weasyprint.HTML(string=html.read_text(encoding="utf-8")).render().pages
    box, texts = sheet._page_box, 0
    for inner in box.descendants():
        if inner.element_tag in ("td", "th") and hasattr(inner, "text"):
            texts += 1
            assert inner.position_x + inner.width <= box.content_box_x() + box.width + 0.5, inner.text
    assert texts >= 21


def test_every_page_stands_upright_and_a_heading_goes_with_its_table(make_executed, tmp_path):
    wide = pd.DataFrame([["a", *[1e6] * 12]], columns=["office", *(f"indicator {n}" for n in range(12))])
    filler = page.bullets(["before"] * 44)  # the heading alone would fit under it
    run = make_executed(filler, page.heading("Announced"), tables.html_table(wide, "c", "en"))
    html = to_html(run, tmp_path / "x.html", "en", "t")
    sheets = PdfReader(to_pdf(html, tmp_path / "x.pdf")).pages
    assert len(sheets) == 2 and all(sheet.mediabox.width < sheet.mediabox.height for sheet in sheets)
    assert "Announced" in sheets[1].extract_text()


def test_a_few_lines_make_no_sheet_of_their_own(tmp_path):
    """Whatever the length, the last of several sheets is a third full, or one could not be saved."""
    saved = 0
    for lines in range(30, 44, 2):
        html = write_page(
            [page.paragraph(f"Line {n}.") for n in range(lines)], tmp_path / "x.html", "en", "T"
        )
        content = html.read_text(encoding="utf-8")
        plain = len(rendered(content, "x").pages)
        sheets = PdfReader(to_pdf(html, tmp_path / "x.pdf")).pages
        assert len(sheets) <= plain
        saved += len(sheets) < plain
        told = " ".join(sheet.extract_text() for sheet in sheets)
        assert all(f"Line {n}." in told for n in range(lines))
    assert saved


def test_the_pieces_of_a_page_escape_what_they_are_given():
    hostile = "<b>&"
    for piece in (
        page.lead(hostile),
        page.heading(hostile),
        page.paragraph(hostile),
        page.bullets([hostile]),
    ):
        assert "&lt;b&gt;&amp;" in piece and "<b>" not in piece
    assert (
        page.paragraph(Html("<strong>{}</strong>").format(hostile))
        == "<p><strong>&lt;b&gt;&amp;</strong></p>"
    )
    strong = Html("<strong>{}</strong>").format('"a"')
    table = tables.html_table(pd.DataFrame({"a": [1]}), strong, "en")
    assert 'aria-label="&#34;a&#34;"' in table and f"<caption>{strong}</caption>" in table
    with pytest.raises(ValueError, match="level 2, 3 or 4"):
        page.heading("x", level=1)


def test_the_same_figure_gives_the_same_svg():
    style.use_house_style()
    import matplotlib.pyplot as plt

    def drawn():
        drawing, axes = plt.subplots()
        axes.plot([1, 3, 2], label="a")
        axes.legend()
        return page.figure(drawing, alt="a", caption="c")

    assert drawn() == drawn()
    assert not plt.get_fignums()
