"""`answer`: a request file in, an answer file out, with the same words as over HTTP (§3)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from protocol import envelope, pictures
from protocol.codes import spoken
from protocol.documents import License, Refusal, Truth
from protocol.exchange import unpack_answer, unpack_roots
from protocol.parts import join_parts, split_parts
from protocol.trust import Trust
from tests.server.command import PASSPHRASE, Ran, Server
from tests.server.devices import Device
from tests.server.serving import Serving, address, ask


class Counter:
    """The vendor's desk where files are handed in."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        assert server("customer", "add", "Alborz").code == 0
        self.issued = server("issue", "--customer", "Alborz", "--json").json
        roots = folder / "roots.jws"
        assert server("trust", "export", str(roots)).code == 0
        self.trust = Trust.follow(unpack_roots(roots.read_bytes()))
        self.device = Device(self.trust.root.audience)
        self.out = folder / "answer.jws"

    def file(self, content: bytes, name: str = "request.jws") -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def __call__(self, content: bytes, *options: str) -> Ran:
        return self.server("answer", self.file(content), "-o", str(self.out), *options)

    @property
    def answered(self) -> Any:
        return envelope.open_answer(unpack_answer(self.out.read_bytes()).answer, self.trust)

    def activate(self) -> bytes:
        return self.device.activate(self.issued["license_key"])

    @property
    def entries(self) -> int:
        return int(self.server("verify-audit", "--json").json["entries"])


@pytest.fixture
def counter(founded: Server, tmp_path: Path) -> Counter:
    return Counter(founded, tmp_path)


def test_a_request_file_is_answered_in_a_file(counter: Counter) -> None:
    ran = counter(counter.activate())
    assert (ran.code, ran.err) == (0, "")
    assert isinstance(counter.answered, License)
    first, second, third = ran.out.splitlines()
    assert counter.issued["support_code"] in first
    assert "license" in first
    request = (counter.folder / "request.jws").read_bytes()
    assert spoken(envelope.open_request(request).digest) in second
    assert str(counter.out) in third
    assert counter.out.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in counter.folder.glob(".*")) == []


def test_the_same_request_gets_the_same_file_again(counter: Counter) -> None:
    request = counter.activate()
    assert counter(request).code == 0
    first = counter.out.read_bytes()
    assert counter(request + b"\r\n").code == 0
    assert counter.out.read_bytes() == first
    counter.out.unlink()
    assert counter(request).code == 0
    assert counter.out.read_bytes() == first


def test_its_json_says_what_was_asked_and_answered(counter: Counter) -> None:
    counter(counter.activate())
    document = unpack_answer(counter.out.read_bytes()).answer
    counter.out.unlink()
    told = counter(counter.device.check_in(document), "--json").json
    assert (told["op"], told["answer"], told["refusal"]) == ("check-in", "truth", None)
    assert (told["standing"], told["device"]) == ("active", counter.device.id)
    assert told["license"]["support_code"] == counter.issued["support_code"]
    assert told["license"]["binding"]["device"] == counter.device.id
    assert (told["file"], told["qr"]) == (str(counter.out), None)
    assert isinstance(counter.answered, Truth)


def test_a_refusal_is_an_answer_too(counter: Counter) -> None:
    ran = counter(counter.device.activate("FGM-2Z7VS-DKHEN-KQ7T9-8M8TV-81A75"))
    assert ran.code == 0
    assert "license-unknown" in ran.out
    assert isinstance(counter.answered, Refusal)


def pasted(parts: tuple[str, ...]) -> bytes:
    return ("\ufeffسلام\n" + "\n-- \n".join(reversed(parts)) + "\n").encode()


def test_pasted_parts_are_a_request(counter: Counter) -> None:
    parts = split_parts(counter.activate())
    assert len(parts) > 1
    assert counter(pasted(parts)).code == 0
    assert isinstance(counter.answered, License)


def test_missing_parts_are_named_and_change_nothing(counter: Counter) -> None:
    parts = split_parts(counter.activate())
    before = counter.entries
    ran = counter(pasted((parts[0], *parts[2:])), "--json")
    assert (ran.code, ran.json["error"]) == (22, "parts-incomplete")
    assert ran.json["parameters"]["missing"] == "2"
    assert ran.json["parameters"]["total"] == str(len(parts))
    assert counter.entries == before


def spoiled(part: str) -> bytes:
    return (part[:-9] + ("A" if part[-9] != "A" else "B") + part[-8:]).encode()


SPOILS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "document-malformed"),
    "prose": (lambda _: b"not a request", "document-malformed"),
    "forged": (lambda request: request[:-6] + b"AAAAAA", "document-bad-signature"),
    "large": (lambda request: request * 100, "document-too-large"),
    "huge": (lambda request: request * 2000, "document-too-large"),
    "misread": (lambda request: spoiled(split_parts(request)[0]), "part-damaged"),
    "mixed": (
        lambda request: (
            (both := split_parts(request) + split_parts(b"A"))[0].encode() + both[-1].encode()
        ),
        "parts-mixed",
    ),
}


def test_what_is_no_request_is_named_and_changes_nothing(counter: Counter) -> None:
    before = counter.entries
    for spoil, (make, why) in SPOILS.items():
        ran = counter(make(counter.activate()), "--json")
        assert (ran.code, ran.json["error"]) == (22, "request-unreadable"), spoil
        assert ran.json["parameters"]["why"] == why
        assert ran.json["advice"]
    assert not counter.out.exists()
    assert counter.entries == before


def test_an_answer_is_no_request(counter: Counter) -> None:
    counter(counter.activate())
    answer = counter.out.read_bytes()
    counter.out.unlink()
    ran = counter(answer, "--json")
    assert (ran.code, ran.json["parameters"]["why"]) == (22, "document-wrong-type")


def test_another_file_is_left_alone_and_nothing_is_answered(counter: Counter) -> None:
    before = counter.entries
    for content in (b"a letter", b""):
        counter.out.write_bytes(content)
        ran = counter(counter.activate(), "--json")
        assert (ran.code, ran.json["error"]) == (37, "file-exists")
        assert counter.out.read_bytes() == content
    assert counter.entries == before
    counter.out.unlink()
    assert counter(counter.activate()).code == 0
    # The answer to another request is another file too.
    assert counter(counter.activate()).code == 37


def test_the_answer_is_drawn_as_codes(counter: Counter) -> None:
    from agent import qr

    request, sheet = counter.activate(), counter.folder / "answer.png"
    ran = counter(request, "--qr", str(sheet))
    assert ran.code == 0
    assert str(sheet) in ran.out
    assert join_parts(qr.read(sheet.read_bytes())) == counter.out.read_bytes()
    assert counter(request, "--qr", str(sheet)).code == 0
    counter.out.unlink()
    assert counter(request, "--qr", str(sheet)).code == 37


def test_a_picture_of_codes_is_a_request(counter: Counter) -> None:
    request = counter.activate()
    sheet = counter.file(pictures.draw(split_parts(request)), "request.png")
    assert counter.server("answer", sheet, "-o", str(counter.out)).code == 0
    assert isinstance(counter.answered, License)
    assert counter(request).code == 0, "the same request, however it came"


def test_a_photograph_of_each_part_is_one_request(counter: Counter) -> None:
    parts = split_parts(counter.activate())
    photos = [
        counter.file(pictures.draw([part]), f"{number}.png")
        for number, part in enumerate(parts[:-1])
    ]
    pasted_part = counter.file(parts[-1].encode(), "last.txt")
    out = ("-o", str(counter.out))
    ran = counter.server("answer", *photos, *out, "--json")
    assert (ran.code, ran.json["error"]) == (22, "parts-incomplete")
    assert ran.json["parameters"]["missing"] == str(len(parts))
    assert counter.server("answer", pasted_part, *reversed(photos), *out).code == 0
    assert isinstance(counter.answered, License)


def test_a_picture_that_says_nothing_is_named_and_changes_nothing(counter: Counter) -> None:
    before = counter.entries
    blank = BytesIO()
    Image.new("L", (80, 80), 255).save(blank, "PNG")
    for content, why in (
        (blank.getvalue(), "picture-without-code"),
        (blank.getvalue()[:50], "picture-unreadable"),
        (pictures.draw(["a letter"]), "document-malformed"),
    ):
        for language in ("en", "fa"):
            ran = counter(content, "--json", "--lang", language)
            assert (ran.code, ran.json["error"]) == (22, "request-unreadable")
            assert ran.json["parameters"]["why"] == why
            assert ran.json["advice"]
    assert counter.entries == before


@pytest.mark.parametrize("library", ["zxingcpp", "PIL"])
def test_without_the_reading_library_a_picture_is_no_request(
    counter: Counter, tmp_path: Path, library: str
) -> None:
    hidden = tmp_path / "hidden" / library
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('not installed')")
    counter.server.environment["PYTHONPATH"] = str(hidden.parent)
    sheet = counter.file(pictures.draw(split_parts(counter.activate())), "request.png")
    ran = counter.server.from_nothing("answer", sheet, "-o", str(counter.out), "--json")
    assert (ran.code, ran.json["error"]) == (2, "qr-unavailable")
    assert not counter.out.exists()


def test_without_the_drawing_library_nothing_is_answered(counter: Counter, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "segno"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('not installed')")
    before = counter.entries
    counter.server.environment["PYTHONPATH"] = str(hidden.parent)
    request, sheet = counter.file(counter.activate()), str(counter.folder / "a.png")
    given = ("-o", str(counter.out), "--qr", sheet, "--json")
    ran = counter.server.from_nothing("answer", request, *given)
    assert (ran.code, ran.json["error"]) == (2, "qr-unavailable")
    assert counter.entries == before


def test_a_request_that_is_not_there_is_a_question_of_usage(counter: Counter) -> None:
    for path in (counter.folder / "no-such-file", counter.folder):
        ran = counter.server("answer", str(path), "-o", str(counter.out), "--json")
        assert (ran.code, ran.json["error"]) == (2, "usage")


def test_an_answer_that_could_not_be_written_is_written_the_next_time(counter: Counter) -> None:
    request = counter.file(counter.activate())
    assert counter.server("answer", request, "-o", str(counter.folder / "no" / "x")).code == 2
    assert counter.server("answer", request, "-o", str(counter.out)).code == 0
    assert isinstance(counter.answered, License)


def test_the_keys_must_be_opened_first(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    assert server("init", "--passphrase-file", str(secret)).code == 0
    counter = Counter(server, tmp_path)
    request = counter.activate()
    assert counter(request, "--json").json["error"] == "passphrase-needed"
    assert not counter.out.exists()
    assert counter(request, "--passphrase-file", str(secret)).code == 0


def test_in_persian_it_speaks_persian(counter: Counter) -> None:
    ran = counter(counter.activate(), "--lang", "fa")
    assert "پاسخ" in ran.out
    ran = counter(b"nothing", "--lang", "fa", "--json")
    assert "درخواست" in ran.json["text"]


def test_it_works_beside_a_running_server(
    founded: Server, counter: Counter, serve: Serving
) -> None:
    url = address(serve())
    requests = [counter.activate() for _ in range(6)]
    with ThreadPoolExecutor(2) as pool:
        online = pool.submit(ask, url, counter.trust, requests[:3])
        for request in requests[3:]:
            counter.out.unlink(missing_ok=True)
            assert counter(request).code == 0
        assert len(online.result()) == 3
    # What was answered by hand is answered over HTTP with the same bytes.
    (again,) = ask(url, counter.trust, requests[-1:])
    assert again == counter.answered
    assert founded("verify-audit").code == 0
