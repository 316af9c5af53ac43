"""`faragostar-server` as its users meet it: a process, its output and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from protocol import codes, digits
from tests.databases import Kind, only_on
from tests.server.command import Server, snapshot


def test_a_license_is_issued_and_shown(founded: Server) -> None:
    assert founded("customer", "add", "شرکت نمونه", "--contact", "info@example.ir").code == 0
    ran = founded(
        "issue", "--customer", "شرکت نمونه", "--product", "didgah", "--modules", "bpm, forms",
        "--seats", "40", "--warranty-until", "2027-03-20", "--level", "strict",
        "--grace-hours", "48", "--os-axis", "patch", "--json",
    )  # fmt: skip
    assert ran.code == 0
    issued = ran.json
    assert codes.parse_code("FGM", issued["license_key"]) == issued["license_key"]
    assert all(digits.passes_damm(group) for group in issued["support_code"].split("-"))
    by_key, by_code, shown = (
        founded("license", "show", name, "--json").json
        for name in (issued["license_key"].lower(), issued["support_code"], issued["license_id"])
    )
    assert by_key == by_code == shown
    assert shown["license_id"] == issued["license_id"]
    assert (shown["modules"], shown["seats"], shown["level"]) == (["bpm", "forms"], 40, "strict")
    assert (shown["grace_hours"], shown["os_axis"], shown["binding"]) == (48, "patch", None)
    assert [entry["event"] for entry in shown["timeline"]] == ["license-issued"]
    persian = issued["support_code"].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert "آزاد" in founded("license", "show", persian, "--lang", "fa").out
    (row,) = founded("--json", "license", "list").json["licenses"]
    assert row["support_code"] == issued["support_code"]


def test_the_license_key_is_stored_nowhere(founded: Server) -> None:
    founded("customer", "add", "Alborz")
    key = founded("issue", "--customer", "Alborz", "--json").json["license_key"]
    everything = b"".join(snapshot(founded.home).values())
    assert key.encode() not in everything
    assert key.removeprefix("FGM-").replace("-", "").encode() not in everything
    assert key[-4:].encode() in everything


def test_what_is_not_there_is_named(founded: Server) -> None:
    for arguments in (
        ("license", "show", "FGM-NOTHING"),
        ("license", "show", "1234-5678"),
        ("issue", "--customer", "Nobody"),
    ):
        ran = founded(*arguments, "--json")
        assert (ran.code, ran.json["error"]) == (36, "not-found")
    assert founded("customer", "add", "Alborz").code == 0
    assert founded("customer", "add", "Alborz").code == 37


@pytest.mark.parametrize(
    "arguments",
    [
        ("license", "list"),
        ("license", "show", "1"),
        ("customer", "add", "x"),
        ("issue", "--customer", "x"),
        ("verify-audit",),
        ("trust", "export", "nowhere"),
        ("serve", "--port", "0"),
    ],
)
def test_every_command_says_when_there_is_no_server(
    server: Server, arguments: tuple[str, ...]
) -> None:
    ran = server(*arguments, "--json")
    assert (ran.code, ran.json["error"]) == (33, "not-initialised")
    assert not server.home.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("issue",),
        ("issue", "--customer", "x", "--seats", "many"),
        ("issue", "--customer", "x", "--grace-hours", "9000"),
        ("issue", "--customer", "x", "--warranty-until", "tomorrow"),
        ("customer", "add", " "),
        ("serve", "--port", "65536"),
        ("serve", "--workers", "0"),
    ],
)
def test_nonsense_is_a_usage_error(server: Server, arguments: tuple[str, ...]) -> None:
    assert server(*arguments).code == 2


def test_both_languages_are_spoken(server: Server) -> None:
    assert "No signing server" in server("license", "list").err
    assert "سرور صدور مجوزی نیست" in server("license", "list", "--lang", "fa").err
    assert "سرور صدور مجوزی نیست" in server("--lang", "fa", "license", "list").err
    server.environment["LANG"] = "fa_IR.UTF-8"
    assert "سرور صدور مجوزی نیست" in server("license", "list").err
    assert "No signing server" in server("license", "list", "--lang", "en").err


def test_begun_from_nothing_it_says_the_same(founded: Server) -> None:
    assert founded.from_nothing("customer", "add", "شرکت نمونه").code == 0
    for asked in (["license", "list"], ["verify-audit", "--json"], ["show"], ["--version"]):
        assert founded.from_nothing(*asked) == founded(*asked)


def test_the_home_may_be_named_before_or_after(founded: Server, tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "elsewhere")
    assert founded("--home", elsewhere, "license", "list").code == 33
    assert founded("license", "list", "--home", elsewhere).code == 33
    assert founded("license", "list", "--home", str(founded.home)).code == 0


def test_it_tells_its_version(server: Server) -> None:
    assert server("--version").out.strip().count(".") == 2


def test_damaged_files_are_named(founded: Server) -> None:
    (founded.home / "config.json").write_text("{")
    ran = founded("license", "list", "--json")
    assert (ran.code, ran.json["error"]) == (22, "document-invalid")


@only_on(Kind.SQLITE, "its file lies in the home")
def test_a_damaged_database_is_named(founded: Server) -> None:
    (founded.home / "server.sqlite3").write_bytes(b"not a database" * 100)
    assert founded("license", "list").code == 32


def test_a_busy_database_is_named(
    founded: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from server_stub import cli
    from server_stub.commands import licenses
    from server_stub.errors import StoreBusy

    def busy(_: object) -> None:
        raise StoreBusy

    monkeypatch.setattr(licenses, "list_licenses", busy)
    assert cli.main(["--home", str(founded.home), "license", "list", "--json"]) == 31
    assert json.loads(capsys.readouterr().out)["error"] == "store-busy"


def test_what_nobody_expected_is_still_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from server_stub import cli
    from server_stub.commands import licenses

    def fail(_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(licenses, "list_licenses", fail)
    assert cli.main(["license", "list", "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"] == "unexpected"
    assert "secret" not in captured.out + captured.err


def test_files_of_somebody_else_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from server_stub import cli
    from server_stub.commands import licenses

    def deny(_: object) -> None:
        raise PermissionError(13, "no", "/keys")

    monkeypatch.setattr(licenses, "list_licenses", deny)
    assert cli.main(["license", "list"]) == 30
    assert "/keys" in capsys.readouterr().err


def test_a_root_goes_only_where_a_file_can_be(founded: Server, tmp_path: Path) -> None:
    assert founded("trust", "export", str(tmp_path)).code == 2
    assert founded("trust", "export", str(tmp_path / "no" / "folder")).code == 2


def test_whoever_reads_a_few_lines_only_gets_no_traceback(founded: Server) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "server_stub.cli", "verify-audit"],
        env=founded.environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
