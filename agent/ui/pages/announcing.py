"""A banner: what the vendor announces, until this user puts it away."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from agent.announcing import Told
from agent.ui.pages.web import WebPage
from agent.ui.parts import Card, Sentence, button, line_of
from agent.ui.wording import WindowTexts


class Banner(Card):
    """One announcement."""

    def __init__(self, told: Told, texts: WindowTexts, hide: Callable[[], object]) -> None:
        super().__init__(texts.gettext("The vendor announces"), texts)
        self.inside.addWidget(Sentence(texts.foreign(told.text), texts))
        when = texts.gettext("Announced {at:moment}", at=told.published_at)
        self.inside.addWidget(Sentence(when, texts, "faint"))
        away = button(texts.gettext("Put away"), hide)
        away.setAccessibleName(texts.gettext("Put this announcement away"))
        if not told.url:
            self.inside.addLayout(line_of(away))
            return
        copy = button(
            texts.gettext("Copy the address"), lambda: QGuiApplication.clipboard().setText(told.url)
        )
        self.inside.addWidget(Sentence(texts.latin(told.url), texts))
        self.inside.addWidget(WebPage(told.url, texts, copy, away))
