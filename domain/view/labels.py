"""分层: the labels of a customer with why and since when, and what they were before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.daytext import day_text
from domain.labels.label import Kind, Label
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line

_MOST_BEFORE = 3
WHY, BEFORE = "\n· 依据：", "\n· 以前："
FEWEST = 5
"""The smallest group that is told as a number (business-rules.md §5.3)."""

_FIELDS = {Kind.TIER: Field.TIER, Kind.STAGE: Field.PROFILE, Kind.SEGMENTS: Field.PROFILE, Kind.APPETITE: Field.RISK}


def label_lines(labels: Iterable[Label], today: date) -> tuple[Line, ...]:
    """What the labels are, at a glance: 富裕，11月1日起."""
    return tuple(Line(label.kind, (_value(label), f"，{day_text(label.since, today)}起")) for label in labels)


def tier_reason(labels: Iterable[Label]) -> tuple[Line, ...]:
    """Why the customer is of this tier: a sentence with the tier, so that who may not read the one reads neither."""
    return tuple(Line("分层依据", (_value(label), "：", *label.why)) for label in labels if label.kind is Kind.TIER)


def reason_lines(labels: Iterable[Label], had: Mapping[Kind, Sequence[Label]], today: date) -> tuple[Line, ...]:
    """Each label with why below it, and what it was before, the newest first. One sentence holds all of it, so that who
    may not read the label is not told it by its reason.
    """
    lines = []
    for label in labels:
        earlier = [(_value(each), f"（{day_text(each.since, today)}起）") for each in had.get(label.kind, ())[1:]]
        before = (BEFORE, *_joined(earlier[:_MOST_BEFORE])) if earlier else ()
        since = f"，{day_text(label.since, today)}起"
        lines.append(Line(label.kind, (_value(label), since, WHY, *label.why, *before)))
    return tuple(lines)


def past_lines(labels: Iterable[Label]) -> tuple[Line, ...]:
    """The labels of a past day made again: what and why, for since when nobody asked."""
    return tuple(Line(label.kind, (_value(label), WHY, *label.why)) for label in labels)


def recorded_line(found: Mapping[Kind, Label], recorded: Mapping[Kind, Label] | None) -> Line:
    """Whether what was found again is what stood on that day."""
    if recorded is None:
        return Line("当天的记录", ("当时还没有算标签",))
    other = [(f"{kind} ", _value(recorded[kind])) for kind in found if recorded[kind].value != found[kind].value]
    return Line("当天的记录", ("不同的是：", *_joined(other)) if other else ("与重算的相同",))


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
