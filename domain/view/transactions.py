"""交易行为: how active, how much came and went, by which ways."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from domain.customer import CustomerFacts
from domain.daytext import days_left_text
from domain.profile import Habit
from domain.sharing import Datum, Field, Sentence, nothing
from domain.summary import Line, percentages

_TOP = 3
NO_ACTIVITY = "近90天没有主动交易"


def transactions(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    if not facts.habits:
        return (Line("近90天", nothing("没有交易", Field.FLOW)),)
    own = [habit for habit in facts.habits if habit.initiated]
    last = max((habit.last_at for habit in own), default=None)
    return (
        Line("近30天", _moved(facts, 30)),
        Line("近90天", _moved(facts, 90)),
        Line("净流动", _net(facts)),
        Line("最近主动", (Datum(Field.FLOW, days_left_text(last.date(), today) if last else NO_ACTIVITY),)),
        Line("常用渠道", _preference((habit.channel or "未注明", habit) for habit in own)),
        Line("常做的事", _preference((habit.kind, habit) for habit in own)),
    )


def _moved(facts: CustomerFacts, days: int) -> Sentence:
    """Done by the customer, and what came and went; interest and the like are money but no activity."""
    own = sum(getattr(habit, f"count_{days}") for habit in facts.habits if habit.initiated)
    come = sum(getattr(habit, f"in_{days}") for habit in facts.habits)
    gone = sum(getattr(habit, f"out_{days}") for habit in facts.habits)
    return f"主动 {own} 笔，流入 ", Datum(Field.FLOW, come), "，流出 ", Datum(Field.FLOW, gone)


def _net(facts: CustomerFacts) -> Sentence:
    net = sum(habit.in_90 - habit.out_90 for habit in facts.habits)
    if net == 0:
        return nothing("近90天持平", Field.FLOW)
    return f"近90天净流{'入' if net > 0 else '出'} ", Datum(Field.FLOW, abs(net))


def _preference(named: Iterable[tuple[str, Habit]]) -> Sentence:
    """The ways used most, as shares of what the customer did in ninety days."""
    counts: Counter[str] = Counter()
    for way, habit in named:
        counts[way] += habit.count_90
    ways = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if not ways:
        return nothing(NO_ACTIVITY, Field.FLOW)
    shares = percentages([count for _, count in ways])
    words = " · ".join(f"{way} {share}%" for (way, _), share in list(zip(ways, shares, strict=True))[:_TOP])
    return (Datum(Field.FLOW, words),)
