"""M/M/4 at load 0.9 in idiomatic SimPy: the yardstick for what a request costs."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy

SERVERS, LOAD = 4, 0.9


def mm4(customers: int, seed: int = 0) -> float:
    """Serve `customers`; the mean wait in service times."""
    stream = np.random.default_rng(seed)
    gaps = stream.exponential(1 / (SERVERS * LOAD), customers).tolist()
    services = stream.exponential(1.0, customers).tolist()
    env = simpy.Environment()
    desk = simpy.Resource(env, SERVERS)
    waits = []

    def customer(service: float) -> Generator:
        came = env.now
        with desk.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(service)

    def doors() -> Generator:
        for gap, service in zip(gaps, services, strict=True):
            yield env.timeout(gap)
            env.process(customer(service))

    env.process(doors())
    env.run()
    return float(np.mean(waits))
