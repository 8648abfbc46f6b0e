"""A Poisson regression with a constant for each group: how counts answer to what is known beside them."""

import numpy as np

STEPS = 20  # of Newton; few suffice


def powers(
    counts: np.ndarray, exposure: np.ndarray, known: np.ndarray, group: np.ndarray, cluster: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Powers by which counts answer to columns of numbers above 0, and their standard errors.

    Counts come at a rate of the group's own constant times the product of the columns, each by its power.
    Group and cluster number the rows from 0; errors allow for what the rows of a cluster have in common.

    Examples
    --------
    >>> import numpy as np
    >>> from regression import powers
    >>> people = np.array([[1.0], [4.0]] * 50)
    >>> group, cluster = np.repeat([0, 1], 50), np.arange(100)
    >>> power, error = powers(2 * people[:, 0] ** 0.5, np.ones(100), people, group, cluster)
    >>> power.round(3).tolist(), error.round(3).tolist()
    ([0.5], [0.0])
    """
    logs, power = np.log(known), np.zeros(known.shape[1])
    total = np.bincount(group, counts)
    for _ in range(STEPS):
        mean = exposure * np.exp(logs @ power)
        mean *= (total / np.bincount(group, mean))[group]
        centre = [np.bincount(group, mean * one) / np.maximum(total, 1) for one in logs.T]
        apart = logs - np.column_stack(centre)[group]
        information = apart.T @ (apart * mean[:, None])
        power += np.linalg.solve(information, apart.T @ (counts - mean))
    score = np.column_stack([np.bincount(cluster, one * (counts - mean)) for one in apart.T])
    inverse = np.linalg.inv(information)
    return power, np.sqrt(np.diag(inverse @ (score.T @ score) @ inverse))
