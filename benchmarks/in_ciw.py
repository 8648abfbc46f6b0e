"""The network in Ciw: a node a pool, a class of customers an office."""

from __future__ import annotations

import math

import ciw
import numpy as np

from .network import Trips


def run(trips: Trips) -> np.ndarray:
    """When each request is finished, s; −1 = not within the horizon.

    Ciw draws gaps and works itself. Here each office has a sequence of gaps, and a customer's works are those
    of the next request of its office when it is first served: at the first node customers of an office are
    served in the order in which they come. What happens in the same second, and at equal times of which free
    server, is decided otherwise than by the executors.
    """
    offices = {f"office {number}": np.flatnonzero(trips.office == number) for number in set(trips.office)}
    gaps = {
        name: [*np.diff(trips.arrival_s[mine], prepend=0).tolist(), math.inf]
        for name, mine in offices.items()
    }
    routes = {  # its first request's, as all go the same way; nodes count from 1
        name: (trips.pool[slice(*trips.first_task[mine[0] : mine[0] + 2])] + 1).tolist()
        for name, mine in offices.items()
    }
    firsts, works = trips.first_task.tolist(), trips.work_s.tolist()
    coming = {name: iter(mine.tolist()) for name, mine in offices.items()}
    nodes = len(trips.servers)
    served: list[ciw.Individual] = []

    class Drawn(ciw.dists.Distribution):
        def sample(self, t=None, ind=None):
            if not hasattr(ind, "works"):
                ind.number = next(coming[ind.customer_class])
                ind.works = iter(works[firsts[ind.number] : firsts[ind.number + 1]])
                served.append(ind)
            return next(ind.works)

    simulation = ciw.Simulation(
        ciw.create_network(
            arrival_distributions={
                name: [
                    ciw.dists.Sequential(gaps[name]) if node == routes[name][0] else None
                    for node in range(1, nodes + 1)
                ]
                for name in offices
            },
            service_distributions={name: [Drawn()] * nodes for name in offices},
            routing={
                name: ciw.routing.ProcessBased(lambda ind, _: routes[ind.customer_class][1:])
                for name in offices
            },
            number_of_servers=trips.servers.tolist(),
        )
    )
    simulation.simulate_until_max_time(trips.end_s)
    finish_s = np.full(len(trips.arrival_s), -1, np.int64)
    for individual in served:
        if len(individual.data_records) == len(routes[individual.customer_class]):
            finish_s[individual.number] = individual.data_records[-1].exit_date
    return finish_s
