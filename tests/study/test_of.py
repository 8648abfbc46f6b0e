"""A study asked for in Python is the same as one from a file, and is checked as one."""

import pytest

import sim
from sim.report.batch import write_reports
from sim.scenario.errors import InputError
from sim.study import Study
from sim.study.disk import clean

THIRD = sim.Policy.of({"staff.clerks.count": 3}, name="third")


def test_it_has_the_results_of_the_study_from_a_file(computed):
    same = Study.of(
        "counter", ["null-policy", "third-clerk"], replications=3, seed=11, folder=computed.folder
    )
    assert not same.missing()
    assert same.units == computed.units
    assert same.outcomes.equals(computed.outcomes)
    assert same.compare("third-clerk").equals(computed.compare("third-clerk"))


def test_policies_may_be_changes_and_share_their_results(computed):
    given = Study.of("counter", THIRD, replications=2, seed=11, folder=computed.folder)
    assert list(given.policies) == ["current", "third"]
    rows = given.compare("third")
    assert (rows["n"] == 2).all() and rows.equals(given.compare("third", behaviour="mechanical"))
    unnamed = Study.of(given.scenario, [{"staff.clerks.count": 3}], baseline="third-clerk", replications=2)
    assert list(unnamed.policies) == ["third-clerk", "what-if"]
    assert len({unit.key for unit in unnamed.units}) == 2


def test_it_may_be_of_the_baseline_alone_and_is_run_by_workers(folder):
    alone = Study.of("counter", replications=2, seed=3)
    assert alone.folder == folder / "results" / "counter"
    with pytest.raises(InputError, match=r"no results yet. Call run\(\)"):
        alone.outcomes  # noqa: B018
    table = alone.run(workers=1, progress=False).outcomes
    single = sim.simulate("counter", seed=3, replication=1).outcomes
    assert list(table[table["replication"] == 1]["value"].dropna()) == list(single["value"].dropna())
    more = Study.of("counter", THIRD, replications=2, seed=3)
    assert len(more.missing()) == 2
    with pytest.warns(UserWarning, match=r"2 of 4 replications of 'counter' are missing: Call run\(\)"):
        more.outcomes  # noqa: B018
    with pytest.raises(InputError, match="has no file, and reports are of a file"):
        write_reports(alone)
    assert clean(alone, everything=True, tell=print)[0] == 2


BAD = [
    ({"scenario": "countr"}, "unknown scenario 'countr'. Did you mean 'counter'?"),
    ({"policies": ["third-clerc"]}, "unknown policy 'third-clerc' of scenario 'counter'. Did you mean"),
    ({"policies": 5}, "5 is no policy"),
    ({"policies": [None]}, "None is no policy"),
    ({"policies": ["current"]}, "'current' is the baseline and is compared with in any case"),
    ({"policies": [THIRD, THIRD]}, "'third' stands twice"),
    ({"policies": {"staff.clerk.count": 3}}, "Did you mean 'staff.clerks"),
    ({"baseline": 1}, "1 is no policy"),
    ({"replications": 1}, "replications: 1 must be at least 2"),
    ({"replications": 2.5}, "replications: 2.5"),
    ({"replications": True}, "replications"),
    ({"seed": -1}, "seed: -1 must be at least 0"),
    ({"years": 3}, "years: the scenario 'counter' is a stretch of 600 minutes and has no years"),
    ({"behaviours": ["mechanicl"]}, "unknown behaviour 'mechanicl'. Did you mean 'mechanical'?"),
    ({"behaviours": []}, "behaviours"),
    ({"behaviours": "mechanical"}, "behaviours"),
    ({"keep_requests": "yes"}, "keep_requests"),
    ({"name": "../x"}, "'../x' cannot be the name of a study"),
]


@pytest.mark.parametrize(("wrong", "told"), BAD)
def test_what_cannot_be_asked_for_is_told(folder, wrong, told):
    with pytest.raises(InputError) as caught:
        Study.of(**{"scenario": "counter", "replications": 3} | wrong)
    assert told in str(caught.value)
    assert not (folder / "results").exists()


def test_policies_that_set_the_years_are_refused_where_the_study_does():
    longer = sim.Policy.of({"horizon.years": 2}, name="longer")
    with pytest.raises(InputError, match="'longer' changes 'horizon.years', and the study sets the years"):
        Study.of("one-office", longer, years=1)
    assert Study.of("one-office", longer).units


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"scenario": 5}, "5 is no scenario"),
        ({"name": 5}, "'5' cannot be the name of a study"),
        ({"name": "../x"}, "cannot be the name of a study"),
        ({"policies": [3]}, "3 is no policy"),
    ],
)
def test_what_is_of_no_type_that_will_do_is_refused(asked, message):
    with pytest.raises(InputError, match=message):
        Study.of(**{"scenario": "one-office", "policies": ()} | asked)


@pytest.mark.parametrize("call", [sim.load, sim.study, sim.simulate])
def test_a_number_is_the_name_of_nothing(call):
    with pytest.raises(InputError, match="5 is no (scenario|study)"):
        call(5)


def test_what_the_caller_changes_later_is_not_asked_of_the_study(tmp_path):
    """A policy or scenario changed after `of` neither changes the study nor what is kept under its names."""
    scenario, two = sim.load("one-office"), sim.Policy.of({"staff.clerk.count": 2}, name="two")
    study = Study.of(scenario, [two], replications=2, folder=tmp_path / "a")
    two.changes["staff.clerk.count"] = 3
    scenario.staff["clerk"] = scenario.staff["clerk"].model_copy(update={"count": 9})
    fresh = Study.of(
        "one-office",
        [sim.Policy.of({"staff.clerk.count": 2}, name="two")],
        replications=2,
        folder=tmp_path / "b",
    )
    assert [unit.key for unit in study.units] == [unit.key for unit in fresh.units]
    assert study.run(workers=1, progress=False).outcomes.equals(fresh.run(workers=1, progress=False).outcomes)


@pytest.mark.parametrize("named_first", [True, False])
def test_a_study_that_was_changed_in_code_does_not_run_under_old_names(tmp_path, named_first):
    """Else a later study would read results of other rules, silently."""
    study = Study.of(
        "one-office",
        [sim.Policy.of({"staff.clerk.count": 2}, name="two")],
        replications=2,
        folder=tmp_path,
    )
    if named_first:
        study.missing()
    study.policies["two"].changes["staff.clerk.count"] = 3
    if named_first:
        with pytest.raises(
            InputError, match=r"changed in code after its results were named \(policy 'two'\)"
        ):
            study.run(workers=1, progress=False)
        assert not list(tmp_path.glob("*.parquet"))
    else:  # its names are those of what it runs
        three = sim.Policy.of({"staff.clerk.count": 3}, name="two")
        same = Study.of("one-office", [three], replications=2, folder=tmp_path)
        assert [unit.key for unit in study.units] == [unit.key for unit in same.units]


@pytest.mark.parametrize("folder", [5, b"x", "a\0b", ""])
def test_what_is_no_folder_is_refused(folder):
    with pytest.raises(InputError, match="the folder is"):
        Study.of("one-office", replications=2, folder=folder)


def test_two_policies_without_names_are_told_how_to_name_them():
    with pytest.raises(InputError, match=r"several policies are called 'what-if'. Name each: Policy.of"):
        Study.of("one-office", [{"staff.clerk.count": 2}, {"staff.clerk.count": 3}], replications=2)
