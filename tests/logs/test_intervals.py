"""What the held-out period brought stands beside what was foretold."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.logs import read_log
from sim.logs.intervals import outcomes

HEADER = "case,activity,person,start,end,received\n"


@pytest.mark.parametrize("days", [0, 10])
def test_the_time_since_receipt_stands_beside_the_cycle_time(tmp_path, days):
    first = pd.Timestamp("2025-03-20 09:00")
    received = first - pd.Timedelta(days=days)
    rows = [f"c{one},sign,P,{first},{first + pd.Timedelta(hours=5)},{received}" for one in range(24)]
    (tmp_path / "log.csv").write_text(HEADER + "\n".join(rows) + "\n")
    log = read_log(tmp_path / "log.csv", {"case_start": "received"})
    real = log.events.assign(arrival=received)
    found = outcomes(log, real, [real, real], real["end"].max())["real"]
    assert found["mean_cycle_hours"] == 5.0
    assert found.get("mean_hours_since_receipt") == (24.0 * days + 5.0 if days else None)
