"""Whatever is wrong with a file is one InputError that says where, what, and what would be right."""

from __future__ import annotations

import pytest

from sim.scenario import InputError, build, load, reform
from tests.flow.counter import SERVE, counter, text

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


@pytest.mark.parametrize("wrong", ["x", -1, None])
def test_a_wrong_entry_of_a_list_is_told_once(wrong):
    """The list is as long as it should be; one that is too short besides says both."""
    profile = {"people": {"month_days": [1.0] * 30 + [wrong]}}
    with pytest.raises(InputError) as raised:
        build(counter(profiles=profile))
    assert (raised.value.path, raised.value.others) == ("profiles.people.month_days.30", ())
    with pytest.raises(InputError) as raised:
        build(counter(profiles={"people": {"month_days": [wrong] * 2}}))
    paths = [one.path for one in (raised.value, *raised.value.others)]
    assert paths == [f"profiles.people.month_days{end}" for end in (".0", ".1", "")]


@pytest.mark.parametrize("staffed", [True, False])
def test_who_joins_themselves_is_told_once(staffed):
    """However many units the matter comes to, and whether or not anybody works there."""
    units = {name: {"type": "hall", "title": text(name)} for name in ("hall", "other")}
    role = "clerk" if staffed else "officer"
    serve = SERVE | {"at": f"own/{role}", "joined_by": f"own/{role}"}
    roles = {name: {"title": text(name), "front": True} for name in ("clerk", "officer")}
    volumes = {"visit": {"volumes": {"hall": 4, "other": 2}, "per": "hour"}}
    with pytest.raises(InputError) as raised:
        build(counter(route={"serve": serve}, units=units, roles=roles, demand=volumes))
    told = str(raised.value).splitlines()
    assert "is the station itself" in told[0]
    assert len(told) == len(set(told)) == (2 if staffed else 3)
