"""The device's secrets: made once, kept whole, never shown."""

from pathlib import Path

import pytest

from agent.errors import NotSetUp, StoreDamaged, StoreUnusable
from agent.identity import load_identity, new_identity, save_identity


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "identity.json"


def test_an_identity_reads_back_and_names_the_same_device(path: Path) -> None:
    identity = new_identity()
    save_identity(path, identity)
    again = load_identity(path)
    assert again == identity
    assert again.device == identity.device
    assert str(again.device) == identity.device_key.public.kid
    assert again.agreement_key == identity.agreement_key
    assert len(again.agreement_key) == 43
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_machines_are_two_devices() -> None:
    assert new_identity().device != new_identity().device


def test_no_secret_is_shown() -> None:
    identity = new_identity()
    assert repr(identity) == str(identity) == "Identity(…)"


def test_without_a_file_nothing_is_set_up(path: Path) -> None:
    with pytest.raises(NotSetUp):
        load_identity(path)


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreUnusable):
        load_identity(path)


GOOD = "A" * 43 + "="


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"device_seed":"' + GOOD.encode() + b'"}',
        f'{{"device_seed":"AAAA","agreement_seed":"{GOOD}","salt":"{GOOD}"}}'.encode(),
        f'{{"device_seed":"{GOOD}","agreement_seed":"AAAA","salt":"{GOOD}"}}'.encode(),
        f'{{"device_seed":"{GOOD}","agreement_seed":"{GOOD}","salt":"AAAA"}}'.encode(),
        f'{{"device_seed":"{GOOD}","agreement_seed":"{GOOD}","salt":"{GOOD}","x":1}}'.encode(),
    ],
)
def test_anything_else_in_its_place_is_damage(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreDamaged):
        load_identity(path)
