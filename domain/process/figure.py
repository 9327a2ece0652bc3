"""A number from a regulation or from practice, with what it rests on; a process names it and never writes it twice."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field as Limited

from domain.part import Key, Part, Words


class Measure(StrEnum):
    """What a figure counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKDAYS = "workdays"
    PERCENT = "percent"


class Figure(Part):
    """One number. Unverified ones are listed for compliance to confirm."""

    key: Key
    label: Words
    value: Decimal = Limited(gt=0, le=100_000)
    unit: Measure
    effective_from: date
    source: Words
    verified: bool = False

    @property
    def seconds(self) -> int:
        """The length in seconds; raises KeyError for what is no length."""
        return int(self.value * _SECONDS[self.unit])

    @property
    def share(self) -> Decimal:
        """A percentage as a fraction."""
        return self.value / 100


_SECONDS = {Measure.MINUTES: 60, Measure.HOURS: 3600, Measure.DAYS: 86400}
