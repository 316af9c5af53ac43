"""What a person typed, read before anything else is done with it."""

from agent.errors import InputInvalid
from protocol import codes
from protocol.problems import CodeMistyped


def typed_code(prefix: str, typed: str) -> str:
    """Read a license key or a reactivation code, in its one spelling.

    Raises:
        InputInvalid: mistyped, and in which group.
    """
    try:
        return codes.parse_code(prefix, typed)
    except CodeMistyped as cause:
        raise InputInvalid(problem=cause.code, group=cause.group or "") from cause
