"""行为轨迹: where the customer looked in the bank's own apps in ninety days; only where the bank agreed to look."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from domain.customer import CustomerFacts
from domain.daytext import days_left_text
from domain.profile import Touch
from domain.sharing import Datum, Field
from domain.summary import Line

_TOP = 3


def trail(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    touches = facts.touches
    if not touches:
        return (Line("近90天", (Datum(Field.TRAIL, "没有访问"),)),)
    last, minutes = max(touch.last_at for touch in touches), sum(touch.seconds for touch in touches) // 60
    visits = f"访问 {sum(touch.count for touch in touches)} 次，停留约 {minutes} 分钟"
    products = [(touch.product, touch) for touch in touches if touch.product]
    looked = [Line("看过产品", (Datum(Field.TRAIL, _most(products)),))] if products else []
    return (
        Line("近90天", (Datum(Field.TRAIL, visits),)),
        Line("最近访问", (Datum(Field.TRAIL, days_left_text(last.date(), today)),)),
        Line("渠道", (Datum(Field.TRAIL, _most((touch.channel, touch) for touch in touches)),)),
        Line("常看页面", (Datum(Field.TRAIL, _most((touch.page, touch) for touch in touches)),)),
        *looked,
    )


def _most(named: Iterable[tuple[str, Touch]]) -> str:
    counts: Counter[str] = Counter()
    for name, touch in named:
        counts[name] += touch.count
    return " · ".join(
        f"{name} {count} 次" for name, count in sorted(counts.items(), key=lambda i: (-i[1], i[0]))[:_TOP]
    )
