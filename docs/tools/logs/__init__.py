"""What a fit of a log is worth: held-out parts of public logs, and offices of which all is known."""

from .page import write

__all__ = ["write"]
