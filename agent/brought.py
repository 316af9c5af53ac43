"""What was brought from the vendor: a file, a picture of QR codes, a text; as text to take in.

Nothing of it is believed here; `by_hand` takes it in.
"""

import re
from pathlib import Path

from agent import qr
from agent.answer_files import MAX_TEXT_BYTES
from agent.errors import FileRefused
from agent.files import named_file
from protocol.codes import to_ascii_digits
from protocol.parts import PART_MARK
from protocol.scans import MAX_PICTURE_BYTES, is_picture

# What every signed document begins with: `{"` in base64url.
_ENVELOPE_BEGIN = "eyJ"
_WORD = re.compile(r"(\s*)(\S+)")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def text_of_file(path: Path) -> bytes:
    """Read what may be an answer; of a picture, what its codes say.

    Raises:
        FileUnreadable: it cannot be read.
        InputInvalid: a picture, and this installation has no QR codes.
        FileRefused: larger than any answer, or a picture without a code.
    """
    with named_file(path), path.open("rb") as stream:
        raw = stream.read(MAX_PICTURE_BYTES)
    if is_picture(raw):
        return text_of_picture(raw)
    if len(raw) > MAX_TEXT_BYTES:
        raise FileRefused("file-not-an-answer")
    return raw


def text_of_picture(picture: bytes) -> bytes:
    """Read what the codes of a picture say.

    Raises:
        InputInvalid: this installation has no QR codes.
        FileRefused: no picture, or no code in it.
    """
    return "\n".join(qr.read(picture)).encode()


def text_of_paste(pasted: str) -> bytes:
    """Read what was pasted, whole again where a program on the way broke its lines.

    Persian digits become those that they were; marks of direction go. Parts stay as they came:
    who joins them forgives more.

    Raises:
        FileRefused: longer than any answer.
    """
    text = to_ascii_digits(pasted)
    if len(text) > MAX_TEXT_BYTES:
        raise FileRefused("file-not-an-answer")
    if PART_MARK not in text:
        text = _mended(_UNSEEN.sub("", text))
    return text.encode(errors="replace")


def _mended(text: str) -> str:
    """Join the pieces of broken envelopes; what separates whole ones stays."""
    pieces: list[str] = []
    for space, word in _WORD.findall(text):
        if pieces and word.startswith(_ENVELOPE_BEGIN):
            pieces.append("\n" if "\n" in space else " ")
        pieces.append(word)
    return "".join(pieces)
