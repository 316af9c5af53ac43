"""What the operator of the server is told: founding, serving, auditing."""

from server_stub.texts.table import Table

TEXTS: Table = {
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
    "audit-holds": (
        "The books hold: {entries} entries, {exchanges} exchanges, {records} records of evidence.",
        "دفتر ثبت درست است: {entries} ثبت، {exchanges} تبادل، {records} رکورد شواهد.",
    ),
    "audit-others": (
        "and {others} more beside it or because of it, entries {first} to {last} (all: --json)",
        "و {others} ایراد دیگر که از آن است یا کنار آن، ثبت‌های {first} تا {last} (همه: --json)",
    ),
    "listening": ("listening on {url}", "listening on {url}"),
    "ask.passphrase": ("Passphrase: ", "گذرواژه: "),
    "ask.passphrase-again": ("The same again: ", "دوباره همان: "),
}
