"""Which page stands where; its module is loaded when somebody goes there."""

from collections.abc import Mapping
from importlib import import_module

from agent.ui.pages.page import Page
from agent.ui.wording import Place, WindowTexts

_PAGES: Mapping[Place, str] = {
    Place.OVERVIEW: "overview:OverviewPage",
    Place.SERVER: "records:ServerPage",
    Place.HISTORY: "records:HistoryPage",
    Place.ACTIVATE: "binding:ActivatePage",
    Place.REACTIVATE: "binding:ReactivatePage",
    Place.RELEASE: "release:ReleasePage",
    Place.CONFIRM_RELEASE: "release:ConfirmReleasePage",
    Place.KEEP_PAPERS: "keeping:KeepPapersPage",
}


def page_of(place: Place, texts: WindowTexts) -> Page:
    """Make a page."""
    module, _, name = _PAGES[place].partition(":")
    made: Page = getattr(import_module(f"agent.ui.pages.{module}"), name)(texts)
    return made
