"""The clocks of a case as one can argue with them: how long, how much is used up, when it is over, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.daytext import stamp
from domain.process import clocks
from domain.process.case import Clock, Running
from domain.process.deadline import ClockKind, Deadline
from domain.process.draft import Draft

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One deadline. `due` is None where nothing runs; `used` and `length` are seconds, or days of a calendar clock."""

    label: str
    kind: ClockKind
    state: Running
    length: int
    used: int
    begun: datetime
    due: datetime | None

    @property
    def explained(self) -> str:
        """Chinese: what was counted, what was not, and when it is over."""
        return f"{self.label}：{_COUNTED[self.kind](self)}，{self._stands()}"

    def left(self, now: datetime) -> str:
        """还剩 3 天, 已超 2 小时; a clock of working hours is told in them, as its trail counts it."""
        if self.due is None:
            return "已暂停" if self.state is Running.PAUSED else "已停止"
        over = self.due <= now
        if over and now - self.due < timedelta(minutes=1):
            return "刚到期"
        if self.kind is not ClockKind.BUSINESS:
            return f"已超 {span_text(now - self.due)}" if over else f"还剩 {span_text(self.due - now)}"
        seconds = abs(self.length - self.used)
        if over and seconds < _MINUTE:
            return "刚到期"
        return f"{'已超' if over else '还剩'} {_hours(seconds)}（工作时间）"

    def _stands(self) -> str:
        if self.due is not None:
            return f"{moment_of(self.due)} 到期"
        return "现在暂停，不计时" if self.state is Running.PAUSED else "已停止"


def ledger(draft: Draft) -> tuple[ClockLine, ...]:
    """Every clock that was ever started, in the order of the process."""
    known = draft.clocks
    deadlines = (each for each in draft.definition.process.deadlines if each.key in known)
    return tuple(line_of(draft, each, known[each.key]) for each in deadlines)


def span_text(span: timedelta) -> str:
    """3 天, 2 小时 5 分, 10 分: the two largest parts that matter to a person."""
    minutes = int(span.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours else "")
    return f"{hours} 小时" + (f" {minutes % 60} 分" if minutes % 60 else "") if hours else f"{minutes} 分"


def moment_of(moment: datetime) -> str:
    """12月8日 24:00 for the midnight that ends a day."""
    if (moment.hour, moment.minute) == (0, 0):
        day = moment - timedelta(days=1)
        return f"{day.month}月{day.day}日 24:00"
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def line_of(draft: Draft, deadline: Deadline, clock: Clock) -> ClockLine:
    """How one clock stands now."""
    running = clock.state is Running.RUNNING
    used = clock.used
    if deadline.clock is ClockKind.BUSINESS and running:
        used += draft.sight.between("hours", clock.begun, draft.now)
    due = clocks.end_of(draft, deadline, clock) if running else None
    return ClockLine(deadline.label, deadline.clock, clock.state, clock.length, used, clock.begun, due)


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return (f"{hours} 小时" + (f" {minutes} 分" if minutes else "")) if hours else f"{minutes} 分钟"


_COUNTED = {
    ClockKind.BUSINESS: lambda line: f"共 {_hours(line.length)}（只算工作时间），已用 {_hours(line.used)}",
    ClockKind.CALENDAR: lambda line: (
        f"{line.length} 日（自然日，{line.begun.month}月{line.begun.day}日当日不计，不暂停）"
    ),
    ClockKind.WALL: lambda line: f"自 {stamp(line.begun)} 起 {_hours(line.length)}（不分昼夜和节假日）",
}
