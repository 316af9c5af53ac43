"""`respond`: the answer to a challenge code, to be read over the phone."""

import msgspec

from agent.commands.session import Result, Session
from agent.layout import wrapped


def respond(session: Session) -> Result:
    """Answer a code that support read out."""
    # Typed as it is read out, in two groups, a terminal makes two words of it.
    found = session.reader.respond(" ".join(session.options.code))
    texts = session.texts
    heading = texts.gettext("Answer to the challenge code {code}", code=texts.number(found.code))
    shown = texts.latin(texts.number(found.answer.replace("-", "  ")))
    said = texts.gettext(
        "Read it to support, group by group. It proves which license this is, where it stands and "
        "whether this server has changed; it moves nothing, and nothing was sent."
    )
    return Result(
        msgspec.to_builtins(found),
        lambda: [*wrapped(heading), "", f"    {shown}", "", *wrapped(said)],
    )
