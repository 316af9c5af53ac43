"""Everything that can go wrong in the agent: one tree, a stable code on every leaf.

A refused move is an error, never a silent `False`. Sentences and advice in both languages stand in
`agent.texts` under the same codes; which exit code a leaf gets is decided in `agent.cli` alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from protocol.values import Standing


class Cause(StrEnum):
    """Where to look first."""

    USER = "user"
    NETWORK = "network"
    SERVER = "server"
    THIS_MACHINE = "this-machine"
    ATTACKER = "attacker"


class AgentError(Exception):
    """Base of all; `parameters` fill the sentence shown for `code`."""

    code: ClassVar[str] = "unexpected"
    cause: ClassVar[Cause] = Cause.THIS_MACHINE

    def __init__(self, **parameters: object) -> None:
        """Keep what the sentence needs, as text."""
        self.parameters: Mapping[str, str] = {k: str(v) for k, v in parameters.items()}
        super().__init__(self.code, *self.parameters.values())

    @property
    def text_code(self) -> str:
        """Under which code the sentence is found; finer than `code` where a server or key spoke."""
        return self.code


class NotSetUp(AgentError):
    """No home, no pinned root, or no server configured."""

    code = "not-set-up"
    cause = Cause.USER


class AlreadySetUp(AgentError):
    """Another root is pinned here; replacing it would orphan the license."""

    code = "already-set-up"
    cause = Cause.USER


class SettingInvalid(AgentError):
    """A configuration value that cannot be used."""

    code = "setting-invalid"
    cause = Cause.USER


class ServerUrlInsecure(SettingInvalid):
    """Plain HTTP to anything but this machine."""

    code = "server-url-insecure"


class InputInvalid(AgentError):
    """A code or argument that was typed wrong; found before anything left this machine."""

    code = "input-invalid"
    cause = Cause.USER

    @property
    def text_code(self) -> str:
        """A mistyped code has its own sentence."""
        return self.parameters.get("problem", self.code)


class FileUnreadable(AgentError):
    """A file that the user named cannot be read or written."""

    code = "file-unreadable"
    cause = Cause.USER


class FileTaken(FileUnreadable):
    """A file that would be written exists already, and is never overwritten."""

    code = "file-taken"


class FolderTaken(FileTaken):
    """A folder that would be filled holds something already."""

    code = "folder-taken"


class NotAllowed(AgentError):
    """The license's standing does not allow this step."""

    code = "not-allowed"
    cause = Cause.USER

    def __init__(self, standing: Standing, step: str) -> None:
        """`step` is the refused action's name."""
        super().__init__(standing=standing.value, step=step)
        self.standing = standing

    @property
    def text_code(self) -> str:
        """Each standing explains its own refusal."""
        return f"not-allowed-{self.parameters['standing']}"


class NothingToWithdraw(NotAllowed):
    """Neither an unanswered activation nor a case is open."""

    code = "nothing-to-withdraw"

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing, "withdraw")

    @property
    def text_code(self) -> str:
        """The same in every standing."""
        return self.code


class FinishFirst(NothingToWithdraw):
    """A request whose answer may be a newer license than the one that runs must come to its end."""

    code = "finish-first"


class DocumentRevoked(NotAllowed):
    """The document that is held is believed no more; a new one must come first."""

    code = "document-revoked"

    @property
    def text_code(self) -> str:
        """The same in every standing."""
        return self.code


class AdminRightsNeeded(AgentError):
    """The operating system denied access to the agent's files."""

    code = "admin-rights-needed"
    cause = Cause.USER


class NoWindow(AgentError):
    """No screen to open a window on, or the window's library is not installed."""

    code = "no-window"
    cause = Cause.USER

    @property
    def text_code(self) -> str:
        """What is missing has its own sentence."""
        return self.parameters.get("problem", self.code)


class NotElevated(AgentError):
    """The window was not opened as administrator; `problem` says what stood in the way."""

    code = "not-elevated"
    cause = Cause.USER

    @property
    def text_code(self) -> str:
        """Who said no has its own sentence."""
        return self.parameters.get("problem", self.code)


class StoreBusy(AgentError):
    """Another process held the store for longer than we wait."""

    code = "store-busy"


class StoreUnusable(AgentError):
    """The store can be neither read nor written; nothing was changed."""

    code = "store-unreadable"


class StoreFull(StoreUnusable):
    """No space left for a durable commit."""

    code = "store-full"


class StoreReadOnly(StoreUnusable):
    """The file system is mounted read-only."""

    code = "store-read-only"


class StoreNewer(StoreUnusable):
    """Written by a later version of this program."""

    code = "store-newer"


class StoreDamaged(AgentError):
    """The store's bytes are not what this program wrote; it is set aside, never overwritten."""

    code = "store-damaged"


class ServerUnreachable(AgentError):
    """No answer came. What was journaled is safe and will be sent again."""

    code = "server-unreachable"
    cause = Cause.NETWORK


class NameNotResolved(ServerUnreachable):
    """DNS does not know the server."""

    code = "dns-failed"


class TlsFailed(ServerUnreachable):
    """The server's certificate was not accepted."""

    code = "tls-failed"


class ProxyFailed(ServerUnreachable):
    """The configured proxy did not pass the request on."""

    code = "proxy-failed"


class WaitingStopped(ServerUnreachable):
    """Whoever waited for the answer did not want to wait any longer."""

    code = "waiting-stopped"
    cause = Cause.USER


class ServerSlow(ServerUnreachable):
    """No whole answer within the time allowed."""

    code = "server-slow"


class ServerTroubled(ServerUnreachable):
    """The server answered with an error of its own (HTTP 5xx or 429)."""

    code = "server-troubled"
    cause = Cause.SERVER


class NotASigningServer(ServerUnreachable):
    """Something else answers at that address: a redirect, a web page, a captive portal."""

    code = "not-a-signing-server"


class ServerRefused(AgentError):
    """A signed refusal: final for this request, and it changed nothing."""

    code = "server-refused"
    cause = Cause.SERVER

    def __init__(self, refusal: str) -> None:
        """`refusal` is the server's own code."""
        super().__init__(refusal=refusal)

    @property
    def text_code(self) -> str:
        """The server's refusal names the sentence."""
        return f"refused-{self.parameters['refusal']}"


class DocumentRefused(AgentError):
    """Bytes that claimed to be a document of the vendor's, and are not to be believed."""

    code = "document-invalid"
    cause = Cause.ATTACKER

    def __init__(self, problem: str) -> None:
        """`problem` is the `ProtocolError`'s code."""
        super().__init__(problem=problem)

    @property
    def text_code(self) -> str:
        """The protocol's own code names the sentence."""
        return self.parameters["problem"]


class FileRefused(DocumentRefused):
    """A file or paste that the user took for an answer to this machine, and that is none."""

    code = "file-refused"
    cause = Cause.USER

    def __init__(self, problem: str, **parameters: str) -> None:
        """`problem` names the sentence, which `parameters` fill."""
        AgentError.__init__(self, problem=problem, **parameters)


class RecoveryRefused(DocumentRefused):
    """A recovery file that cannot be opened: wrong passphrase, changed bytes, or none at all."""

    code = "recovery-refused"
    cause = Cause.USER
