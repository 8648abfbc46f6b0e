"""The folder of a paper holds what was run, in every format, and only what authors say counts as said."""

import csv
import json
import re

import docx
import pytest
import yaml
from lxml import etree, html
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker
from rocrate.rocrate import ROCrate

from sim.paper import stress
from sim.paper.authors import PaperFile
from sim.paper.provenance import sha256
from sim.paper.write import Paper
from sim.report.document import Figure, Heading, Paragraph, Table
from sim.scenario.errors import InputError
from sim.study.load import load_study
from tests.paper.conftest import HOSTILE, sim


def test_every_table_and_figure_is_there_in_each_format_with_its_data(paper):
    folder, _ = paper
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"policies", "summary", "choice", "service", "service-responsive", "behaviour"} <= set(
        made["tables"]
    )
    for name in [*made["tables"], "stress-des"]:
        rows = list(csv.reader((folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig")))
        assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}
        shown = html.fromstring((folder / "tables" / f"{name}.html").read_text(encoding="utf-8"))
        assert shown.findall(".//tbody/tr") and "booktabs" not in shown.text_content()
        assert r"\toprule" in (folder / "tables" / f"{name}.tex").read_text(encoding="utf-8")
    for name in made["figures"]:
        assert etree.parse(folder / "figures" / f"{name}.svg").getroot().tag.endswith("svg")
        assert (folder / "figures" / f"{name}.pdf").read_bytes().startswith(b"%PDF")
        assert len((folder / "figures" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()) > 1


def test_the_manifest_says_what_was_run_and_the_hash_of_every_file(paper, here):
    folder, _ = paper
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    study = load_study("offices")
    assert made["seed"] == study.seed == 1 and made["replications_done"] == 3
    assert made["results"] == sorted({unit.key for unit in study.units})
    assert made["design"]["warm_up_days"] == 0 and made["versions"]["numpy"]
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    assert set(files) - set(made["files"]) == {"manifest.json", "ro-crate-metadata.json"}
    assert all(sha256(files[path]) == given for path, given in made["files"].items())


def test_the_methods_say_the_design(paper):
    folder, _ = paper
    said = docx.Document(str(folder / "paper.docx"))
    text = "\n".join(paragraph.text for paragraph in said.paragraphs)
    for words in (
        "Each of the 3 rules was simulated 3 times under each of 2 behaviours: 18 replications.",
        "All randomness comes from the seed 1.",
        "without a warm-up",
        "It starts on 1 January 2025 and lasts 1 year of assessment.",
        "by Holm's method",
        "by backward induction over the months",
    ):
        assert words in text


def test_what_the_text_calls_table_and_figure_is_what_the_captions_say(here):
    paper = Paper.of(load_study("offices"), "zh")
    document = paper.document()
    called = {}
    for block, label in document.numbered():
        if isinstance(block, Table | Figure):
            called[f"figure-{block.name}" if isinstance(block, Figure) else block.name] = label
    assert called == paper.labels and len(set(called.values())) == len(called)
    text = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert f"各方案的改动见{called['policies']}" in text and f"模型总览见{called['figure-overview']}" in text
    assert "随机数均由种子1产生" in text and "按月逆推" in text
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings[:2] == ["问题", "方法"] and not any(re.search("[a-z]{4}", one) for one in headings)
    assert f"见{called['behaviour']}" in text


def test_a_text_of_others_is_text_in_every_format(paper):
    folder, _ = paper
    page = (folder / "paper.html").read_text(encoding="utf-8")
    assert "alert(1)" in page and "<script>alert" not in page
    for file in [folder / "paper.tex", *(folder / "tables").glob("*.tex")]:
        source = file.read_text(encoding="utf-8")
        assert LatexWalker(source, tolerant_parsing=False).get_latex_nodes()[0]
        assert not re.search(r"\\input|(?<!\\)\$", source)
    printed = LatexNodes2Text().latex_to_text((folder / "tables" / "reasons.tex").read_text(encoding="utf-8"))
    assert "=1+1" in printed and HOSTILE[HOSTILE.index("\\input") :] in printed
    rows = list(csv.reader((folder / "tables" / "reasons.csv").open(encoding="utf-8-sig")))
    assert ["second-clerk", f"'{HOSTILE}", "A trial."] in rows
    document = docx.Document(str(folder / "paper.docx"))
    assert any(HOSTILE in cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_items_of_authors_are_gaps_until_they_say_something(paper, here):
    folder, told = paper
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    of_authors = {"3.2", "5.4", "6.1", "A.1", "A.2", "A.3", "A.4", "A.5", "A.6"}
    assert of_authors <= set(made["checklist"]["gaps"])
    assert made["checklist"]["score"]["statements_met"] == 0
    assert "statements of the authors: 0 of 6" in told and "A.3 Funding" in told
    results = Paper.of(load_study("offices"), "en")
    said = PaperFile(
        format="jingxi-paper/1", funding=" ", ethics="—", interests="None.", code_url="https://example.org/x"
    )
    items = stress.checklist(results.results, said, results.labels)
    met = {one.number for one in items if one.met}
    assert {"A.4", "6.1"} <= met and not {"A.3", "A.5"} & met  # a blank says nothing, nor does a dash
    assert set(made["checklist"]["gaps"]) - {one.number for one in items if not one.met} == {"A.4", "6.1"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("format: jingxi-paper/1\nfundin: x\n", "unknown parameter 'fundin'. Did you mean 'funding'"),
        ("format: jingxi-paper/1\ncode_url: 'javascript:alert(1)'\n", "is not written as it should be"),
        ("format: jingxi-paper/1\ndata_license: '../x y'\n", "is not written as it should be"),
        ("- 1\n", "keys and values"),
    ],
)
def test_a_mistake_in_the_authors_file_is_told_and_nothing_is_written(here, content, said):
    file = here / "scenarios" / "studies" / "offices.paper.yaml"
    file.write_text(content, encoding="utf-8")
    try:
        code, told = sim("paper", "offices", "--out", here / "mistaken")
    finally:
        file.unlink()
    assert code == 2 and said in told and "offices.paper.yaml" in told
    assert not (here / "mistaken").exists() and not list(here.glob(".mistaken*"))


def test_sim_check_reads_the_authors_file(here):
    file = here / "said.paper.yaml"
    file.write_text("format: jingxi-paper/1\nfunding: None.\n", encoding="utf-8")
    code, told = sim("check", file)
    assert code == 0 and "what authors say, without title, authors" in told and "funding" not in told
    file.write_text("format: jingxi-paper/1\nauthors: [{name: A, orcid: '12'}]\n", encoding="utf-8")
    code, told = sim("check", file)
    assert code == 2 and "For example 0000-0002-1825-0097" in told
    file.unlink()


def test_the_folder_is_an_ro_crate_that_its_library_reads(paper):
    folder, _ = paper
    crate = ROCrate(str(folder))
    assert crate.metadata.id == "ro-crate-metadata.json" and crate.name == "Two offices"
    assert crate.license == "Not stated by the authors"
    named = {entity.id for entity in crate.data_entities}
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert named == there - {"ro-crate-metadata.json"}
    assert crate.get("#jingxi")["license"]["@id"] == "https://spdx.org/licenses/MIT"
    cited = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["authors"] == [{"name": "Not stated by the authors"}] and cited["references"][0]["version"]


def test_a_folder_that_holds_something_else_is_left_alone(here):
    other = here / "mine"
    other.mkdir(exist_ok=True)
    (other / "notes.txt").write_text("mine", encoding="utf-8")
    code, told = sim("paper", "offices", "--out", other)
    assert code == 2 and "holds something else than a paper" in told
    assert [file.name for file in other.iterdir()] == ["notes.txt"]


def test_a_study_with_a_damaged_result_has_no_paper(here, tmp_path):
    """`sim reproduce` would simulate what the paper left out, and differ."""
    study = load_study("offices")
    one = study.store.folder / f"{study.units[0].key}.parquet"
    sound = one.read_bytes()
    one.write_bytes(sound[:100])
    try:
        code, told = sim("paper", "offices", "--out", tmp_path / "paper")
        assert code == 2 and "1 of 18 replications of 'offices' are missing" in told
        assert not list(tmp_path.iterdir())
    finally:
        one.write_bytes(sound)
        one.with_name(f"{one.name}.damaged").unlink(missing_ok=True)


def test_a_study_without_a_file_has_no_paper(here):
    from sim.paper.write import write_paper

    study = load_study("offices")
    study.path = None
    with pytest.raises(InputError, match="a paper is of a study that has a file"):
        write_paper(study, "en")
