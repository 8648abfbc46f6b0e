"""Build a checked scenario from a file or plain data; report every problem with file, line and path."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from .cards import card_at, unit_here
from .check import problems
from .errors import InputError
from .folders import SCENARIO_FILE, inside, is_file, is_folder, named, not_linked_away, real
from .mistakes import raise_all, validate
from .open_matters import read_open_matters
from .part import bounds_text
from .request_tables import read_rates, read_replay
from .schema import Scenario, fingerprint
from .source import Path_, Source, read_yaml


def load(scenario: str | Path) -> Scenario:
    """Load a scenario and check it.

    Parameters
    ----------
    scenario : str or Path
        The name of a folder under ``scenarios/``, or the path of a scenario's folder or file.

    Returns
    -------
    Scenario
        The scenario, which has passed every check.

    Raises
    ------
    InputError
        If a file cannot be read, or the scenario is refused. The error gives file, line and path.

    See Also
    --------
    build : Build a scenario from plain data.

    Notes
    -----
    A bare word is a name first, and ``./binhai`` is always a path. A name is looked up in ``scenarios/`` of
    the working directory, then among the scenarios that the package ships.

    Examples
    --------
    >>> import sim
    >>> office = sim.load("one-office")
    >>> office.title.en
    'One office'
    >>> sim.load("one-ofice")
    Traceback (most recent call last):
        ...
    sim.scenario.errors.InputError: unknown scenario 'one-ofice'. Did you mean 'one-office'?
    """
    file = not_linked_away(_scenario_file(scenario))
    return build_from(read_yaml(file), file.parent)


def _scenario_file(scenario: str | Path) -> Path:
    found = named(scenario, f"*/{SCENARIO_FILE}", "scenario")
    return found / SCENARIO_FILE if is_folder(found) else found


def build(data: dict[str, Any], folder: Path | None = None) -> Scenario:
    """Build a scenario from plain data and check it.

    Parameters
    ----------
    data : dict
        The content of a ``scenario.yaml``, without evidence. The function copies it.
    folder : Path, optional
        The folder of the CSV files that the data name; ``data`` under the working directory by default.

    Returns
    -------
    Scenario
        The scenario, which has passed every check.

    Raises
    ------
    InputError
        If the scenario is refused. The error gives the path inside the data.

    See Also
    --------
    load : Load a scenario from its file.

    Examples
    --------
    >>> import copy
    >>> import sim
    >>> data = copy.deepcopy(sim.load("one-office").source.data)
    >>> data["staff"]["clerk"]["count"] = 2
    >>> sim.build(data).staff["clerk"].count
    2
    """
    return build_from(Source(Path("<data>"), copy.deepcopy(data)), folder or Path("data"))


def build_from(source: Source, folder: Path) -> Scenario:
    """Validate what was read, check it as a whole, and keep the source beside it."""
    scenario = validate(Scenario, source)
    scenario._source, scenario._as_read = source, fingerprint(scenario.state())
    scenario._folder = real(folder) if is_folder(folder) else folder
    wrong_tables = list(_table_errors(scenario))  # what else is wrong is known when tables are read
    problems_found = () if wrong_tables else _problems(scenario)
    raise_all(chain(wrong_tables, problems_found, _evidence_errors(scenario)))
    return scenario


def _problems(scenario: Scenario) -> Iterator[InputError]:
    for problem in problems(scenario):
        yield scenario.source.error(problem.message, problem.path, problem.remedy)


def _table_errors(scenario: Scenario) -> Iterator[InputError]:
    for path, name, read in _tables(scenario):
        if name is None:
            continue
        target = inside(scenario.folder, name)
        if target is None:
            message, remedy = f"the file '{name}' is outside the scenario's folder", "Name a file inside it"
            yield scenario.source.error(message, path, remedy)
        elif not is_file(target):
            message = f"there is no file '{name}' in {scenario.folder}"
            yield scenario.source.error(message, path, "Check the spelling, or put it there")
        else:
            try:
                read(scenario.folder / name, scenario)
            except InputError as error:
                yield error


def _tables(scenario: Scenario) -> Iterator[tuple[Path_, str | None, Callable[[Path, Scenario], object]]]:
    """Yield where each table is named, its name, and what reads it."""
    for kind, demand in scenario.demand.items():
        yield ("demand", kind, "rates"), demand.rates, read_rates
    yield ("replay",), scenario.replay, read_replay
    yield ("work_in_progress",), scenario.work_in_progress, read_open_matters


def _evidence_errors(scenario: Scenario) -> Iterator[InputError]:
    """Check that evidence has the parameter's own unit, and a range within the parameter's bounds."""
    source = scenario.source
    for path, evidence in source.evidence.items():
        card = card_at(Scenario, path, source.data)
        unit = None if card is None else unit_here(card["unit"], path, source.data)
        if evidence.unit is None and unit not in (None, "-", "1"):
            yield source.error("the unit is missing", path, f"Add unit: {unit}")
        if evidence.unit not in (None, unit):
            has_unit = unit not in (None, "-")
            remedy = f"This parameter is in {unit}" if has_unit else "It has none; leave 'unit' out"
            yield source.error(f"the unit is '{evidence.unit}'", (*path, "unit"), remedy)
        if evidence.range is not None and card is not None:
            numbers = {key: bound for key, bound in card["bounds"].items() if not isinstance(bound, str)}
            least, most = numbers.get("ge", numbers.get("gt", -math.inf)), numbers.get("le", math.inf)
            if evidence.range[0] < least or evidence.range[1] > most:
                remedy = f"The parameter must be {bounds_text(card, 'en')}"
                yield source.error("the range leaves the parameter's bounds", (*path, "range"), remedy)
