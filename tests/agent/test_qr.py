"""Codes are drawn so that they can be read, and what is no picture is named."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from agent import qr
from agent.errors import FileRefused
from protocol import scans
from protocol.parts import join_parts, split_parts

DOCUMENT = b"eyJhbGciOiJFZDI1NTE5In0.A" * 220


def picture(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("size", [1, 700, 5700])
def test_a_sheet_is_read_back(size: int) -> None:
    document = DOCUMENT[:size]
    sheet = qr.draw(split_parts(document))
    assert scans.is_picture(sheet)
    assert join_parts(qr.read(sheet)) == document
    assert sheet == qr.draw(split_parts(document))


def test_a_photograph_of_a_sheet_is_read_back() -> None:
    sheet = Image.open(BytesIO(qr.draw(split_parts(DOCUMENT[:2500])))).convert("L")
    turned = sheet.rotate(8, expand=True, fillcolor=255)
    taken = picture(turned.resize((turned.width * 4 // 5, turned.height * 4 // 5)), "JPEG")
    assert scans.is_picture(taken)
    assert join_parts(qr.read(taken)) == DOCUMENT[:2500]


def test_every_code_is_numbered() -> None:
    one = Image.open(BytesIO(qr.draw(["x"])))
    label = one.crop((0, one.height - 28, one.width, one.height)).convert("L")
    assert label.getextrema() == (0, 255)


BLANK = picture(Image.new("L", (80, 80), 255), "PNG")
REFUSED = {
    "no code": (BLANK, "picture-without-code"),
    "cut": (BLANK[:50], "picture-unreadable"),
    "its first bytes alone": (scans.PNG_MAGIC, "picture-unreadable"),
    "made to fill the memory": (
        picture(Image.new("1", (10_000, 10_000)), "PNG"),
        "picture-unreadable",
    ),
    "made to fill it for certain": (
        picture(Image.new("1", (20_000, 20_000)), "PNG"),
        "picture-unreadable",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_picture_without_code_is_named(what: str) -> None:
    raw, code = REFUSED[what]
    with pytest.raises(FileRefused) as refusal:
        qr.read(raw)
    assert refusal.value.text_code == code


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"FGP1:1/1;", b"eyJ"])
def test_other_files_are_no_pictures(raw: bytes) -> None:
    assert not scans.is_picture(raw)
