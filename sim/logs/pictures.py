"""Pictures of a validation: what was held out, within the band of the simulations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .distances import DISTANCES
from .validate import Validation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 200  # at which distributions are compared
HELD_OUT, SIMULATED = "#111111", "#9a9a9a"


def cycle_times(validation: Validation, language: str = "en") -> Figure:
    """Draw the share of cases finished after so many days: held out, and 95 % of the simulations."""
    import matplotlib.pyplot as plt

    real, *simulated = [np.sort(one / 24) for one in validation.cycles]
    most = max(float(np.quantile(real, 0.99)), 1e-3)
    days = np.linspace(0, most, POINTS)
    shares = np.array([np.searchsorted(one, days, side="right") / len(one) for one in simulated])
    low, middle, high = np.quantile(shares, [0.025, 0.5, 0.975], axis=0)
    english = language == "en"
    figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    band = "95 % of simulations" if english else "95%模拟区间"
    axes.fill_between(days, low, high, color=SIMULATED, alpha=0.5, linewidth=0, label=band)
    axes.plot(days, middle, color=SIMULATED, linestyle="--", label="their median" if english else "模拟中位")
    axes.plot(
        days,
        np.searchsorted(real, days, side="right") / len(real),
        color=HELD_OUT,
        label="held-out cases" if english else "留出案件",
    )
    axes.set_xlabel("cycle time, days" if english else "办理周期（日）")
    axes.set_ylabel("share of cases finished" if english else "已办结比例")
    axes.set_ylim(0, 1)
    axes.legend(loc="lower right", frameon=False)
    plt.close(figure)  # whoever called shows it, once
    return figure


def table(validation: Validation, language: str = "en") -> pd.DataFrame:
    """The distances as a table: fitted, its spread, and the two yardsticks."""
    rows = {
        (english if language == "en" else chinese): {
            "fitted": validation.fitted[name].mean(),
            "spread": validation.fitted[name].std(),
            "replayed": validation.replayed[name],
            "naive": validation.naive[name],
            "unit": unit,
        }
        for name, (english, chinese, unit) in DISTANCES.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
