"""Check digits of what is read over the telephone. Loads nothing: a first picture waits for it."""

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def with_damm_digit(digits: str) -> str:
    """Append the check digit that finds every mistyped digit and swapped neighbours (Damm)."""
    return digits + str(_damm(digits))


def in_groups(digits: str, size: int) -> tuple[str, ...]:
    """Part digits into groups of a size, each with its check digit appended."""
    parts = (digits[at : at + size] for at in range(0, len(digits), size))
    return tuple(with_damm_digit(part) for part in parts)


def passes_damm(digits: str) -> bool:
    """Tell whether digits with their check digit were read right."""
    return digits.isascii() and digits.isdigit() and _damm(digits) == 0


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim
