"""What the vendor's own rules keep its people from: decisions, prices and windows that cannot be.

Nothing was changed by whoever is told one of these. Leaves of the one tree in `errors`.
"""

from server_stub.errors import AlreadyExists, NotFound, ServerError


class RoleNeeded(ServerError):
    """This member of the staff may not do that."""

    code = "role-needed"
    exit_code = 45


class DecisionRefused(ServerError):
    """What was decided cannot be; nothing was changed."""

    code = "decision-refused"
    exit_code = 46


class CaseDecided(DecisionRefused):
    """The case is not open any more."""

    code = "case-decided"


class CaseOutdated(DecisionRefused):
    """The license went on since the case was opened: a decision is about one binding."""

    code = "case-outdated"


class ApprovalStands(DecisionRefused):
    """Another device was approved for the license and has not taken it yet."""

    code = "approval-stands"


class SecondPersonNeeded(DecisionRefused):
    """The same supervisor approved before; the second word must be another's, or the owner's."""

    code = "second-person-needed"


class OwnerCannotDecide(DecisionRefused):
    """The owner's word gives the right to a free license, and nothing else."""

    code = "owner-cannot-decide"


class FeeNotDue(DecisionRefused):
    """A coordinated change costs nothing."""

    code = "fee-not-due"


class NotOnHold(DecisionRefused):
    """The license is not on hold."""

    code = "not-on-hold"


class PriceTaken(AlreadyExists):
    """Another entry of the tariff is the price of the same thing."""

    code = "price-taken"


class WindowRefused(ServerError):
    """No such window can be opened or closed; nothing was changed."""

    code = "window-refused"
    exit_code = 47


class WindowBackwards(WindowRefused):
    """Its end does not come after its begin."""

    code = "window-backwards"


class WindowTooLong(WindowRefused):
    """Longer than any window may be."""

    code = "window-too-long"


class WindowBeforeLetter(WindowRefused):
    """From before the letter came, or by a letter of tomorrow."""

    code = "window-before-letter"


class WindowOver(WindowRefused):
    """It has ended, or was closed before."""

    code = "window-over"


class OfferUnknown(NotFound):
    """Nothing of that name is given on a page of the vendor's."""

    code = "offer-unknown"


class HolidayOver(ServerError):
    """A day that is over is told to nobody: most likely another year was meant."""

    code = "holiday-over"
    exit_code = 50


class ChallengeRefused(ServerError):
    """What was heard on the phone proves nothing."""

    code = "challenge-refused"
    exit_code = 51


class NeverBound(ChallengeRefused):
    """No machine ever held the license, so none can answer for it."""

    code = "never-bound"


class AnswerMistyped(ChallengeRefused):
    """A check digit does not fit: misheard or mistyped, which costs no try."""

    code = "answer-mistyped"


class AnswerIncomplete(AnswerMistyped):
    """Too few or too many digits, which costs no try either."""

    code = "answer-incomplete"


class AnswerWrong(ChallengeRefused):
    """Typed right, and no answer of any machine that the license was bound to."""

    code = "answer-wrong"


class ChallengeUsed(ChallengeRefused):
    """It was answered before."""

    code = "challenge-used"


class ChallengeExpired(ChallengeRefused):
    """Its time is over."""

    code = "challenge-expired"


class ChallengeSpent(ChallengeRefused):
    """Too many wrong answers."""

    code = "challenge-spent"
