"""Odd values and odd spellings under honest signatures: where two readers differ, one is wrong."""

import json
import random
from collections.abc import Iterator
from typing import Any

from protocol.encoding import canonical
from protocol.keys import SigningKey
from tests.protocol.samples import DEVICE_KEY, LICENSE
from tests.protocol.verifier_world import HONEST, LICENSE_1, Case, case, chain, permit
from tests.protocol.world import DOCUMENT_KEY, ROOT_1, ROOT_A, ROOT_B, ROOT_C, make_root
from tests.vectors.forge import fields, header, jwk_of, seal, spell

_ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**53 - 1, 2**53, 2**63, 2**64, 1.0, 1.5),
    *("", "a" * 22, "a" * 43, "a" * 44, "é" * 22, "😀" * 43, "😀" * 200, "a" * 201),
    *("active", "ES256", "2030-01-01", "٢٠٣٠-٠١-٠١", "2030-01-01\n", "\0", "\x7f", "\u2028"),
    *([], {}, [None], ["a" * 22], [["a" * 22]], {"release": "a" * 22}, {"bare": 1001, "vm": 1}),
]
_ODD_FIELDS = ("zzz", "__proto__", "constructor", "é", "baseline", "warranty_until", "not_after")
_ODD_BYTES = [
    *rb"\u0041 \/ \ud800 1e3 -0 null 1.0 \n \\ :,[]{} +1 01".split(),
    *(b" ", b"\n", b"\x80", b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbb\xbf", b'"a":1,', b'"'),
]
_NEXT_ROOT = make_root(2, ROOT_A, ROOT_B, ROOT_C)


def odd_cases(seed: int, count: int) -> dict[str, Case]:
    """Make as many cases from one seed; their names tell how to make them again."""
    chance = random.Random(seed)
    makers = (_odd_license, _odd_permit, _odd_root, _odd_header)
    return {f"seed {seed}, {n}": chance.choice(makers)(chance) for n in range(count)}


def _odd_license(chance: random.Random) -> Case:
    head = header("license+jws", DOCUMENT_KEY)
    document = seal(spell(head), _spoiled(chance, fields(LICENSE)), DOCUMENT_KEY)
    return case("", license=document, permit=permit(document))


def _odd_permit(chance: random.Random) -> Case:
    head = header("permit+jws", DEVICE_KEY, jwk=jwk_of(DEVICE_KEY))
    return case("", permit=seal(spell(head), _spoiled(chance, fields(HONEST)), DEVICE_KEY))


def _odd_root(chance: random.Random) -> Case:
    payload = _spoiled(chance, fields(_NEXT_ROOT))

    def signed(key: SigningKey) -> bytes:
        return seal(spell(header("root+jws", key)), payload, key)

    return case("", roots=chain(ROOT_1, (signed(ROOT_A), signed(ROOT_B))))


def _odd_header(chance: random.Random) -> Case:
    head = _spoiled(chance, header("license+jws", DOCUMENT_KEY))
    return case("", license=seal(head, canonical(LICENSE), DOCUMENT_KEY), permit=permit(LICENSE_1))


def _spoiled(chance: random.Random, honest: dict[str, Any]) -> bytes:
    """Another value, another field, or another spelling."""
    if chance.random() < 0.6:
        return spell(_revalued(chance, honest))
    text = bytearray(spell(honest))
    position = chance.randrange(len(text))
    match chance.randrange(3):
        case 0:
            text[position] ^= 1 << chance.randrange(8)
        case 1:
            del text[position]
        case _:
            text[position : position + chance.randrange(2)] = chance.choice(_ODD_BYTES)
    return bytes(text)


def _revalued(chance: random.Random, honest: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(spell(honest))
    container, place = chance.choice(list(_places(changed)))
    match chance.randrange(4):
        case 0:
            del container[place]
        case 1 if isinstance(container, dict):
            container[chance.choice(_ODD_FIELDS)] = chance.choice(_ODD_VALUES)
        case _:
            container[place] = chance.choice(_ODD_VALUES)
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as its container and its key there."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            yield value, place
            yield from _places(value[place])
