"""What is said of announcements."""

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
}
