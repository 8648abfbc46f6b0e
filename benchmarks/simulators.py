"""The same network in other simulators and in C."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from sim.flow import executor, prepare

from . import in_c, in_simpy
from .measure import Row, Scale, by_turns, child, not_measured
from .network import drawn, network

OTHERS = Path(__file__).with_name(".others")  # where `make bench` puts Ciw and salabim
MODELS = ("plain SimPy", "salabim", "Ciw")


def against_c(scale: Scale) -> list[Row]:
    """The compiled executor and the loop in C on the whole year; raises AssertionError unless rows agree."""
    what, target = "compiled executor against C (gcc -O3), network of a year, same rows", "0.9 of its speed"
    if not in_c.available():
        return [not_measured(what, "there is no gcc", target)]
    prepare("compiled")
    bureau, trips = drawn(network(scale.days))
    traces = []

    def compiled() -> None:
        flow = executor("compiled")(bureau.tables)
        flow.work_until(trips.end_s)
        traces[:] = [flow.trace]

    taken = by_turns({"compiled": compiled, "c": lambda: in_c.run(trips)}, scale.turns)
    for name, column in in_c.run(trips).items():
        np.testing.assert_array_equal(getattr(traces[0], name), column, name)
    requests, events = len(trips.arrival_s), len(trips.arrival_s) + len(traces[0].segments)
    ratio = taken["c"] / taken["compiled"]
    return [
        Row(what, f"{ratio:.2f} of its speed", target, ratio >= 0.9),
        Row(
            f"– {requests:,} requests, {events:,} events",
            f"compiled {taken['compiled']:.3f} s, C {taken['c']:.3f} s",
        ),
    ]


def against_others(scale: Scale) -> list[Row]:
    """The compiled executor and the other simulators on a shorter horizon, each as fast as it goes."""
    found = child("simulators", OTHERS, scale.shorter_days, scale.turns)
    ours = found["speed"]["compiled"]
    rows = []
    for name in MODELS:
        what = f"compiled executor over {name}, same network"
        if name not in found["speed"]:
            rows.append(not_measured(what, f"{name} is not installed", "faster"))
            continue
        speed, sojourn = found["speed"][name], found["sojourn_h"][name]
        rows.append(Row(what, f"{ours / speed:,.0f} times", "faster", ours > speed))
        rows.append(_speed(name, speed, sojourn))
    for name, key in (("compiled executor", "compiled"), ("SimPy executor", "simpy"), ("C", "c")):
        if key in found["speed"]:
            rows.append(_speed(name, found["speed"][key], found["sojourn_h"][key]))
    return [*rows, Row("– of the same table", f"{found['requests']:,} requests")]


def _speed(name: str, speed: float, sojourn_h: float) -> Row:
    return Row(f"– {name}", f"{speed:,.0f} requests/s; mean time in the bureau {sojourn_h:.3f} h")


def main(folder: str, days: str, turns: str) -> None:
    """Speed (requests a second) and mean sojourn (hours) of all that are there, as JSON."""
    sys.path.append(folder)  # last: what is installed there brings a package named `tests`
    prepare("compiled")
    bureau, trips = drawn(network(float(days)))
    finish_s: dict[str, np.ndarray] = {}

    def flow(engine: str) -> None:
        running = executor(engine)(bureau.tables)
        running.work_until(trips.end_s)
        finish_s[engine] = running.trace.finish_s

    functions = {engine: lambda engine=engine: flow(engine) for engine in ("compiled", "simpy")}
    if in_c.available():
        functions["c"] = lambda: finish_s.update(c=in_c.run(trips)["finish_s"])
    models = {"plain SimPy": in_simpy.run}
    if find_spec("salabim"):
        from . import in_salabim

        models["salabim"] = in_salabim.run
    if find_spec("ciw"):
        from . import in_ciw

        models["Ciw"] = in_ciw.run
    for name, model in models.items():
        functions[name] = lambda name=name, model=model: finish_s.update({name: model(trips)})
    taken = by_turns(functions, int(turns))
    requests = len(trips.arrival_s)
    print(
        json.dumps(
            {
                "requests": requests,
                "speed": {name: requests / seconds for name, seconds in taken.items()},
                "sojourn_h": {name: trips.mean_sojourn_s(mine) / 3600 for name, mine in finish_s.items()},
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
