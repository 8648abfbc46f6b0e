"""What went wrong while a report was made; the user's own mistakes are `sim.scenario.errors.InputError`."""


class ReportError(RuntimeError):
    """A report could not be made: the message names the notebook, the cell if one failed, and the cause."""
