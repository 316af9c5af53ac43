"""Plan a change: tick what will be changed, and see at once what it means and what to do first."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.planning import Ground
from agent.ui.flow import Flow
from agent.ui.jobs import Known, Word
from agent.ui.jobs.license import Release
from agent.ui.jobs.planning import GroundRead, Planned, ReadGround
from agent.ui.pages.changing import ChangeBoxes
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Mark, Sentence, button, card_of, emptied
from agent.ui.views.planning import Prediction, Row, prediction_of, reason_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, Place, WindowTexts


class PlanPage(Page):
    """What-if: nothing is asked of anybody."""

    place = Place.PLAN

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._known = Known()
        self._ground: Ground | None = None
        self._shown: Prediction | None = None
        self._boxes = ChangeBoxes(texts)
        self._acts = {
            Act.NOTICE: button(texts.gettext("Declare this change…"), self._declare),
            Act.RELEASE: button(texts.gettext("Start the release…"), self._release),
        }
        self._print = button(texts.gettext("Print the checklist…"), self._to_paper)
        self._verdict = _VerdictCard(texts, (*self._acts.values(), self._print))
        self.column.addWidget(Sentence(texts.gettext("Plan a change"), texts, "title"))
        heading = texts.gettext("What are you going to change?")
        self.column.addWidget(card_of(heading, texts, self._boxes))
        self.column.addWidget(self._verdict)
        self.column.addStretch(1)
        self._boxes.changed.connect(self._judge)
        self._judge()

    def show_known(self, known: Known) -> None:
        """Judge anew; where the license or the machine has changed, on another ground."""
        is_other = known.view != self._known.view
        self._known = known
        if is_other and self.isVisible():
            self.asked.emit(ReadGround())
        self._judge()

    def entered(self, about: About) -> None:
        """Read the machine as it is now; what was ticked stays ticked."""
        if isinstance(about, Planned):
            self._boxes.tick(about.changes)
        self.asked.emit(ReadGround())
        self._boxes.begin()

    def found(self, word: Word, /) -> None:
        """Judge on the ground that was read."""
        if isinstance(word, GroundRead):
            self._ground = word.ground
            self._judge()

    def _judge(self) -> None:
        found = prediction_of(self._ground, self._boxes.ticked, self._known, self.texts)
        if found == self._shown:
            return
        self._shown = found
        self._verdict.show_prediction(found)
        for act, made in self._acts.items():
            made.setVisible(act in found.offers)
            kind = "next" if act is found.wanted else ""
            if made.objectName() != kind:
                made.setObjectName(kind)
                made.style().polish(made)
        self._print.setVisible(found.header is not None)

    def _declare(self) -> None:
        self.go(Place.NOTICE, Planned(self._boxes.ticked))

    def _release(self) -> None:
        self.go(Place.RELEASE, Release(reason_of(self._boxes.ticked), None))

    def _to_paper(self) -> None:
        self.go(Place.PRINTED, Planned(self._boxes.ticked))


class _VerdictCard(Card):
    """The verdict in a sentence, what to do, and the parts that it is about."""

    def __init__(self, texts: WindowTexts, buttons: tuple[QPushButton, ...]) -> None:
        super().__init__("", texts)
        self._texts = texts
        self._mark = Mark(Tone.CALM)
        self._headline = Sentence("", texts, "headline")
        self._advice = Sentence("", texts)
        self._blocked = Sentence("", texts, "heading")
        self._beside = QVBoxLayout()
        self._beside.setSpacing(10)
        line = QHBoxLayout()
        line.setSpacing(16)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._headline)
        said.addWidget(self._advice)
        line.addWidget(self._mark)
        line.addLayout(said, 1)
        self.inside.addLayout(line)
        self.inside.addWidget(self._blocked)
        # Above the details: on a small screen they must be seen without scrolling.
        self._line = Flow(*buttons)
        self.inside.addWidget(self._line)
        self.inside.addLayout(self._beside)

    def show_prediction(self, found: Prediction) -> None:
        """Show another one, in one stroke."""
        self.setUpdatesEnabled(False)
        self._mark.mean(found.tone)
        self._headline.say(found.headline, found.tone)
        self._advice.say(found.advice)
        self._advice.setVisible(bool(found.advice))
        self._blocked.say(found.blocked)
        self._blocked.setVisible(bool(found.blocked))
        self._line.setVisible(found.header is not None)
        emptied(self._beside)
        for remark in found.remarks:
            said = f"• {remark.fact}. {remark.advice}"
            self._beside.addWidget(Sentence(said, self._texts))
        if found.header is not None and found.rows:
            self._beside.addWidget(_grid((found.header, *found.rows), self._texts))
        if found.room:
            self._beside.addWidget(Sentence(found.room, self._texts, "faint"))
        self.setUpdatesEnabled(True)


def _grid(rows: tuple[Row, ...], texts: WindowTexts) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            kind = "faint" if place == 0 else "heading" if column == 0 else ""
            grid.addWidget(Sentence(value, texts, kind), place, column)
    for column in range(len(Row._fields)):
        grid.setColumnStretch(column, 1)
    return made
