"""A trace by hand: a few requests whose every moment is known, drawn as the executor serves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from sim.replication import Result, simulate
from sim.report.style import PALETTE
from sim.report.words import Text
from sim.scenario import load, reform

from .draw import labelled, legend, panels
from .worlds import policy_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OFFICE = "one-office"  # open around the clock; one clerk at the role 'window'
MINUTE_S = 60
HATCHES = ("", "////", "....")
Times = tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What a rule does to a few requests at the small office, told by hand and drawn from the executor.

    told : the trace by hand, plain sentences. rows : the requests in order of arrival; ``at`` and ``work``
    in minutes from `start`, further columns as in a table of arrivals, but in minutes. changes : to the
    small office, by path. minutes : how long it is served. ends : when each request ends, minutes, as told;
    None = it leaves, or does not end.
    """

    told: Text
    rows: Sequence[Mapping[str, Any]]
    ends: Times
    minutes: float
    start: str = "2025-01-01"
    changes: Mapping[str, Any] = field(default_factory=dict)
    seen: ClassVar[str] = (
        "A line is a wait, a bar is work, a cross leaves. 细线为等候，色条为办理，叉号为离开。"
    )

    def run(self, engine: str = "compiled") -> Result:
        """Let an executor serve the requests."""
        span = {"horizon": {"start": self.start, "minutes": self.minutes}}
        office = reform(load(OFFICE), policy_of({**span, **self.changes}))
        table = pd.DataFrame([{"kind": "visit", "unit": "office"} | dict(row) for row in self.rows])
        table = table.rename(columns={"at": "arrival_s", "work": "work_s.serve"})
        times = [name for name in map(str, table) if "_s" in name]
        table[times] *= MINUTE_S
        return simulate(office, replay=table, engine=engine)

    def ended(self, result: Result) -> Times:
        """When each request ended, minutes."""
        return tuple(None if end < 0 else end / MINUTE_S for end in result.requests["finish_s"])

    def drawn(self) -> Figure:
        """A row for each request: a line is its wait, a bar work (a colour for each person), × it leaves."""
        result = self.run()
        requests, segments = result.requests, result.segments
        figure, (axis,) = panels()
        left, done = requests["withdrawn_s"], requests["finish_s"]
        until = done.where(done >= 0, left).where((done >= 0) | (left >= 0), self.minutes * MINUTE_S)
        axis.hlines(
            requests.index, requests["arrival_s"] / MINUTE_S, until / MINUTE_S, color="#8a8a94", zorder=1
        )
        axis.plot(requests["arrival_s"] / MINUTE_S, requests.index, "|", color="#8a8a94", markersize=10)
        for number, (person, own) in enumerate(segments.groupby("person", sort=True)):
            begin, length = own["start_s"] / MINUTE_S, (own["end_s"] - own["start_s"]) / MINUTE_S
            look: dict[str, Any] = {"height": 0.6 / (1 + number), "edgecolor": "white", "zorder": 3 + number}
            colour, hatch = PALETTE[number % len(PALETTE)], HATCHES[number % len(HATCHES)]
            axis.barh(
                own["request"], length, left=begin, color=colour, hatch=hatch, label=str(person), **look
            )
        sat = result.steps[(result.steps["type"] == "sitting") & (result.steps["start_s"] >= 0)]
        if len(sat):
            length = (sat["end_s"] - sat["start_s"]) / MINUTE_S
            axis.barh(
                sat["request"], length, left=sat["start_s"] / MINUTE_S, height=0.6, color=PALETTE[0], zorder=3
            )
        gone = requests.index[left >= 0]
        if len(gone):
            axis.plot(left[gone] / MINUTE_S, gone, "x", color=PALETTE[2], markersize=8, label="leaves 离开")
        axis.set_ylim(len(requests) - 0.4, -0.6)
        axis.set_yticks(requests.index, [str(number + 1) for number in requests.index])
        labelled(axis, ("minutes", "分钟"), ("request", "来件"))
        legend(axis)
        return figure


def kinds(**parts: Mapping[str, Any]) -> dict[str, Any]:
    """The change to these kinds of matter; of each what departs from a single step of work, ``serve``."""
    base = {"title": {"en": "matter", "zh": "事项"}, "route": {"serve": work()}}
    return {"kinds": {name: base | dict(part) for name, part in parts.items()}}


def work(**more: Any) -> dict[str, Any]:
    """A step of work at the window; how long it takes stands in the rows."""
    return {"type": "work", "at": "own/window", "minutes": 10, "distribution": "constant", **more}


def came(at: Sequence[float], minutes: float | Sequence[float], kind: str = "visit") -> list[dict[str, Any]]:
    """Rows of one kind that come at these minutes, with so much work, each or all."""
    need = [minutes] * len(at) if isinstance(minutes, int | float) else minutes
    return [{"kind": kind, "at": one, "work": own} for one, own in zip(at, need, strict=True)]
