"""What is said of announcements, offers and holidays."""

from server_stub.texts.table import Table

TEXTS: Table = {
    "announced": (
        "Announcement {number} is told with the next check-in of each machine.",
        "اطلاعیهٔ {number} با اعلام وضعیت بعدی هر دستگاه گفته می‌شود.",
    ),
    "announcement-ended": (
        "Announcement {number} is told no more.",
        "اطلاعیهٔ {number} دیگر گفته نمی‌شود.",
    ),
    "announcement.none": ("Nothing is announced.", "اطلاعیه‌ای نیست."),
    "announcement.told": ("Announcement {number}", "اطلاعیهٔ {number}"),
    "announcement.over": ("Announcement {number}, ended", "اطلاعیهٔ {number}، پایان‌یافته"),
    "offered": (
        "“{offer}” is offered with the next check-in of each machine.",
        "«{offer}» با اعلام وضعیت بعدی هر دستگاه ارائه می‌شود.",
    ),
    "offer-ended": ("“{offer}” is offered no more.", "«{offer}» دیگر ارائه نمی‌شود."),
    "offer.none": ("Nothing is offered.", "چیزی ارائه نمی‌شود."),
    "offer.told": ("{offer}", "{offer}"),
    "offer.over": ("{offer}, ended", "{offer}، پایان‌یافته"),
    "holidays-added": (
        "Nobody answers the phone on these days; machines hear it from two months before:",
        "در این روزها تلفن پاسخ داده نمی‌شود؛ دستگاه‌ها از دو ماه پیش از آن می‌شنوند:",
    ),
    "holidays-known": ("These days are holidays already.", "این روزها از پیش تعطیل ثبت شده‌اند."),
    "holiday-removed": (
        "{day} is told as a holiday no more.",
        "{day} دیگر تعطیل گفته نمی‌شود.",
    ),
    "holiday.none": ("No holiday ahead.", "تعطیلی در پیش نیست."),
}
