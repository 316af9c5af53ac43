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
    "evidence-incomplete": (
        "Entries {first} to {last} are in no evidence here; nothing was changed.",
        "ثبت‌های {first} تا {last} در هیچ شواهدی اینجا نیست؛ چیزی تغییر نکرد.",
    ),
    "advice.evidence-incomplete": (
        (
            "Look for it first: what was moved out of the evidence folder, or copied to a third\n"
            "  place (`--evidence FILE`). If it is lost for ever, `--evidence-lost --by NAME`\n"
            "  restores without it and puts every license on hold."
        ),
        (
            "نخست آن را بیابید: آنچه از پوشهٔ شواهد بیرون برده یا در جای سومی رونوشت شده است\n"
            "  («--evidence FILE»). اگر برای همیشه از دست رفته است، «--evidence-lost --by NAME»\n"
            "  بدون آن بازمی‌گرداند و همهٔ مجوزها را به تعلیق می‌برد."
        ),
    ),
    "evidence-missing": (
        (
            "There is no evidence in {folder}: nobody can say what was answered after entry"
            " {known}. Nothing was changed."
        ),
        (
            "در {folder} شواهدی نیست: کسی نمی‌داند پس از ثبت {known} چه پاسخی داده شده است."
            " چیزی تغییر نکرد."
        ),
    ),
    "advice.evidence-missing": (
        (
            "Look for it first: on its own disk (FARAGOSTAR_EVIDENCE_DIR), or a copy in a third\n"
            "  place (`--evidence FILE`). If it is lost for ever, add `--evidence-lost --by"
            " NAME`:\n  what a copy has is put back, and every license is on hold."
        ),
        (
            "نخست آن را بیابید: روی دیسک خودش (FARAGOSTAR_EVIDENCE_DIR) یا رونوشتی در جای سوم\n"
            "  («--evidence FILE»). اگر برای همیشه از دست رفته است، «--evidence-lost --by NAME»\n"
            "  را هم بدهید: آنچه در رونوشت هست برمی‌گردد و همهٔ مجوزها به تعلیق می‌روند."
        ),
    ),
    "evidence-foreign": (
        "Entry {index} of the evidence is not the one in the books: these are two histories.",
        "ثبت {index} در شواهد همان نیست که در دفتر است: این‌ها دو تاریخچه‌اند.",
    ),
    "advice.evidence-foreign": (
        (
            "Nothing was changed. Bring the evidence that belongs to these books. Leave out any\n"
            "  file (`--evidence FILE`) of entries that were once declared lost: the books went\n"
            "  on without them. If neither helps, ask the developers."
        ),
        (
            "چیزی تغییر نکرد. شواهد همین دفتر را بیاورید و پرونده‌ای («--evidence FILE») را که\n"
            "  ثبت‌هایش زمانی از‌دست‌رفته اعلام شده است کنار بگذارید: دفتر بدون آن‌ها پیش رفته است.\n"
            "  اگر هیچ‌کدام سود نداشت، از سازندگان بپرسید."
        ),
    ),
    "declared-by-nobody": (
        (
            "Who declares evidence to be lost for ever is named: `--evidence-lost` and `--by NAME`"
            " go together. Nothing was changed."
        ),
        (
            "نام کسی که شواهد را برای همیشه از دست رفته اعلام می‌کند لازم است: «--evidence-lost» و"
            " «--by NAME» با هم می‌آیند. چیزی تغییر نکرد."
        ),
    ),
    "advice.declared-by-nobody": (
        (
            "Look for the evidence first (`--evidence FILE`). If it is lost, for example:"
            ' faragostar-server restore BACKUP --evidence-lost --by "Sara Ahmadi"'
        ),
        (
            "نخست شواهد را بجویید («--evidence FILE»). اگر از دست رفته است، برای نمونه:"
            ' faragostar-server restore BACKUP --evidence-lost --by "سارا احمدی"'
        ),
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
    "restored.none-held": (
        "Something may be lost. There is no license in the books to put on hold.",
        "شاید چیزی از دست رفته باشد. در دفتر مجوزی نیست که به تعلیق برود.",
    ),
    "restored.roots": (
        "Roots published again: {roots}.",
        "ریشه‌هایی که دوباره منتشر شدند: {roots}.",
    ),
    "restored.key-missing": (
        (
            "Warning: key {key} should sign now, and its file is not in {folder}.\n"
            "  Bring back its copy, or let `key rotate` put another in its place."
        ),
        (
            "هشدار: اکنون باید کلید {key} امضا کند و پروندهٔ آن در {folder} نیست.\n"
            "  رونوشت آن را برگردانید یا با «key rotate» کلید دیگری به جایش بگذارید."
        ),
    ),
    "restored.key-unknown": (
        (
            "Whether key {key}, which should sign now, is in {folder} was not looked at: its"
            " passphrase is needed (`--passphrase-file`). `serve` will say."
        ),
        (
            "معلوم نشد کلید {key} که اکنون باید امضا کند در {folder} هست یا نه: گذرواژهٔ آن لازم است"
            " («--passphrase-file»). «serve» خواهد گفت."
        ),
    ),
    "restored.lost": (
        "  Entries {lost_from} to {lost_to} are lost.",
        "  ثبت‌های {lost_from} تا {lost_to} از دست رفته‌اند.",
    ),
    "known-loss.entries": (
        (
            "  Known loss: entries {first} to {last}, which a restore could not bring back.\n"
            "    Declared at {at} by {by} (entry {entry})."
        ),
        (
            "  فقدان شناخته‌شده: ثبت‌های {first} تا {last} که بازگردانی نتوانست برگرداند.\n"
            "    اعلام در {at} از سوی {by} (ثبت {entry})."
        ),
    ),
    "known-loss.evidence": (
        (
            "  Known loss: the evidence of entries {first} to {last}; the books have them.\n"
            "    Declared at {at} by {by} (entry {entry})."
        ),
        (
            "  فقدان شناخته‌شده: شواهد ثبت‌های {first} تا {last}؛ خود ثبت‌ها در دفتر هست.\n"
            "    اعلام در {at} از سوی {by} (ثبت {entry})."
        ),
    ),
    "progress.writing": ("{count} rows written", "{count} ردیف نوشته شد"),
    "progress.reading": ("{count} rows read", "{count} ردیف خوانده شد"),
    "progress.loading": ("{count} rows put back", "{count} ردیف برگشت"),
    "progress.replaying": ("{count} records of evidence read", "{count} رکورد شواهد خوانده شد"),
    "progress.entries": ("{count} entries checked", "{count} ثبت آزموده شد"),
    "progress.exchanges": ("{count} exchanges verified", "امضای {count} تبادل آزموده شد"),
    "progress.records": ("{count} records of evidence checked", "{count} رکورد شواهد آزموده شد"),
    "progress.comparing": (
        "{count} exchanges compared with the evidence",
        "{count} تبادل با شواهد سنجیده شد",
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
