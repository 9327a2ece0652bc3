"""Numbers of the policy: how long, how many, how often; each says what it rests on."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.basis import Basis


class LimitKey(StrEnum):
    """What the program asks the policy for."""

    ANSWER_HOURS = "answer_hours"
    CODE_AGAIN = "code_again"
    CODE_HOUR = "code_hour"
    CODE_MINUTES = "code_minutes"
    CODE_TRIES = "code_tries"
    EXPORT_ALONE = "export_alone"
    EXPORT_COMPLIANCE = "export_compliance"
    EXPORT_DAY = "export_day"
    EXPORT_DOWNLOADS = "export_downloads"
    EXPORT_HOURS = "export_hours"
    EXPORT_ROWS = "export_rows"
    GLASS_DAY = "glass_day"
    GLASS_MINUTES = "glass_minutes"
    GRANT_DAYS = "grant_days"
    NIGHT_FROM = "night_from"
    NIGHT_UNTIL = "night_until"
    READS_HOUR = "reads_hour"
    READS_NIGHT = "reads_night"
    READS_OUTSIDE = "reads_outside"
    REVEAL_SECONDS = "reveal_seconds"
    REVEAL_HOUR = "reveal_hour"
    REVEAL_DAY = "reveal_day"
    SESSION_HOURS = "session_hours"
    SESSION_MINUTES = "session_minutes"
    SUBJECT_DAYS = "subject_days"
    SUBJECT_HOURS = "subject_hours"


KEPT_SHORTLY = (
    LimitKey.EXPORT_HOURS, LimitKey.SUBJECT_HOURS, LimitKey.ANSWER_HOURS, LimitKey.SESSION_MINUTES,
    LimitKey.SESSION_HOURS,
)  # fmt: skip
"""How long what goes by itself, whatever the table of retention says, is kept."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One number with its name and its origin."""

    label: str
    value: int
    basis: Basis

    @property
    def hours(self) -> timedelta:
        return timedelta(hours=self.value)

    @property
    def minutes(self) -> timedelta:
        return timedelta(minutes=self.value)
