"""Peak memory of one bureau-year in a process of its own."""

from __future__ import annotations

import json
import sys

from sim.flow import prepare

from .measure import Row, Scale, child, peak_mb


def memory(scale: Scale) -> list[Row]:
    scenario = scale.scenario
    kinds = (("with request rows", "requests", 300), ("summaries only", "summaries", 200))
    prepare("compiled")
    rows = []
    for title, kind, most in kinds:
        child("memory", scenario, kind)  # leaves all code on disk: compiling takes memory too
        peak = child("memory", scenario, kind)
        rows.append(
            Row(f"peak memory, one bureau-year {title}", f"{peak:.0f} MB", f"under {most} MB", peak < most)
        )
    written = child("memory", scenario, "written")
    return [*rows, Row("– summaries, written as Parquet (with Arrow)", f"{written:.0f} MB")]


def main(scenario: str, kind: str) -> None:
    from sim.replication import simulate

    result = simulate(scenario)
    tables = [result.outcomes]
    if kind == "requests":
        tables += [result.requests, result.steps, result.segments]
    if kind == "written":
        from sim.study.result import Unit, pack

        pack(Unit("current", "mechanical", 0, "0" * 32, ""), result)
    print(json.dumps(peak_mb()))


if __name__ == "__main__":
    main(*sys.argv[1:])
