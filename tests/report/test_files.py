import pytest

from sim.report.files import report_path, safe_name, write_whole
from sim.scenario.errors import InputError


def test_a_report_has_its_place(tmp_path):
    path = report_path(tmp_path, "incentive-schemes", "briefing", "zh", "pdf")
    assert path == tmp_path / "incentive-schemes" / "briefing.zh.pdf"
    assert safe_name("滨海县 2026.1", "study") == "滨海县 2026.1"
    assert not path.parent.exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "..",
        ".hidden",
        "a/b",
        "../a",
        "a\\b",
        "/etc",
        "C:x",
        "a\nb",
        "a\x00",
        "a\u202eb",
        "a.",
        " a",
        "con",
        "NUL.x",
        "*",
    ]
    + ["滨" * 41],
)
def test_a_name_that_could_leave_its_folder_or_is_none_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="the name of a study"):
        report_path(tmp_path, name, "briefing", "en", "html")
    with pytest.raises(InputError, match="the name of a report"):
        report_path(tmp_path, "s", name, "en", "html")


def test_a_link_does_not_lead_out(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "s").symlink_to(tmp_path)
    with pytest.raises(InputError, match="a link leads out"):
        report_path(tmp_path / "reports", "s", "briefing", "en", "html")


def test_only_known_languages_and_kinds(tmp_path):
    with pytest.raises(InputError, match="no reports in language 'de'"):
        report_path(tmp_path, "s", "r", "de", "html")
    with pytest.raises(ValueError, match="not 'exe'"):
        report_path(tmp_path, "s", "r", "en", "exe")


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = write_whole(tmp_path / "a" / "f.txt", "旧")
    assert path.read_text(encoding="utf-8") == "旧"

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(path.parent.iterdir()) == [path]
