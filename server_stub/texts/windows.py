"""What is said of change windows, and of requests that came by hand."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "window-opened": (
        "Window {window_id} opened for {support_code}.",
        "بازهٔ تغییر {window_id} برای {support_code} باز شد.",
    ),
    "window-closed": (
        "Window {window_id} closed.",
        "بازهٔ تغییر {window_id} بسته شد.",
    ),
    "window.none": ("No windows yet.", "هنوز بازهٔ تغییری نیست."),
    "window.line": (
        "{window_id}  {support_code}  {scope}  {starts_at} to {ends_at}",
        "{window_id}  {support_code}  {scope}  {starts_at} تا {ends_at}",
    ),
    "window.by-letter": (
        "by {opened_by}, letter of {received_at}: {citation}",
        "به دست {opened_by}، نامهٔ {received_at}: {citation}",
    ),
    "window.by-notice": ("notice of {received_at}", "اعلام {received_at}"),
    "window.not-covered": ("not covered: {parts}", "پوشش ندارد: {parts}"),
    "window.closed": ("closed {at}", "بسته‌شده در {at}"),
    "answered": (
        "“{op}” of device {device} for {support_code}: answered with “{outcome}”, {state}.",
        "«{op}» از دستگاه {device} برای {support_code}: پاسخ «{outcome}»، {state}.",
    ),
    "answered.digits": (
        "Digits of the request, as its sender sees them: {digits}",
        "رقم‌های درخواست، چنان‌که فرستنده می‌بیند: {digits}",
    ),
    "answered.file": ("Answer written to {file}.", "پاسخ در {file} نوشته شد."),
    "answered.parts": (
        "The same as {parts} QR codes: {qr}",
        "همان در {parts} کد QR: {qr}",
    ),
    # What cannot be.
    "window-refused": ("The window was refused.", "بازهٔ تغییر پذیرفته نشد."),
    "window-backwards": (
        "The window ends before it begins.",
        "پایان بازه پیش از آغاز آن است.",
    ),
    "window-too-long": (
        "A window lasts {days} days at most.",
        "بازهٔ تغییر دست بالا {days} روز است.",
    ),
    "window-before-letter": (
        "The window begins before the letter came, or the letter is of tomorrow.",
        "بازه پیش از رسیدن نامه آغاز می‌شود، یا نامه از فرداست.",
    ),
    "window-over": (
        "Window {number} has ended or was closed before.",
        "بازهٔ تغییر {number} پایان یافته یا پیش‌تر بسته شده است.",
    ),
    "request-unreadable": (
        "{file} holds no request that can be answered ({why}).",
        "در {file} درخواستی که بتوان پاسخ داد نیست ({why}).",
    ),
    "parts-incomplete": (
        "Parts {missing} of {total} are missing in {file}.",
        "بخش‌های {missing} از {total} در {file} نیست.",
    ),
    "file-exists": (
        "{file} is there already and was left alone.",
        "{file} از پیش هست و دست نخورد.",
    ),
    "qr-unavailable": (
        "This installation neither draws nor reads QR codes; nothing was answered.",
        "این نصب نه کد QR می‌کشد و نه می‌خواند؛ پاسخی داده نشد.",
    ),
    "advice.qr-unavailable": (
        "Use the file or its pasted parts, without --qr; or install `faragostar-man[qr]`.",
        "پرونده یا بخش‌های متنی آن را بدون --qr بدهید؛ یا «faragostar-man[qr]» را نصب کنید.",
    ),
    "advice.window-refused": ("Check what was asked.", "آنچه را خواسته شد بررسی کنید."),
    "advice.window-backwards": (
        "Give --until a later time than --from; an ISO time is UTC unless it names a zone.",
        "برای --until زمانی پس از --from بدهید؛ تاریخ شمسی به وقت ایران است و میلادی به UTC.",
    ),
    "advice.window-too-long": (
        "Open one for the work itself; a later letter may open another.",
        "برای خود کار بازه باز کنید؛ نامهٔ بعدی می‌تواند بازهٔ دیگری باز کند.",
    ),
    "advice.window-before-letter": (
        "Coordinated is what was told in advance: begin at --received or later.",
        "هماهنگ آن است که از پیش گفته شود: آغاز را --received یا پس از آن بگذارید.",
    ),
    "advice.window-over": ("See `window list`.", "«window list» را ببینید."),
    "advice.request-unreadable": (
        "Ask for the request file again: `faragostar-man export … FILE`.",
        "پروندهٔ درخواست را دوباره بخواهید: «faragostar-man export … FILE».",
    ),
    "advice.parts-incomplete": (
        "Scan or paste the missing parts too, into the same file.",
        "بخش‌های جامانده را هم بخوانید و در همان پرونده بچسبانید.",
    ),
    "advice.file-exists": ("Choose another name.", "نام دیگری بدهید."),
}
