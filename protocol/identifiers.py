"""Identifiers that both sides make (RFC 9562)."""

_RANDOM_BYTES = 10


def uuid7(milliseconds: int, randomness: bytes) -> str:
    """Spell a UUIDv7 (RFC 9562 §5.7): sorted by time, unique by 74 random bits.

    Raises:
        ValueError: not 10 random bytes.
    """
    if len(randomness) != _RANDOM_BYTES:
        raise ValueError("10 random bytes are needed")
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(randomness)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
