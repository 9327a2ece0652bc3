"""Labels made now, or those of a past day made again from what the data says today."""

from datetime import date
from functools import partial

from bot.commands.desk import Desk
from bot.packs import default_pack
from domain.refusal import Refused
from domain.view.labels import counts_text
from handlers import label_round
from handlers.label_past import labels_of_past
from storage import label_runs

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
    """What held on the day against what the data says now; of a day before the first labels, what it says."""
    if desk.database.read_now(partial(label_runs.run_of, day=day)) is None:
        _tell_past(desk, day)
        return
    found = label_round.compare(desk.database, day, default_pack().labels, desk.passing)
    same = found.customers - len(found.differing)
    desk.say(f"{day} 用的是 {found.run.day} 的标签（数据到 {found.run.data_day}）：{same:,} 位客户与当时相同")
    if found.differing:
        desk.say(f"{len(found.differing):,} 位不同，多半是后来补到或更正了数据：{'、'.join(found.differing[:_SHOWN])}")


def _tell_past(desk: Desk, day: date) -> None:
    past = labels_of_past(desk.database, day, default_pack().labels, desk.passing)
    desk.say(
        f"{day} 当时还没有算标签。按现有数据（到 {past.data_day}）和那一天的规则算，不保存：{past.customers:,} 位客户"
    )
    for kind, counts in past.counts.items():
        desk.say(f"{kind}：{counts_text(counts)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"看不懂日期“{text}”：写成 2026-11-22 这样") from None
