"""QR codes: numbered parts as one picture, and what can be read in a picture.

The libraries are an extra (`faragostar-man[qr]`, ADR 31): an office that carries files needs none
of them. What a code says is not believed here.
"""

import math
import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from agent.errors import FileRefused, InputInvalid

if TYPE_CHECKING:
    from PIL.Image import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"
_PIXELS_PER_MODULE = 4
_QUIET_MODULES = 4
_LABEL_PIXELS = 28


def is_picture(raw: bytes) -> bool:
    """Whether these bytes begin as a PNG or a JPEG does."""
    return raw.startswith((PNG_MAGIC, _JPEG_MAGIC))


def draw(parts: Sequence[str]) -> bytes:
    """Draw every part as a code of its own, numbered, on one white sheet: a PNG.

    Raises:
        InputInvalid: this installation has no QR codes.
    """
    try:
        from PIL import Image
    except ImportError as cause:
        raise InputInvalid(problem="qr-unavailable") from cause
    cells = [_cell(part, f"{number}/{len(parts)}") for number, part in enumerate(parts, start=1)]
    width, height = (max(sizes) for sizes in zip(*(cell.size for cell in cells), strict=True))
    columns = math.ceil(math.sqrt(len(cells)))
    sheet = Image.new("1", (columns * width, -(-len(cells) // columns) * height), 1)
    for place, cell in enumerate(cells):
        sheet.paste(cell, (place % columns * width, place // columns * height))
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def read(picture: bytes) -> tuple[str, ...]:
    """Read the codes in a picture; what they say is still to be judged.

    Raises:
        InputInvalid: this installation has no QR codes.
        FileRefused: no picture, or no code in it.
    """
    try:
        import zxingcpp
    except ImportError as cause:
        raise InputInvalid(problem="qr-unavailable") from cause
    found = zxingcpp.read_barcodes(_opened(picture))
    qr = zxingcpp.BarcodeFormat.QRCode
    texts = tuple(code.text for code in found if code.format == qr)
    if not texts:
        raise FileRefused("picture-without-code")
    return texts


def _cell(part: str, label: str) -> "Image":
    import segno
    from PIL import Image, ImageDraw, ImageFont

    modules = segno.make(part, micro=False, error="m", boost_error=False).matrix
    side = len(modules) + 2 * _QUIET_MODULES
    small = Image.new("1", (side, side), 1)
    for row, line in enumerate(modules, start=_QUIET_MODULES):
        for column, is_dark in enumerate(line, start=_QUIET_MODULES):
            small.putpixel((column, row), 0 if is_dark else 1)
    pixels = side * _PIXELS_PER_MODULE
    cell = Image.new("1", (pixels, pixels + _LABEL_PIXELS), 1)
    cell.paste(small.resize((pixels, pixels), Image.Resampling.NEAREST), (0, 0))
    font = ImageFont.load_default(_LABEL_PIXELS * 2 // 3)
    ImageDraw.Draw(cell).text((pixels // 2, pixels), label, fill=0, font=font, anchor="ma")
    return cell


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
