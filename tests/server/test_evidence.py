"""The second place is looked at without being made, and made before anything is committed."""

from pathlib import Path

import pytest

from server_stub.errors import StoreUnreadable
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.models import Customer
from server_stub.licensing.services.issuing import add_customer
from tests.server.conftest import Office


def test_who_only_asks_how_far_the_evidence_goes_makes_no_file(tmp_path: Path) -> None:
    spool = EvidenceSpool(tmp_path / "evidence")
    assert spool.newest() == -1
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_committed_whose_evidence_could_not_follow(office: Office) -> None:
    folder = office.home.evidence
    folder.rename(folder.with_name("unmounted"))
    folder.write_bytes(b"")
    with pytest.raises(StoreUnreadable):
        add_customer(office.server, "Binalud")
    assert not Customer.objects.filter(name="Binalud").exists()
