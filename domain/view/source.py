"""Where a dimension's data comes from and how fresh it is; what is late says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.customer import CustomerFacts
from domain.daytext import day_text
from domain.profile import Arrival


@dataclass(frozen=True, slots=True)
class Source:
    """The bank's systems in words, and their feeds, each with what people call it."""

    systems: str
    feeds: Mapping[str, str]

    def freshness(self, facts: CustomerFacts, today: date) -> str:
        """来源：信贷系统；数据到 11月22日（11月23日 02:10 收到）. A feed is late when others are further, or by the days
        that were agreed.
        """
        mine = {each.feed: each for each in facts.arrivals if each.feed in self.feeds}
        newest = max((each.as_of for each in facts.arrivals), default=today)
        late = {feed for feed, each in mine.items() if each.as_of < newest or feed in facts.lateness.late}
        timely = [each for feed, each in mine.items() if feed not in late]
        behind = [f"{self.feeds[feed]}晚到，只到 {day_text(mine[feed].as_of, today)}" for feed in mine if feed in late]
        missing = [f"{name}还没有收到" for feed, name in self.feeds.items() if feed not in mine]
        return "；".join([f"来源：{self.systems}", *_timely(timely, today), *behind, *missing])


def _timely(arrivals: list[Arrival], today: date) -> list[str]:
    if not arrivals:
        return []
    last = max(arrivals, key=lambda each: each.arrived_at)
    came = f"{day_text(last.arrived_at.date(), today)} {last.arrived_at:%H:%M} 收到"
    return [f"数据到 {day_text(last.as_of, today)}（{came}）"]
