"""What is said of the vendor's staff, and of the tariff."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "staff-added": ("“{name}” added as {role}.", "«{name}» با نقش {role} افزوده شد."),
    "staff.none": ("No staff yet.", "هنوز همکاری ثبت نشده است."),
    "role.support": ("support", "پشتیبان"),
    "role.supervisor": ("supervisor", "سرپرست"),
    "role.issuer": ("issuer", "صادرکننده"),
    "role.auditor": ("auditor", "بازرس"),
    "tariff-set": ("Tariff “{name}”: {what}", "تعرفهٔ «{name}»: {what}"),
    "tariff.none": (
        "The tariff is empty: nothing costs anything.",
        "تعرفه خالی است: هیچ موردی هزینه ندارد.",
    ),
    "tariff.price": ("{amount} {currency}", "{amount} {currency}"),
    "tariff.hardware": ("hardware change", "تغییر سخت‌افزار"),
    "tariff.os": ("system change", "تغییر سیستم‌عامل"),
    "tariff.move": ("move to another machine", "انتقال به دستگاه دیگر"),
    "tariff.in": ("in warranty", "داخل گارانتی"),
    "tariff.out": ("out of warranty", "خارج از گارانتی"),
}
