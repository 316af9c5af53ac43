"""Answers that come by hand to the window: files, pictures, text; and requests without a file."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QImage

from agent import qr
from agent.ui.wording import Place, WindowTexts
from protocol import scans
from protocol.parts import join_parts, split_parts
from protocol.values import Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.carrying import (
    answered,
    by_clipboard,
    by_file,
    code_of,
    holder,
    isolated,
    paste,
    photographed,
    place,
    standing,
    take_in,
    write,
)
from tests.ui.conftest import Open

__all__ = ["holder", "isolated"]


def as_jpeg(picture: bytes) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(picture)).convert("L").save(out, "JPEG")
    return out.getvalue()


def missing_of(parts: tuple[str, ...], total: int, texts: WindowTexts) -> dict[str, object]:
    numbers = range(total - len(parts) + 1, total + 1)
    between = "، " if texts.is_persian else ", "
    return {"total": total, "numbers": between.join(map(str, numbers))}


def test_a_request_goes_out_as_text_and_its_answer_comes_part_by_part(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = by_file(opened, isolated, issued, language)
    driver.click("Copy as text")
    driver.work()
    request = join_parts([QGuiApplication.clipboard().text()])
    assert driver.texts.text("request-shown") in driver.words()
    parts = split_parts(site.server.answer(request))
    assert len(parts) > 2
    persian = parts[0].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    paste(driver, f"\ufeff  {persian[:300]}\r\n {persian[300:]}\n\n")
    said = driver.texts.text("parts-missing", missing_of(parts[1:], len(parts), driver.texts))
    assert said in driver.words()
    # What is no part changes nothing of what is here.
    assert code_of(paste(driver, parts[1][:-30] + ";")) == "part-damaged"
    assert said in driver.words()
    by_clipboard(driver, lambda there: there.setText("\n".join(parts[2:] + parts[:1])))
    assert driver.texts.text("parts-missing", {"total": len(parts), "numbers": 2}) in driver.words()
    paste(driver, parts[1])
    assert place(driver) is Place.OVERVIEW
    assert isolated.usable


def test_parts_of_another_answer_can_be_forgotten(
    site: Site, holder: Host, opened: Open, tmp_path: Path
) -> None:
    driver = opened(holder, "en")
    driver.click("By file")
    write(driver, tmp_path / "check")
    parts = split_parts(site.server.answer((tmp_path / "check").read_bytes()))
    paste(driver, split_parts(b"eyJ" * 400)[0])
    assert code_of(paste(driver, "\n".join(parts))) == "parts-mixed"
    driver.click("Forget these parts")
    assert "missing" not in driver.words()
    paste(driver, "\n".join(parts))
    assert place(driver) is Place.OVERVIEW


def test_an_answer_taken_in_twice_changes_nothing_and_says_so(
    site: Site, holder: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    driver = opened(holder, language)
    driver.click("By file")
    write(driver, tmp_path / "check")
    answer = answered(site, tmp_path / "check")
    take_in(driver, answer)
    driver.click("By file")
    take_in(driver, answer)
    assert place(driver) is Place.EXCHANGE
    assert driver.texts.text("answer-known") in driver.words()
    driver.window.go(Place.EXCHANGE)
    assert driver.texts.text("answer-known") not in driver.words()


def test_answers_that_are_none_are_refused_by_name(
    site: Site, holder: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    driver = opened(holder, language)
    driver.click("By file")
    write(driver, tmp_path / "check")
    other = site.host(machines.VIRTUAL_MACHINE)
    other.agent.export_activate(tmp_path / "other", site.issue().license_key)
    foreign = answered(site, tmp_path / "other")
    (tmp_path / "empty").touch()
    (tmp_path / "letter.png").write_bytes(scans.PNG_MAGIC)
    for path, code in (
        (foreign, "answer-of-another-machine"),
        (tmp_path / "check", "file-is-a-request"),
        (tmp_path / "empty", "file-empty"),
        (tmp_path / "nothing", "file-unreadable"),
        (tmp_path / "letter.png", "picture-unreadable"),
        (r"\\tsclient\C\answer.jws", "file-unreadable"),
    ):
        outcome = take_in(driver, path)
        assert code_of(outcome) == code
        assert driver.texts.text("unchanged") in driver.words()
        assert "faragostar-man" not in driver.words()
    assert code_of(paste(driver, "hello")) == "file-not-an-answer"
    assert code_of(by_clipboard(driver, lambda there: there.setText(" "))) == "nothing-pasted"
    files = [QUrl.fromLocalFile(str(foreign))]
    outcome = by_clipboard(driver, lambda there: there.setUrls(files))
    assert code_of(outcome) == "answer-of-another-machine"
    assert holder.usable


def test_a_request_goes_out_as_codes_and_its_answer_comes_in_pictures(
    site: Site, isolated: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = by_file(opened, isolated, issued, language)
    driver.click("Show as QR codes")
    driver.work()
    read = [photographed(driver)]
    while driver.button("Next part").isEnabled():
        driver.click("Next part")
        read.append(photographed(driver))
    driver.click("Previous part")
    assert photographed(driver) == read[-2]
    request = join_parts(read)
    driver.click("Back to the steps")

    parts = split_parts(site.server.answer(request))
    first, rest = qr.draw(parts[:2]), qr.draw(parts[2:])
    by_clipboard(driver, lambda there: there.setImageData(QImage.fromData(first)))
    said = driver.texts.text("parts-missing", missing_of(parts[2:], len(parts), driver.texts))
    assert said in driver.words()
    (site.folder / "rest.jpg").write_bytes(as_jpeg(rest))
    take_in(driver, site.folder / "rest.jpg")
    assert (standing(driver), place(driver)) == (Standing.ACTIVE, Place.OVERVIEW)
    site.assert_nothing_lost_or_doubled()


def test_what_was_given_out_is_seen_in_the_other_language_too(
    isolated: Host, issued: IssuedLicense, opened: Open
) -> None:
    driver = by_file(opened, isolated, issued, "en")
    driver.click("Show as QR codes")
    driver.work()
    read = photographed(driver)
    driver.click("فارسی")
    driver.work()
    driver.speaks("fa")
    assert photographed(driver) == read
    assert driver.texts.number(4) in driver.words()


def test_where_codes_cannot_be_drawn_that_is_said_before_anything_is_done(
    isolated: Host,
    issued: IssuedLicense,
    opened: Open,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.qr._LIBRARIES", ("no_such_library",))
    driver = by_file(opened, isolated, issued, language)
    driver.click("Show as QR codes")
    assert code_of(driver.work()) == "qr-unavailable"
    assert driver.texts.advice("qr-unavailable") in driver.words()
    assert standing(driver) is Standing.UNLICENSED
    driver.click("Copy as text")
    assert driver.work().trouble is None
