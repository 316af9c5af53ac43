"""Numbered parts as one picture of QR codes (docs/protocol.md §3).

Not imported by anything else here: its libraries are an extra, and an office that carries files
needs none of them (ADR 31).
"""

import math
from collections.abc import Sequence
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

_PIXELS_PER_MODULE = 4
_QUIET_MODULES = 4
_LABEL_PIXELS = 28


def draw(parts: Sequence[str]) -> bytes:
    """Draw every part as a code of its own, numbered, on one white sheet: a PNG."""
    cells = [_cell(part, f"{number}/{len(parts)}") for number, part in enumerate(parts, start=1)]
    width, height = (max(sizes) for sizes in zip(*(cell.size for cell in cells), strict=True))
    columns = math.ceil(math.sqrt(len(cells)))
    sheet = Image.new("1", (columns * width, -(-len(cells) // columns) * height), 1)
    for place, cell in enumerate(cells):
        sheet.paste(cell, (place % columns * width, place // columns * height))
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def modules_of(part: str) -> tuple[bytes, ...]:
    """Encode a part; row by row, one byte for each module: 1 is dark."""
    code = segno.make(part, micro=False, error="m", boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def _cell(part: str, label: str) -> Image.Image:
    modules = modules_of(part)
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
