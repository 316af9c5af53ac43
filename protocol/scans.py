"""What the QR codes in a picture say: read, and believed as little as anything that is pasted.

Its libraries are an extra (ADR 31) and are imported where a picture is read: whether something is
a picture can be told without them.
"""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from protocol.problems import PictureUnreadable, PictureWithoutCode

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PICTURE_BYTES = 50 * 1024 * 1024
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"


def is_picture(raw: bytes) -> bool:
    """Whether these bytes begin as a PNG or a JPEG does."""
    return raw.startswith((PNG_MAGIC, _JPEG_MAGIC))


def read(picture: bytes) -> tuple[str, ...]:
    """Read the codes in a picture; what they say is still to be judged.

    Raises:
        PictureUnreadable: no picture, or one of more pixels than any telephone takes.
        PictureWithoutCode: no code in it.
        ImportError: this installation has no QR codes.
    """
    import zxingcpp

    found = zxingcpp.read_barcodes(_opened(picture))
    qr = zxingcpp.BarcodeFormat.QRCode
    texts = tuple(code.text for code in found if code.format == qr)
    if not texts:
        raise PictureWithoutCode("no QR code in it")
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
            raise PictureUnreadable(str(cause)) from cause
