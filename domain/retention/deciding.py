"""Whether something may be erased: kept until a day, held, or due. Total and pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.retention.table import Rule


class Standing(StrEnum):
    """What holds of one row on a day."""

    KEPT = "kept"
    HELD = "held"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Facts:
    """When the clock began (None: it has not) and whether a legal hold lies on it."""

    begun: date | None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`until` is the last day it must be kept, as far as it is known; a hold keeps it beyond."""

    standing: Standing
    until: date | None = None


def due(rule: Rule, facts: Facts, day: date) -> Verdict:
    """A hold beats everything; what stays or has no beginning is kept; else the period decides."""
    until = None if rule.stays or facts.begun is None else rule.period.after(facts.begun)
    if facts.held:
        return Verdict(Standing.HELD, until)
    if until is None or day <= until or day < rule.effective_from:
        return Verdict(Standing.KEPT, until)
    return Verdict(Standing.DUE, until)
