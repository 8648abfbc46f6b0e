"""A study whose workers note what each replication took. Light to import: every worker does that first."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import monotonic, process_time
from typing import Any

CALLS = "JINGXI_BENCHMARK_CALLS"  # the folder of the notes


def timed(*arguments: Any, **options: Any) -> Any:
    """`simulate` in a worker, with a note of when it ended and of its processor time."""
    from sim.replication import simulate

    busy = process_time()
    result = simulate(*arguments, **options)
    with (Path(os.environ[CALLS]) / f"{os.getpid()}.calls").open("a") as notes:
        notes.write(f"{monotonic()} {process_time() - busy}\n")
    return result


def main(file: str, workers: str, results: str) -> None:
    """Run a study in the folder `results`, by `workers` processes or as many workers of Dask ("dask 2").

    Print, as JSON, what part of their time was not spent on replications: from the end of each worker's first
    one on, and from the start of the run on. Then the replications a second from the first one's end on, and
    the bytes that went over the machine's own network.
    """
    from sim.spawn import nursery

    number = int(workers.split()[-1])
    own = not workers.startswith("dask")
    if own:
        with nursery():  # as `sim run` does
            pass
    from sim.study import study
    from sim.study.run import processors, run

    os.environ[CALLS] = results
    os.chdir(results)
    wanted = study(Path(file))
    sent, begin = _sent(), monotonic()
    run(wanted, workers=number if own else None, progress=False, simulate=timed)
    end, sent = monotonic(), _sent() - sent
    if wanted.missing():
        raise RuntimeError("the study is not complete")
    calls = [
        [tuple(map(float, line.split())) for line in notes.read_text().splitlines()]
        for notes in Path(results).glob("*.calls")
    ]
    at_once = min(number, processors())  # more workers than processors take turns
    busy = sum(taken for mine in calls for _, taken in mine)
    later = sum(taken for mine in calls for _, taken in mine[1:])
    there = sum(end - mine[0][0] for mine in calls) * at_once / number
    first = min(mine[0][0] for mine in calls)
    rate = (sum(map(len, calls)) - 1) / (end - first)
    print(json.dumps([1 - later / there, 1 - busy / ((end - begin) * at_once), rate, sent]))


def _sent() -> int:
    """Bytes that this machine has sent to itself."""
    import psutil

    return sum(
        one.bytes_sent for name, one in psutil.net_io_counters(pernic=True).items() if name.startswith("lo")
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
