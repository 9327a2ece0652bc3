"""A number from a regulation or from practice, with what it rests on; a process names it and never writes it twice."""

from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import Field as Limited

from domain.part import Key, Sourced, Words


class Measure(StrEnum):
    """What a figure counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKDAYS = "workdays"
    PERCENT = "percent"


class Figure(Sourced):
    """One number."""

    key: Key
    label: Words
    value: Decimal = Limited(gt=0, le=100_000)
    unit: Measure

    @cached_property
    def seconds(self) -> int:
        """The length in seconds; raises KeyError for what is no length."""
        return int(self.value * _SECONDS[self.unit])

    @cached_property
    def share(self) -> Decimal:
        """A percentage as a fraction."""
        return self.value / 100


_SECONDS = {Measure.MINUTES: 60, Measure.HOURS: 3600, Measure.DAYS: 86400}
