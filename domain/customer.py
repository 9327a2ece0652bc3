"""What the bank knows about a customer, as the frozen values that storage fills."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.freshness import TIMELY, Lateness
from domain.ids import CustomerId, Fen, ProductId, UnitId, UserId
from domain.labels.label import Label
from domain.profile import Arrival, Habit, Loan, Member, Month, OwnCase, PastComplaint, Tie, Touch
from domain.tier import Tier

BROADCAST = "群发"
DO_NOT_DISTURB = "免打扰"

DEPOSIT = "deposit"
KIND_NAMES = {
    DEPOSIT: "存款",
    "wealth": "理财",
    "fund": "基金",
    "insurance": "保险",
    "trust": "信托",
    "metal": "贵金属",
    "bond": "债券",
}
"""Product kinds of products.csv and what people call them."""

RISK_NAMES = {"C1": "保守型", "C2": "稳健型", "C3": "平衡型", "C4": "成长型", "C5": "进取型"}


@dataclass(frozen=True, slots=True)
class Customer:
    """A row of customers.csv. `birth_lunar` set means the customer keeps the lunar birthday; no `opened_on`, a
    prospect.
    """

    customer_id: CustomerId
    name: str
    gender: str = "未知"
    birth_date: date | None = None
    birth_lunar: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    id_expiry: date | None = None
    mobile: str | None = None
    address: str | None = None
    occupation: str | None = None
    opened_on: date | None = None
    rm_userid: UserId | None = None
    unit_id: UnitId | None = None
    kyc_risk: str | None = None
    kyc_due: date | None = None
    contact_preference: str | None = None
    marketing_consent: bool = False
    investor_class: str | None = None
    frozen: bool | None = None
    sanctioned: bool | None = None
    collections: bool = False


@dataclass(frozen=True, slots=True)
class AumPoint:
    """The assets under management from `day` on, until the next point."""

    day: date
    fen: Fen


@dataclass(frozen=True, slots=True)
class Product:
    """A row of products.csv, as far as a holding needs it."""

    product_id: ProductId
    name: str
    kind: str
    risk: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A row of holdings.csv with its product; no `matures_on`, open-ended."""

    holding_id: str
    product: Product
    amount: Fen
    opened_on: date | None = None
    matures_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A row of accounts.csv."""

    account_id: str
    kind: str
    balance: Fen
    opened_on: date | None = None
    closed_on: date | None = None
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """One risk test; valid through the whole of `valid_until`, which is `date.max` where the source names no end."""

    level: str
    assessed_on: date
    valid_until: date
    regime: str = "bank"
    channel: str = ""

    @property
    def title(self) -> str:
        return f"{self.level} {RISK_NAMES[self.level]}"

    @property
    def endless(self) -> bool:
        return self.valid_until == date.max

    def valid_on(self, day: date) -> bool:
        return day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Contact:
    """One interaction. `reached` None: the source did not say."""

    at: datetime
    channel: str
    kind: str
    direction: str
    reached: bool | None = None
    satisfaction: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it breaks a silence: spoken to or answered, never a broadcast (business-rules.md §3.2)."""
        if BROADCAST in (self.kind, self.channel):
            return False
        return self.direction in ("in", "both") if self.reached is None else self.reached


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """All that a summary and the dimensions are made from, as far as the reader may know it. `business_day` is the
    last day whose money has fully arrived; `tier` None: no label yet, and the AUM points tell; `risks` are all risk
    tests, the latest first; `trail`: whether the bank looks at touchpoints at all.
    """

    customer: Customer
    business_day: date
    aum: tuple[AumPoint, ...] = ()
    tier: Tier | None = None
    labels: tuple[Label, ...] = ()
    holdings: tuple[Holding, ...] = ()
    accounts: tuple[Account, ...] = ()
    risk: RiskAssessment | None = None
    contacts: tuple[Contact, ...] = ()
    open_todos: int = 0
    overdue_todos: int = 0
    place: str = "未知机构"
    rm_name: str | None = None
    arrivals: tuple[Arrival, ...] = ()
    team: tuple[Member, ...] = ()
    risks: tuple[RiskAssessment, ...] = ()
    loans: tuple[Loan, ...] = ()
    months: tuple[Month, ...] = ()
    habits: tuple[Habit, ...] = ()
    complaints: tuple[PastComplaint, ...] = ()
    cases: tuple[OwnCase, ...] = ()
    ties: tuple[Tie, ...] = ()
    touches: tuple[Touch, ...] = ()
    trail: bool = False
    lateness: Lateness = TIMELY


def maturity_order(holding: Holding) -> tuple[date, Fen, str]:
    """The one that matures first, and the larger of two on one day; open-ended ones last."""
    return holding.matures_on or date.max, -holding.amount, holding.holding_id


def last_contact(contacts: Iterable[Contact]) -> Contact | None:
    """The latest interaction in which the customer was really reached."""
    return max((contact for contact in contacts if contact.counts), key=lambda contact: contact.at, default=None)


def age_on(birth: date, today: date) -> int:
    """Completed years; who was born on 29 February turns older on 1 March of a common year."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def age_band(birth: date | None, today: date) -> str:
    """An age that distinguishes without identifying: 未成年, 20岁以下, 50多岁, 90岁以上."""
    if birth is None:
        return "年龄未知"
    age = age_on(birth, today)
    if age < 18:
        return "未成年"
    if age < 20:
        return "20岁以下"
    return "90岁以上" if age >= 90 else f"{age // 10}0多岁"


def next_birthday(customer: Customer, today: date) -> date | None:
    """The next solar birthday (29 February falls on the 28th in a common year); None where the lunar one is kept."""
    if customer.birth_date is None or customer.birth_lunar:
        return None
    this_year = _birthday_in(today.year, customer.birth_date)
    return this_year if this_year >= today else _birthday_in(today.year + 1, customer.birth_date)


def _birthday_in(year: int, birth: date) -> date:
    leap_day = (birth.month, birth.day) == (2, 29)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if leap_day and not is_leap else date(year, birth.month, birth.day)
