"""Every malformed file through the command line: exit code 2, one message, no traceback, nothing written."""

import pytest
from typer.testing import CliRunner

from sim.cli.commands import app
from tests.scenario.bad_files import BAD_FILES


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_told_and_nothing_is_written(bad, tmp_path, monkeypatch):
    folder, _ = bad.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output and "Traceback" not in result.stderr
    assert result.stderr.strip()
    assert sorted(tmp_path.rglob("*")) == before
