"""What the 360° view knows of a customer beside assets and contacts: loans, flows, complaints, people, touchpoints."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.ids import CaseId, CustomerId, Fen, UserId
from domain.policy import Relation

NOBODY_ELSE = "行内客户"
"""What a third person is called whom the reader may not look at: no number, no name."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How far a feed is: its last business day, and when that came."""

    feed: str
    as_of: date
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the service team, while the assignment lasts."""

    userid: UserId
    name: str
    role: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """A row of loans.csv. Before it is paid out, `application_state` says how far it has come."""

    loan_id: str
    kind: str
    principal: Fen
    balance: Fen
    days_overdue: int = 0
    application_state: str | None = None
    classification: str | None = None
    matures_on: date | None = None
    next_due_on: date | None = None
    next_due_amount: Fen | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """Money that came in and went out in a month (`2026-11`), without moves between the customer's own accounts."""

    month: str
    inflow: Fen
    outflow: Fen


@dataclass(frozen=True, slots=True)
class Habit:
    """What happened in one way (kind and channel) in the last 30 and 90 days. `initiated`: by the customer, not by
    interest, fees or direct debits.
    """

    kind: str
    channel: str | None
    initiated: bool
    count_30: int
    count_90: int
    in_30: Fen
    out_30: Fen
    in_90: Fen
    out_90: Fen
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PastComplaint:
    """A row of complaints.csv; no `closed_at`, still open at the source."""

    received_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of this house that the reader may see."""

    case_id: CaseId
    closed: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody who belongs to the customer. `how`: how the reader stands to that person, None for one they may not
    look at; `tie_id`: of one that a colleague entered, empty for the feed's.
    """

    kind: str
    other: CustomerId
    how: Relation | None = None
    tie_id: str = ""


@dataclass(frozen=True, slots=True)
class Touch:
    """Visits to one page of one channel in the last 90 days."""

    channel: str
    page: str
    product: str | None
    count: int
    seconds: int
    last_at: datetime
