"""Labels made now, or those of a past day compared with what the data says today."""

from datetime import date

from bot.commands.desk import Desk
from bot.packs import default_pack
from domain.refusal import Refused
from handlers import label_round

_SHOWN = 20


def recompute(desk: Desk, as_of: str | None) -> None:
    """Today's labels made anew for everybody, or those of a past day compared; raises Refused while data is late."""
    today = desk.clock.business().date()
    day = _day(as_of) if as_of else today
    if day > today:
        raise Refused(f"{day} 还没到：--as-of 写今天或过去的一天")
    if day < today:
        _compare(desk, day)
        return
    ready = desk.database.read_now(lambda unit: label_round.readiness(unit, today))
    if ready.late:
        raise Refused(label_round.late_text(ready))
    made = label_round.make(desk.database, ready, default_pack().labels, desk.passing, everybody=True)
    desk.say(f"{day} 的标签已生效：{made.customers:,} 位客户，{made.run.changed:,} 位有变化；数据到 {ready.data_day}")


def _compare(desk: Desk, day: date) -> None:
    found = label_round.compare(desk.database, day, default_pack().labels, desk.passing)
    same = found.customers - len(found.differing)
    desk.say(f"{day} 用的是 {found.run.day} 的标签（数据到 {found.run.data_day}）：{same:,} 位客户与当时相同")
    if found.differing:
        desk.say(f"{len(found.differing):,} 位不同，多半是后来补到或更正了数据：{'、'.join(found.differing[:_SHOWN])}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"看不懂日期“{text}”：写成 2026-11-22 这样") from None
