"""What was found in a log: counts and examples of all that is missing, impossible, double or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.scenario.counts import number_of
from sim.scenario.errors import printable

_ONE = {
    "rows": "row",
    "cases": "case",
    "events": "event",
    "activities": "activity",
    "people": "person",
    "starts": "start",
    "executions": "execution",
    "sequences": "sequence",
}


@dataclass(frozen=True)
class Finding:
    """A thing that was found in a log.

    Attributes
    ----------
    name : str
        A word that names it.
    en, zh : str
        What it is, in both languages.
    count : int
        How often it was found: rows, or cases.
    examples : tuple of str
        Up to three, with the row or the case.
    wrong : bool
        The rows cannot be read as events; they are left out if the user says so, and refused otherwise.
    """

    name: str
    en: str
    zh: str
    count: int
    examples: tuple[str, ...] = ()
    wrong: bool = False

    def line(self, language: str = "en") -> str:
        """The finding on one line: the count, what it is, examples."""
        count, _, text = (
            self.counted().partition(" ") if language == "en" else (f"{self.count:,}", "", self.zh)
        )
        shown = ", ".join(printable(one, 60) for one in self.examples)
        return f"{count:>9}  {text}" + (f" ({shown})" if shown else "")

    def counted(self) -> str:
        """The count and what it is in English, whose noun stands first: 1 row without a case."""
        several, blank, more = self.en.partition(" ")
        return number_of(self.count, _ONE.get(several, several) + blank + more, self.en)


def told(findings: Sequence[Finding], language: str = "en") -> list[str]:
    """The findings as lines, those that were found at all.

    Examples
    --------
    >>> from sim.logs.found import Finding, told
    >>> told([Finding("cases", "cases", "案件", 12), Finding("repeated", "rows twice", "重复行", 0)])
    ['       12  cases']
    """
    return [one.line(language) for one in findings if one.count]


def of_cases(name: str, en: str, zh: str, odd: pd.Series) -> Finding:
    """What was found of cases, by their names: how many, with the first three."""
    return Finding(name, en, zh, len(odd), tuple(str(one) for one in odd[:3]))
