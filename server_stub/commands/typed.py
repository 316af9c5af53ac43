"""What people type: each kind of argument, checked before a command begins."""

import argparse
import re
from pathlib import Path

_SHORT, _LONG, _NAME = 200, 2000, 64
# What a signed document can carry (docs/protocol.md §1: integers below 2**53).
_LARGEST = 2**53 - 1


def short_text(value: str) -> str:
    """A name or a line."""
    return _text(value, _SHORT)


def long_text(value: str) -> str:
    """A reason, or what somebody wrote."""
    return _text(value, _LONG)


def name(value: str) -> str:
    """The name of an entry."""
    return _text(value, _NAME)


def count(value: str) -> int:
    """A whole number."""
    if not value.isdecimal() or int(value) > _LARGEST:
        raise argparse.ArgumentTypeError("a number")
    return int(value)


def number(value: str) -> int:
    """A number that something is known by."""
    if count(value) < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return int(value)


def currency(value: str) -> str:
    """A currency's code (ISO 4217)."""
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise argparse.ArgumentTypeError("three capital letters, as in IRR")
    return value


def address(value: str) -> str:
    """A page that a browser opens."""
    if not re.fullmatch(r"https?://[!-~]+", value) or len(value) > _SHORT:
        raise argparse.ArgumentTypeError("an address that begins with https://")
    return value


def secure_address(value: str) -> str:
    """A page that nobody on the way can replace."""
    if not address(value).startswith("https://"):
        raise argparse.ArgumentTypeError("an address that begins with https://")
    return value


def file(value: str) -> Path:
    """A file that is there."""
    if not Path(value).is_file():
        raise argparse.ArgumentTypeError(f"{value}: no such file")
    return Path(value)


def _text(value: str, longest: int) -> str:
    text = " ".join(value.split())
    if not text or len(text) > longest:
        raise argparse.ArgumentTypeError(f"1 to {longest} letters")
    return text
