"""A photo that never arrived: its sender is asked for it, and the next picture outside any form takes its place."""

from datetime import datetime, timedelta

from domain.daytext import day_text
from domain.ids import VisitId
from handlers.context import Context
from handlers.reply import Reply, Say, say
from storage import photos, visits
from storage.outbox import Lane
from storage.unit import Unit

WANTED = timedelta(days=7)  # how long a picture outside any form is taken for a lost one
RESEND = "照片没有收到：{owner}缺 {count} 张。请直接把照片重新发过来，就会补上。"


def lost(unit: Unit, msg_key: str) -> tuple[Say, ...]:
    """Word to who sent it, in the commit that gives its fetching up."""
    missed = photos.lose(unit, msg_key)
    if missed is None:
        return ()
    sender, owner = missed
    count = sum(other == owner for _, other in photos.lost_of(unit, sender, unit.now - WANTED))
    words = say(RESEND.format(owner=_called(unit, owner), count=count), to=sender, lane=Lane.DEADLINE)
    return tuple(part for part in words if isinstance(part, Say))


def is_missed(context: Context) -> bool:
    return bool(_missed(context))


def again(context: Context) -> Reply:
    """A picture takes the place of the oldest lost one."""
    (photo_id, owner), *others = _missed(context)
    photos.replace(context.unit, owner, photo_id, context.update.media_id, context.update.key)
    more = f"还缺 {len(others)} 张，请接着发。" if others else ""
    return say(f"收到照片，补到{_called(context.unit, owner)}里。{more}")


def _missed(context: Context) -> list[tuple[str, str]]:
    return photos.lost_of(context.unit, context.actor.userid, context.now - WANTED)


def _called(unit: Unit, owner: str) -> str:
    """您11月23日登记的拜访, or 案件 C26110001: no names, for the customer may be somebody else's by now."""
    logged = visits.load(unit, VisitId(owner))
    if logged is None:
        return f"案件 {owner.partition('.')[0]} "
    return f"您{_day(logged.visit.at, unit.now)}登记的拜访"


def _day(moment: datetime, now: datetime) -> str:
    return day_text(moment.astimezone(now.tzinfo).date(), now.date())
