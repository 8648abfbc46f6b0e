"""How far a run is: a bar in a terminal or notebook, elsewhere a line a minute and one at the end."""

from __future__ import annotations

import sys
import time
import warnings
from typing import Any

from sim.scenario.counts import number_of

LINE_EVERY_S = 60.0


class Progress:
    """Told of every `what` that is done or failed. Silent if `shown` is false."""

    def __init__(self, name: str, shown: bool = True, what: str = "replication") -> None:
        self._name, self._shown, self._what = name, shown, what
        self._bar: Any = None
        self._began = self._told = 0.0  # when the first were told of; when the last line was written
        self._total = self._done = self._failed = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()
        elif self._done:
            self._line()

    def of(self, what: str) -> Progress:
        """Return the progress of something else that the run does first."""
        return Progress(self._name, self._shown, what)

    def more(self, units: int) -> None:
        """So many are to be computed, besides those told before."""
        if not self._total:
            self._began = self._told = time.monotonic()
        self._total += units
        if self._bar is None and self._shown and _watched():
            self._bar = _bar(self._name, self._what)
        if self._bar is not None:
            self._bar.total = self._total
            self._bar.refresh()

    def one(self, failed: bool = False) -> None:
        """One is done, or has failed."""
        self._done += 1
        self._failed += failed
        if self._bar is not None:
            if failed:
                self._bar.set_postfix(failed=self._failed, refresh=False)
            self._bar.update()
        elif time.monotonic() - self._told >= LINE_EVERY_S:
            self._line()

    def tell(self, text: str) -> None:
        """A line beside the progress."""
        if self._bar is not None:
            self._bar.write(f"{self._name}: {text}", file=sys.stderr)
        elif self._shown:
            print(f"{self._name}: {text}", file=sys.stderr, flush=True)

    def _line(self) -> None:
        self._told = time.monotonic()
        passed = self._told - self._began
        left = passed / self._done * (self._total - self._done)
        text = f"{self._done} of {number_of(self._total, self._what)}"
        text += f", {self._failed} failed" if self._failed else ""
        text += f", {self._done / max(passed, 1e-9):.3g} a second"
        self.tell(text + (f", {left:.0f} s left" if self._done < self._total else f", {passed:.0f} s"))


def _watched() -> bool:
    return _in_notebook() or sys.stderr.isatty()


def _in_notebook() -> bool:
    """Whether this runs in a notebook's kernel, not merely where somebody has imported one."""
    kernel = sys.modules.get("ipykernel.kernelapp")
    return kernel is not None and kernel.IPKernelApp.initialized()


def _bar(name: str, what: str) -> Any:
    if not _in_notebook():
        from tqdm import tqdm
    else:
        with warnings.catch_warnings():  # of missing widgets: a plain bar is shown then
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    return tqdm(total=0, desc=name, unit=what, dynamic_ncols=True)
