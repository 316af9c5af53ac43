"""All sentences in one table; a code has one sentence, wherever it is shown."""

from agent.texts import (
    by_hand,
    changes,
    diagnosis,
    events,
    failures,
    hidden,
    planning,
    recovery,
    refusals,
    standings,
    tolerance,
)
from agent.texts.marking import Sentences

SENTENCES: Sentences = {
    **standings.SENTENCES,
    **failures.SENTENCES,
    **refusals.SENTENCES,
    **events.SENTENCES,
    **diagnosis.SENTENCES,
    **by_hand.SENTENCES,
    **planning.SENTENCES,
    **changes.SENTENCES,
    **recovery.SENTENCES,
    **hidden.SENTENCES,
    **tolerance.SENTENCES,
}
