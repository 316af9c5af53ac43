"""What is said of challenges: digits that prove a machine's state over the phone."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "challenge.asked": (
        "Call {call}: read out this challenge code, until {until}:",
        "تماس {call}: این کد راستی‌آزمایی را تا {until} بخوانید:",
    ),
    "challenge.code": ("    {digits}", "    {digits}"),
    "challenge.of": (
        "It is for the machine of generation {generation}, device {device}.",
        "برای دستگاه نوبت {generation} با شناسهٔ {device} است.",
    ),
    "challenge.how": (
        "There, “Answer a challenge code” under “Support”, or `faragostar-man respond {digits}`.",
        "آنجا: «پاسخ به کد راستی‌آزمایی» در «پشتیبانی»، یا «faragostar-man respond {digits}».",
    ),
    "challenge.proved": (
        "Call {call}: the answer is right. It proves, of this moment:",
        "تماس {call}: پاسخ درست است. برای همین لحظه ثابت می‌کند:",
    ),
    "challenge.state": (
        "Generation {generation}, {standing}; {drift}.",
        "نوبت {generation}، {standing}؛ {drift}.",
    ),
    "challenge.runs-bound": (
        "The books say so too: this machine holds the license.",
        "دفتر ثبت هم همین را می‌گوید: مجوز در اختیار این دستگاه است.",
    ),
    "challenge.runs-bound-anew": (
        "The books bound it anew since; the machine has not heard of that. A check brings it.",
        "دفتر ثبت آن را از نو به همین دستگاه داده و دستگاه هنوز خبر ندارد؛ «اعلام وضعیت» می‌رساند.",
    ),
    "challenge.runs-ended": (
        "It runs although generation {generation} is bound no more. Its next check-in ends that.",
        "با آنکه نوبت {generation} دیگر معتبر نیست کار می‌کند. اعلام وضعیت بعدی به آن پایان می‌دهد.",
    ),
    "challenge.stands-bound": (
        "It does not run the license any more; the books still hold generation {generation} there.",
        "مجوز را دیگر به کار نمی‌برد؛ در دفتر ثبت نوبت {generation} هنوز در اختیار همین دستگاه است.",
    ),
    "challenge.stands-bound-anew": (
        "It does not run generation {generation}; the books bound a newer one to it since.",
        "نوبت {generation} را به کار نمی‌برد؛ دفتر ثبت نوبت تازه‌تری به همین دستگاه داده است.",
    ),
    "challenge.stands-ended": (
        "The books say so too: generation {generation} is bound no more.",
        "دفتر ثبت هم همین را می‌گوید: نوبت {generation} پایان یافته است.",
    ),
    "challenge.moves-nothing": (
        "It moves no license and decides nothing. A copy of that whole machine answers alike.",
        ("مجوزی را جابه‌جا نمی‌کند و تصمیمی نمی‌گیرد. نسخهٔ کامل همان دستگاه نیز همین پاسخ را می‌دهد."),
    ),
    # What it proves not.
    "challenge-refused": ("The challenge proves nothing.", "این راستی‌آزمایی چیزی را ثابت نمی‌کند."),
    "never-bound": (
        "No machine ever held the license {support_code}.",
        "مجوز {support_code} هرگز روی دستگاهی نبوده است.",
    ),
    "answer-mistyped": (
        "Group {group} of the {what} is misheard or mistyped; no try was used.",
        "گروه {group} از {what} نادرست شنیده یا نوشته شده است؛ نوبتی از دست نرفت.",
    ),
    "answer-incomplete": (
        "The {what} has {count} digits; no try was used.",
        "{what} باید {count} رقم باشد؛ نوبتی از دست نرفت.",
    ),
    "answer-wrong": (
        "The answer to call {number} is wrong; tries left: {left}.",
        "پاسخ تماس {number} نادرست است؛ دفعه‌های باقی‌مانده: {left}.",
    ),
    "challenge-used": (
        "Call {number} was answered before.",
        "تماس {number} پیش‌تر پاسخ داده شده است.",
    ),
    "challenge-expired": ("The time of call {number} is over.", "زمان تماس {number} گذشته است."),
    "challenge-spent": (
        "Call {number} had too many wrong answers.",
        "پاسخ نادرست به تماس {number} بیش از اندازه بوده است.",
    ),
    "advice.challenge-refused": ("Ask anew.", "دوباره بپرسید."),
    "advice.never-bound": (
        "Have it activated first; until then the license key and the portal say everything.",
        "نخست باید فعال شود؛ تا آن زمان کلید مجوز و پورتال همه‌چیز را می‌گویند.",
    ),
    "advice.answer-mistyped": (
        "Have that group read out again.",
        "بخواهید همان گروه دوباره خوانده شود.",
    ),
    "advice.answer-incomplete": (
        "Have it read out again, group by group.",
        "بخواهید گروه به گروه دوباره خوانده شود.",
    ),
    "advice.answer-wrong": (
        (
            "See that the machine answered this very code. If it did: another machine or another"
            " license answered, or one that the books do not know."
        ),
        (
            "ببینید دستگاه به همین کد پاسخ داده باشد. اگر چنین است، دستگاه یا مجوز دیگری پاسخ داده،"
            " یا دستگاهی که در دفتر ثبت نیست."
        ),
    ),
    "advice.challenge-used": (
        "Ask anew: a code is answered once.",
        "دوباره بپرسید: هر کد یک بار پاسخ دارد.",
    ),
    "advice.challenge-expired": (
        "Ask anew: a code is good for {minutes} minutes.",
        "دوباره بپرسید: هر کد {minutes} دقیقه اعتبار دارد.",
    ),
    "advice.challenge-spent": (
        "Ask anew, and have the code read back to you first.",
        "دوباره بپرسید و نخست بخواهید کد را برایتان بازبخوانند.",
    ),
    # Words of an answer.
    "spoken.code": ("code", "کد"),
    "spoken.answer": ("answer", "پاسخ"),
    "drift.no-drift": ("no change that counts", "بدون تغییری که به شمار آید"),
    "drift.hidden": ("parts that count cannot be read", "جزء‌هایی خواندنی نیست"),
    "drift.drift": ("changed since it was bound", "پس از فعال‌سازی تغییر کرده است"),
    "drift.not-compared": ("nothing is compared", "چیزی مقایسه نمی‌شود"),
}
