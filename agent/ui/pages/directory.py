"""Which page stands where; its module is loaded when somebody goes there."""

from collections.abc import Mapping
from importlib import import_module

from agent.ui.pages.page import Page
from agent.ui.wording import Place, WindowTexts

_PAGES: Mapping[Place, str] = {
    Place.OVERVIEW: "overview:OverviewPage",
    Place.SERVER: "server:ServerPage",
    Place.REPORT: "server:ReportPage",
    Place.CASES: "cases:CasesPage",
    Place.HISTORY: "history:HistoryPage",
    Place.DOCUMENT: "document:DocumentPage",
    Place.PLAN: "planning:PlanPage",
    Place.NOTICE: "notices:NoticePage",
    Place.PRINTED: "printed:PrintedPage",
    Place.EXCHANGE: "exchange:ExchangePage",
    Place.ACTIVATE: "binding:ActivatePage",
    Place.REACTIVATE: "reactivating:ReactivatePage",
    Place.RELEASE: "release:ReleasePage",
    Place.CHECKS: "checks:ChecksPage",
    Place.CONFIRM_RELEASE: "release:ConfirmReleasePage",
    Place.KEEP_PAPERS: "keeping:KeepPapersPage",
    Place.SAVE_RECOVERY: "recovery:SaveRecoveryPage",
    Place.LOAD_RECOVERY: "recovery:LoadRecoveryPage",
    Place.SUPPORT: "support:SupportPage",
    Place.CHALLENGE: "challenge:ChallengePage",
    Place.DIAGNOSTICS: "diagnostics:DiagnosticsPage",
    Place.FIRST_RUN: "setting_up:FirstRunPage",
    Place.SETTINGS: "settings:SettingsPage",
    Place.ABOUT: "about:AboutPage",
    Place.GUIDE: "guide:GuidePage",
}


def page_of(place: Place, texts: WindowTexts) -> Page:
    """Make a page."""
    module, _, name = _PAGES[place].partition(":")
    made: Page = getattr(import_module(f"agent.ui.pages.{module}"), name)(texts)
    return made
