"""Changes of routes: steps inserted, redirected, copied. The given route is not modified.

Inserted steps have names with a dot, which no file can contain. A copy of a route for a channel has the
channel's name behind each of its steps (``accept.online``), and uses the luck of the original step. A request
on another way thus has the same work, missing papers and delays, except for what the way itself changes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from sim.scenario.part import given
from sim.scenario.service import Kind
from sim.scenario.steps import END, Branch, Check, Delay, Return, Sitting, Step, Work

Route = dict[str, Step | Check]
COUNTER, *OTHERS = CHANNELS = ("counter", "online", "early", "doorstep")
ASSISTED = "assisted"  # behind a step of which another unit has done a part


@lru_cache(maxsize=4096)  # of the same steps in every replication
def stream_of(step: str) -> str:
    """Return the name under which a step's luck is drawn: its own, or that of the original of a copy."""
    name, _, copy = step.rpartition(".")
    return stream_of(name) if name and copy in (*OTHERS, ASSISTED) else step


def route_of(kind: Kind) -> Route:
    """Return a kind's steps with those that rules have added: no file can name a check."""
    return cast(Route, kind.route)


def said(step: Step | Check, name: str, otherwise: Any) -> Any:
    """Return what a step says under a name, `otherwise` where its type has no such field.

    It is `getattr`, which takes ten times as long where there is none.
    """
    return vars(step).get(name, otherwise)


def written_out(route: Route) -> Route:
    """Return the route with every onward step named, so that only the first step's position matters."""
    names = list(route)
    following = dict(zip(names, [*names[1:], END], strict=True))
    return {
        name: step.model_copy(update={"next": following[name]})
        if isinstance(step, Work | Delay | Return | Sitting) and step.next is None
        else step
        for name, step in route.items()
    }


def redirected(step: Step | Check, to: Callable[[str], str]) -> Step | Check:
    """Return a step of a written-out route with each of its targets mapped by `to`."""
    if isinstance(step, Branch):
        return step.model_copy(update={"to": {to(target): chance for target, chance in step.to.items()}})
    changed = {"next": to(given(step.next))}  # it is written out
    if isinstance(step, Return):
        changed["back_to"] = to(step.back_to)
    if isinstance(step, Check):
        changed["sound"] = to(step.sound)
    return step.model_copy(update=changed)


def at_the_end(route: Route, tail: Route) -> Route:
    """Append `tail`: all that ended the route goes on to the first step of `tail`."""
    route, first = written_out(route), next(iter(tail))
    longer = {
        name: redirected(step, lambda target: first if target == END else target)
        for name, step in route.items()
    }
    return longer | tail


def in_front(route: Route, head: Route) -> Route:
    """Prepend `head`: the route begins with the first step of `head`."""
    return head | written_out(route)


def before(route: Route, step: str, put_in: Route) -> Route:
    """Insert `put_in` before `step`: all that led to `step` leads to the first step of `put_in`."""
    route, first = written_out(route), next(iter(put_in))
    begins_here = next(iter(route)) == step
    turned = {
        name: redirected(one, lambda target: first if target == step else target)
        for name, one in route.items()
    }
    return put_in | turned if begins_here else turned | put_in


def copied(route: Route, channel: str) -> Route:
    """Return a copy of the route for a channel."""
    return {
        f"{name}.{channel}": redirected(
            step, lambda target: target if target == END else f"{target}.{channel}"
        )
        for name, step in written_out(route).items()
    }


def each(route: Route, kind: type, changed: Callable[[Any], dict[str, Any]]) -> Route:
    """Return the route with fields of its steps of type `kind` changed; `changed` returns the new values."""
    return {
        name: step.model_copy(update=changed(step)) if isinstance(step, kind) else step
        for name, step in route.items()
    }


def works(route: Route) -> dict[str, Work]:
    """Return the steps of work, in the order of the route."""
    return {name: step for name, step in route.items() if isinstance(step, Work)}


def fork(chance: float, aside: str, onward: str) -> Branch:
    """Return a branch that leads aside with this probability, and else onward."""
    return Branch.model_construct(type="branch", to={aside: chance, onward: 1.0 - chance})


def pause(
    reason: str, days: float, cv: float, next_: str, *, stops_clock: bool, restarts_clock: bool = False
) -> Delay:
    """Return a delay of `days` working days on average."""
    return Delay.model_construct(
        type="delay",
        reason=reason,
        amount=days,
        per="working_days",
        distribution="lognormal",
        cv=cv,
        stops_clock=stops_clock,
        restarts_clock=restarts_clock,
        next=next_,
    )


def task(at: str, minutes: float, next_: str, *, complexity: bool) -> Work:
    """Return work of constant duration, except for the request's complexity."""
    return Work.model_construct(
        type="work",
        at=at,
        minutes=minutes,
        distribution="constant",
        complexity=complexity,
        next=next_,
    )
