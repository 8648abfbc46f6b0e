"""`sim status` and `sim clean`: what is there, what it takes, what belongs to nothing."""

import pytest

from sim import cli
from sim.study import study as load_study


@pytest.fixture
def sim(monkeypatch, capsys):
    """``sim("status", "counters")`` gives exit code and all that was printed."""

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, "".join(capsys.readouterr())

    return call


def names(study) -> set[str]:
    return {file.name for file in study.folder.iterdir()} - {".lock"}


def test_clean_removes_what_belongs_to_nothing_and_no_more(folder, computed, sim):
    wanted = names(computed)
    stray = {
        f"{'a' * 32}.parquet": b"of other code",
        f"{'a' * 32}.requests.parquet": b"of other code",
        f"{'b' * 32}.failed.json": b"{}",
        f"{computed.units[0].key}.requests.parquet": b"kept no longer",
        f"{computed.units[0].key}.parquet.damaged": b"set aside",
        f".{computed.units[0].key}.parquet.77.partial": b"half writ",
    }
    foreign = {
        "notes.txt": b"a user's own",
        "table.parquet": b"a user's own",
        "c.parquet.damaged": b"a user's",
    }
    for name, content in {**stray, **foreign}.items():
        (computed.folder / name).write_bytes(content)
    code, told = sim("status", "counters")
    assert code == 0 and f"{len(stray)} files, 0.0 MB, belong to nothing" in told
    assert "sim clean counters" in told
    code, told = sim("clean", "counters")
    assert code == 0 and f"{len(stray)} files removed" in told
    assert names(computed) == wanted | set(foreign)
    assert load_study("counters").missing() == []
    assert "belong to nothing" not in sim("status", "counters")[1]


def test_after_a_change_of_the_scenario_the_old_results_go(folder, computed, sim):
    scenario = folder / "scenarios" / "counter" / "scenario.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("minutes: 9", "minutes: 8"), "utf-8")
    freed = sum((computed.folder / name).stat().st_size for name in names(computed))
    code, told = sim("clean", "counters")
    assert code == 0 and f"6 files removed, {freed / 1e6:.1f} MB freed" in told
    assert not names(computed)


def test_clean_all_removes_all_results_of_the_study(computed, sim):
    (computed.folder / "notes.txt").write_text("a user's own")
    assert sim("clean", "counters", "--all")[0] == 0
    assert names(computed) == {"notes.txt"}
    assert len(load_study("counters").missing()) == 9


def test_cleaning_what_was_never_run_makes_nothing(folder, study, sim):
    code, told = sim("clean", "counters")
    assert code == 0 and "0 files removed" in told and not study.folder.exists()


@pytest.fixture
def namesake(folder, computed):
    """The file of another study of the same name, which has run in the same folder."""
    file = folder / "elsewhere" / "counters.yaml"
    file.parent.mkdir()
    text = (folder / "scenarios" / "studies" / "counters.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("seed: 11", "seed: 12"), encoding="utf-8")
    load_study(file).run(workers=1, progress=False)
    return file


@pytest.mark.parametrize("flags", [[], ["--all"]])
def test_clean_leaves_the_results_of_another_study_of_that_name(computed, namesake, sim, flags):
    before = names(computed)
    code, told = sim("clean", "counters", *flags)
    assert code == 2 and f"the results of {namesake} are kept here too. Rename" in told
    assert names(computed) == before and len(before) > 12


def test_clean_goes_on_when_the_other_study_is_renamed(computed, namesake, sim):
    namesake.rename(namesake.with_name("others.yaml"))
    assert sim("clean", "counters")[0] == 0
    assert load_study("counters").missing() == []
    assert sim("clean", "counters", "--all")[0] == 0
    assert not names(computed)


def test_status_tells_done_failed_and_the_size(computed, sim):
    unit = computed.units[-1]
    computed.store.file(unit.key).unlink()
    computed.store.write_failure(unit, "ArithmeticError: told to fail")
    size = sum(file.stat().st_size for file in computed.folder.iterdir())
    code, told = sim("status", "counters")
    assert code == 1
    assert "current: 3 of 3 replications\n" in told
    assert "third-clerk: 2 of 3 replications, 1 failed" in told
    assert f"{size / 1e6:.1f} MB in {computed.folder}" in told
    assert "failed: third-clerk, mechanical, replication 2: ArithmeticError: told to fail" in told
