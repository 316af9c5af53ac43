"""What is said of customers and licenses."""

from server_stub.texts.table import Table

TEXTS: Table = {
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
    "license.held": (
        "on hold: bound anew once its machine checks in or two supervisors end it",
        "در تعلیق: تا اعلام وضعیت دستگاهش یا تأیید دو سرپرست دوباره فعال نمی‌شود",
    ),
    "license.held-by-nobody": (
        "on hold: bound anew once two supervisors end it",
        "در تعلیق: تا تأیید دو سرپرست دوباره فعال نمی‌شود",
    ),
    "hold.of-a-machine": (
        (
            "The hold ends by two check-ins of that machine, the second after it has heard the "
            "answer to the first (by hand: `faragostar-man export check`, `import`, and both once "
            "more). If it cannot, two supervisors end it: `license unhold {support_code}`."
        ),
        (
            "تعلیق با دو اعلام وضعیت همان دستگاه پایان می‌یابد؛ دومی پس از دریافت پاسخ اولی (بدون "
            "شبکه: «faragostar-man export check»، «import» و یک بار دیگر هر دو). اگر ممکن نیست، دو "
            "سرپرست آن را برمی‌دارند: «license unhold {support_code}»."
        ),
    ),
    "hold.of-nobody": (
        (
            "By these books no machine holds it, so nothing ends the hold by itself: two "
            "supervisors end it, `license unhold {support_code}`. Only a machine that shows a "
            "later license ends it by two check-ins too."
        ),
        (
            "بنا بر این دفتر هیچ دستگاهی آن را در اختیار ندارد؛ پس تعلیق خودبه‌خود پایان نمی‌یابد: "
            "دو سرپرست آن را برمی‌دارند، «license unhold {support_code}». تنها دستگاهی که سندی "
            "تازه‌تر نشان دهد نیز با دو اعلام وضعیت آن را پایان می‌دهد."
        ),
    ),
    "license-suspended": (
        "{product} for {customer}: no new machine is bound; the one that holds it goes on.",
        "{product} برای {customer}: روی دستگاه تازه‌ای فعال نمی‌شود؛ دارندهٔ کنونی ادامه می‌دهد.",
    ),
    "license-resumed": (
        "{product} for {customer} may be bound again.",
        "{product} برای {customer} دوباره فعال‌شدنی است.",
    ),
    "license.check-in": (
        "Last check-in {at}: {standing}",
        "آخرین اعلام وضعیت {at}: {standing}",
    ),
    "license.no-check-in": ("No check-in yet.", "هنوز اعلام وضعیتی نرسیده است."),
    "license.cases": ("Open cases: {count}", "پرونده‌های باز: {count}"),
    "license.entry": ("  {index}  {at}  {event}", "  {index}  {at}  {event}"),
}
