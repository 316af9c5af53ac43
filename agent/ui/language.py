"""The application's direction and Qt's own words, in the language of the window."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

# What Qt calls them; its enumerations are not made before the first picture (see `looks`).
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 0, 1
_LOCALES = {
    "fa": QLocale(QLocale.Language.Persian, QLocale.Country.Iran),
    "en": QLocale(QLocale.Language.English, QLocale.Country.UnitedStates),
}

# What the application speaks with now: Qt knows, and does not say.
_spoken: list[QTranslator] = []


def speak(app: QCoreApplication | None, language: str) -> None:
    """Turn the whole application to a language."""
    if not isinstance(app, QApplication):
        raise TypeError("a window needs its application")
    is_persian = language == "fa"
    QLocale.setDefault(_LOCALES[language])
    while _spoken:
        app.removeTranslator(_spoken.pop())
    if is_persian:
        translator = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_fa", folder):
            app.installTranslator(translator)
            _spoken.append(translator)
    app.setProperty("layoutDirection", _RIGHT_TO_LEFT if is_persian else _LEFT_TO_RIGHT)
