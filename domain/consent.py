"""What a customer agreed to or took back: each word dated and kept, the latest holds (PIPL 14, 15, 23, 29)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.ids import CustomerId, UserId


class ConsentKind(StrEnum):
    """What a consent is about; sharing and the trail each need one of their own (PIPL 23, 29)."""

    MARKETING = "marketing"
    SHARING = "sharing"
    TRAIL = "trail"


KIND_WORDS = {
    ConsentKind.MARKETING: "营销",
    ConsentKind.SHARING: "向行外提供",
    ConsentKind.TRAIL: "行为轨迹",
}


@dataclass(frozen=True, slots=True)
class Consent:
    """One word of a customer's. `fed`: what the bank's own data said of marketing when it was written down; data that
    says something else since is the newer word.
    """

    consent_id: str
    customer_id: CustomerId
    kind: ConsentKind
    agreed: bool
    day: date
    channel: str
    evidence: str
    fed: bool
    recorded_by: UserId
    recorded_at: datetime
