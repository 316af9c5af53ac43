"""QR codes: numbered parts as one picture, and what can be read in a picture.

The libraries are an extra (`faragostar-man[qr]`, ADR 31): an office that carries files needs none
of them. What a code says is not believed here.
"""

import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from agent.errors import FileRefused, InputInvalid

if TYPE_CHECKING:
    from PIL.Image import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_LIBRARIES = ("PIL", "segno", "zxingcpp")
_JPEG_MAGIC = b"\xff\xd8\xff"


def is_picture(raw: bytes) -> bool:
    """Whether these bytes begin as a PNG or a JPEG does."""
    return raw.startswith((PNG_MAGIC, _JPEG_MAGIC))


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
    import zxingcpp

    found = zxingcpp.read_barcodes(_opened(picture))
    qr = zxingcpp.BarcodeFormat.QRCode
    texts = tuple(code.text for code in found if code.format == qr)
    if not texts:
        raise FileRefused("picture-without-code")
    return texts


def _opened(picture: bytes) -> "Image":
    from PIL import Image

    with warnings.catch_warnings():
        # Pillow warns at 90 million pixels; a telephone's picture has 12 to 50 million.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(BytesIO(picture), formats=("PNG", "JPEG")).convert("L")
        # Every way in which a damaged picture fails: Pillow promises no single one.
        except (
            OSError,
            ValueError,
            SyntaxError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as cause:
            raise FileRefused("picture-unreadable") from cause
