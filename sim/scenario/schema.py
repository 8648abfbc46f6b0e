"""A scenario: everything that is known of a bureau before a policy touches it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from .assessment import Assessment, Pay, Scorecard
from .behaviour import Behaviour
from .careers import Careers
from .competence import Competence
from .currency import USUAL, Currency
from .frictions import Frictions
from .organisation import Grade, Role, Staff, Unit, UnitType
from .other_work import Award, Duty, Study, Training
from .part import DEFINITION, Name, Part, Text, param
from .projects import Projects
from .service import Committee, Demand, Kind, Profile
from .service_rules import ServiceRules
from .source import Source
from .table_file import read_bytes
from .time import Calendar, Horizon

FORMAT = "jingxi-scenario/1"
DRAWN: dict[str, Any] = dict.fromkeys(
    ("calendar", "horizon", "profiles", "demand", "projects", "replay"), True
) | {
    "kinds": {"__all__": {"complexity_cv", "patience_minutes", "route"}},
    "service_rules": {"online"},  # which says at what hour people file; the other rules stand in the routes
}
# read when a year is judged, and by people who react
JUDGEMENT = {"scorecards", "assessment", "pay", "behaviour"}


class Scenario(Part):
    """The file ``scenario.yaml``, checked. Built by `sim.scenario.load` or `build`, never by hand."""

    format: Literal["jingxi-scenario/1"]
    title: Text
    description: Text
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
    behaviour: Behaviour = Behaviour()
    replay: str | None = None

    _source: Source = PrivateAttr()
    _folder: Path = PrivateAttr()
    # Where its service rules are written in (`sim.world.in_force`): the scenario before, and its state then.
    _written: tuple[Scenario, bytes] | None = PrivateAttr(None)

    @property
    def name(self) -> str:
        """The folder's name, by which the command line and the results call the scenario."""
        return self._folder.name

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def source(self) -> Source:
        """The file behind it: data without evidence, lines, evidence. A copy that was changed in code has the
        file of what it is a copy of: `sim.scenario.state.source_of` tells what it is now."""
        return self._source

    def state(self) -> bytes:
        """All it says, the order of steps and people included: equal as long as nobody changes it."""
        return self.model_dump_json(warnings=False).encode()

    def type_of(self, unit: str) -> UnitType:
        """The type of a unit."""
        return self.unit_types[self.units[unit].type]

    def setting(self, unit: str, name: str):
        """A service rule of a unit: its own where it has one, else that of its type."""
        own = getattr(self.units[unit], name, None)
        return own if own is not None else getattr(self.type_of(unit), name)

    def digest(self, *, of_work: bool = False, of_draw: bool = False) -> str:
        """A hash of everything in it that a result can depend on, the order of steps and people included.

        The scenario's own title, the name of its currency and all evidence are left out.

        `of_work` leaves out the rules by which a year is judged: equal hashes, equal work where nobody
        reacts. `of_draw` keeps only what decides which requests come and what they need.
        """
        left_out = {"title", "description", "currency"} | (self._not_worked_by() if of_work else set())
        kept = DRAWN | {"units": dict.fromkeys(self.units, {"type"})} if of_draw else None
        # Steps that rules have added are of types that no file can name; they are written like all others.
        content = self.model_dump(mode="json", include=kept, exclude=left_out, warnings=False)
        tables = [self._folder / name for name in self.tables()]
        parts = [
            json.dumps(content, ensure_ascii=True).encode(),
            *(read_bytes(table) for table in tables),
        ]
        return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()

    def _not_worked_by(self) -> set[str]:
        """The rules that do not touch the work where nobody reacts. Verdicts that move people are felt in
        the next year."""
        felt = self.careers.on and (self.horizon.years or 0) > 1
        return {"pay", "behaviour"} if felt else JUDGEMENT

    def tables(self) -> list[str]:
        """The CSV files it names, relative to its folder."""
        named = [demand.rates for demand in self.demand.values()] + [self.replay]
        return sorted({name for name in named if name is not None})
