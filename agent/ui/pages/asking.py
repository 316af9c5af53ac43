"""The first step by hand: which request, and how it goes out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout

from agent.ui.fields import Choosing, PathField
from agent.ui.jobs.by_hand import As, GivenOut, GiveOut, ReleaseByHand, Wish
from agent.ui.jobs.license import Activate, Check, Reactivate, Release, Withdraw
from agent.ui.pages.keys import KeyForm
from agent.ui.parts import Card, CodeField, Sentence, button, emptied, line_of
from agent.ui.views.by_hand import Exchange, Offer, digits_of, said_of_request
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, WindowTexts
from protocol.values import ReleaseReason

_PATTERN = "*.jws"
_PLAIN: dict[Act, Wish] = {
    Act.REACTIVATE: Reactivate(),
    Act.CHECK: Check(),
    Act.WITHDRAW: Withdraw(),
}
_ACTS: dict[type, Act] = {
    Activate: Act.ACTIVATE,
    Reactivate: Act.REACTIVATE,
    Release: Act.RELEASE,
    ReleaseByHand: Act.RELEASE,
    Check: Act.CHECK,
    Withdraw: Act.WITHDRAW,
}


class Asking(Card):
    """Choose, and give it out; `confirm` is asked where an act must be confirmed first."""

    give_out = Signal(object)
    confirm = Signal(object)
    declare = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts.gettext("Step {number:number}: The request", number=1), texts)
        self._texts = texts
        self._offers: tuple[Offer, ...] = ()
        self._is_given_back = False
        self._release = Release(ReleaseReason.HARDWARE, None)
        self._choices = QButtonGroup(self)
        self._radios = QVBoxLayout()
        self._keys = KeyForm(texts)
        self._confirmed = Sentence(
            texts.gettext(
                "The next pages ask for the reason, and have it confirmed; only then is the "
                "license given back and the request given out."
            ),
            texts,
            "faint",
        )
        self._file = PathField(
            texts.gettext("File to write, for example on a memory stick"),
            texts,
            Choosing.SAVE,
            pattern=_PATTERN,
        )
        self._write = button(texts.gettext("Write the file"), lambda: self._go(As.FILE), "next")
        self._show = button(texts.gettext("Show as QR codes"), lambda: self._go(As.CODES))
        self._copy = button(texts.gettext("Copy as text"), lambda: self._go(As.TEXT))
        self._notice = button(texts.gettext("Declare a change…"), self.declare.emit)
        self._on_notice = Sentence(
            texts.gettext("A coming change is declared on a page of its own, by file too."),
            texts,
            "faint",
        )
        self._given = QVBoxLayout()
        self._lay_out()
        self._choices.buttonToggled.connect(lambda _button, _on: self._judge())
        self._keys.changed.connect(self._judge)
        self._file.changed.connect(self._judge)

    def show_offers(self, shown: Exchange) -> None:
        """Offer what can be asked now; what was chosen stays chosen while it can be."""
        self._is_given_back = shown.is_given_back
        for widget in (self._on_notice, self._notice):
            widget.setVisible(shown.may_declare)
        if shown.offers != self._offers:
            before = self._act
            self._offers = shown.offers
            self._offer()
            self._choose(before)
        self._judge()

    def choose(self, wish: object) -> None:
        """Begin with a wish that was had elsewhere."""
        if isinstance(wish, Activate):
            self._keys.fill(wish)
        if isinstance(wish, Release):
            self._release = wish
        self._choose(_ACTS.get(type(wish)))

    def forget_keys(self) -> None:
        """Forget a license key that was typed."""
        self._keys.clear()

    def focus(self) -> None:
        """Have the choice under the keyboard."""
        if (chosen := self._choices.checkedButton()) is not None:
            chosen.setFocus()

    def tell(self, given: GivenOut | None) -> None:
        """Say where a request went; None: nothing was given out yet."""
        emptied(self._given)
        if given is None:
            return
        # Whatever is done next with it: it waits for its answer now, and no key is needed.
        self._keys.clear()
        self._choose(Act.CHECK)
        said = said_of_request(given, self._texts)
        self._given.addWidget(Sentence(said, self._texts, "", Tone.GOOD))
        self._given.addWidget(CodeField(digits_of(given, self._texts), self._texts))

    def renewed(self, job: GiveOut) -> GiveOut | None:
        """Give out what is chosen by now; a release only from where it is confirmed."""
        wish = self.wish
        file = self._file.path if job.way is As.FILE else None
        if wish is None or isinstance(wish, Release) or (job.way is As.FILE and file is None):
            return None
        return GiveOut(wish, job.way, file)

    @property
    def wish(self) -> Wish | None:
        """What was chosen; None until it is whole."""
        match self._act:
            case Act.ACTIVATE:
                return self._keys.wish
            case Act.RELEASE:
                return self._release
            case None:
                return None
            case act:
                return _PLAIN[act]

    @property
    def _act(self) -> Act | None:
        place = self._choices.checkedId()
        return self._offers[place].act if 0 <= place < len(self._offers) else None

    def _lay_out(self) -> None:
        texts = self._texts
        self._radios.setSpacing(2)
        self.inside.addLayout(self._radios)
        tunnel = texts.latin(r"\\tsclient\C")
        said = texts.gettext(
            "Over remote desktop the disks of your own computer are found under {path:words}.",
            path=tunnel,
        )
        for widget in (self._keys, self._confirmed, self._file, Sentence(said, texts, "faint")):
            self.inside.addWidget(widget)
        self.inside.addLayout(line_of(self._write, self._show, self._copy))
        self.inside.addLayout(self._given)
        self.inside.addWidget(self._on_notice)
        self.inside.addLayout(line_of(self._notice))

    def _offer(self) -> None:
        for radio in self._choices.buttons():
            self._choices.removeButton(radio)
        emptied(self._radios)
        for place, offer in enumerate(self._offers):
            radio = QRadioButton(offer.text)
            radio.setAccessibleName(offer.text)
            self._choices.addButton(radio, place)
            self._radios.addWidget(radio)

    def _choose(self, act: Act | None) -> None:
        """Choose that, or the first where it cannot be asked now."""
        acts = [offer.act for offer in self._offers]
        if acts:
            self._choices.button(acts.index(act) if act in acts else 0).setChecked(True)

    def _judge(self) -> None:
        self._keys.setVisible(self._act is Act.ACTIVATE)
        self._confirmed.setVisible(self._act is Act.RELEASE and not self._is_given_back)
        can_go = self.wish is not None
        self._write.setEnabled(can_go and self._file.path is not None)
        self._show.setEnabled(can_go)
        self._copy.setEnabled(can_go)

    def _go(self, way: As) -> None:
        wish = self.wish
        file = self._file.path if way is As.FILE else None
        if isinstance(wish, Release):
            self.confirm.emit(ReleaseByHand(wish.reason, wish.note, way, file))
        elif wish is not None:
            self.give_out.emit(GiveOut(wish, way, file))
