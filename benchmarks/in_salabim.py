"""The network in salabim: a component a request, a resource a pool."""

from __future__ import annotations

import numpy as np
import salabim

from .network import Trips


def run(trips: Trips) -> np.ndarray:
    """When each request is finished, s; −1 = not within the horizon.

    Without monitors and trace. Only the order of what happens in the same second may differ from the
    executors'.
    """
    env = salabim.Environment(trace=False, yieldless=False)
    pools = [
        salabim.Resource(capacity=int(servers), monitor=False, honor_only_first=True)
        for servers in trips.servers
    ]
    for pool in pools:
        pool.requesters().reset_monitors(False)
        pool.claimers().reset_monitors(False)
    firsts = trips.first_task.tolist()
    columns = list(zip(trips.pool.tolist(), trips.work_s.tolist(), strict=True))
    finish_s = np.full(len(trips.arrival_s), -1, np.int64)

    class Request(salabim.Component):
        def setup(self, number):
            self.number = number

        def process(self):
            for pool, work_s in columns[firsts[self.number] : firsts[self.number + 1]]:
                yield self.request(pools[pool])
                yield self.hold(work_s)
                self.release(pools[pool])
            finish_s[self.number] = env.now()

    class Doors(salabim.Component):
        def process(self):
            for number, arrival_s in enumerate(trips.arrival_s.tolist()):
                yield self.hold(till=arrival_s)
                Request(number=number)

    Doors()
    env.run(till=trips.end_s)
    return finish_s
