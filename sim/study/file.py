"""The file of a study, ``scenarios/studies/<name>.yaml``: what it may say, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Strict, Tag

from sim.evaluate.shares import NONE, without
from sim.scenario.errors import InputError, nearest
from sim.scenario.folders import checked_name, named
from sim.scenario.mistakes import raise_all, validate
from sim.scenario.move import Move
from sim.scenario.part import Flag, Number, Part, Text, Whole, key
from sim.scenario.policy import CURRENT
from sim.scenario.source import Path_, Source, read_yaml

from .measures import overlaps, policies_of

MOST = 100_000  # replications
MOST_YEARS = 30
MOST_UNITS = 1_000_000  # policies × behaviours × replications
_ADDRESS = re.compile(r"(tcp|tls)://([\w.-]+|\[[0-9A-Fa-f:.]+(%\w+)?\]):(?P<port>[0-9]{1,5})", re.ASCII)
Report = Literal["briefing", "comparison", "evaluation", "measures", "sensitivity"]
Word = Annotated[str, Strict(), Field(min_length=1, max_length=64)]
Changes = dict[Annotated[str, Strict(), Field(max_length=200)], Any]  # by dotted path


def scheduler_address(given: Any) -> str:
    """The address of a Dask scheduler, ``tcp://host:port`` or ``tls://host:port``. Raises InputError."""
    found = _ADDRESS.fullmatch(given) if isinstance(given, str) and len(given) <= 200 else None
    if not found or not 1 <= int(found["port"]) < 2**16:
        raise InputError(
            f"{str(given)[:80]!r} is not the address of a scheduler", remedy="Give tcp://host:port"
        )
    return given


def _some(given: dict[str, float]) -> dict[str, float]:
    if not given:
        raise InputError("it is empty", remedy="Name at least one outcome, for example {mean_score: 0.2}")
    return given


class Precision(Part):
    """So many replications that differences to the baseline are known to ± ``half_width``.

    ``half_width`` is in the outcomes' own units (shares 0 to 1), at 95 % confidence, for the bureau's whole
    years: `sim.evaluate.precision`.
    """

    at_least: Whole = key("replications in any case", "最少重复次数", ge=10, le=MOST)
    at_most: Whole = key("replications at most", "最多重复次数", ge=10, le=MOST)
    half_width: Annotated[dict[Word, Annotated[Number, Field(gt=0)]], AfterValidator(_some)] = key(
        "half-width wanted of the difference, by outcome, in its own unit",
        "各指标差异所需的区间半宽（按指标单位）",
        form="{mean_score: 0.2}",
    )


class Dask(Part):
    """Where Dask works: at a scheduler that runs already, or with so many workers started for the study."""

    scheduler: Annotated[str, Strict(), AfterValidator(scheduler_address)] | None = key(
        "address of a scheduler that runs already", "已运行的调度器地址", default=None, form="tcp://host:port"
    )
    workers: Annotated[Whole, Field(ge=1, le=1000)] | None = key(
        "workers started for the study", "为本研究启动的进程数", default=None
    )


def _kind(given: Any) -> str:
    return "precision" if isinstance(given, dict | Precision) else "number"


Replications = Annotated[
    Annotated[Whole, Field(ge=2, le=MOST), Tag("number")] | Annotated[Precision, Tag("precision")],
    Discriminator(_kind),
]


class InlinePolicy(Part):
    """A policy that the study writes out itself, for all its scenarios or for those named."""

    name: Word = key("name of the policy", "方案名称")
    title: Text
    reason: Text = key("why it is tried, in both languages", "提出理由（中英文）")
    changes: Changes = key(
        "new values of parameters, each by its dotted path",
        "参数的新值，逐项写明参数路径",
        default={},
        max_length=500,
        form="{pay.floor: 0.5}",
    )
    move: tuple[Move, ...] = key(
        "people who move between staff groups", "人员调动", default=(), max_length=500
    )
    scenarios: tuple[Word, ...] = key("only for these scenarios of the study", "仅用于这些情景", default=())


def _entry(given: Any) -> str:
    return "inline" if isinstance(given, dict | InlinePolicy) else "name"


Entry = Annotated[
    Annotated[Word, Tag("name")] | Annotated[InlinePolicy, Tag("inline")], Discriminator(_entry)
]


def name_of(entry: str | InlinePolicy) -> str:
    """Return the name of a policy that is given by name, by file (``more.yaml``) or written out."""
    if isinstance(entry, InlinePolicy):
        return entry.name
    return Path(entry).stem if entry.endswith(".yaml") else entry


class Meant(Part):
    """What a measure is meant to move, and which way; of one kind of matter if one is named."""

    outcome: Word = key("name of an outcome; sim outcomes lists them", "指标名称（见 sim outcomes）")
    way: Literal["higher", "lower"] = key("which way it is to move", "预期变化方向")
    kind: Word | None = key("only of this kind of matter", "仅就该类事项而言", default=None)


class Measure(Part):
    """A part of the baseline: the changes that take it out, and what it is meant to move."""

    name: Word = key("name of the measure", "措施名称")
    title: Text
    without: Annotated[Changes, Field(min_length=1, max_length=500)] = key(
        "the changes that take the measure out", "取消该措施须作的改动", form="{pay.gate.on: false}"
    )
    meant: tuple[Meant, ...] = key("what the measure is to move", "措施的预期作用", default=())


class StudyFile(Part):
    """The content of the file.

    A study is of one ``scenario``, or of each of several ``scenarios``. A policy is a name (a policy of the
    scenario), a file beside the study's (``more.yaml``), or written out.

    ``years`` takes the place of the scenario's ``horizon.years``; ``changes`` are made to the scenario before
    any policy, the baseline too, as a policy makes its own. Policies change the baseline, but for
    ``current``, which is the scenario as it stands. Each of ``measures`` is a part of the baseline: the study
    also runs the baseline without it, with it alone, and without all of them. ``behaviours`` are names of
    `sim.behaviour.BEHAVIOURS`, the first one the reports' own.
    """

    format: Literal["jingxi-study/1"] = key("the file format and its version", "文件格式及版本")
    title: Text
    question: Text = key(
        "the question that the study answers, in both languages", "研究所要回答的问题（中英文）"
    )
    scenario: Word | None = key("the scenario, by name", "情景名称", default=None)
    scenarios: tuple[Word, ...] = key(
        "several scenarios, in place of 'scenario'", "多个情景（替代scenario）", default=(), max_length=100
    )
    baseline: Word = key(
        "the policy with which the others are compared", "作为比较基准的方案", default=CURRENT
    )
    policies: tuple[Entry, ...] = key(
        "the policies compared: names, files beside the study, or written out",
        "参与比较的方案：名称、同目录文件，或直接写出",
        form="[no-cliff, other.yaml]",
        default=(),
        max_length=1000,
    )
    measures: tuple[Measure, ...] = key(
        "parts of the baseline, each judged with and without the others",
        "基准方案所含措施，逐项评估其单独作用和增量作用",
        default=(),
        max_length=200,
    )
    replications: Replications = key(
        "replications of each policy: a number, or a precision to be reached",
        "每个方案的重复次数，或所需精度",
        form="30, {at_least: 30, at_most: 200, half_width: {mean_score: 0.2}}",
    )
    seed: Whole = key("the seed of all that is random", "随机数种子", ge=0, lt=2**63)
    years: Annotated[Whole, Field(ge=1, le=MOST_YEARS)] | None = key(
        "assessment years, in place of the scenario's", "考核年数（替代情景中的年数）", default=None
    )
    changes: Changes = key(
        "changes made to the scenario before any policy",
        "在各方案之前对情景作出的改动",
        default={},
        max_length=500,
        form="{pay.floor: 0.5}",
    )
    behaviours: tuple[Word, ...] = key(
        "how people answer to the rules: mechanical, responsive, learning",
        "人员随规则调整的方式：mechanical（不调整）、responsive（调整）、learning（学习）",
        default=("mechanical",),
        min_length=1,
    )
    engine: Literal["compiled", "simpy"] = key(
        "which of the two engines, which give the same rows", "计算引擎（两者结果相同）", default="compiled"
    )
    dask: Dask | None = key("compute on a Dask cluster", "在Dask集群上计算", default=None)
    keep_requests: Flag = key(
        "keep every request of every replication", "保存每次重复的全部来件记录", default=False
    )
    reports: tuple[Report, ...] = key(
        "the reports to write", "生成的报告", default=("briefing", "comparison")
    )
    languages: tuple[Literal["en", "zh"], ...] = key(
        "languages of the reports", "报告语言", default=("en", "zh"), min_length=1
    )
    focus: tuple[Word, ...] = key(
        "outcomes that the reports show first; sim outcomes lists them",
        "报告首先呈现的指标（见 sim outcomes）",
        default=(),
    )

    @property
    def precision(self) -> Precision | None:
        """What decides the number of replications, where it is not simply given."""
        return self.replications if isinstance(self.replications, Precision) else None

    @property
    def most(self) -> int:
        """The greatest number of replications there may be."""
        most = self.replications
        return most.at_most if isinstance(most, Precision) else most


def read_study(study: str | Path) -> tuple[str, StudyFile, Source]:
    """The name and content of a study, given by its name under ``scenarios/studies/`` or its file.

    Raises InputError for all that is wrong with the file itself; its scenario and policies are not read.
    """
    source = read_yaml(named(study, "studies/*.yaml", "study"))
    content = validate(StudyFile, source)
    name = checked_name(source.file.stem, "study")
    raise_all(list(problems(content, source)))
    if not content.policies and not content.measures:
        raise source.error("nothing is compared with the baseline", (), "Give 'policies', or 'measures'")
    return name, content, source


def problems(content: StudyFile, source: Source) -> Iterator[InputError]:
    """What is wrong with the content that its types do not tell."""
    from sim.behaviour import BEHAVIOURS
    from sim.rules.outcomes import OUTCOMES

    names = [name_of(entry) for entry in content.policies]
    if (content.scenario is None) == (not content.scenarios):
        yield source.error(
            "a study is of one 'scenario', or of several 'scenarios'",
            ("scenarios",) if content.scenarios else (),
            "Write one of the two",
        )
    for number, entry in enumerate(content.policies):
        for other in entry.scenarios if isinstance(entry, InlinePolicy) else ():
            if other not in (content.scenarios or (content.scenario,)):
                yield source.error(
                    f"'{other}' is no scenario of the study",
                    ("policies", str(number), "scenarios"),
                    nearest(other, content.scenarios or (str(content.scenario),)),
                )
    if content.baseline in names:
        path: Path_ = ("policies", str(names.index(content.baseline)))
        yield source.error(
            f"'{content.baseline}' is the baseline and is compared with in any case",
            path,
            "Take it out of 'policies'",
        )
    for field in ("scenarios", "policies", "behaviours", "reports", "languages", "focus"):
        entries = names if field == "policies" else getattr(content, field)
        for number, entry in enumerate(entries):
            if entry in entries[:number]:
                yield source.error(f"'{entry}' stands twice", (field, str(number)), "Keep one of the two")
    outcomes: list[tuple[Path_, str]] = [
        (("focus", str(number)), outcome) for number, outcome in enumerate(content.focus)
    ]
    for number, measure in enumerate(content.measures):
        outcomes += [
            (("measures", str(number), "meant", str(place), "outcome"), one.outcome)
            for place, one in enumerate(measure.meant)
        ]
    if aimed := content.precision:
        outcomes += [(("replications", "half_width", outcome), outcome) for outcome in aimed.half_width]
        if aimed.at_most < aimed.at_least:
            yield source.error(
                f"'at_most' is {aimed.at_most}, but 'at_least' is {aimed.at_least}",
                ("replications", "at_most"),
                "Give at least as many at most",
            )
    policies = 1 + len(content.policies) + 2 * len(content.measures) + bool(content.measures)
    yield from _measures(content, source)
    most = policies * len(content.behaviours) * content.most
    if most > MOST_UNITS:
        yield source.error(
            f"{most:,} replications of all policies together are more than {MOST_UNITS:,}",
            ("replications", "at_most") if content.precision else ("replications",),
            "Ask for fewer replications or policies",
        )
    if content.years is not None and (given := {"horizon", "horizon.years"} & set(content.changes)):
        yield source.error(
            f"'{given.pop()}' is changed, and 'years' sets the years", ("years",), "Write one of the two"
        )
    for number, behaviour in enumerate(content.behaviours):
        if behaviour not in BEHAVIOURS:
            path = ("behaviours", str(number))
            yield source.error(f"unknown behaviour '{behaviour}'", path, nearest(behaviour, BEHAVIOURS))
    for path, outcome in outcomes:
        if outcome not in OUTCOMES:
            yield source.error(f"unknown outcome '{outcome}'", path, nearest(outcome, OUTCOMES))
    if content.dask and (content.dask.scheduler is None) == (content.dask.workers is None):
        yield source.error(
            "Dask needs either a scheduler or a number of workers",
            ("dask",),
            "Give scheduler: tcp://…, or workers: 4",
        )


def changes_without(source: Source) -> list[dict[str, Any]]:
    """Return the changes that take each measure out, as the file writes them."""
    return [measure["without"] for measure in source.data.get("measures") or ()]


def _measures(content: StudyFile, source: Source) -> Iterator[InputError]:
    """What is wrong with the measures: a name or an outcome that serves twice, a path that two change."""
    names = [measure.name for measure in content.measures]
    for number, measure in enumerate(content.measures):
        place: Path_ = ("measures", str(number), "name")
        try:
            checked_name(measure.name, "measure")
        except InputError as error:
            yield source.error(error.message, place, error.remedy)
        if measure.name in names[:number]:
            yield source.error(f"'{measure.name}' stands twice", place, "Keep one of the two")
        elif measure.name.lower() in [name.lower() for name in names[:number]]:
            message = f"'{measure.name}' differs from another measure's name by capitals alone"
            yield source.error(message, place, "Give it another name")
        told = [(one.outcome, one.kind) for one in measure.meant]
        for at, pair in enumerate(told):
            if pair in told[:at]:
                here: Path_ = ("measures", str(number), "meant", str(at), "outcome")
                yield source.error(f"'{pair[0]}' stands twice", here, "Keep one, with the way it is meant")
        horizon = next((path for path in measure.without if path.split(".")[0] == "horizon"), "")
        if horizon:
            yield source.error(
                f"'{horizon}' is changed, and the same years are compared",
                ("measures", str(number), "without", horizon),
                "Take it out; set 'years' for all policies",
            )
        if without(measure.name) == NONE:
            yield source.error(
                f"'{NONE}' is the baseline without all measures, and without '{measure.name}' as well",
                place,
                "Give it another name",
            )
    for number, path, other in overlaps(changes_without(source)):
        yield source.error(
            f"'{path}' is changed by the measure '{names[other]}', too",
            ("measures", str(number), "without", path),
            "Let each path belong to one measure",
        )
    made = [policy.name for policy in policies_of(content.measures, changes_without(source))]
    if content.baseline in made:
        yield source.error(
            f"'{content.baseline}' is the name of a policy that the measures make",
            ("baseline",),
            "Rename a measure, or the baseline",
        )
    for number, entry in enumerate(content.policies):
        if name_of(entry) in made:
            yield source.error(
                f"'{name_of(entry)}' is the name of a policy that the measures make",
                ("policies", str(number)),
                "Give it another name",
            )
    if content.measures and content.scenarios:
        yield source.error(
            "measures are parts of one scenario's baseline", ("scenarios",), "Write 'scenario'"
        )
    if "measures" in content.reports and not content.measures:
        yield source.error("the study has no 'measures' to report", ("reports",), "Give them, or take it out")
