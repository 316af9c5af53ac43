"""What a kept document says, and whose signature stands under it.

Pure. A document that was kept is verified again whenever somebody wants to know, under the root
that is trusted now: what its key was good for then does not help when the key was revoked since.
"""

from typing import NamedTuple

from agent.ports import PaperKind, StoredPaper
from protocol import jws
from protocol.documents import License, Receipt, Window
from protocol.envelope import open_answer
from protocol.problems import ProtocolError, WrongType
from protocol.trust import KeyRecord, KeyUse, Trust
from protocol.values import KeyId

KeptAnswer = License | Receipt | Window

_KINDS = {PaperKind.LICENSE: License, PaperKind.RECEIPT: Receipt, PaperKind.WINDOW: Window}


class Signature(NamedTuple):
    """A signature that holds: by the root's `key`-th document key, counted from the oldest."""

    kid: KeyId
    key: int
    root: int


class Opened(NamedTuple):
    """A kept document with what it says; what only the document knows is None if it is not genuine.

    `problem` is the protocol's code of what is wrong with it.
    """

    paper: StoredPaper
    answer: KeptAnswer | None = None
    signature: Signature | None = None
    problem: str | None = None


def opened(paper: StoredPaper, trust: Trust) -> Opened:
    """Verify a kept document, and only then read it."""
    try:
        answer = open_answer(paper.raw, trust)
        if not isinstance(answer, KeptAnswer) or not _is_filed_right(paper, answer):
            raise WrongType("another document than the one that was kept")
    except ProtocolError as problem:
        return Opened(paper, problem=problem.code)
    return Opened(paper, answer, _signature(paper, trust))


def _is_filed_right(paper: StoredPaper, answer: KeptAnswer) -> bool:
    """Whether it is the one that its entry names: a genuine document may have been put there."""
    entry = (_KINDS[paper.kind], paper.digest, paper.license_id, paper.generation)
    return entry == (type(answer), jws.digest(paper.raw), answer.license_id, answer.generation)


def _signature(paper: StoredPaper, trust: Trust) -> Signature:
    kid = jws.split(paper.raw).kid
    records = trust.root.keys.items()
    keys = [(_age(key), name) for name, key in records if key.use is KeyUse.DOCUMENT]
    names = [name for _, name in sorted(keys)]
    return Signature(kid, names.index(kid) + 1, trust.root.version)


def _age(key: KeyRecord) -> tuple[bool, int, int]:
    """Order the oldest first: those that were retired, as they were, and then those that sign."""
    return key.retired_at is None, key.retired_at or 0, key.not_before
