"""What an operator is told in a sentence that says what to do, instead of a traceback."""

from __future__ import annotations


class CannotRun(Exception):
    """Readout can't run here as asked."""


class DatabaseUnavailable(CannotRun):
    """There is no database, or none that Readout can use."""


class AddressUnavailable(CannotRun):
    """Readout can't be served there."""
