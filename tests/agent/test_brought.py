"""What comes in by hand is read, whatever programs on the way did to it."""

from pathlib import Path

import pytest

from agent.answer_files import MAX_TEXT_BYTES
from agent.brought import text_of_file, text_of_paste, text_of_picture
from agent.errors import FileRefused, FileUnreadable
from agent.qr import draw, patterns
from protocol.parts import join_parts, split_parts

ROOT_LINE = b"eyJhbGciOiJFZDI1NTE5In0.eyJ2IjoxfQ.%b" % (b"A" * 86)
ANSWER = b"eyJhbGciOiJFZDI1NTE5In0.eyJ2IjoyfQ.%b" % (b"B1" * 43)
FILE = b"%b %b\n%b\n" % (ROOT_LINE, ROOT_LINE, ANSWER)


def in_persian_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


@pytest.mark.parametrize(
    "spoilt",
    [
        FILE.decode(),
        "\ufeff" + FILE.decode() + "\n\n",
        FILE.decode().replace("\n", "\r\n"),
        "\u2066" + FILE.decode() + "\u2069",
        in_persian_digits(FILE.decode()),
        "\n".join(f"  {line[:40]}\r\n{line[40:]}" for line in FILE.decode().splitlines()),
        FILE.decode().replace("A" * 20, "AAAA \u200f AAAA \t AAAA\nAAAAAAAA", 1),
    ],
    ids=["whole", "mark and lines", "windows", "isolates", "digits", "broken lines", "spaces"],
)
def test_a_spoilt_paste_is_whole_again(spoilt: str) -> None:
    assert text_of_paste(spoilt).strip() == FILE.strip()


def test_pasted_parts_are_left_to_who_joins_them() -> None:
    parts = split_parts(FILE * 5)
    spoilt = in_persian_digits("\n\n".join(reversed(parts)))
    assert join_parts([text_of_paste(spoilt).decode()]) == FILE * 5


def test_an_endless_paste_is_no_answer() -> None:
    with pytest.raises(FileRefused, match="file-not-an-answer"):
        text_of_paste("e" * (MAX_TEXT_BYTES + 1))


def test_a_file_is_read_as_it_is_and_a_picture_by_its_codes(tmp_path: Path) -> None:
    file, picture = tmp_path / "answer", tmp_path / "answer.png"
    file.write_bytes(FILE)
    picture.write_bytes(draw(split_parts(FILE)))
    assert text_of_file(file) == FILE
    assert join_parts([text_of_file(picture).decode()]) == FILE
    assert text_of_picture(picture.read_bytes()) == text_of_file(picture)


def test_a_file_larger_than_any_answer_is_none(tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(b"e" * (MAX_TEXT_BYTES + 1))
    with pytest.raises(FileRefused, match="file-not-an-answer"):
        text_of_file(tmp_path / "film")
    with pytest.raises(FileUnreadable):
        text_of_file(tmp_path / "nothing")


def test_a_code_to_be_painted_is_square_and_of_dark_and_light() -> None:
    parts = split_parts(FILE * 5)
    found = patterns(parts)
    assert len(found) == len(parts)
    for rows in found:
        assert {len(row) for row in rows} == {len(rows)}
        assert set(b"".join(rows)) == {0, 1}
