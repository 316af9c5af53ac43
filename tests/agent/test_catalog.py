"""Messages are found in the compiled catalog as Python's own reader finds them."""

import gettext

import pytest

from agent.texts import DOMAIN, LOCALE_FOLDER
from agent.texts.catalog import Catalog

COMPILED = LOCALE_FOLDER / "fa" / "LC_MESSAGES" / f"{DOMAIN}.mo"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(COMPILED)


def test_every_message_is_found(catalog: Catalog) -> None:
    whole = gettext.translation(DOMAIN, LOCALE_FOLDER, languages=["fa"])
    messages = [catalog[place].decode() for place in range(len(catalog))]
    assert len(messages) > 500
    assert [m for m in messages if m and catalog.gettext(m) != whole.gettext(m)] == []


@pytest.mark.parametrize("unknown", ["\x01", "Overvie", "Overview ", "Ω", "\U0010ffff"])
def test_what_it_lacks_stays_what_it_is(catalog: Catalog, unknown: str) -> None:
    assert catalog.gettext(unknown) == unknown
