"""M/M/1, first come, first served."""

from __future__ import annotations

import numpy as np


def on_time_share(arrival_rate: np.ndarray, service_rate: np.ndarray, limit: float) -> np.ndarray:
    """P(time in the system ≤ limit) in M/M/1, first come, first served; 0 where the line grows for ever."""
    slack = np.maximum(np.asarray(service_rate, float) - np.asarray(arrival_rate, float), 0.0)
    return -np.expm1(-slack * limit)
