"""A scenario: everything that is known of a bureau before a policy touches it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from .assessment import Assessment, Pay, Scorecard
from .behaviour import Behaviour
from .careers import Careers
from .competence import Competence
from .counts import number_of
from .currency import USUAL, Currency
from .departments import Departments
from .frictions import Frictions
from .organisation import Grade, Role, Staff, Unit, UnitType
from .other_work import Award, Duty, Study, Training
from .part import DEFINITION, Name, Part, Text, key, param
from .practice import Practice
from .projects import Projects
from .satisfaction import Satisfaction
from .service import Committee, Demand, Kind, Profile
from .service_rules import ServiceRules
from .shown import Shown, listed
from .source import Source
from .table_file import read_bytes
from .time import Calendar, Horizon

FORMAT = "jingxi-scenario/1"
DRAWN: dict[str, Any] = dict.fromkeys(
    ("calendar", "horizon", "profiles", "demand", "projects", "departments", "replay"), True
) | {
    "work_in_progress": True,
    "unit_types": {"__all__": {"last_ticket_minutes", "goes_home"}},
    "kinds": {
        "__all__": {
            *("complexity_cv", "patience_minutes", "patience_shape", "patience_covers", "comes_back"),
            *("appointments", "route"),
        }
    },
    "service_rules": {"online"},  # which says at what hour people file; the other rules stand in the routes
}
# read when a year is judged, and by people who react
JUDGEMENT = {"scorecards", "assessment", "pay", "behaviour"}


def fingerprint(state: bytes) -> bytes:
    """Return a hash of what a scenario says (`Scenario.state`), 16 bytes."""
    return hashlib.blake2b(state, digest_size=16).digest()


class Scenario(Shown, Part):
    """A bureau before a policy: the checked content of ``scenario.yaml``.

    Create it with `load` or `build`, which check it as a whole. Each attribute below ``title`` is a block of
    the file; `catalogue` lists the parameters inside.

    Attributes
    ----------
    format : str
        The version of the file format.
    title, description : sim.scenario.part.Text
        Texts in English (``en``) and Chinese (``zh``).
    currency : str
        The currency of all money, a code of ISO 4217.
    horizon : sim.scenario.time.Horizon
        The period that is simulated.
    calendar : sim.scenario.time.Calendar
        Working days and office hours.
    roles, grades, unit_types, units, staff : dict of str to model
        The organisation, by name: what people do, what they are paid, where they work.
    kinds : dict of str to sim.scenario.service.Kind
        The kinds of requests, each with its route and time limits.
    demand : dict of str to sim.scenario.service.Demand
        The arrivals of each kind.
    profiles : dict of str to sim.scenario.service.Profile
        Shapes of demand over the day, the week and the year.
    committees : dict of str to sim.scenario.service.Committee
        Bodies that decide in sittings.
    service_rules : sim.scenario.service_rules.ServiceRules
        Rules of service, each with a switch.
    frictions : sim.scenario.frictions.Frictions
        What goes wrong in the work, each with a switch.
    departments : sim.scenario.departments.Departments
        Outside departments by name, with delays of their own.
    satisfaction : sim.scenario.satisfaction.Satisfaction
        What applicants say of the service, as a function of what happened.
    projects : sim.scenario.projects.Projects
        Target projects with deadlines.
    study : sim.scenario.other_work.Study or None
        The hours of study that people owe.
    training, awards, duties : dict of str to model
        Work besides requests, by name.
    scorecards : dict of str to sim.scenario.scorecard.Scorecard
        What counts in the score of a unit type.
    assessment : sim.scenario.assessment.Assessment or None
        The lines and titles of the yearly assessment.
    pay : sim.scenario.pay.Pay or None
        The pay rule.
    competence : sim.scenario.competence.Competence
        Experience, knowledge and load.
    careers : sim.scenario.careers.Careers
        How verdicts move people.
    practice : sim.scenario.practice.Practice
        How good practice spreads between units.
    behaviour : sim.scenario.behaviour.Behaviour
        How people respond to the rules.
    replay : str or None
        A CSV file of arrivals that replaces the random draw.
    work_in_progress : str or None
        A CSV file of what is open when the first year begins.

    Examples
    --------
    >>> import sim
    >>> office = sim.load("one-office")
    >>> office.name, office.folder.name, office.source.file.name
    ('one-office', 'one-office', 'scenario.yaml')
    >>> office.demand["visit"].volumes["office"]
    4.0
    """

    format: Literal["jingxi-scenario/1"] = key("the file format and its version", "文件格式及版本")
    title: Text
    description: Text = key("what the scenario is about, in both languages", "情景说明（中英文）")
    currency: Currency = param(
        "currency of all money",
        "金额的货币",
        unit="ISO 4217 code",
        source=DEFINITION,
        default=USUAL,
    )
    horizon: Horizon
    calendar: Calendar
    roles: dict[Name, Role] = Field(min_length=1)
    grades: dict[Name, Grade] = Field(min_length=1)
    unit_types: dict[Name, UnitType] = Field(min_length=1)
    units: dict[Name, Unit] = Field(min_length=1, max_length=2000)
    staff: dict[Name, Staff] = Field(min_length=1, max_length=20_000)
    kinds: dict[Name, Kind] = Field(min_length=1, max_length=60)
    demand: dict[Name, Demand] = Field(default={})
    profiles: dict[Name, Profile] = Field(default={})
    committees: dict[Name, Committee] = Field(default={})
    service_rules: ServiceRules = ServiceRules()
    frictions: Frictions = Frictions()
    departments: Departments = Departments()
    satisfaction: Satisfaction = Satisfaction()
    projects: Projects = Projects()
    study: Study | None = None
    training: dict[Name, Training] = Field(default={})
    awards: dict[Name, Award] = Field(default={}, max_length=20)
    duties: dict[Name, Duty] = Field(default={})
    scorecards: dict[Name, Scorecard] = Field(default={})
    assessment: Assessment | None = None
    pay: Pay | None = None
    competence: Competence = Competence()
    careers: Careers = Careers()
    practice: Practice = Practice()
    behaviour: Behaviour = Behaviour()
    replay: str | None = key(
        "a table of arrivals in place of the draw", "来件记录表（替代随机抽取）", default=None
    )

    work_in_progress: str | None = param(
        "a table of what is open when the first year begins: kind, unit, step, received, due",
        "期初在办件清单（CSV文件：事项、单位、环节、收件日期、到期日期）",
        unit="-",
        source=DEFINITION,
        default=None,
    )

    _source: Source = PrivateAttr()
    _folder: Path = PrivateAttr()
    _as_read: bytes = PrivateAttr()  # `fingerprint` of what its source says: it tells of changes in code
    # Where its service rules are written in (`sim.world.in_force`): the scenario before, and its state then.
    _written: tuple[Scenario, bytes] | None = PrivateAttr(None)

    # Where a policy begins later: the number of its first year, from 0, and the blocks of the years before.
    _earlier: tuple[int, dict[str, Any]] | None = PrivateAttr(None)

    def _facts(self) -> list[tuple[str, str]]:
        people = sum(group.count for group in self.staff.values())
        judged = [name for name in ("scorecards", "assessment", "pay") if getattr(self, name)]
        length = (
            number_of(self.horizon.years, "year") if self.horizon.years else f"{self.horizon.minutes} minutes"
        )
        return [
            ("name", self.name),
            ("title", f"{self.title.en} · {self.title.zh}"),
            ("from", f"{self.horizon.start}, {length}"),
            ("units", f"{len(self.units)}: {listed(list(self.units))}"),
            ("people", f"{people:,} in {len(self.staff)} groups"),
            ("kinds of request", f"{len(self.kinds)}: {listed(list(self.kinds))}"),
            ("judged by", listed(judged)),
            ("folder", str(self.folder)),
        ]

    @property
    def name(self) -> str:
        """The name of the scenario's folder, which results and the command line use."""
        return self._folder.name

    @property
    def folder(self) -> Path:
        """The folder of the scenario's files."""
        return self._folder

    @property
    def source(self) -> Source:
        """The file behind the scenario: its data without evidence, its lines, its evidence.

        After a change made in code it is still the file of the original; `sim.scenario.state.source_of` gives
        the present content.
        """
        return self._source

    def state(self) -> bytes:
        """Serialise the scenario, for a test whether it was changed in code.

        Returns
        -------
        bytes
            The content as JSON, the order of steps and people included.

        Examples
        --------
        >>> import sim
        >>> office = sim.load("one-office")
        >>> office.state() == sim.load("one-office").state()
        True
        """
        return self.model_dump_json(warnings=False).encode() + self._earlier_state()

    def _earlier_state(self) -> bytes:
        return b"" if self._earlier is None else repr(self._earlier).encode()

    def type_of(self, unit: str) -> UnitType:
        """Return the type of a unit.

        Parameters
        ----------
        unit : str
            The name of a unit.

        Returns
        -------
        sim.scenario.organisation.UnitType
            The type.

        Raises
        ------
        KeyError
            If there is no such unit.

        Examples
        --------
        >>> import sim
        >>> sim.load("one-office").type_of("office").discipline
        'first_come_first_served'
        """
        return self.unit_types[self.units[unit].type]

    def in_year(self, number: int) -> Scenario:
        """Return the rules by which a year is judged.

        Parameters
        ----------
        number : int
            The number of the assessment year, from 0.

        Returns
        -------
        Scenario
            The scenario itself, except for the years before a policy that begins later.

        Examples
        --------
        >>> import sim
        >>> office = sim.load("one-office")
        >>> office.in_year(0) is office
        True
        """
        if self._earlier is None or number >= self._earlier[0]:
            return self
        return self.model_copy(update=self._earlier[1])

    def setting(self, unit: str, name: str) -> Any:
        """Return a setting of a unit: its own if it has one, else that of its type.

        Parameters
        ----------
        unit : str
            The name of a unit.
        name : str
            The name of an attribute of the unit type, such as ``discipline``.

        Returns
        -------
        Any
            The value of the setting.

        Raises
        ------
        KeyError
            If there is no such unit.
        AttributeError
            If neither the unit nor its type has the setting.

        Examples
        --------
        >>> import sim
        >>> sim.load("one-office").setting("office", "front_desk")
        'one_window'
        """
        own = getattr(self.units[unit], name, None)
        return own if own is not None else getattr(self.type_of(unit), name)

    def digest(self, *, of_work: bool = False, of_world: bool = False, of_draw: bool = False) -> str:
        """Hash all content on which a result can depend.

        The hash covers the CSV files and the order of steps and people. It leaves out the scenario's own
        title and description, the currency, and all evidence.

        Parameters
        ----------
        of_work : bool, optional
            Leave out the rules by which a year is judged. Equal hashes then mean equal work where nobody
            responds to the rules.
        of_world : bool, optional
            Leave out the rules by which a year is judged, also where verdicts move people. Equal hashes then
            mean equal requests, staff and lines before the first day.
        of_draw : bool, optional
            Keep only what decides which requests arrive and what they need.

        Returns
        -------
        str
            32 hexadecimal digits (BLAKE2b).

        Raises
        ------
        InputError
            If a CSV file cannot be read.

        Examples
        --------
        >>> import sim
        >>> office = sim.load("one-office")
        >>> lower = sim.reform(office, {"pay.full_pay_threshold": 90})
        >>> office.digest() == lower.digest()
        False
        >>> office.digest(of_work=True) == lower.digest(of_work=True)
        True
        """
        left_out = dict.fromkeys(("title", "description", "currency"), True)
        left_out |= dict.fromkeys(JUDGEMENT, True) if of_world else self._not_worked_by() if of_work else {}
        kept = DRAWN | {"units": dict.fromkeys(self.units, {"type"})} if of_draw else None
        # Steps that rules have added are of types that no file can name; they are written like all others.
        content = self.model_dump_json(include=kept, exclude=left_out, warnings=False)
        parts = [content.encode(), *(read_bytes(self._folder / name) for name in self.tables())]
        if self._earlier is not None and not of_draw and "scorecards" not in left_out:
            parts.append(self._earlier_state())
        return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()

    def _not_worked_by(self) -> dict[str, Any]:
        """The rules that do not touch the work where nobody reacts. Verdicts that move people are felt in
        the next year; audits find nothing where nobody makes false records."""
        felt = self.careers.on and (self.horizon.years or 0) > 1
        unfelt = {"pay": True, "behaviour": True, "assessment": {"audits"}}
        return unfelt if felt else dict.fromkeys(JUDGEMENT, True)

    def tables(self) -> list[str]:
        """List the CSV files that the scenario names.

        Returns
        -------
        list of str
            Paths relative to the scenario's folder, sorted.

        Examples
        --------
        >>> import sim
        >>> sim.load("one-office").tables()
        []
        """
        named = [demand.rates for demand in self.demand.values()] + [self.replay, self.work_in_progress]
        return sorted({name for name in named if name is not None})
