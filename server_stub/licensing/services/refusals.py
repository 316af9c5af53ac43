"""The two ways to say no.

A refusal is final for its request. `Refused` is recorded like any answer, so a late copy of the
request can never bind. `Unrecorded` is for requests that speak of nothing this server knows, or
that no server should have accepted; it is raised before the write transaction opens.
"""

from protocol.problems import RefusalCode


class Refused(Exception):
    """Refused, on the record; nothing else may have been changed when it is raised."""

    def __init__(self, code: RefusalCode, last_sequence: int | None = None) -> None:
        """`last_sequence` helps a device that lost its counter."""
        super().__init__(code.value)
        self.code = code
        self.last_sequence = last_sequence


class Unrecorded(Refused):
    """Refused without a record."""
