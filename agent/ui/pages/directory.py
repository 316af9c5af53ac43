"""Which page stands where; its module is loaded when somebody goes there."""

from collections.abc import Callable

from agent.ui.pages.page import Page
from agent.ui.wording import Place, WindowTexts


def page_of(place: Place, texts: WindowTexts, other: Callable[[Place], Page]) -> Page:
    """Make a page; `other` gives the one that a later step of a wizard goes back to."""
    if place in (Place.ACTIVATE, Place.REACTIVATE):
        return _binding(place, texts)
    if place in (Place.RELEASE, Place.CONFIRM_RELEASE, Place.KEEP_PAPERS):
        return _release(place, texts, other)
    return _looking(place, texts)


def _binding(place: Place, texts: WindowTexts) -> Page:
    from agent.ui.pages.binding import ActivatePage, ReactivatePage

    return ActivatePage(texts) if place is Place.ACTIVATE else ReactivatePage(texts)


def _release(place: Place, texts: WindowTexts, other: Callable[[Place], Page]) -> Page:
    from agent.ui.pages.keeping import KeepPapersPage
    from agent.ui.pages.release import ConfirmReleasePage, ReleasePage

    if place is Place.RELEASE:
        return ReleasePage(texts)
    if place is Place.KEEP_PAPERS:
        return KeepPapersPage(texts)
    first = other(Place.RELEASE)
    if not isinstance(first, ReleasePage):
        raise TypeError(first)
    return ConfirmReleasePage(texts, first)


def _looking(place: Place, texts: WindowTexts) -> Page:
    if place is Place.OVERVIEW:
        from agent.ui.pages.overview import OverviewPage

        return OverviewPage(texts)
    from agent.ui.pages.records import HistoryPage, ServerPage

    return ServerPage(texts) if place is Place.SERVER else HistoryPage(texts)
