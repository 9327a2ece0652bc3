"""分层: the labels of a customer with why and since when, and what they were before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.daytext import day_text
from domain.labels.label import Kind, Label
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line

_MOST_BEFORE = 3
FEWEST = 5
"""The smallest group that is told as a number (business-rules.md §5.3)."""

_FIELDS = {Kind.TIER: Field.TIER, Kind.STAGE: Field.PROFILE, Kind.SEGMENTS: Field.PROFILE, Kind.APPETITE: Field.RISK}


def label_lines(labels: Iterable[Label], today: date) -> tuple[Line, ...]:
    """富裕（11月1日起）：…日均 AUM 62.00 万，达到富裕的下限 50.00 万."""
    return tuple(
        Line(label.kind, (_value(label), f"（{day_text(label.since, today)}起）：", *label.why)) for label in labels
    )


def past_lines(labels: Iterable[Label]) -> tuple[Line, ...]:
    """The labels of a past day made again: what and why, for since when nobody asked."""
    return tuple(Line(label.kind, (_value(label), "：", *label.why)) for label in labels)


def recorded_line(found: Mapping[Kind, Label], recorded: Mapping[Kind, Label] | None) -> Line:
    """Whether what was found again is what stood on that day."""
    if recorded is None:
        return Line("当天的记录", ("当时还没有算标签",))
    other = [(f"{kind} ", _value(recorded[kind])) for kind in found if recorded[kind].value != found[kind].value]
    return Line("当天的记录", ("不同的是：", *_joined(other)) if other else ("与重算的相同",))


def history_lines(had: Mapping[Kind, Sequence[Label]], today: date) -> tuple[Line, ...]:
    """What each label was before, the newest first; one that never changed has no line."""
    return tuple(
        Line(f"{kind}以前", _joined([(_value(each), f"（{day_text(each.since, today)}起）") for each in earlier]))
        for kind, labels in had.items()
        if (earlier := labels[1 : _MOST_BEFORE + 1])
    )


def counts_text(counts: Mapping[str, int]) -> str:
    """The larger first; a group of fewer than five is named without its number, lest it point at somebody."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{word} {few(count)}" for word, count in ordered]
    return " · ".join(told) or "没有客户"


def few(count: int) -> str:
    """A number of customers, unless it is so small that it points at somebody."""
    return f"{count:,}" if count >= FEWEST else f"不足 {FEWEST}"


def _value(label: Label) -> Datum:
    return Datum(_FIELDS[label.kind], label.value)


def _joined(parts: Sequence[Sentence]) -> Sentence:
    return tuple(part for place, each in enumerate(parts) for part in (("；", *each) if place else each))
