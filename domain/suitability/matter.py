"""What a question is about: the product's kind and rating, and the test that counts, under the table of the day."""

from dataclasses import dataclass
from datetime import date

from domain.customer import age_on
from domain.ids import Fen
from domain.suitability.facts import Assessed, Client, Offer, Question
from domain.suitability.table import KindRules, RegimeRules, Table
from domain.suitability.words import LEVELS, RATINGS, REGIMES, Level, Rating, Spared


@dataclass(frozen=True, slots=True)
class Matter:
    """A question with what the table makes of it; None is unknown.

    `rating` is the higher of the issuer's and our own, `level` that of the test that counts (`assessed`), `amount` what
    would be bought: never less than the product's minimum.
    """

    question: Question
    table: Table
    kind: KindRules | None
    regime: RegimeRules | None
    rating: Rating | None
    assessed: Assessed | None
    level: Level | None
    age: int | None
    amount: Fen | None

    @property
    def client(self) -> Client:
        return self.question.client

    @property
    def offer(self) -> Offer:
        return self.question.offer

    @property
    def day(self) -> date:
        return self.question.day

    def spares(self, what: Spared) -> bool:
        """Whether this product needs no such check: by its kind, and only with the lowest rating."""
        return self.rating is Rating.R1 and self.kind is not None and what in self.kind.spared


def matter_of(question: Question, table: Table) -> Matter:
    """What a question is about."""
    client, offer, day = question.client, question.offer, question.day
    known = REGIMES.get(offer.regime or "")
    regime = table.regimes[known] if known else None
    assessed = _counting(client, regime, day)
    least, born = offer.minimum, client.born
    return Matter(
        question=question,
        table=table,
        kind=table.kinds.get(offer.kind or ""),
        regime=regime,
        rating=_rating(offer),
        assessed=assessed,
        level=LEVELS.get(assessed.level or "") if assessed else None,
        age=age_on(born, day) if born is not None and born <= day else None,
        amount=None if question.amount is None or least is None else max(question.amount, least),
    )


def _rating(offer: Offer) -> Rating | None:
    ours, theirs = RATINGS.get(offer.rating or ""), RATINGS.get(offer.issuer_rating or "")
    return None if ours is None or theirs is None else max(ours, theirs, key=lambda each: each.rank)


def _counting(client: Client, regime: RegimeRules | None, day: date) -> Assessed | None:
    """The newest test that counts under a regime: of two on one day the more conservative, an unknown one before all.
    One without a day may be the newest."""
    sources = (None, *regime.assessments) if regime else (None,)
    taken = [
        each
        for each in client.assessments or ()
        if each.regime in sources and (each.assessed_on is None or each.assessed_on <= day)
    ]
    return max(taken, key=_newest, default=None)


def _newest(assessed: Assessed) -> tuple[date, int]:
    level = LEVELS.get(assessed.level or "")
    return assessed.assessed_on or date.max, 1 if level is None else -level.rank
