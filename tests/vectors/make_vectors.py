"""Writes one file per attack, the same bytes in every run: `python -m tests.vectors.make_vectors`.

A vector says its `name`, `what` it tries, the `door` it comes in by, the `trust` of the reader (a
chain of roots in world.json), its `bytes` (each character is the byte of its number) and the
`code` that must refuse it; null where the bytes must be accepted.
"""

import json
from pathlib import Path

from protocol.exchange import pack_roots
from tests.protocol.samples import DEVICE, REQUEST_DIGEST, REQUEST_ID
from tests.protocol.world import TRUSTS
from tests.vectors import envelope_attacks, key_attacks, payload_attacks, root_attacks
from tests.vectors.forge import Attack
from tests.vectors.weak_keys import ODD_TRUST

FOLDER = Path(__file__).parent
ALL_TRUSTS = {**TRUSTS, "root-odd": ODD_TRUST}
_AUTHORS = (envelope_attacks, payload_attacks, key_attacks, root_attacks)


def make_vectors() -> dict[str, str]:
    """Return every file's name and text."""
    files = {"world.json": _spell(_world())}
    for author in _AUTHORS:
        for attack in author.attacks():
            name = f"{attack.door}-{attack.name}.json"
            assert name not in files, f"two attacks are named {name}"
            assert attack.what, f"{name} does not say what it tries"
            files[name] = _spell(_vector(attack))
    return files


def _world() -> dict[str, object]:
    chains = {name: pack_roots(trust.chain).decode() for name, trust in ALL_TRUSTS.items()}
    return {
        "device": DEVICE,
        "request_id": REQUEST_ID,
        "request_digest": REQUEST_DIGEST,
        "trusts": chains,
    }


def _vector(attack: Attack) -> dict[str, object]:
    return {
        "name": attack.name,
        "what": attack.what,
        "door": attack.door,
        "trust": attack.trust,
        "code": attack.code,
        "bytes": attack.raw.decode("latin-1"),
    }


def _spell(value: dict[str, object]) -> str:
    return json.dumps(value, indent=2) + "\n"


def write_vectors() -> None:
    """Replace what is on disk."""
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, text in make_vectors().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_vectors()
