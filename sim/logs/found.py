"""What was found in a log: counts and examples of all that is missing, impossible, double or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.scenario.errors import printable


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
        text = self.en if language == "en" else self.zh
        shown = ", ".join(printable(one, 60) for one in self.examples)
        return f"{self.count:>9,}  {text}" + (f" ({shown})" if shown else "")


def told(findings: Sequence[Finding], language: str = "en") -> list[str]:
    """The findings as lines, those that were found at all.

    Examples
    --------
    >>> from sim.logs.found import Finding, told
    >>> told([Finding("cases", "cases", "案件", 12), Finding("repeated", "rows twice", "重复行", 0)])
    ['       12  cases']
    """
    return [one.line(language) for one in findings if one.count]
