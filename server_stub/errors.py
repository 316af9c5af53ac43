"""What the signing server says to its own people when it cannot go on.

One tree; each leaf has a stable `code` and the exit code that only `cli` uses. Wording in both
languages is in `texts`, under the same code.
"""

from typing import ClassVar


class ServerError(Exception):
    """A named reason; the message is for the log."""

    code: ClassVar[str] = "unexpected"
    exit_code: ClassVar[int] = 1

    def __init__(self, reason: str = "", **parameters: str) -> None:
        """`parameters` fill the sentence that people read."""
        super().__init__(reason or self.code)
        self.parameters = parameters


class UsageError(ServerError):
    """The command line asks for something that does not exist."""

    code = "usage"
    exit_code = 2


class DeclaredByNobody(UsageError):
    """Evidence is declared to be lost for ever, and nobody says so; or somebody says nothing."""

    code = "declared-by-nobody"


class DocumentInvalid(ServerError):
    """A file of the home folder, or one that was given, is not what it should be."""

    code = "document-invalid"
    exit_code = 22


class SigningKeyMissing(DocumentInvalid):
    """The root lets a key sign whose file is not here."""

    code = "signing-key-missing"


class AgreementKeyMissing(SigningKeyMissing):
    """The key that challenge codes are agreed with is not here."""

    code = "agreement-key-missing"


class AuditBroken(ServerError):
    """The books were edited, cut or reordered."""

    code = "audit-broken"
    exit_code = 24


class BooksBehind(AuditBroken):
    """The evidence knows entries that the database does not: an old copy was put back."""

    code = "books-behind"


class AdministratorNeeded(ServerError):
    """The files belong to somebody else."""

    code = "administrator-needed"
    exit_code = 30


class StoreBusy(ServerError):
    """Another process holds the database longer than we wait."""

    code = "store-busy"
    exit_code = 31


class StoreUnreadable(ServerError):
    """The disk is full or read-only, or the database is damaged."""

    code = "store-unreadable"
    exit_code = 32


class DatabaseAway(StoreUnreadable):
    """Nobody answers there, or the connection broke; what was asked may be asked again."""

    code = "database-away"


class DatabaseRefused(StoreUnreadable):
    """The database server does not let us in."""

    code = "database-refused"


class DatabaseMissing(StoreUnreadable):
    """The database server knows no database of that name."""

    code = "database-missing"


class DatabaseRights(StoreUnreadable):
    """The database is there, and our user may not use it."""

    code = "database-rights"


class DatabaseUnfit(StoreUnreadable):
    """A database that cannot hold our books."""

    code = "database-unfit"


class NotInitialised(ServerError):
    """The home folder holds no signing server yet."""

    code = "not-initialised"
    exit_code = 33


class BooksMissing(NotInitialised):
    """The home is a signing server's, and its database holds no books: lost, or another one."""

    code = "books-missing"


class AlreadyInitialised(ServerError):
    """The home folder or the database is in use; nothing in it was changed."""

    code = "already-initialised"
    exit_code = 34


class RootNotSigned(ServerError):
    """Too few root keys have signed a draft, or it does not follow the published root."""

    code = "root-not-signed"
    exit_code = 39


class RootsForeign(RootNotSigned):
    """The roots that were brought do not follow those in the books."""

    code = "roots-foreign"


class NotConfirmed(ServerError):
    """Who was asked did not say yes; nothing was done."""

    code = "not-confirmed"
    exit_code = 49


class RootKeysMissing(ServerError):
    """The root keys are not here, as they should not be: the root must be signed elsewhere."""

    code = "root-keys-missing"
    exit_code = 40


class PassphraseNeeded(ServerError):
    """The keys are encrypted and no passphrase was given, or a wrong or short one."""

    code = "passphrase-needed"
    exit_code = 35


class NotFound(ServerError):
    """No such customer or license."""

    code = "not-found"
    exit_code = 36


class AlreadyExists(ServerError):
    """A customer of that name is there already."""

    code = "already-exists"
    exit_code = 37


class AddressInUse(ServerError):
    """Something else listens on that address and port."""

    code = "address-in-use"
    exit_code = 38


class BackupDamaged(DocumentInvalid):
    """The file is no backup, or not as it was written."""

    code = "backup-damaged"


class EvidenceIncomplete(ServerError):
    """Entries that were told are in no evidence here; nothing was changed."""

    code = "evidence-incomplete"
    exit_code = 48


class EvidenceMissing(EvidenceIncomplete):
    """There is no evidence where it should be, so nobody can say where it ended."""

    code = "evidence-missing"


class EvidenceElsewhere(AuditBroken):
    """Nothing contradicts the books, but some of their evidence was not read."""

    code = "evidence-elsewhere"


class EvidenceForeign(AuditBroken):
    """The evidence and the books tell two histories."""

    code = "evidence-foreign"


class RequestUnreadable(DocumentInvalid):
    """The file that was given holds no request that can be answered."""

    code = "request-unreadable"


class PartsIncomplete(DocumentInvalid):
    """Some parts of a request are missing."""

    code = "parts-incomplete"


class FileExists(AlreadyExists):
    """Something of that name is there, and it is not this answer."""

    code = "file-exists"


class PicturesUnavailable(UsageError):
    """This installation has no QR codes."""

    code = "qr-unavailable"
