"""What went wrong while a report was made; the user's own mistakes are `sim.scenario.errors.InputError`."""


class ReportError(RuntimeError):
    """A report could not be made. The message names the notebook, the cell where there is one, and the cause."""
