"""What a page of documentation says of a rule, and how the rule is switched alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.report.words import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Scenario

    from .course import Course
    from .trace import Trace

OWN = "definition of the model"


@dataclass(frozen=True)
class Arm:
    """One side of a comparison: a world under a policy (a file of the scenario) or under changes by path.

    behaviour : how people answer to the rules. years : assessment years simulated, of which the last is
    compared. since : the year from which its changes hold. solve : a path of `changes` whose number is first
    solved for, so that the arm costs what the scenario's own rules cost (`sim.budget_neutral`).
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    policy: str = ""
    behaviour: str = "mechanical"
    years: int = 1
    since: int | None = None
    solve: str = ""

    def __post_init__(self) -> None:
        if self.policy and self.changes:
            raise ValueError(f"the arm has a policy '{self.policy}' and changes; give one of the two")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One page. `told`, `source`, `caption` are plain sentences, `equation` is Markdown (TeX in ``$``).

    paths : under which its parameters stand (`sim.scenario.parameters.catalogue`). figure : draws the rule
    by the project's own functions; some simulate one replication. on, off : the worlds with the rule and
    without it. outcomes : what it must move, the headline first; ``outcome@kind`` is of one kind of matter,
    ``bottom#card`` the share at the bottom of the units with a scorecard (``#all``: of all).
    remark : what a reader of the effects should know. by_hand : an example whose numbers are worked
    out by hand.
    scenario : the one whose effects the page tells.
    """

    name: str
    title: Text
    told: Text
    equation: str
    paths: tuple[str, ...]
    source: Text
    figure: Callable[[Scenario], Figure]
    caption: Text
    on: Arm
    off: Arm = Arm()
    outcomes: tuple[str, ...]
    remark: Text | None = None
    by_hand: Trace | Course | Text | None = None
    scenario: str = "binhai"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Rules that belong together: a heading of the index."""

    title: Text
    rules: tuple[Rule, ...]


def both(en: str, zh: str) -> Text:
    """A text in both languages."""
    return Text(en=en, zh=zh)
