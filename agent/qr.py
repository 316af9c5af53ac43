"""QR codes: numbered parts as one picture, and what can be read in a picture.

The libraries are an extra (`faragostar-man[qr]`, ADR 31): an office that carries files needs none
of them. What a code says is not believed here.
"""

from collections.abc import Sequence
from importlib.util import find_spec

from agent.errors import FileRefused, InputInvalid
from protocol import scans
from protocol.problems import PictureUnreadable, PictureWithoutCode

_LIBRARIES = ("PIL", "segno", "zxingcpp")


def require_available() -> None:
    """Find out whether this installation draws and reads QR codes, before anything is done.

    Raises:
        InputInvalid: it does not.
    """
    if any(find_spec(library) is None for library in _LIBRARIES):
        raise InputInvalid(problem="qr-unavailable")


def draw(parts: Sequence[str]) -> bytes:
    """Draw every part as a code of its own, numbered, on one white sheet: a PNG.

    Raises:
        InputInvalid: this installation has no QR codes.
    """
    require_available()
    from protocol import pictures

    return pictures.draw(parts)


def patterns(parts: Sequence[str]) -> tuple[tuple[bytes, ...], ...]:
    """Encode every part as a code of its own, to be painted: rows of modules, 1 is dark.

    Raises:
        InputInvalid: this installation has no QR codes.
    """
    require_available()
    from protocol import pictures

    return tuple(pictures.modules_of(part) for part in parts)


def read(picture: bytes) -> tuple[str, ...]:
    """Read the codes in a picture; what they say is still to be judged.

    Raises:
        InputInvalid: this installation has no QR codes.
        FileRefused: no picture, or no code in it.
    """
    require_available()
    try:
        return scans.read(picture)
    except (PictureUnreadable, PictureWithoutCode) as cause:
        raise FileRefused(cause.code) from cause
