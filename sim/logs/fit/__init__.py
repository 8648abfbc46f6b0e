"""Fit a log: arrivals, hours, work, routes, waits, people and limits, a file each."""

from .model import Fit, fit_log

__all__ = ["Fit", "fit_log"]
