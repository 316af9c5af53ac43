"""What is said of keys and roots."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "root-not-signed": (
        "The root is not signed as it must be: {detail}",
        "ریشه چنان که باید امضا نشده است: {detail}",
    ),
    "advice.root-not-signed": (
        (
            "Have it signed: `faragostar-server root sign DRAFT --key PEM`."
            " A draft for an older root must be drawn up anew."
        ),
        (
            "آن را با «faragostar-server root sign DRAFT --key PEM» امضا کنید."
            " پیش‌نویس ریشهٔ کهنه‌تر را باید از نو ساخت."
        ),
    ),
    "root-keys-missing": (
        "{count} root keys must sign, and they are not here; nothing was changed.",
        "{count} کلید ریشه باید امضا کنند و اینجا نیستند؛ چیزی تغییر نکرد.",
    ),
    "advice.root-keys-missing": (
        (
            "Draw up a draft (`key rotate --draft FILE`), sign it where the root keys are"
            " (`root sign`), then `root publish FILE`."
        ),
        (
            "پیش‌نویس بسازید («key rotate --draft FILE»)، جایی که کلیدهای ریشه هستند امضا کنید"
            " («root sign») و سپس «root publish FILE»."
        ),
    ),
    "roots-foreign": (
        "These roots do not follow root {version} of the books; nothing was changed.",
        "این ریشه‌ها دنبالهٔ ریشهٔ {version} دفتر نیستند؛ چیزی تغییر نکرد.",
    ),
    "advice.roots-foreign": (
        (
            "Bring a chain of this server: from `trust export`, or an agent's roots.jws. Agents"
            " follow no other root of a version that they have heard of."
        ),
        (
            "زنجیرهٔ همین سرور را بیاورید: از «trust export» یا roots.jws یکی از برنامه‌ها."
            " برنامه‌ها از نسخه‌ای که شنیده‌اند ریشهٔ دیگری نمی‌پذیرند."
        ),
    ),
    "signing-key-missing": (
        "By root {version} key {key} signs, and its file is not in {folder}.",
        "بنا بر ریشهٔ {version} کلید {key} امضا می‌کند و پروندهٔ آن در {folder} نیست.",
    ),
    "agreement-key-missing": (
        "The agreement key of root {version} is not in {folder}.",
        "کلید توافق ریشهٔ {version} در {folder} نیست.",
    ),
    "advice.agreement-key-missing": (
        "Bring back its copy (`agreement-N.pem`); without it no challenge can be judged.",
        "نسخهٔ آن (agreement-N.pem) را برگردانید؛ بدون آن هیچ راستی‌آزمایی داوری نمی‌شود.",
    ),
    "advice.signing-key-missing": (
        (
            "Bring back its copy (`document-N.pem`). If it is lost, `key rotate` puts another in"
            " its place."
        ),
        (
            "رونوشت آن (document-N.pem) را برگردانید. اگر از دست رفته است، «key rotate» کلید دیگری"
            " به جایش می‌گذارد."
        ),
    ),
    "key.root": (
        "Root {version}; {threshold} root keys must sign the next.",
        "ریشهٔ {version}؛ بعدی را باید {threshold} کلید ریشه امضا کند.",
    ),
    "key.line": ("  {key}  {use}  {state}", "  {key}  {use}  {state}"),
    "key.root-use": ("root", "ریشه"),
    "key.document-use": ("documents", "اسناد"),
    "key.in-force": ("in force, not before {since}", "معتبر، نه پیش از {since}"),
    "key.in-force-since": (
        "in force since root {version} of {at}",
        "معتبر از ریشهٔ {version} در {at}",
    ),
    "key.retired": (
        "retired: believed up to entry {index}",
        "بازنشسته: تا ثبت {index} پذیرفته است",
    ),
    "key.retired-unknown": (
        "retired: all it signed is believed, for entries were lost before",
        "بازنشسته: هر چه امضا کرده پذیرفته است، چون پیش از آن ثبت‌هایی از دست رفته بود",
    ),
    "key.revoked": ("revoked: nothing of it is believed", "باطل: هیچ امضای آن پذیرفته نیست"),
    "key.until": ("not after {until}", "نه پس از {until}"),
    "key.rotated": (
        (
            "Root {version} is published; {key} signs from now on ({file}).\n"
            "  Keep an encrypted copy of that file elsewhere."
        ),
        (
            "ریشهٔ {version} منتشر شد؛ از این پس {key} امضا می‌کند ({file}).\n"
            "  رونوشتی رمزشده از آن پرونده جای دیگری نگه دارید."
        ),
    ),
    "root.drafted": (
        "Draft of root {version} written to {file}.",
        "پیش‌نویس ریشهٔ {version} در {file} نوشته شد.",
    ),
    "root.key-file": ("New document key: {files}", "کلید تازهٔ اسناد: {files}"),
    "root.root-keys": (
        "New root keys: {files}\n  Move each to offline media of its own.",
        "کلیدهای تازهٔ ریشه: {files}\n  هر کدام را به رسانه‌ای جدا و آفلاین ببرید.",
    ),
    "root.quorum": (
        (
            "Signed by {former} of {former_threshold} keys of the present root and {own} of"
            " {own_threshold} of its own."
        ),
        (
            "امضاشده با {former} از {former_threshold} کلید ریشهٔ کنونی و {own} از {own_threshold}"
            " کلید خودش."
        ),
    ),
    "root.changes": (
        "Root {version} of {audience}, after root {former}:",
        "ریشهٔ {version} از {audience}، پس از ریشهٔ {former}:",
    ),
    "root.threshold": (
        "  root keys that must sign the next: {former} before, {own} from now on",
        "  کلیدهای ریشه که باید بعدی را امضا کنند: تا کنون {former}، از این پس {own}",
    ),
    "root.agreement-altered": (
        "  the key of the challenge codes changes",
        "  کلید کدهای چالش عوض می‌شود",
    ),
    "root.audience-altered": (
        "  it is of another signing server than the root before it",
        "  از سرور امضای دیگری است، نه سرور ریشهٔ پیش از آن",
    ),
    "change.comes": ("comes", "می‌آید"),
    "change.goes": ("goes", "می‌رود"),
    "change.stays": ("stays", "می‌ماند"),
    "change.retires": ("retired now", "اکنون بازنشسته"),
    "change.revoked": ("revoked now", "اکنون باطل"),
    "change.altered": ("altered", "دگرگون"),
    "change.fields": ("{state}; new: {fields}", "{state}؛ تازه: {fields}"),
    "change.field": ("{field} {now} (was {was})", "{field} {now} (پیش‌تر {was})"),
    "field.alg": ("algorithm", "الگوریتم"),
    "field.use": ("use", "کاربرد"),
    "field.jwk": ("the key itself", "خود کلید"),
    "field.not-before": ("begins", "آغاز"),
    "field.not-after": ("ends", "پایان"),
    "field.retired-at": ("retired at entry", "بازنشسته در ثبت"),
    "field.revoked": ("revoked", "باطل"),
    "field.none": ("never", "هرگز"),
    "field.yes": ("yes", "بله"),
    "field.no": ("no", "نه"),
    "ask.sign-root": ("Sign this root? (yes/no) ", "این ریشه امضا شود؟ (yes/no) "),
    "not-confirmed": ("Nothing was signed.", "چیزی امضا نشد."),
    "advice.not-confirmed": (
        "Ask whoever drew up the draft why the root is as it is.",
        "از کسی که پیش‌نویس را ساخته است بپرسید چرا ریشه چنین است.",
    ),
    "root.published": (
        "Root {version} is published; agents get it with their next answer.",
        "ریشهٔ {version} منتشر شد؛ برنامه‌ها آن را با پاسخ بعدی می‌گیرند.",
    ),
}
