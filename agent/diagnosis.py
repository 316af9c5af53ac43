"""The diagnostics bundle: what support asks for, as texts that can be read before they are kept.

Nothing secret is in it: no license key, no reactivation or support code, no whole serial number, no
password of a proxy. Nobody sends it but a person.
"""

import io
import platform
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import msgspec

from agent.config import VERSION
from agent.doctor import Finding
from agent.errors import AgentError
from agent.files import OWNER_ONLY, write_new
from agent.inventories import MachineView
from agent.presentation import status_body
from agent.reader import Reader
from agent.texts import Texts

_LIBRARIES = ("cryptography", "msgspec", "psutil", "requests", "PySide6_Essentials", "segno")


class BundleFile(NamedTuple):
    """One text of the bundle."""

    name: str
    text: str


def bundle_of(
    findings: Iterable[Finding], open_reader: Callable[[], Reader], texts: Texts
) -> tuple[BundleFile, ...]:
    """Gather all of it; what cannot be read says why."""
    plain = texts.plainly()
    files = [
        BundleFile("findings.txt", _of(_finding_lines(findings, plain))),
        BundleFile("versions.txt", _of(_version_lines())),
    ]
    try:
        reader = open_reader()
        files += [
            BundleFile("status.json", _status(reader, plain)),
            BundleFile("machine.txt", _of(_machine_lines(reader.parts(), plain))),
            BundleFile("history.txt", _of(_history_lines(reader, plain))),
        ]
    except AgentError as problem:
        said = plain.text(problem.text_code, problem.parameters)
        files.append(BundleFile("unread.txt", _of([f"{problem.text_code}: {said}"])))
    return tuple(files)


def write_bundle(path: Path, files: Iterable[BundleFile]) -> None:
    """Write the texts into one new file, for its owner's eyes only.

    Raises:
        FileTaken: something stands under that name.
        FileUnreadable: it cannot be written there.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.writestr(file.name, file.text)
    write_new(path, content.getvalue(), OWNER_ONLY)


def _of(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _finding_lines(findings: Iterable[Finding], plain: Texts) -> Iterator[str]:
    for finding in findings:
        # On a line of its own: a sentence of the other script would turn this one round.
        yield f"[{finding.outcome.value}] {finding.code}"
        yield plain.text(finding.code, finding.parameters)


def _version_lines() -> Iterator[str]:
    yield f"faragostar-man {VERSION}"
    yield f"{platform.python_implementation()} {platform.python_version()}"
    yield platform.platform()
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            yield f"{name} {metadata.version(name)}"


def _status(reader: Reader, plain: Texts) -> str:
    """The standing as programs read it, but for the code that names the customer on the phone."""
    view = reader.status()
    if view.license is not None:
        shown = msgspec.structs.replace(view.license, support_code="")
        view = msgspec.structs.replace(view, license=shown)
    if view.last_license:
        last = msgspec.structs.replace(view.last_license, support_code=None)
        view = msgspec.structs.replace(view, last_license=last)
    return msgspec.json.format(msgspec.json.encode(status_body(view, plain)), indent=2).decode()


def _machine_lines(machine: MachineView, plain: Texts) -> Iterator[str]:
    yield machine.system or "-"
    yield "virtual" if machine.is_virtual else "physical"
    for part in machine.parts:
        values = ", ".join(part.values) or plain.name("reason", part.reason or "")
        yield f"{part.id}: {values} ({part.source})"
    for detail in machine.details:
        yield f"{detail.id}: {detail.text} ({detail.source})"


def _history_lines(reader: Reader, plain: Texts) -> Iterator[str]:
    for entry in reader.history():
        yield f"{plain.moment(entry.at)} {entry.event}"
        yield plain.text(entry.event, entry.detail)
