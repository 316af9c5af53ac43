"""Compile the message catalogs, or check that they are compiled and complete.

The compiled .mo files are committed, because a machine that only runs the programs has no compiler
for them. `--check` writes nothing and fails when one is not what its .po says, when a message is
untranslated, doubtful or loses a placeholder, or when the code uses a message that a catalog lacks.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "server_stub")


def compiled(catalog: Catalog) -> bytes:
    """The bytes of the .mo file; the same for the same catalog on every machine."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def used_messages(catalog_path: Path) -> Iterator[str]:
    """Every message that the Python code beside the catalog's locale folder asks for."""
    owner = next(parent.parent for parent in catalog_path.parents if parent.name == "locale")
    for _, _, message, _, _ in extract_from_dir(owner, method_map=[("**.py", "python")]):
        yield message if isinstance(message, str) else message[0]


def faults(catalog_path: Path, catalog: Catalog) -> Iterator[str]:
    """What keeps this catalog from being complete and compiled, one sentence each."""
    compiled_path = catalog_path.with_suffix(".mo")
    if not compiled_path.exists() or compiled_path.read_bytes() != compiled(catalog):
        yield f"{compiled_path.name} is not compiled from it: run `make messages`"
    for message in catalog:
        strings = [message.string] if isinstance(message.string, str) else message.string or ()
        if message.id and not (strings and all(strings)):
            yield f"no translation of {message.id!r}"
        if message.id and message.fuzzy:
            yield f"doubtful (fuzzy) translation of {message.id!r}"
        yield from (f"{message.id!r}: {error}" for error in message.check(catalog))
    for used in used_messages(catalog_path):
        if catalog.get(used) is None:
            yield f"the code asks for {used!r}, which it lacks"


def main() -> int:
    """Compile or check every catalog; 1 when one is at fault."""
    parser = argparse.ArgumentParser(description="Compile the message catalogs.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on any fault")
    check = parser.parse_args().check
    failed = False
    for path in sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.po")):
        with path.open("rb") as source:
            catalog = read_po(source, locale=path.parents[1].name, abort_invalid=True)
        if not check:
            path.with_suffix(".mo").write_bytes(compiled(catalog))
            continue
        for fault in faults(path, catalog):
            failed = True
            print(f"{path.relative_to(ROOT)}: {fault}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
