"""Numbers of the policy: how long, how many, how often; each says what it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from domain.basis import Basis


class LimitKey(StrEnum):
    """What the program asks the policy for."""

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
    SUBJECT_DAYS = "subject_days"


@dataclass(frozen=True, slots=True)
class Limit:
    """One number with its name and its origin."""

    label: str
    value: int
    basis: Basis
