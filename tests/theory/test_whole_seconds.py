"""What the clock's whole seconds cost: fifty servers whose customers leave when they have waited too long.

With patience as long as service in the mean, the number of customers is Poisson (everybody leaves at the same
rate, served or not), so that P(abandon) = E[(N − 50)⁺] / 50 is known. docs/validation.md shows the sizes.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from .offices import kind, run, scenario, work

SERVERS = 50
WAITING = np.arange(SERVERS, 400)
EXACT = ((WAITING - SERVERS) * stats.poisson.pmf(WAITING, SERVERS)).sum() / SERVERS


@pytest.mark.parametrize(("minutes", "least", "most"), [(60, -3, 3), (1, -4, 1), (0.25, -10, -5)])
def test_the_error_is_as_the_docs_say(minutes, least, most):
    """300,000 customers: a standard error of about 1 per cent."""
    hours = minutes / 60
    visit = kind(work(hours)) | {"patience_minutes": minutes}
    case = scenario(300_000 * hours / SERVERS, {"visit": visit}, {"visit": SERVERS / hours}, SERVERS)
    left = (np.array(run(case).trace.withdrawn_s) >= 0).mean()
    assert least < 100 * (left / EXACT - 1) < most
