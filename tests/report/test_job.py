"""Reports as jobs: what is up to date is left alone, one that fails stops no other."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sim.report.errors import ReportError
from sim.report.job import digest, hash_of, make_all, state_of, up_to_date
from sim.scenario.errors import InputError


@dataclass(frozen=True)
class Toy:
    """A job of one file."""

    folder: Path
    name: str
    made_from: str = "one"
    fault: str = ""

    @property
    def record(self) -> Path:
        return self.folder / f".{self.name}.made.json"

    @property
    def wanted(self) -> tuple[Path, ...]:
        return (self.folder / f"{self.name}.txt",)

    def make(self) -> list[Path]:
        if self.fault == "told":
            raise ReportError("it would not")
        if self.fault:
            raise ZeroDivisionError(self.fault)
        self.wanted[0].write_text(f"{self.made_from} {os.getpid()}")
        return list(self.wanted)

    def sweep(self, kept: str) -> None:
        pass


def test_those_that_fail_are_named_and_what_is_made_is_not_made_again(tmp_path, capsys):
    jobs = [Toy(tmp_path, name) for name in ("a", "b", "c", "d")]
    written, failed = make_all(
        [jobs[0], replace(jobs[1], fault="told"), replace(jobs[2], fault="by zero"), jobs[3]], "toys", False
    )
    assert [path.name for path in written] == ["a.txt", "d.txt"]
    assert sorted(failed) == ["b: it would not", "c: ZeroDivisionError: by zero"]
    assert [up_to_date(job) for job in jobs] == [True, False, False, True]

    before = jobs[0].wanted[0].read_text()
    jobs[3] = replace(jobs[3], made_from="another")
    written, failed = make_all(jobs, "toys")
    assert [path.name for path in written] == ["b.txt", "c.txt", "d.txt"] and not failed
    assert "toys: 1 of 4 are up to date" in capsys.readouterr().err
    assert jobs[0].wanted[0].read_text() == before
    assert make_all(jobs, "toys", False) == ([], [])


@pytest.mark.parametrize("damage", ["gone", "edited", "no record", "bad record", "of another file"])
def test_a_file_that_is_not_as_it_was_made_is_made_again(tmp_path, damage):
    job = Toy(tmp_path, "a")
    job.wanted[0].write_text("whole")
    listed = {"a.txt": hash_of(job.wanted[0])}
    job.record.write_text(json.dumps({"from": "one", "files": listed}))
    assert up_to_date(job) and not up_to_date(replace(job, made_from="two"))
    match damage:
        case "gone":
            job.wanted[0].unlink()
        case "edited":
            job.wanted[0].write_text("half")
        case "no record":
            job.record.unlink()
        case "bad record":
            job.record.write_text('["from"]')
        case "of another file":
            job.record.write_text(json.dumps({"from": "one", "files": {}}))
    assert not up_to_date(job)


def test_reports_rest_on_texts_and_results(small_study, monkeypatch):
    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    rests_on = state_of(small_study)
    assert state_of(small_study) == rests_on
    renamed = small_study.file.model_copy(update={"title": small_study.file.question})
    assert state_of(replace(small_study, file=renamed)) != rests_on
    fewer = {name: policy for name, policy in small_study.policies.items() if name != "nothing"}
    assert state_of(replace(small_study, policies=fewer)) != rests_on
    result = small_study.store.file(small_study.units[0].key)
    time = result.stat().st_mtime_ns
    os.utime(result, ns=(1, 1))
    assert state_of(small_study) != rests_on
    os.utime(result, ns=(time, time))
    assert state_of(small_study) == rests_on


def test_a_hash_tells_parts_apart():
    assert digest("ab", "c") != digest("a", "bc") and digest(["a", 1]) != digest(["a", "1"])
    assert digest({"a": 1, "b": (2, 3)}) == digest({"a": 1, "b": [2, 3]})


@pytest.mark.parametrize(("formats", "said"), [("doc", "Did you mean 'docx'?"), ("", "no format")])
def test_formats_are_checked_before_anything_is_written(small_study, monkeypatch, formats, said):
    from sim.report.batch import write_reports

    monkeypatch.chdir(small_study.scenario.folder.parents[1])
    with pytest.raises(InputError) as caught:
        write_reports(small_study, formats=formats.split(",") if formats else [])
    assert said in str(caught.value)
