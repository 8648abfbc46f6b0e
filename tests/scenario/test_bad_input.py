"""Whatever is wrong with a file is one InputError that says where, what, and what would be right."""

from __future__ import annotations

import pytest

from sim.scenario import InputError, load, reform

from .bad_files import BAD_FILES, BadFile


def complaint(bad: BadFile, folder) -> tuple[InputError, str]:
    home, file = bad.write(folder)
    with pytest.raises(InputError) as raised:
        reform(load(home), "bad") if bad.is_policy else load(home)
    return raised.value, str(file)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_bad_file_is_explained(bad, tmp_path):
    error, file = complaint(bad, tmp_path)
    told = str(error)
    assert str(error.file) == file
    assert (error.line, error.path) == (bad.line, bad.path), told
    assert told.startswith(f"{file}:{bad.line}:" if bad.line else f"{file}:")
    for words in bad.says:
        assert words in told.splitlines()[0], told
    assert error.remedy, told
