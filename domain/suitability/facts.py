"""What a decision is made from, as plain values that are stored with it. None is always unknown, never "none"."""

from collections.abc import Mapping
from datetime import date

from domain.ids import Fen
from domain.part import Part
from domain.suitability.papers import Enclosed


class Assessed(Part):
    """One risk test that the customer took."""

    regime: str | None = None
    level: str | None = None
    assessed_on: date | None = None
    valid_until: date | None = None
    channel: str | None = None


class Client(Part):
    """The customer as the core systems know them. `assets` are accounts and holdings here, `risky` the part of them
    in risky products, `recent_loans` the loans paid out to the customer lately, `holds` kinds of products.
    `data_day` is the day the core systems spoke of, `under_review` whether a request to freeze their data waits.
    """

    opened_on: date | None = None
    born: date | None = None
    id_expiry: date | None = None
    kyc_due: date | None = None
    frozen: bool | None = None
    sanctioned: bool | None = None
    unit: str | None = None
    data_day: date | None = None
    under_review: bool | None = None
    assessments: tuple[Assessed, ...] | None = None
    investor_class: str | None = None
    horizon_days: int | None = None
    liquid: Fen | None = None
    assets: Fen | None = None
    risky: Fen | None = None
    recent_loans: Fen | None = None
    holds: tuple[str, ...] | None = None


class Offer(Part):
    """A product on the bank's list. `term_days` 0 is open-ended; `held` is what the customer has of it now;
    `timely` is whether the list of products came so lately that it can be trusted."""

    product_id: str
    name: str = ""
    kind: str | None = None
    regime: str | None = None
    rating: str | None = None
    issuer_rating: str | None = None
    minimum: Fen | None = None
    term_days: int | None = None
    sale_from: date | None = None
    sale_until: date | None = None
    qualified_only: bool | None = None
    currency: str | None = None
    held: Fen | None = None
    timely: bool | None = True  # a decision from before this was asked did not doubt it


class Seller(Part):
    """Who would sell it: at work or not, and qualifications with the last day of each."""

    active: bool | None = None
    qualifications: Mapping[str, date] | None = None


class Question(Part):
    """Everything a decision depends on but the table. `written`: the client asks in writing of their own accord;
    `papers` are the bank's templates of the day, of which a sale takes those that the table names."""

    client: Client
    offer: Offer
    seller: Seller
    amount: Fen | None
    day: date
    written: bool = False
    papers: tuple[Enclosed, ...] = ()
