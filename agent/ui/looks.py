"""How the window looks: Fusion, one palette for light and one for dark, a short sheet, Vazirmatn.

Colours are pairs that reach a contrast of 4.5 on their ground. Nothing is said by colour alone.

The first picture waits for this module, so neither the namespace `Qt` nor `QStyle` is touched
before it: their enumerations are made all at once, and cost as much as the rest of the frame.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from agent.ui.views.tones import Tone

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

_FONT_FOLDER = Path(__file__).parent / "fonts"
# Qt's sheets take slashes on every system.
_ICON_FOLDER = (Path(__file__).parent / "icons").as_posix()
_FONT_FILES = ("Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf")
_FAMILY = "Vazirmatn"
_POINTS = 10.5
_MIDDLE = 128


class Colours(NamedTuple):
    """One scheme."""

    name: str
    ground: str
    card: str
    edge: str
    text: str
    faint: str
    accent: str
    on_accent: str
    hover: str
    tones: Mapping[Tone, str]


LIGHT = Colours(
    name="light",
    ground="#f3f5f8",
    card="#ffffff",
    edge="#d5dae1",
    text="#1b2027",
    faint="#566070",
    accent="#1b5fc1",
    on_accent="#ffffff",
    hover="#e8eef7",
    tones={
        Tone.GOOD: "#137a43",
        Tone.CALM: "#1b5fc1",
        Tone.WAITING: "#6a4fb3",
        Tone.WARNING: "#8f5b00",
        Tone.STOPPED: "#b3261e",
    },
)
DARK = Colours(
    name="dark",
    ground="#15181c",
    card="#1e2328",
    edge="#39414a",
    text="#e7eaee",
    faint="#a3adb8",
    accent="#7fb2ff",
    on_accent="#0d1b30",
    hover="#2a3139",
    tones={
        Tone.GOOD: "#5fd08f",
        Tone.CALM: "#7fb2ff",
        Tone.WAITING: "#bba4ff",
        Tone.WARNING: "#f0b34a",
        Tone.STOPPED: "#ff8a80",
    },
)


def dress(app: QApplication) -> None:
    """Give the application its font and colours; light or dark as the system's palette is."""
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFont(str(_FONT_FOLDER / name))
    font = QFont(_FAMILY)
    font.setPointSizeF(_POINTS)
    app.setFont(font)
    ground = app.palette().color(QPalette.ColorRole.Window)
    _wear(app, DARK if ground.lightness() < _MIDDLE else LIGHT)


def follow_system(app: QApplication) -> None:
    """Wear what the system wears, now and whenever it changes."""
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(lambda scheme: follow(app, scheme))
    if hints.colorScheme().name != "Unknown":
        follow(app, hints.colorScheme())


def colours() -> Colours:
    """Return the scheme in force."""
    is_dark = QApplication.palette().color(QPalette.ColorRole.Window).name() == DARK.ground
    return DARK if is_dark else LIGHT


def follow(app: QApplication, scheme: "Qt.ColorScheme") -> None:
    """Wear light or dark; a system that says nothing is light."""
    chosen = DARK if scheme.name == "Dark" else LIGHT
    if chosen is not colours():
        _wear(app, chosen)


def _wear(app: QApplication, chosen: Colours) -> None:
    app.setPalette(_palette(chosen))
    app.setStyleSheet(_sheet(chosen))


def _palette(chosen: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(chosen.card), QColor(chosen.ground))
    for each, colour in (
        (role.Window, chosen.ground),
        (role.WindowText, chosen.text),
        (role.Base, chosen.card),
        (role.AlternateBase, chosen.ground),
        (role.Text, chosen.text),
        (role.Button, chosen.card),
        (role.ButtonText, chosen.text),
        (role.PlaceholderText, chosen.faint),
        (role.Highlight, chosen.accent),
        (role.HighlightedText, chosen.on_accent),
        (role.ToolTipBase, chosen.card),
        (role.ToolTipText, chosen.text),
        (role.Link, chosen.accent),
    ):
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(chosen.faint))
    return palette


def _sheet(c: Colours) -> str:
    stopped = c.tones[Tone.STOPPED]
    titles = "\n".join(
        f'QLabel[tone="{tone.value}"] {{ color: {colour}; }}' for tone, colour in c.tones.items()
    )
    # A remark beside a field is faint until it has something to say.
    titles += "\n".join(
        f'QLabel#faint[tone="{tone.value}"] {{ color: {c.tones[tone]}; }}'
        for tone in (Tone.GOOD, Tone.WARNING)
    )
    return f"""
QFrame#card {{ background: {c.card}; border: 1px solid {c.edge}; border-radius: 10px; }}
QFrame#trouble {{ background: {c.card}; border: 2px solid {stopped}; border-radius: 10px; }}
QFrame#sidebar, QFrame#sidebar QScrollArea, QWidget#places {{ background: {c.card}; border: none; }}
QFrame#working {{ background: {c.card}; border-top: 1px solid {c.edge}; }}
QScrollArea, QWidget#page {{ background: {c.ground}; border: none; }}
QLabel {{ color: {c.text}; background: transparent; }}
QLabel#title {{ font-size: 15pt; font-weight: bold; }}
QLabel#headline {{ font-size: 15pt; font-weight: bold; }}
QLabel#heading {{ font-weight: bold; }}
QLabel#faint {{ color: {c.faint}; }}
QLabel#code {{ font-size: 15pt; font-weight: bold; }}
{titles}
QPushButton {{
  background: {c.card}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 6px;
  padding: 6px 14px; min-height: 22px;
}}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {c.faint}; background: {c.ground}; }}
QPushButton#next {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
QPushButton#next:focus {{ border: 2px solid {c.text}; }}
QPushButton#next:disabled, QPushButton#irreversible:disabled {{
  background: {c.ground}; color: {c.faint}; border: 1px solid {c.edge}; font-weight: normal;
}}
QPushButton#irreversible:enabled {{
  color: {stopped}; border: 1px solid {stopped}; font-weight: bold;
}}
QPushButton#irreversible:focus {{ border: 2px solid {stopped}; }}
QPushButton#place {{ border: none; text-align: left; padding: 8px 12px; }}
QPushButton#place:checked {{ background: {c.hover}; color: {c.accent}; font-weight: bold; }}
QPushButton#place:focus {{ border: 2px solid {c.accent}; padding: 6px 10px; }}
QLineEdit, QPlainTextEdit, QTextBrowser {{
  background: {c.card}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 6px;
  padding: 6px 8px; min-height: 22px; selection-background-color: {c.accent};
  selection-color: {c.on_accent};
}}
QComboBox {{
  background: {c.card}; color: {c.text}; border: 1px solid {c.edge}; border-radius: 6px;
  padding: 6px 8px; min-height: 22px;
}}
QComboBox:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox::down-arrow {{ image: url("{_ICON_FOLDER}/down-{c.name}.svg"); width: 12px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus {{
  border: 2px solid {c.accent}; padding: 5px 7px;
}}
QLineEdit#licensekey {{ font-size: 13pt; }}
QTableView {{
  background: {c.card}; alternate-background-color: {c.ground}; color: {c.text};
  border: 1px solid {c.edge}; border-radius: 6px; padding: 1px;
  selection-background-color: {c.hover}; selection-color: {c.text};
}}
QTableView:focus {{ border: 2px solid {c.accent}; padding: 0; }}
QHeaderView {{ background: {c.card}; border: none; }}
QHeaderView::section {{
  background: {c.card}; color: {c.faint}; border: none; border-bottom: 1px solid {c.edge};
  padding: 5px 8px;
}}
QRadioButton, QCheckBox {{ spacing: 8px; padding: 4px; border: 1px solid transparent; }}
QRadioButton:focus, QCheckBox:focus {{ border: 1px solid {c.accent}; border-radius: 4px; }}
QCheckBox::indicator, QRadioButton::indicator {{
  width: 16px; height: 16px; border: 1px solid {c.faint}; background: {c.card};
}}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:checked {{
  background: {c.accent}; border-color: {c.accent}; image: url("{_ICON_FOLDER}/check-{c.name}.svg");
}}
QRadioButton::indicator:checked {{
  width: 8px; height: 8px; border: 5px solid {c.accent}; background: {c.card};
}}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {c.edge}; border-radius: 3px; min-height: 32px; }}
QScrollBar::handle:vertical:hover {{ background: {c.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ border: 1px solid {c.edge}; border-radius: 4px; max-height: 8px; }}
QProgressBar::chunk {{ background: {c.accent}; }}
"""
