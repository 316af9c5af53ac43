"""The fields of the way to the signing server, and what was found on it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from agent.ui.fields import Choosing, PathField, labelled, latin_line
from agent.ui.jobs.settings import Typed
from agent.ui.parts import Card, Sentence, emptied
from agent.ui.views.findings import FoundRow
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts


class WayForm(QWidget):
    """Address, proxy and certificate; the last two unseen until they are wanted."""

    changed = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._server = latin_line("https://…")
        self._proxy = latin_line("http://host:port")
        self._ca_file = PathField(
            texts.gettext("Certificate that the proxy signs with ({form} file)", form="PEM"),
            texts,
            Choosing.OPEN,
            pattern="PEM (*.pem *.crt *.cer)",
        )
        self._has_proxy = QCheckBox(texts.gettext("The way to it leads through a proxy"))
        self._has_proxy.setAccessibleName(self._has_proxy.text())
        server_label = labelled(texts.gettext("Address of the signing server"), self._server, texts)
        self._asked = (server_label, self._server)
        self._detour = _column(
            labelled(texts.gettext("Proxy"), self._proxy, texts), self._proxy, self._ca_file
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (*self._asked, self._has_proxy, self._detour):
            column.addWidget(widget)
        self.setFocusProxy(self._server)
        self._detour.hide()
        for signal in (
            self._server.textChanged,
            self._proxy.textChanged,
            self._ca_file.changed,
            self._has_proxy.toggled,
        ):
            signal.connect(self.changed)
        self._has_proxy.toggled.connect(self._detour.setVisible)

    @property
    def typed(self) -> Typed:
        """What stands there; a detour that is not wanted is none."""
        has_proxy = self._has_proxy.isChecked()
        ca_file = self._ca_file.path if has_proxy else None
        return Typed(
            server=self._server.text().strip(),
            proxy=self._proxy.text().strip() if has_proxy else "",
            ca_file="" if ca_file is None else str(ca_file),
        )

    def fill(self, typed: Typed) -> None:
        """Write it there."""
        self._server.setText(typed.server)
        self._proxy.setText(typed.proxy)
        self._ca_file.set_path(Path(typed.ca_file) if typed.ca_file else None)
        self._has_proxy.setChecked(bool(typed.proxy or typed.ca_file))

    def ask_server(self, *, asked: bool) -> None:
        """Show the address's field, or not: the package may bring it."""
        for widget in self._asked:
            widget.setVisible(asked)
        self.setFocusProxy(self._server if asked else self._has_proxy)


class Found(Card):
    """Findings, each with its advice; unseen while there are none."""

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__("", texts)
        self._texts = texts
        self.is_well = False
        self.hide()

    def show_rows(self, rows: Sequence[FoundRow]) -> None:
        """Show these, and no others."""
        self.is_well = bool(rows) and not any(row.tone is Tone.STOPPED for row in rows)
        emptied(self.inside)
        if rows:
            heading = self._texts.gettext("Found on the way to the signing server")
            self.inside.addWidget(Sentence(heading, self._texts, "heading"))
        for row in rows:
            self.inside.addWidget(Sentence(row.text, self._texts, "", row.tone))
            if row.advice:
                self.inside.addWidget(Sentence(row.advice, self._texts))
        self.setVisible(bool(rows))


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        column.addWidget(widget)
    return made
