"""Where a dimension's data comes from and how fresh it is; what is late says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.daytext import day_text
from domain.profile import Arrival


@dataclass(frozen=True, slots=True)
class Source:
    """The bank's systems in words, and their feeds, each with what people call it."""

    systems: str
    feeds: Mapping[str, str]

    def freshness(self, arrivals: tuple[Arrival, ...], today: date) -> str:
        """来源：信贷系统；数据到 11月22日（11月23日 02:10 收到）. A feed is late when others are further."""
        mine = {each.feed: each for each in arrivals if each.feed in self.feeds}
        newest = max((each.as_of for each in arrivals), default=today)
        timely = [each for each in mine.values() if each.as_of == newest]
        return "；".join([f"来源：{self.systems}", *_timely(timely, today), *self._behind(mine, newest, today)])

    def _behind(self, mine: Mapping[str, Arrival], newest: date, today: date) -> list[str]:
        late = [
            f"{self.feeds[each.feed]}晚到，只到 {day_text(each.as_of, today)}"
            for each in mine.values()
            if each.as_of < newest
        ]
        return late + [f"{name}还没有收到" for feed, name in self.feeds.items() if feed not in mine]

    def behind(self, arrivals: tuple[Arrival, ...]) -> bool:
        """Whether anything of it is late."""
        newest = max((each.as_of for each in arrivals), default=None)
        return any(each.as_of != newest for each in arrivals if each.feed in self.feeds)


def _timely(arrivals: list[Arrival], today: date) -> list[str]:
    if not arrivals:
        return []
    last = max(arrivals, key=lambda each: each.arrived_at)
    came = f"{day_text(last.arrived_at.date(), today)} {last.arrived_at:%H:%M} 收到"
    return [f"数据到 {day_text(last.as_of, today)}（{came}）"]
