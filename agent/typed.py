"""What a person typed, read before anything else is done with it."""

import hmac

from agent.errors import InputInvalid
from protocol import challenge, codes
from protocol.problems import CodeMistyped

CONFIRMED_BY = 4


def typed_code(prefix: str, typed: str) -> str:
    """Read a license key or a reactivation code, in its one spelling.

    Raises:
        InputInvalid: mistyped, and in which group.
    """
    try:
        return codes.parse_code(prefix, typed)
    except CodeMistyped as cause:
        raise InputInvalid(problem=cause.code, group=cause.group or "") from cause


def typed_challenge(typed: str) -> str:
    """Read a challenge code; return its digits without those that check them.

    Raises:
        InputInvalid: misheard or mistyped, and in which group.
    """
    try:
        return challenge.read_code(typed)
    except CodeMistyped as cause:
        raise InputInvalid(problem="challenge-mistyped", group=cause.group or "") from cause


def is_end_of(license_key: str, typed: str) -> bool:
    """Whether the last characters of the license key were typed: they are on paper, not here."""
    found = codes.to_ascii_digits(typed).strip().upper()
    return hmac.compare_digest(found.encode(), license_key[-CONFIRMED_BY:].encode())
