"""The retention section of a pack: a line a kind, each with what it rests on."""

from dataclasses import dataclass

from pydantic import Field as Limited

from domain.part import Part, Sourced, Words
from domain.retention.kinds import End, Kind, Start
from domain.retention.period import Period

_LONGEST_YEARS = 100


class Rule(Sourced):
    """How long one kind is kept: `years`, `months` or `days` after `starts`; then `end`, at night and
    `unasked` where nobody needs to look at it first.
    """

    kind: Kind
    label: Words
    starts: Start | None = None
    years: int = Limited(default=0, ge=0, le=_LONGEST_YEARS)
    months: int = Limited(default=0, ge=0, le=12 * _LONGEST_YEARS)
    days: int = Limited(default=0, ge=0, le=366 * _LONGEST_YEARS)
    end: End = End.DELETE
    unasked: bool = False

    @property
    def stays(self) -> bool:
        return self.end is End.KEEP

    @property
    def period(self) -> Period:
        return Period(months=12 * self.years + self.months, days=self.days)


class Retention(Part):
    """All kinds; a report on what is due may be acted upon for `report_hours`."""

    report_hours: int = Limited(default=24, ge=1, le=168)
    kinds: tuple[Rule, ...] = Limited(min_length=1)

    def asked(self) -> frozenset[Kind]:
        """The kinds that people decide about."""
        return frozenset(rule.kind for rule in self.kinds if not rule.unasked)

    def rule(self, kind: Kind) -> Rule:
        """The kind's line; a checked table has each."""
        return next(rule for rule in self.kinds if rule.kind is kind)


@dataclass(frozen=True)
class Edition:
    """The table and the version that reports and records name."""

    version: str
    table: Retention
