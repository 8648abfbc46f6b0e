"""The network in plain SimPy: a process a request, a stock Resource a pool."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

from .network import Trips


def run(trips: Trips) -> np.ndarray:
    """When each request is finished, s; −1 = not within the horizon.

    Only the order of what happens in the same second may differ from the executors'.
    """
    env = simpy.Environment()
    pools = [simpy.Resource(env, int(servers)) for servers in trips.servers]
    firsts = trips.first_task.tolist()
    columns = list(zip(trips.pool.tolist(), trips.work_s.tolist(), strict=True))
    tasks = [columns[first:last] for first, last in zip(firsts, firsts[1:], strict=False)]
    finish_s = np.full(len(tasks), -1, np.int64)

    def request(number: int) -> Generator:
        for pool, work_s in tasks[number]:
            with pools[pool].request() as turn:
                yield turn
                yield env.timeout(work_s)
        finish_s[number] = env.now

    def doors() -> Generator:
        for number, arrival_s in enumerate(trips.arrival_s.tolist()):
            yield env.timeout(arrival_s - env.now)
            env.process(request(number))

    env.process(doors())
    env.run(until=trips.end_s)
    return finish_s
