"""Tables of a paper are made anew from its own inputs; a changed cell is named, a missing file refused."""

import json
import shutil

import pytest

from tests.paper.conftest import sim


@pytest.fixture
def copy(paper, tmp_path, monkeypatch):
    """A copy of the paper, somewhere else: nothing but the folder is there."""
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(paper[0], tmp_path / "copy")


def test_elsewhere_all_tables_come_out_the_same(copy):
    code, told = sim("reproduce", copy, "--workers", 1)
    assert code == 0, told
    assert "tables made anew" in told and "all the same" in told
    assert sorted(file.name for file in copy.parent.iterdir()) == ["copy"]


def test_a_changed_cell_is_told_by_table_row_and_column(copy):
    file = copy / "tables" / "summary.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    policy, outcome, mean, *rest = lines[1].split(",")
    lines[1] = ",".join([policy, outcome, "0.123", *rest])
    file.write_text("".join(lines), encoding="utf-8-sig")
    code, told = sim("reproduce", copy, "--table", "summary", "--workers", 1)
    assert code == 1
    assert "tables/summary.csv is not the file that was written" in told
    assert f"table summary, row 1 ({policy}, {outcome}, {mean}), mean: 0.123 there, {mean} here" in told


def _entity(folder, path, **changes):
    file = folder / "ro-crate-metadata.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    next(one for one in content["@graph"] if one["@id"] == path).update(changes)
    file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "tables" / "pay.csv").unlink(), "names 'tables/pay.csv', which is missing"),
        (lambda folder: _entity(folder, "tables/pay.csv", **{"@id": "../pay.csv"}), "no file of the folder"),
        (
            lambda folder: _entity(folder, "tables/pay.csv", **{"@id": "%2e%2e/p.csv"}),
            "no file of the folder",
        ),
        (lambda folder: _entity(folder, "tables/pay.csv", **{"@id": "/etc/passwd"}), "no file of the folder"),
        (lambda folder: (folder / "manifest.json").unlink(), "no such file"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "is no manifest of a paper"),
        (
            lambda folder: (folder / "ro-crate-metadata.json").write_text("[]"),
            "is no metadata of an RO-Crate",
        ),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_before_anything_runs(copy, spoil, said):
    spoil(copy)
    code, told = sim("reproduce", copy, "--workers", 1)
    assert code == 2 and said in told and "simulating" not in told


def test_a_link_out_of_the_folder_is_refused(copy, tmp_path):
    (tmp_path / "outside.csv").write_text("x", encoding="utf-8")
    (copy / "tables" / "pay.csv").unlink()
    (copy / "tables" / "pay.csv").symlink_to(tmp_path / "outside.csv")
    code, told = sim("reproduce", copy, "--workers", 1)
    assert code == 2 and "a link leads out of the folder" in told


def test_an_unknown_table_and_no_folder_are_mistakes(copy, tmp_path):
    code, told = sim("reproduce", copy, "--table", "sumary")
    assert code == 2 and "Did you mean 'summary'" in told
    code, told = sim("reproduce", tmp_path / "nowhere")
    assert code == 2 and "no such folder" in told
