"""How days and moments are said in Chinese, as seen from today."""

from datetime import date, datetime, timedelta

_NAMED = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def day_text(day: date, today: date) -> str:
    """12月2日, or 2027年1月2日 in another year."""
    return f"{day.month}月{day.day}日" if day.year == today.year else whole_day(day)


def whole_day(day: date) -> str:
    """2026年12月2日, where nobody knows which year is meant."""
    return f"{day.year}年{day.month}月{day.day}日"


def stamp(moment: datetime) -> str:
    """11月20日 09:05, for lists of what has happened; without the year."""
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def days_left_text(day: date, today: date) -> str:
    """今天, 明天, 12天后(12月5日), 3天前(11月20日)."""
    days = (day - today).days
    if abs(days) <= 1:
        return _NAMED[days]
    return f"{abs(days)}天{'后' if days > 0 else '前'}（{day_text(day, today)}）"


def moment_text(moment: datetime, now: datetime) -> str:
    """今天 15:00, 明天, 12月2日: the last minute of a day stands for the whole day."""
    local = moment.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    said = _NAMED[days] if 0 <= days <= 1 else day_text(local.date(), now.date())
    return said if (local.hour, local.minute) == (23, 59) else f"{said} {local:%H:%M}"


def end_of_day(day: date, now: datetime) -> datetime:
    """The moment by which something promised for `day` is due: its last minute, in the zone of `now`."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=now.tzinfo)


def overdue_text(moment: datetime, now: datetime) -> str:
    """逾期2天, 逾期3小时, 刚刚逾期."""
    days = (now.date() - moment.astimezone(now.tzinfo).date()).days
    if days > 0:
        return f"逾期{days}天"
    hours = (now - moment) // timedelta(hours=1)
    return f"逾期{hours}小时" if hours else "刚刚逾期"
