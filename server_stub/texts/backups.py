"""What is said of backups, restores, evidence and holds."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "backup-damaged": (
        "{file} is no backup, or not as it was written.",
        "{file} پشتیبان نیست یا آن‌گونه که نوشته شده بود نیست.",
    ),
    "advice.backup-damaged": (
        "Use another backup; the evidence brings it up to date.",
        "پشتیبان دیگری بیاورید؛ شواهد آن را به‌روز می‌کند.",
    ),
    "books-missing": (
        "The database is empty: the books of this signing server are not in it.",
        "پایگاه داده خالی است: دفتر این سرور امضا در آن نیست.",
    ),
    "advice.books-missing": (
        (
            "See that DATABASE_URL names the right one. If its books are lost:"
            " `faragostar-server restore FILE` with the newest backup."
        ),
        (
            "ببینید DATABASE_URL درست باشد. اگر دفتر از دست رفته است،"
            " «faragostar-server restore FILE» را با تازه‌ترین پشتیبان اجرا کنید."
        ),
    ),
    "evidence-foreign": (
        "Entry {index} of the evidence is not the one in the books: these are two histories.",
        "ثبت {index} در شواهد همان نیست که در دفتر است: این‌ها دو تاریخچه‌اند.",
    ),
    "advice.evidence-foreign": (
        (
            "Nothing was changed. Bring the evidence that belongs to these books, and ask the"
            " developers."
        ),
        "چیزی تغییر نکرد. شواهد همین دفتر را بیاورید و از سازندگان بپرسید.",
    ),
    "not-on-hold": ("License {name} is not on hold.", "مجوز {name} در تعلیق نیست."),
    "advice.not-on-hold": (
        "`faragostar-server license show CODE` shows where it stands.",
        "«faragostar-server license show CODE» وضعیت آن را نشان می‌دهد.",
    ),
    "backed-up": (
        "Backup written to {file}: {rows} rows up to entry {audit_index}, checked.",
        "پشتیبان در {file} نوشته و آزموده شد: {rows} ردیف تا ثبت {audit_index}.",
    ),
    "backed-up.keys": (
        "  It holds the working keys. Keep it as safe as them, on another machine.",
        "  کلیدهای کار سرور در آن است. به همان اندازه ایمن و روی ماشینی دیگر نگه دارید.",
    ),
    "restored": (
        "Restored into epoch {epoch}: {replayed} transactions were put back from the evidence.",
        "بازگردانی در دورهٔ {epoch}: {replayed} تراکنش از روی شواهد برگشت.",
    ),
    "restored.complete": (
        "Nothing that was ever answered is missing.",
        "هیچ پاسخی که داده شده بود کم نیست.",
    ),
    "restored.held": (
        (
            "Something is lost: {held} licenses are on hold until their machines check in, or two\n"
            "  supervisors end it (`license unhold`). What runs goes on running."
        ),
        (
            "چیزی از دست رفته است: {held} مجوز در تعلیق‌اند تا ماشین‌هایشان اعلام وضعیت کنند یا دو\n"
            "  سرپرست آن را پایان دهند («license unhold»). آنچه کار می‌کند به کار خود ادامه می‌دهد."
        ),
    ),
    "restored.lost": (
        "  Entries {lost_from} to {lost_to} are lost.",
        "  ثبت‌های {lost_from} تا {lost_to} از دست رفته‌اند.",
    ),
    "exported": (
        "Evidence up to entry {newest} written to {file}, checked.",
        "شواهد تا ثبت {newest} در {file} نوشته و آزموده شد.",
    ),
    "unheld": (
        "The hold of {name} is ended; it may be bound again.",
        "تعلیق {name} پایان یافت؛ دوباره می‌تواند فعال شود.",
    ),
    "unheld.first": (
        "A second supervisor must say so too; the hold of {name} goes on.",
        "سرپرست دومی هم باید بگوید؛ تعلیق {name} ادامه دارد.",
    ),
}
