"""What went wrong, by the codes of `server_stub.errors`, and the advice beside each."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "unexpected": ("Unexpected failure.", "خطای پیش‌بینی‌نشده."),
    "usage": ("{detail}", "{detail}"),
    "document-invalid": ("{file} is not valid.", "{file} معتبر نیست."),
    "audit-broken": (
        "The books do not hold: {count} faults.",
        "دفتر ثبت درست نیست: {count} ایراد.",
    ),
    "evidence-elsewhere": (
        "The books have no evidence in {count} places; nothing else speaks against them.",
        "دفتر ثبت در {count} جا شواهد ندارد؛ چیز دیگری خلاف آن نیست.",
    ),
    "books-behind": (
        "The database ends at entry {books}, the evidence at {evidence}: it is an old copy.",
        "پایان پایگاه داده ثبت {books} است و پایان شواهد ثبت {evidence}: نسخه‌ای کهنه است.",
    ),
    "administrator-needed": ("No permission for {file}.", "اجازهٔ دسترسی به {file} نیست."),
    "store-busy": ("The database is busy.", "پایگاه داده مشغول است."),
    "store-unreadable": (
        "The database or the evidence cannot be written or read: {detail}",
        "پایگاه داده یا شواهد خواندنی یا نوشتنی نیست: {detail}",
    ),
    "database-away": (
        "The database does not answer: {detail}",
        "پایگاه داده پاسخ نمی‌دهد: {detail}",
    ),
    "database-refused": (
        "The database server does not let this user in: {detail}",
        "سرور پایگاه داده این کاربر را نمی‌پذیرد: {detail}",
    ),
    "database-missing": (
        "There is no such database: {detail}",
        "چنین پایگاه داده‌ای نیست: {detail}",
    ),
    "database-rights": (
        "The user may not use this database: {detail}",
        "این کاربر اجازهٔ کار با این پایگاه داده را ندارد: {detail}",
    ),
    "database-unfit": (
        "The database cannot hold the books: {detail}",
        "پایگاه داده نمی‌تواند دفتر ثبت را نگه دارد: {detail}",
    ),
    "not-initialised": ("No signing server in {home}.", "در {home} سرور صدور مجوزی نیست."),
    "already-initialised": (
        "{home} is in use; nothing was changed.",
        "{home} در حال استفاده است؛ چیزی تغییر نکرد.",
    ),
    "passphrase-needed": (
        "The passphrase of the keys is missing, wrong or shorter than 12 characters.",
        "گذرواژهٔ کلیدها داده نشده، نادرست است یا از ۱۲ نویسه کوتاه‌تر است.",
    ),
    "not-found": ("Nothing is known by “{name}”.", "چیزی با «{name}» پیدا نشد."),
    "offer-unknown": (
        "“{name}” cannot be offered on a page.",
        "«{name}» چیزی نیست که بتوان صفحه‌ای برایش داد.",
    ),
    "holiday-over": ("{day} is over.", "{day} گذشته است."),
    "already-exists": ("“{name}” exists already.", "«{name}» از پیش هست."),
    "role-needed": (
        "“{name}” is {role}; this takes {needed}.",
        "نقش «{name}» {role} است؛ این کار نقش {needed} می‌خواهد.",
    ),
    "price-taken": (
        "“{name}” is the price of the same thing.",
        "«{name}» هزینهٔ همین مورد است.",
    ),
    "case-decided": (
        "Case {number} is not open any more: {state}.",
        "پروندهٔ {number} دیگر باز نیست: {state}.",
    ),
    "case-outdated": (
        "The license went on since case {number} was opened; nobody can approve it any more.",
        "مجوز پس از باز شدن پروندهٔ {number} تغییر کرده است؛ دیگر نمی‌توان آن را تأیید کرد.",
    ),
    "approval-stands": (
        "Case {number} must wait: case {other} of the same license is approved and not used yet.",
        "پروندهٔ {number} باید بماند: پروندهٔ {other} همین مجوز تأیید شده و هنوز استفاده نشده است.",
    ),
    "second-person-needed": (
        "“{name}” said so before; the second word must be another supervisor's.",
        "«{name}» پیش‌تر گفته است؛ تأیید دوم باید از سرپرست دیگری باشد.",
    ),
    "fee-not-due": (
        "Case {number} costs nothing: no fee may be asked for it.",
        "پروندهٔ {number} هزینه ندارد: هزینه‌ای برای آن نمی‌توان گرفت.",
    ),
    "owner-cannot-decide": (
        "Case {number} is not the owner's to decide.",
        "تصمیم دربارهٔ پروندهٔ {number} با مالک مجوز نیست.",
    ),
    "address-in-use": ("{address} is in use.", "{address} در حال استفاده است."),
    # What to do about it.
    "advice.unexpected": (
        "Send the log to the developers.",
        "گزارش رویدادها را برای سازندگان بفرستید.",
    ),
    "advice.usage": ("See --help.", "--help را ببینید."),
    "advice.document-invalid": (
        "Bring the file back from a backup.",
        "پرونده را از پشتیبان برگردانید.",
    ),
    "advice.books-behind": (
        "Run `faragostar-server restore`: it brings the database up to the evidence.",
        "«faragostar-server restore» را اجرا کنید: پایگاه داده را به شواهد می‌رساند.",
    ),
    "advice.audit-broken": (
        "Stop the server, keep database and evidence as they are, and investigate.",
        "سرور را بایستانید، پایگاه داده و شواهد را دست نزنید و بررسی کنید.",
    ),
    "advice.evidence-elsewhere": (
        (
            "Name the evidence that was moved away, or that was found:"
            " faragostar-server verify-audit --evidence FILE; `restore --evidence FILE` puts what"
            " was found back where it belongs. If there is none, stop the server, keep database"
            " and evidence as they are, and investigate."
        ),
        (
            "شواهدی را که جابه‌جا یا پیدا شده است نام ببرید:"
            " faragostar-server verify-audit --evidence FILE؛ «restore --evidence FILE» آنچه را"
            " پیدا شده است به جای خود برمی‌گرداند. اگر چنین چیزی نیست، سرور را بایستانید، پایگاه"
            " داده و شواهد را دست نزنید و بررسی کنید."
        ),
    ),
    "advice.administrator-needed": (
        "Run it as the user that the server runs as.",
        "با همان کاربری اجرا کنید که سرور با آن کار می‌کند.",
    ),
    "advice.store-busy": ("Try again in a moment.", "اندکی بعد دوباره بکوشید."),
    "advice.store-unreadable": (
        "Check free space and permissions, then try again.",
        "فضای آزاد و دسترسی‌ها را بررسی کنید و دوباره بکوشید.",
    ),
    "advice.database-away": (
        "See that it runs and that DATABASE_URL names its host and port, then try again.",
        "ببینید روشن باشد و DATABASE_URL میزبان و درگاه آن را بدهد؛ سپس دوباره بکوشید.",
    ),
    "advice.database-refused": (
        "Check user and password (DATABASE_URL, ~/.pgpass) and the server's pg_hba.conf.",
        "کاربر و گذرواژه (DATABASE_URL و ~/.pgpass) و pg_hba.conf آن سرور را بررسی کنید.",
    ),
    "advice.database-missing": (
        "Create it with `createdb --owner USER NAME`, or correct DATABASE_URL.",
        "آن را با «createdb --owner USER NAME» بسازید یا DATABASE_URL را درست کنید.",
    ),
    "advice.database-rights": (
        "Make the user of DATABASE_URL the owner of the database.",
        "کاربر DATABASE_URL را مالک آن پایگاه داده کنید.",
    ),
    "advice.database-unfit": (
        "Use PostgreSQL 14 or later, and a database with the encoding UTF8.",
        "PostgreSQL 14 یا تازه‌تر و پایگاه داده‌ای با کدگذاری UTF8 به کار ببرید.",
    ),
    "advice.not-initialised": (
        "Run `faragostar-server init`, or name the right folder with --home.",
        "«faragostar-server init» را اجرا کنید یا پوشهٔ درست را با --home بدهید.",
    ),
    "advice.already-initialised": (
        "Choose an empty folder and an empty database.",
        "پوشه‌ای خالی و پایگاه داده‌ای خالی برگزینید.",
    ),
    "advice.passphrase-needed": (
        "Type it when asked, or give --passphrase-file or a systemd credential `passphrase`.",
        "هنگام پرسش بنویسید، یا --passphrase-file یا credential با نام passphrase بدهید.",
    ),
    "advice.not-found": ("Check the spelling.", "نوشتار را بررسی کنید."),
    "advice.offer-unknown": ("What can be offered: {known}.", "آنچه می‌توان ارائه کرد: {known}."),
    "advice.holiday-over": (
        "Check the year; nothing was added.",
        "سال را بررسی کنید؛ چیزی افزوده نشد.",
    ),
    "advice.already-exists": ("Choose another name.", "نام دیگری برگزینید."),
    "advice.role-needed": (
        "Ask a colleague who has that role.",
        "از همکاری بخواهید که این نقش را دارد.",
    ),
    "advice.price-taken": (
        "Change that entry, or choose another reason or warranty.",
        "همان ردیف تعرفه را تغییر دهید یا علت یا وضع گارانتی دیگری برگزینید.",
    ),
    "advice.case-decided": (
        "`case show {number}` tells who decided and why.",
        "«case show {number}» می‌گوید چه کسی و چرا تصمیم گرفته است.",
    ),
    "advice.case-outdated": (
        "Decline it with a --message: the customer may ask again.",
        "آن را با --message رد کنید: مشتری می‌تواند دوباره درخواست کند.",
    ),
    "advice.approval-stands": (
        "Cancel case {other} first if its device shall not take the license.",
        "اگر دستگاه پروندهٔ {other} نباید مجوز را بگیرد، نخست آن پرونده را لغو کنید.",
    ),
    "advice.second-person-needed": (
        "Another supervisor says so; for a case the owner's word may stand in (--owner-confirmed).",
        "سرپرست دیگری تأیید کند؛ برای پرونده گفتهٔ مالک هم بس است (--owner-confirmed).",
    ),
    "advice.fee-not-due": (
        "Approve it without --fee.",
        "بدون --fee تأیید کنید.",
    ),
    "advice.owner-cannot-decide": (
        "The license is bound, or was released after a change: a supervisor decides (--by).",
        "مجوز فعال است یا پس از تغییر بازپس داده شده است: سرپرست تصمیم می‌گیرد (--by).",
    ),
    "advice.address-in-use": (
        "Stop what listens there, or choose another --port.",
        "برنامهٔ آن نشانی را بایستانید یا --port دیگری بدهید.",
    ),
}
