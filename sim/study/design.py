"""A study: one scenario, a baseline and other policies, many replications; and its file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, Strict

from sim.scenario.errors import InputError, nearest
from sim.scenario.load import SCENARIO_FILE, checked_name, load, raise_all, scenarios_folder, validate
from sim.scenario.part import Flag, Part, Text, Whole
from sim.scenario.reform import CURRENT, Policy, load_policy, reform
from sim.scenario.schema import Scenario
from sim.scenario.source import Path_, Source, read_yaml

from .store import Store, Unit, code_version, unit_key

if TYPE_CHECKING:
    import pandas as pd

RESULTS = "results"  # the folder, under the working directory
_Word = Annotated[str, Strict(), Field(min_length=1, max_length=64)]


class StudyFile(Part):
    """The file ``scenarios/studies/<name>.yaml``."""

    format: Literal["jingxi-study/1"]
    title: Text
    question: Text
    scenario: _Word
    baseline: _Word = CURRENT
    policies: tuple[_Word, ...] = Field(min_length=1, max_length=100)
    replications: Whole = Field(ge=2, le=100_000)
    seed: Whole = Field(ge=0, lt=2**63)
    behaviours: tuple[Literal["mechanical"], ...] = Field(default=("mechanical",), min_length=1)
    keep_requests: Flag = False
    reports: tuple[Literal["briefing", "comparison"], ...] = ("briefing", "comparison")
    languages: tuple[Literal["en", "zh"], ...] = Field(default=("en", "zh"), min_length=1)
    focus: tuple[_Word, ...] = ()


@dataclass
class Study:
    """A study that was read and checked.

    ``file`` is the content of the study file; ``policies`` the policies by name, the baseline first;
    ``folder`` is where results are kept, ``results/<name>`` under the working directory.
    """

    name: str
    file: StudyFile
    scenario: Scenario
    policies: dict[str, Policy]
    folder: Path

    @property
    def title(self) -> Text:
        return self.file.title

    @property
    def question(self) -> Text:
        return self.file.question

    @property
    def baseline(self) -> str:
        """The policy with which the others are compared."""
        return self.file.baseline

    @property
    def replications(self) -> int:
        return self.file.replications

    @property
    def seed(self) -> int:
        return self.file.seed

    @property
    def focus(self) -> tuple[str, ...]:
        """The outcomes to be shown first."""
        return self.file.focus

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units of work: policy × behaviour × replication. Units of equal rules have equal keys."""
        code = code_version()
        rules = {name: reform(self.scenario, policy) for name, policy in self.policies.items()}
        digests = {name: (changed.digest(), changed.digest(of_work=True)) for name, changed in rules.items()}
        return tuple(
            Unit(
                policy,
                behaviour,
                replication,
                unit_key(digest, behaviour, self.seed, replication, code),
                work,
            )
            for replication in range(self.replications)  # first the first replication of every policy
            for behaviour in self.file.behaviours
            for policy, (digest, work) in digests.items()
        )

    @property
    def store(self) -> Store:
        return Store(self.folder)

    def missing(self) -> list[Unit]:
        """The units without a sound result on disk; damaged files are set aside."""
        sound: dict[str, bool] = {}
        for unit in self.units:
            if unit.key not in sound:
                sound[unit.key] = self.store.sound(unit.key, self.file.keep_requests)
        return [unit for unit in self.units if not sound[unit.key]]

    @property
    def failed(self) -> dict[Unit, str]:
        """The units whose last attempt failed, each with what went wrong (a traceback)."""
        texts = {unit: self.store.failure(unit.key) for unit in self.units}
        return {unit: text for unit, text in texts.items() if text is not None}

    def run(self, workers: int | None = None, progress: bool = True) -> Study:
        """Compute what is missing, on `workers` processes (all processors if left out); returns the study.

        Results do not depend on the number of workers. A replication that fails is told in `failed`; the
        others go on. In a script the call must stand under ``if __name__ == "__main__":``, as always where
        Python starts processes.

        Raises InputError for a number of workers under 1, RunError when workers die again and again.
        """
        from .run import run

        self.__dict__.pop("outcomes", None)
        run(self, workers=workers, progress=progress)
        return self

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes that are on disk, long: policy, behaviour, replication, year (0 for a stretch of
        minutes), month (0 = whole year), unit ("" = bureau), kind ("" = all), person ("" = none), outcome,
        value. Texts are categorical. Missing units are warned of.

        Raises InputError when nothing was computed yet.
        """
        return self._table(self.units).to_pandas()

    def requests(self, policy: str, replication: int, behaviour: str = "mechanical") -> pd.DataFrame:
        """Every request of one replication; only for studies with ``keep_requests: true``.

        Raises InputError when the study does not keep requests, or this unit is unknown or not computed.
        """
        found = [
            u
            for u in self.units
            if (u.policy, u.replication, u.behaviour) == (policy, replication, behaviour)
        ]
        if not self.file.keep_requests:
            raise InputError(f"the study '{self.name}' keeps no requests", remedy="Set keep_requests: true")
        if not found or not self.store.sound(found[0].key, True):
            raise InputError(
                f"'{policy}', replication {replication}, is not computed", remedy=f"sim run {self.name}"
            )
        return self.store.read_requests(found[0].key).to_pandas()

    def sql(self, query: str) -> pd.DataFrame:
        """The answer of DuckDB to a query over the table ``outcomes``."""
        import duckdb

        with duckdb.connect() as connection:
            connection.register("outcomes", self._table(self.units))
            return connection.execute(query).df()

    def compare(
        self, policy: str, to: str | None = None, level: str = "bureau", outcomes: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Paired differences of `policy` to the baseline (or `to`) with intervals: `sim.evaluate.compare`.

        Raises InputError for a policy that is not of this study.
        """
        from sim.evaluate.compare import compare

        to = self.baseline if to is None else to
        for name in (policy, to):
            if name not in self.policies:
                raise InputError(
                    f"'{name}' is not a policy of the study '{self.name}'",
                    remedy=nearest(name, self.policies),
                )
        return compare(self.outcomes, policy, to, level=level, only=outcomes)

    def reports(self, languages: Sequence[str] | None = None) -> list[Path]:
        """Write the study's reports, in its own languages if none are given; returns what was written."""
        from sim.report.batch import write_reports

        return write_reports(self, list(languages or self.file.languages))

    def _table(self, units: Sequence[Unit]) -> Any:
        table, absent = self.store.read_all(units)
        if table is None:
            raise InputError(f"the study '{self.name}' has no results yet", remedy=f"sim run {self.name}")
        if absent:
            warnings.warn(
                f"{absent} of {len(units)} replications of '{self.name}' are missing: sim run {self.name}",
                stacklevel=3,
            )
        return table


def load_study(study: str | Path) -> Study:
    """Read a study by its name under ``scenarios/studies/`` or by the path of its file, and check it."""
    file = _file_of(study)
    source = read_yaml(file)
    content = validate(StudyFile, source)
    name = checked_name(file.stem, "study")
    raise_all(list(_problems(content, source)))
    scenario = _scenario(content, source)
    policies: dict[str, Policy] = {}
    found: list[InputError] = []
    for policy, path in _named(content):
        try:
            policies[policy] = load_policy(scenario, checked_name(policy, "policy"))
            reform(scenario, policies[policy])
        except InputError as error:
            found.append(_placed(error, source, path))
    raise_all(found)
    return Study(name, content, scenario, policies, Path.cwd() / RESULTS / name)


def _file_of(study: str | Path) -> Path:
    given = Path(study)
    if not isinstance(study, str) or given.name != study or given.suffix or given.is_file():
        return given
    folder = scenarios_folder() / "studies"
    file = folder / f"{checked_name(study, 'study')}.yaml"
    if not file.is_file():
        raise InputError(
            f"unknown study '{study}'", remedy=nearest(study, (path.stem for path in folder.glob("*.yaml")))
        )
    return file


def _named(content: StudyFile) -> list[tuple[str, Path_]]:
    """The policies with where they stand in the file, the baseline first."""
    listed = [(policy, ("policies", str(number))) for number, policy in enumerate(content.policies)]
    return [(content.baseline, ("baseline",)), *listed]


def _problems(content: StudyFile, source: Source):
    from sim.rules.outcomes import OUTCOMES

    if content.baseline in content.policies:
        path = ("policies", str(content.policies.index(content.baseline)))
        yield source.error(
            f"'{content.baseline}' is the baseline and is compared with in any case",
            path,
            "Take it out of 'policies'",
        )
    for field in ("policies", "behaviours", "reports", "languages", "focus"):
        entries = getattr(content, field)
        for number, entry in enumerate(entries):
            if entry in entries[:number]:
                yield source.error(f"'{entry}' stands twice", (field, str(number)), "Keep one of the two")
    for number, outcome in enumerate(content.focus):
        if outcome not in OUTCOMES:
            yield source.error(
                f"unknown outcome '{outcome}'", ("focus", str(number)), nearest(outcome, OUTCOMES)
            )


def _scenario(content: StudyFile, source: Source) -> Scenario:
    """The scenario beside ``studies/``, else the one of that name that `sim.load` finds."""
    try:
        beside = source.file.resolve().parents[1] / checked_name(content.scenario, "scenario")
        return load(beside if (beside / SCENARIO_FILE).is_file() else content.scenario)
    except InputError as error:
        raise _placed(error, source, ("scenario",)) from None


def _placed(error: InputError, source: Source, path: Path_) -> InputError:
    """An error that names no file is one of the study file; a fault inside another file is told there."""
    return error if error.file is not None else source.error(error.message, path, error.remedy)
