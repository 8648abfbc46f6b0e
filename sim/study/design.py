"""A study: one scenario, a baseline and other policies, many replications; its units of work and results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.rooms import code_version
from sim.scenario.part import Text, given
from sim.scenario.policy import CURRENT, Policy, PolicyLike
from sim.scenario.reform import reform
from sim.scenario.schema import Scenario
from sim.scenario.shown import Shown, listed

from . import tables
from .compared import Compared
from .file import StudyFile
from .result import Unit, unit_key
from .store import Store
from .stored import Stored
from .work import tables_digest

if TYPE_CHECKING:
    from sim.evaluate.precision import Plan

    from .stored import Read


class Rules(NamedTuple):
    """Digests of a policy's rules: whole, as far as they decide the work, and who comes."""

    whole: str
    work: str
    draw: str


class Versions(NamedTuple):
    """Digests that name results: of the code, of the scenario's CSV files, and by policy of the rules."""

    code: str
    tables: str
    rules: dict[str, Rules]


def rules_of(scenario: Scenario, policies: dict[str, Policy]) -> dict[str, Rules]:
    """Digest the rules of each policy as they are now."""
    rules = {name: reform(scenario, policy) for name, policy in policies.items()}
    return {
        name: Rules(one.digest(), one.digest(of_work=True), one.digest(of_draw=True))
        for name, one in rules.items()
    }


@dataclass(repr=False)
class Study(Stored, Compared, Shown):
    """A study: replications of a scenario under a baseline and other policies, kept on disk.

    Create it with `study` from a file, or with `Study.of` in Python. The examples below use ``clerks.yaml``,
    which the example of `study` writes and runs.

    Attributes
    ----------
    name : str
        The name of the study file without its ending, or the name given in Python.
    file : sim.study.file.StudyFile
        The content of the study file, or what it would say.
    scenario : Scenario
        The scenario with the study's changes, over its years.
    policies : dict of str to Policy
        The policies by name, the baseline first.
    folder : Path
        The folder of the results; by default ``results/<name>`` under the working directory.
    path : Path or None
        The study file; None for a study made in Python.
    as_loaded : Scenario or None
        The scenario before the study's changes.
    left_out : dict of str to Text
        The policies that were asked for and do not apply to the scenario, with the reason.
    called : str
        The name that opens it: ``study:scenario`` where the file is of several scenarios.

    Examples
    --------
    >>> import sim
    >>> study = sim.study("clerks.yaml")  # of the example of sim.study
    >>> study.title.en, study.baseline, list(study.policies)
    ('One more clerk', 'current', ['current', 'one-more-clerk'])
    >>> study.replications, len(study.units), study.plan
    (3, 6, None)
    >>> list(study.outcomes["policy"].unique())
    ['current', 'one-more-clerk']
    >>> study.posts
                    headcount   payroll  headcount_change  payroll_change
    policy
    current                 1   84000.0                 0             0.0
    one-more-clerk          2  168000.0                 1         84000.0
    """

    name: str
    file: StudyFile
    scenario: Scenario
    policies: dict[str, Policy]
    folder: Path
    path: Path | None
    as_loaded: Scenario | None = field(default=None, repr=False, compare=False)
    left_out: dict[str, Text] = field(default_factory=dict, repr=False, compare=False)
    called: str = field(default="", repr=False, compare=False)
    _units: list[Unit] = field(default_factory=list, repr=False, compare=False)  # the first ones
    _years: dict[str, tables.Years] = field(default_factory=dict, repr=False, compare=False)  # by key

    def _facts(self) -> list[tuple[str, str]]:
        stored = len(self.store.files())
        return [
            ("name", self.called or self.name),
            ("title", f"{self.title.en} · {self.title.zh}"),
            ("question", self.question.en),
            ("scenario", self.scenario.name),
            ("baseline", self.baseline),
            ("policies", listed([name for name in self.policies if name != self.baseline])),
            ("behaviours", listed(list(self.file.behaviours))),
            ("replications", f"at most {self.file.most}"),
            ("results", f"{stored} files in {self.folder}" if stored else "none yet: study.run()"),
        ]

    @classmethod
    def of(
        cls,
        scenario: Scenario | str | Path,
        policies: Sequence[PolicyLike] | PolicyLike = (),
        *,
        baseline: PolicyLike = CURRENT,
        behaviours: Sequence[str] = ("mechanical",),
        replications: int = 10,
        seed: int = 0,
        years: int | None = None,
        keep_requests: bool = False,
        measures: Sequence[Mapping[str, Any]] = (),
        name: str | None = None,
        folder: str | Path | None = None,
    ) -> Study:
        """Make a study without a file. Its results are stored, named and shared as those of any other.

        Parameters
        ----------
        scenario : Scenario or str or Path
            A loaded scenario, or its name or path.
        policies : sequence of PolicyLike or PolicyLike, optional
            Names, files, changes or `Policy` objects; give changes a name with `Policy.of`.
        baseline : PolicyLike, optional
            The policy with which the others are compared, and which they change.
        behaviours : sequence of str, optional
            Names of `sim.behaviour.BEHAVIOURS`; every policy is run under each.
        replications : int, optional
            The number of replications, 2 or more.
        seed : int, optional
            The seed of all random numbers.
        years : int, optional
            The assessment years, in place of the scenario's ``horizon.years``.
        keep_requests : bool, optional
            Whether every request is kept as well.
        measures : sequence of dict, optional
            Parts of the baseline whose `shares` are asked for, each as in a study file: ``name``, ``title``
            and ``without``, the changes that take it out.
        name : str, optional
            The name of the study; the scenario's by default.
        folder : str or Path, optional
            The folder of the results; ``results/<name>`` under the working directory by default.

        Returns
        -------
        Study
            Checked and ready to `run`.

        Raises
        ------
        InputError
            If anything is wrong with the scenario, a policy or a number, as in a file.

        Examples
        --------
        >>> import sim
        >>> two = sim.Policy.of({"staff.clerk.count": 2}, name="two-clerks")
        >>> study = sim.Study.of("one-office", [two], replications=3, name="clerks")
        >>> table = study.run(workers=1, progress=False).compare("two-clerks", outcomes=["arrivals"])
        >>> table["difference"].item()  # the same citizens come
        0.0
        """
        from .load import make_study

        asked = {"behaviours": behaviours, "replications": replications, "seed": seed, "years": years}
        asked |= {"keep_requests": keep_requests, "measures": list(measures)}
        return make_study(scenario, policies, baseline=baseline, name=name, folder=folder, asked=asked)

    def __post_init__(self) -> None:
        self.called = self.called or self.name

    @property
    def title(self) -> Text:
        """The title, in English (``en``) and Chinese (``zh``)."""
        return self.file.title

    @property
    def question(self) -> Text:
        """The question that the study answers, in English (``en``) and Chinese (``zh``)."""
        return self.file.question

    @property
    def baseline(self) -> str:
        """The name of the policy with which the others are compared."""
        return self.file.baseline

    @property
    def replications(self) -> int:
        """The number of replications.

        Where the file asks for a precision, it is the number at which that is reached. Until then it is an
        estimate from the results on disk.
        """
        return self.plan.replications if self.plan else self.file.most

    @property
    def seed(self) -> int:
        """The seed of all random streams."""
        return self.file.seed

    @property
    def focus(self) -> tuple[str, ...]:
        """The names of the outcomes that reports show first."""
        return self.file.focus

    @property
    def for_all(self) -> tuple[Scenario, Policy] | None:
        """The scenario as loaded, and the study's changes to it under every policy; None without changes."""
        changes = dict(self.file.changes)
        if self.file.years is not None:
            changes["horizon.years"] = self.file.years
        if not changes or self.as_loaded is None:
            return None
        return self.as_loaded, Policy("study", self.title, self.question, changes)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of work: one per replication, behaviour and policy.

        Units of equal rules have equal keys, and share one result.
        """
        return self._first(self.replications)

    @property
    def all_units(self) -> tuple[Unit, ...]:
        """The units of work of the greatest number of replications that the file permits."""
        return self._first(self.file.most)

    def _first(self, replications: int) -> tuple[Unit, ...]:
        """The units of the first `replications`, made when they are first asked for."""
        from sim.behaviour import BEHAVIOURS

        code, _, rules = self.versions
        each = len(self.policies) * len(self.file.behaviours)
        for replication in range(len(self._units) // each, replications):
            for behaviour in self.file.behaviours:
                for policy, digests in rules.items():
                    key = unit_key(digests.whole, behaviour, self.seed, replication, code)
                    work = digests.whole if BEHAVIOURS[behaviour].READS_RULES else digests.work
                    self._units.append(Unit(policy, behaviour, replication, key, work, digests.draw))
        return tuple(self._units[: replications * each])

    @cached_property
    def versions(self) -> Versions:
        """The digests of code, CSV files and rules that name the results, as they were at first use."""
        code, csv = code_version(), tables_digest(self.scenario)  # before the rules: an edit is then noticed
        return Versions(code, csv, rules_of(self.scenario, self.policies))

    @cached_property
    def store(self) -> Store:
        """The store of the results in `folder`."""
        return Store(self.folder)

    def missing(self) -> list[Unit]:
        """List the units without a sound result on disk, and set damaged files aside.

        Returns
        -------
        list of sim.study.result.Unit
            The units that `run` would compute.

        Examples
        --------
        >>> import sim
        >>> sim.study("clerks.yaml").missing()
        []
        """
        self.refresh()
        sound = self.store.sound({unit.key for unit in self.units}, self.file.keep_requests)
        return [unit for unit in self.units if unit.key not in sound]

    @property
    def failed(self) -> dict[Unit, str]:
        """The units whose last attempt failed, each with the traceback as text.

        Examples
        --------
        >>> import sim
        >>> sim.study("clerks.yaml").failed
        {}
        """
        texts = self.store.failures({unit.key for unit in self.units})
        return {unit: texts[unit.key] for unit in self.units if unit.key in texts}

    def refresh(self) -> None:
        """Discard what was read from disk, so that results computed elsewhere are seen.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml")  # of the example of sim.study
        >>> study.refresh()
        """
        for name in ("outcomes", "plan"):
            self.__dict__.pop(name, None)

    @cached_property
    def plan(self) -> Plan | None:
        """The progress of a study that asks for a precision; None where the file gives a number.

        ``replications`` is the number to run, ``reached`` whether it suffices, and ``needs`` the estimate for
        each difference. Replications count from the first one, as far as every unit is done or has failed.
        """
        return self._planned(self.store.read)

    def _planned(self, read: Read) -> Plan | None:
        asked = self.file.precision
        if asked is None:
            return None
        from sim.evaluate.precision import Aim, plan

        series = tables.differences(self._settled(read), self.baseline, asked.half_width)
        aims = {key: Aim(values, asked.half_width[key[-1]]) for key, values in series.items()}
        return plan(aims, asked.at_least, asked.at_most)

    def _settled(self, read: Read) -> Iterator[dict[tuple[str, str], tables.Years]]:
        """For each replication that is settled: the bureau's outcomes by policy and behaviour."""
        each = len(self.policies) * len(self.file.behaviours)
        units = self._first(min(self.file.most, len(self.store.files())))  # each has a file of its own
        keys = {unit.key for unit in units}
        done = self.store.sound(keys, self.file.keep_requests)
        settled = done | self.store.failures(keys - done).keys()
        for first in range(0, len(units), each):
            replication = units[first : first + each]
            if any(unit.key not in settled for unit in replication):
                return
            yield {(unit.policy, unit.behaviour): self._values(unit.key, done, read) for unit in replication}

    def _values(self, key: str, done: set[str], read: Read) -> tables.Years:
        if key not in done:
            return {}
        if key not in self._years:
            table, outcomes = read(key), given(self.file.precision).half_width
            self._years[key] = {} if table is None else tables.bureau_years(table, outcomes)
        return self._years[key]

    def run(self, workers: int | None = None, progress: bool = True, scheduler: str | None = None) -> Study:
        """Compute the missing results and keep them.

        Parameters
        ----------
        workers : int, optional
            The number of local processes; by default as the study file says, or else all processors.
        progress : bool, optional
            Show a progress bar.
        scheduler : str, optional
            The address of a Dask scheduler, ``tcp://host:port``. It excludes `workers`.

        Returns
        -------
        Study
            The study itself.

        Raises
        ------
        InputError
            If `workers` is under 1, the scheduler does not answer, or the folder cannot be written.
        sim.study.store.RunError
            If the run cannot continue: the disk is full, the scheduler is lost, or the code was edited.

        Notes
        -----
        Results do not depend on where they are computed. A replication that fails is listed in `failed`, and
        the others continue. In a script, call it under ``if __name__ == "__main__":``, as always where Python
        starts processes.

        Examples
        --------
        >>> import sim
        >>> study = sim.study("clerks.yaml").run(workers=1, progress=False)
        >>> study.missing()
        []
        """
        from .run import run

        run(self, workers=workers, progress=progress, scheduler=scheduler)
        return self
