"""One license with a case about it, and the pages that staff read."""

import argparse

import pytest

from protocol.values import ComponentStatus
from server_stub.commands.case_pages import list_lines, page_lines
from server_stub.commands.shown import Call
from server_stub.licensing import case_selectors
from server_stub.licensing.case_selectors import CaseDetails
from server_stub.texts import Language
from tests import databases
from tests.server.command import Ran, Server
from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff, opened
from tests.server.devices import PARTS, machine


class Desk:
    """One license with a case about it, and the pages that staff read."""

    def __init__(self, office: Office) -> None:
        self.office, self.staff = office, Staff(office)
        self.staff.publish("hardware", 12_000_000)
        self.device, self.issued = office.device(), office.issue()
        self.document = office.bound(self.device, self.issued.license_key)
        office.time[0] += DAY
        office.answer(self.device.check_in(self.document))
        office.time[0] += DAY

    def changed(self) -> int:
        asked = self.device.activate(self.issued.license_key, fingerprint=machine(board="other"))
        return opened(self.office, asked).case_id

    def moved(self, code: str | None = None) -> int:
        heir = self.office.device("heir")
        return opened(self.office, heir.activate(self.issued.license_key, code=code)).case_id

    def released(self, **statuses: ComponentStatus) -> None:
        told = {**dict.fromkeys(PARTS, ComponentStatus.SAME), **statuses}
        self.office.answer(self.device.release(self.document, code="FGR-c", statuses=told))

    def contradicted(self) -> int:
        """A proof, and a copy that was in use after it."""
        proof = self.device.release(self.document, code="FGR-old")
        self.office.answer(self.device.check_in(self.document))
        return opened(self.office, proof).case_id

    def details(self, number: int) -> CaseDetails:
        return case_selectors.case_details(case_selectors.find_case(number))

    def page(self, number: int, language: Language = Language.ENGLISH) -> str:
        return "\n".join(page_lines(self._call(language), self.details(number)))

    def list(self, language: Language = Language.ENGLISH, *, decided: bool = False) -> str:
        found = case_selectors.cases_of(decided=decided)
        return "\n".join(list_lines(self._call(language), found))

    def command(self, *words: str) -> Ran:
        """The command over the very same books."""
        url = databases.url_for(self.office.home.path)
        environment = {"DATABASE_URL": url} if url else {}
        return Server(self.office.home.path, **environment)(*words)

    def _call(self, language: Language) -> Call:
        return Call(argparse.Namespace(), self.office.home, None, language, as_json=False)


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)
