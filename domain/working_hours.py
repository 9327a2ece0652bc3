"""The hours of a working day, several ranges of them: `09:00-12:00|13:30-17:30`."""

import re
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

_RANGE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)


class Span(NamedTuple):
    """From one minute of the day until another, which is the first that is no longer in it; 1440 is midnight."""

    opens: int
    shuts: int

    @property
    def minutes(self) -> int:
        return self.shuts - self.opens

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


Hours: TypeAlias = tuple[Span, ...]

USUAL: Final[Hours] = (Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 17 * 60 + 30))
"""Seven hours a day (business-rules.md §1.4), until the bank says otherwise."""


def read_hours(written: str) -> Hours:
    """The ranges, in order and apart from each other; ValueError with a Chinese reason otherwise."""
    spans = tuple(_span(part.strip()) for part in written.split("|"))
    for first, second in pairwise(spans):
        if second.opens <= first.shuts:
            raise ValueError(f"时段要从早到晚写，互不重叠、互不相接，而“{first}”后面是“{second}”")
    return spans


def write_hours(hours: Hours) -> str:
    return "|".join(map(str, hours))


def minutes_of(hours: Hours) -> int:
    return sum(span.minutes for span in hours)


def _span(written: str) -> Span:
    found = _RANGE.fullmatch(written)
    if found is None:
        raise ValueError(f"“{written}”不是时段，应写成 09:00-12:00|13:30-17:30 这样")
    opens, opens_minute, shuts, shuts_minute = (int(part) for part in found.groups() if part)
    span = Span(opens * 60 + opens_minute, shuts * 60 + shuts_minute)
    if span.minutes <= 0:
        raise ValueError(f"“{written}”的结束要晚于开始；过午夜的班次请写成两天")
    return span
