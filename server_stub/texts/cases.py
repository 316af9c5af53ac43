"""What is said of cases: their verdicts, their timelines, and what approving would do."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "cases.none": ("No case waits.", "پرونده‌ای در انتظار نیست."),
    "cases.none-at-all": ("No cases yet.", "هنوز پرونده‌ای نیست."),
    "case.approved": (
        "Case {number} approved. With its device's next activation it",
        "پروندهٔ {number} تأیید شد. با درخواست بعدی دستگاه آن:",
    ),
    "case.first-approval": (
        (
            "Case {number}: the first of two approvals. Nothing has changed yet; another "
            "supervisor approves, or the owner's word is cited with --owner-confirmed."
        ),
        (
            "پروندهٔ {number}: نخستین تأیید از دو تأیید. هنوز چیزی تغییر نکرده است؛ سرپرستی دیگر "
            "تأیید کند یا گفتهٔ مالک با --owner-confirmed بیاید."
        ),
    ),
    "case.declined": (
        "Case {number} declined. Its device may ask again.",
        "پروندهٔ {number} رد شد. دستگاه می‌تواند دوباره درخواست کند.",
    ),
    "case.cancelled": (
        "Case {number} cancelled.",
        "پروندهٔ {number} لغو شد.",
    ),
    "case.title": ("Case {number} · {state}", "پروندهٔ {number} · {state}"),
    # What a case's rows are called.
    "label.license": ("License", "مجوز"),
    "label.asked-by": ("Asked by", "درخواست‌کننده"),
    "label.bound-to": ("Bound to", "فعال روی"),
    "label.because": ("Because", "علت"),
    "label.verdict": ("Verdict", "نتیجه"),
    "label.changed": ("Changed", "تغییرکرده"),
    "label.outside": ("Not declared", "اعلام‌نشده"),
    "label.fee": ("Fee", "هزینه"),
    "label.warranty": ("Warranty", "گارانتی"),
    "label.first-by": ("First approval", "تأیید نخست"),
    "label.owner": ("Owner's word", "گفتهٔ مالک"),
    "label.decided": ("Decided", "تصمیم"),
    "label.reason": ("Reason", "دلیل"),
    "label.message": ("Message", "پیام"),
    "heading.timeline": ("Timeline (UTC)", "ترتیب رویدادها (به وقت ایران)"),
    "heading.acts": ("What was done", "اقدام‌ها"),
    "heading.effect": ("If approved", "با تأیید"),
    "heading.standing": ("Approved", "با این تأیید"),
    "case.license": (
        "{product} for {customer}, support code {support_code}, key …{key_tail}",
        "{product} برای {customer}، کد پشتیبانی {support_code}، کلید …{key_tail}",
    ),
    "case.device": ("device {device}", "دستگاه {device}"),
    "case.device-heard": (
        "device {device}, last heard of {at}",
        "دستگاه {device}، آخرین اعلام وضعیت {at}",
    ),
    "case.device-silent": (
        "device {device}, never heard of since",
        "دستگاه {device}، از آن زمان بی‌خبر",
    ),
    "case.same-device": (
        "device {device}, the one that asks",
        "دستگاه {device}، همان درخواست‌کننده",
    ),
    "case.alike": (
        "nothing: the two copies look the same",
        "هیچ: دو نسخه یکسان به نظر می‌رسند",
    ),
    "case.nobody": ("nobody: the license is free", "هیچ دستگاهی: مجوز آزاد است"),
    "case.suspended": (
        "The license is suspended: no new machine is bound until it is resumed.",
        "مجوز متوقف است: تا رفع توقف روی دستگاه تازه‌ای فعال نمی‌شود.",
    ),
    "case.held": (
        "The license is on hold: an approval counts once the hold has ended.",
        "مجوز در تعلیق است: تأیید پس از پایان تعلیق به کار می‌آید.",
    ),
    "case.outdated": (
        "outdated: the license went on since",
        "کهنه: مجوز پس از آن تغییر کرده است",
    ),
    "case.by-at": ("{by}, {at}", "{by}، {at}"),
    "case.by-owner": ("the owner", "مالک"),
    "case.by-device": ("by the device or by what came after", "از سوی دستگاه یا رویدادی پس از آن"),
    "case.half": (
        "open, approved by {first} alone",
        "باز، تنها با تأیید {first}",
    ),
    "state.open": ("open", "باز"),
    "state.approved": ("approved", "تأییدشده"),
    "state.declined": ("declined", "ردشده"),
    "state.cancelled": ("cancelled", "لغوشده"),
    "kind.bound-elsewhere": (
        "the license is bound to another machine",
        "مجوز روی دستگاه دیگری فعال است",
    ),
    "kind.right-missing": (
        "the machine showed no right to the license",
        "دستگاه حقی بر مجوز نشان نداد",
    ),
    "kind.changed": ("the machine changed", "دستگاه تغییر کرده است"),
    "kind.coverage-lowered": (
        "fewer parts are readable than before",
        "اجزای کمتری از پیش خوانده می‌شود",
    ),
    "kind.fork": ("two copies of one machine were seen", "دو نسخه از یک دستگاه دیده شد"),
    "coordination.coordinated": ("coordinated", "هماهنگ‌شده"),
    "coordination.uncoordinated": ("uncoordinated", "هماهنگ‌نشده"),
    "coordination.undetermined": ("undetermined", "نامعلوم"),
    "because.receipt": (
        "the license was given back before",
        "مجوز پیش از آن بازپس داده شده بود",
    ),
    "because.never-held": (
        "no machine ever held the license",
        "هیچ دستگاهی مجوز را در اختیار نداشته است",
    ),
    "because.window": ("a change window covers it", "بازهٔ تغییر آن را پوشش می‌دهد"),
    "because.no-window": (
        "nothing was declared for that time",
        "برای آن زمان تغییری اعلام نشده بود",
    ),
    "because.outside-scope": (
        "a window was open, but more changed than was declared",
        "بازهٔ تغییر باز بود، ولی بیش از اعلام تغییر کرد",
    ),
    "because.outside-period": (
        "the change lies outside every window",
        "تغییر بیرون از همهٔ بازه‌ها است",
    ),
    "because.never-confirmed": (
        "the bound machine was never heard of and was younger than 72 hours: free of charge",
        "دستگاه فعال هرگز اعلام وضعیت نکرد و کمتر از ۷۲ ساعت از فعال‌سازی گذشته بود: بدون هزینه",
    ),
    "because.no-reading": (
        "no reading after the activation says when it still matched",
        "پس از فعال‌سازی سنجشی نیست که بگوید تا کی مطابق بوده است",
    ),
    "because.coverage-lowered": (
        "what is hidden can be told neither way",
        "دربارهٔ آنچه پنهان است نمی‌توان نظر داد",
    ),
    "because.fork": (
        "two copies give two accounts",
        "دو نسخه دو روایت دارند",
    ),
    "case.clock-differs": (
        "The device's clock contradicts the server's; its own times were not used.",
        "ساعت دستگاه با ساعت سرور نمی‌خواند؛ زمان‌های خود دستگاه به کار نرفت.",
    ),
    "fee.none": ("none", "ندارد"),
    "fee.none-published": (
        "none: the tariff has no entry for “{what}, {warranty}”",
        "ندارد: تعرفه برای «{what}، {warranty}» ردیفی ندارد",
    ),
    "fee.staff-may": (
        "none by itself; a supervisor may choose one with --fee",
        "خودبه‌خود ندارد؛ سرپرست می‌تواند با --fee تعیین کند",
    ),
    "fee.payable": ("{amount} {currency} ({tariff})", "{amount} {currency} ({tariff})"),
    "fee.waived": (
        "{amount} {currency} ({tariff}), waived",
        "{amount} {currency} ({tariff})، بخشوده",
    ),
    "warranty.runs": (
        "ran when the case opened, until {until}",
        "هنگام باز شدن پرونده برقرار، تا {until}",
    ),
    "warranty.over": ("ended on {until}", "پایان‌یافته از {until}"),
    "warranty.none": ("none", "ندارد"),
    "effect.moves": (
        (
            "moves the license from device {old} to device {new}; {old} stops at its next "
            "check-in, and until then both may run."
        ),
        (
            "مجوز را از دستگاه {old} به دستگاه {new} می‌برد؛ {old} با اعلام وضعیت بعدی خود از کار "
            "می‌ایستد و تا آن زمان شاید هر دو کار کنند."
        ),
    ),
    "effect.rebinds": (
        "binds the license anew to device {new} as it is now; nothing stops.",
        "مجوز را روی همان دستگاه {new} با وضع کنونی آن دوباره فعال می‌کند؛ چیزی نمی‌ایستد.",
    ),
    "effect.binds": (
        "binds the free license to device {new}; no machine loses it.",
        "مجوز آزاد را روی دستگاه {new} فعال می‌کند؛ هیچ دستگاهی آن را از دست نمی‌دهد.",
    ),
    "effect.frees": (
        (
            "frees the license: the proof of device {new} is believed; a copy of it that still "
            "runs stops at its next check-in."
        ),
        (
            "مجوز را آزاد می‌کند: گواهی دستگاه {new} پذیرفته می‌شود؛ نسخه‌ای که هنوز کار می‌کند با "
            "اعلام وضعیت بعدی خود می‌ایستد."
        ),
    ),
    "effect.nothing": ("nothing: the case is over.", "هیچ: پرونده پایان یافته است."),
    "effect.nothing-outdated": (
        "impossible: the license went on since. Decline it; the customer may ask again.",
        "ناممکن: مجوز پس از آن تغییر کرده است. آن را رد کنید؛ مشتری می‌تواند دوباره درخواست کند.",
    ),
    "effect.one": ("One supervisor decides.", "یک سرپرست تصمیم می‌گیرد."),
    "effect.beside": (
        (
            "Another machine with the same key, or this one under its next key, waits as case "
            "{others}. An approval helps only whoever waits for it."
        ),
        (
            "دستگاه دیگری با همین کلید، یا همین دستگاه با کلید بعدی‌اش، منتظر پروندهٔ {others} است. "
            "تأیید فقط به کار همان دستگاهی می‌آید که منتظر آن پرونده است."
        ),
    ),
    "effect.two": (
        (
            "That machine may be alive: it takes two supervisors, or one and the owner's word "
            "(--owner-confirmed)."
        ),
        "آن دستگاه شاید در کار باشد: دو سرپرست لازم است، یا یکی با گفتهٔ مالک (--owner-confirmed).",
    ),
    "effect.second": (
        "{first} approved; another supervisor, or the owner's word, is still needed.",
        "{first} تأیید کرده است؛ سرپرستی دیگر یا گفتهٔ مالک هنوز لازم است.",
    ),
    "effect.owner": (
        "The owner may decide it too (--by-owner).",
        "مالک نیز می‌تواند تصمیم بگیرد (--by-owner).",
    ),
    "source.server": ("server", "سرور"),
    "source.device": ("device's clock", "ساعت دستگاه"),
    "what.binding-made": ("activated: matched by definition", "فعال‌سازی: طبق تعریف مطابق"),
    "what.last-sign-of-life": ("last sign of the bound machine", "آخرین نشان از دستگاه فعال"),
    "what.checked-in-same": (
        "check-in: everything as enrolled",
        "اعلام وضعیت: همه چیز مانند زمان فعال‌سازی",
    ),
    "what.checked-in-different": (
        "check-in: the first that differed",
        "اعلام وضعیت: نخستین مغایرت",
    ),
    "what.last-match": ("the device last matched", "آخرین مطابقت به گفتهٔ دستگاه"),
    "what.first-difference": (
        "the device first saw the difference",
        "نخستین مغایرت به گفتهٔ دستگاه",
    ),
    "what.notice-received": ("change notice received", "دریافت اعلام تغییر"),
    "what.letter-received": ("letter or ticket received", "دریافت نامه یا تیکت"),
    "what.window-from": ("change window begins", "آغاز بازهٔ تغییر"),
    "what.window-until": ("change window ends", "پایان بازهٔ تغییر"),
    "what.released": ("license given back", "بازپس‌دهی مجوز"),
    "what.released-drifted": (
        "license given back, changed already",
        "بازپس‌دهی مجوز، پس از تغییر",
    ),
    "what.case-opened": ("case opened", "باز شدن پرونده"),
    "act.case-opened": ("opened", "باز شد"),
    "act.case-contested": (
        "asks anew: a machine with this key runs on",
        "پرسش تازه شد: دستگاهی با همین کلید هنوز کار می‌کند",
    ),
    "act.case-approved-first": ("first approval", "تأیید نخست"),
    "act.case-undecided": (
        "the first approval counts no more",
        "تأیید نخست دیگر اعتبار ندارد",
    ),
    "act.case-approved": ("approved", "تأیید شد"),
    "act.case-declined": ("declined", "رد شد"),
    "act.case-cancelled": ("cancelled", "لغو شد"),
}
