"""What `faragostar-server` says, in English and Persian: one table, looked up by code."""

import os
from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """The two languages of the program."""

    ENGLISH = "en"
    PERSIAN = "fa"


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Persian where the system speaks it."""
    named = next(
        (environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), ""
    )
    return Language.PERSIAN if named.lower().startswith("fa") else Language.ENGLISH


def say(language: Language, code: str, **parameters: object) -> str:
    """The sentence of that code, filled in."""
    english, persian = TEXTS[code]
    return (persian if language is Language.PERSIAN else english).format_map(parameters)


TEXTS: Mapping[str, tuple[str, str]] = {
    # What went wrong.
    "unexpected": ("Unexpected failure.", "خطای پیش‌بینی‌نشده."),
    "usage": ("{detail}", "{detail}"),
    "document-invalid": ("{file} is not valid.", "{file} معتبر نیست."),
    "audit-broken": (
        "The books do not hold: {count} faults.",
        "دفتر ثبت درست نیست: {count} ایراد.",
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
    "already-exists": ("“{name}” exists already.", "«{name}» از پیش هست."),
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
        "Bring back the newest database; an old one could give a license twice.",
        "تازه‌ترین پایگاه داده را برگردانید؛ کهنه می‌تواند یک مجوز را دو بار بدهد.",
    ),
    "advice.audit-broken": (
        "Stop the server, keep database and evidence as they are, and investigate.",
        "سرور را بایستانید، پایگاه داده و شواهد را دست نزنید و بررسی کنید.",
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
    "advice.not-initialised": (
        "Run `faragostar-server init`, or name the right folder with --home.",
        "«faragostar-server init» را اجرا کنید یا پوشهٔ درست را با --home بدهید.",
    ),
    "advice.already-initialised": (
        "Choose an empty folder.",
        "پوشه‌ای خالی برگزینید.",
    ),
    "advice.passphrase-needed": (
        "Type it when asked, or give --passphrase-file or a systemd credential `passphrase`.",
        "هنگام پرسش بنویسید، یا --passphrase-file یا credential با نام passphrase بدهید.",
    ),
    "advice.not-found": ("Check the spelling.", "نوشتار را بررسی کنید."),
    "advice.already-exists": ("Choose another name.", "نام دیگری برگزینید."),
    "advice.address-in-use": (
        "Stop what listens there, or choose another --port.",
        "برنامهٔ آن نشانی را بایستانید یا --port دیگری بدهید.",
    ),
    # What was done.
    "founded": ("Signing server founded in {home}.", "سرور صدور مجوز در {home} ساخته شد."),
    "founded.audience": ("Audience: {audience}", "شناسهٔ سرور: {audience}"),
    "founded.root-keys": (
        "Root keys ({threshold} of {count} must sign): {files}",
        "کلیدهای ریشه ({threshold} از {count} باید امضا کنند): {files}",
    ),
    "founded.root-keys-offline": (
        "  Move them to separate offline media and delete them here.",
        "  هر کدام را به رسانه‌ای جدا و آفلاین ببرید و از اینجا پاک کنید.",
    ),
    "founded.server-keys": (
        "Keys the server works with: {files}\n  Keep an encrypted copy elsewhere.",
        "کلیدهای کار سرور: {files}\n  رونوشتی رمزشده جای دیگری نگه دارید.",
    ),
    "founded.passphrase": (
        "The passphrase is stored nowhere. Keep it apart from the keys.",
        "گذرواژه جایی ذخیره نشده است. آن را جدا از کلیدها نگه دارید.",
    ),
    "founded.demo": (
        "Demonstration: the keys are NOT encrypted. Never issue real licenses with them.",
        "نمایشی: کلیدها رمز نشده‌اند. هرگز با آن‌ها مجوز واقعی صادر نکنید.",
    ),
    "founded.evidence": (
        "Evidence: {folder}\n  Put it on another disk with FARAGOSTAR_EVIDENCE_DIR.",
        "شواهد: {folder}\n  با FARAGOSTAR_EVIDENCE_DIR آن را روی دیسکی دیگر بگذارید.",
    ),
    "trust-exported": (
        "Root chain (version {version}) written to {file}.",
        "زنجیرهٔ ریشه (نسخهٔ {version}) در {file} نوشته شد.",
    ),
    "customer-added": ("Customer “{name}” added.", "مشتری «{name}» افزوده شد."),
    "issued.key": (
        "License key: {license_key}\n  Shown once; the server cannot tell it again.",
        "کلید مجوز: {license_key}\n  فقط همین یک بار نشان داده می‌شود.",
    ),
    "issued.support-code": ("Support code: {support_code}", "کد پشتیبانی: {support_code}"),
    "issued.id": ("License: {license_id}", "مجوز: {license_id}"),
    "license.line": (
        "{support_code}  {customer}  {product}  …{key_tail}  {state}",
        "{support_code}  {customer}  {product}  …{key_tail}  {state}",
    ),
    "license.none": ("No licenses yet.", "هنوز مجوزی نیست."),
    "license.head": (
        "{product} for {customer}, {seats} seats, support code {support_code}, key …{key_tail}",
        "{product} برای {customer}، {seats} کاربر، کد پشتیبانی {support_code}، کلید …{key_tail}",
    ),
    "license.free": ("free (generation {generation})", "آزاد (نوبت {generation})"),
    "license.bound": (
        "bound to {device} (generation {generation})",
        "فعال روی {device} (نوبت {generation})",
    ),
    "license.suspended": ("suspended", "متوقف برای فعال‌سازی تازه"),
    "license.check-in": (
        "Last check-in {at}: {standing}",
        "آخرین اعلام وضعیت {at}: {standing}",
    ),
    "license.no-check-in": ("No check-in yet.", "هنوز اعلام وضعیتی نرسیده است."),
    "license.cases": ("Open cases: {count}", "پرونده‌های باز: {count}"),
    "license.entry": ("  {index}  {at}  {event}", "  {index}  {at}  {event}"),
    "audit-holds": (
        "The books hold: {entries} entries, {exchanges} exchanges, {records} records of evidence.",
        "دفتر ثبت درست است: {entries} ثبت، {exchanges} تبادل، {records} رکورد شواهد.",
    ),
    "listening": ("listening on {url}", "listening on {url}"),
    "ask.passphrase": ("Passphrase: ", "گذرواژه: "),
    "ask.passphrase-again": ("The same again: ", "دوباره همان: "),
}
