"""Measures of a baseline: the policies that tell what each one adds to it, alone and with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.evaluate.shares import NONE, alone, without
from sim.scenario.part import Text
from sim.scenario.policy import Policy

if TYPE_CHECKING:
    from .file import Measure

Without = Mapping[str, Any]  # the changes that take a measure out, by dotted path


def policies_of(measures: Sequence[Measure], offs: Sequence[Without]) -> Iterator[Policy]:
    """Yield the policies of a study with measures: without each, with each alone, and without all.

    They are changes of the baseline. `offs` are the measures' changes as the file writes them.
    """
    if not measures:
        return
    for one, off in zip(measures, offs, strict=True):
        title = Text(en=f"Without: {one.title.en}", zh=f"不实行{one.title.zh}")
        reason = Text(en="What it adds to all the others.", zh="反映该项措施在其余措施之上的作用。")
        yield Policy(without(one.name), title, reason, dict(off))
    everything = {path: value for off in offs for path, value in off.items()}
    for one, off in zip(measures, offs, strict=True):
        title = Text(en=f"Alone: {one.title.en}", zh=f"仅实行{one.title.zh}")
        reason = Text(en="What it does without the others.", zh="反映单独实行该项措施的作用。")
        others = {path: value for path, value in everything.items() if path not in off}
        yield Policy(alone(one.name), title, reason, others)
    title = Text(en="None of the measures", zh="各项措施均不实行")
    reason = Text(en="With what single measures are compared.", zh="单项措施的对照。")
    yield Policy(NONE, title, reason, everything)


def overlaps(offs: Sequence[Without]) -> Iterator[tuple[int, str, int]]:
    """Yield each path of a measure that lies at, inside or around a path of an earlier one: the measure's
    number, the path, and the other's number."""
    for number, off in enumerate(offs):
        for path in off:
            for other, earlier in enumerate(offs[:number]):
                if any(
                    f"{path}.".startswith(f"{one}.") or f"{one}.".startswith(f"{path}.") for one in earlier
                ):
                    yield number, path, other
