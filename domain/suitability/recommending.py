"""What may be recommended: the pool of the customer's appetite, only what is simply allowed, in an order that can be
explained.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from domain.suitability.deciding import Decision, settle, strictest_first
from domain.suitability.facts import Client, Offer, Question, Seller
from domain.suitability.matter import Matter, matter_of
from domain.suitability.objections import objections, run_out
from domain.suitability.reason import CLIENT_WIDE, Reason
from domain.suitability.rulebook import Edition
from domain.suitability.words import LEVELS, Level, Rating, Verdict


@dataclass(frozen=True, slots=True)
class Recommended:
    """A product with the question it was judged by, and why it stands where it stands."""

    question: Question
    decision: Decision
    why: str

    @property
    def offer(self) -> Offer:
        return self.question.offer


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A page in order, and whether there are more; where nothing is allowed, `hindrances` are the reasons that stood
    against everything.
    """

    products: tuple[Recommended, ...]
    more: bool
    hindrances: tuple[Reason, ...] = ()


def widest_pool(client: Client, edition: Edition, day: date) -> tuple[tuple[str, ...], Rating]:
    """Kinds and highest rating of the highest class in any valid test of the customer: nothing beyond is looked at."""
    valid = [each for each in client.assessments or () if not run_out(each, day, edition.table)]
    levels = [LEVELS[each.level] for each in valid if each.level in LEVELS]
    pool = edition.table.pools[max(levels, key=lambda level: level.rank, default=Level.C1)]
    return pool.kinds, pool.up_to


Shelf = Mapping[str, Iterable[Offer]]
"""What is on sale by kind, each in the order in which it should be recommended."""

Judged = tuple[Question, Decision]


def recommend(client: Client, seller: Seller, shelf: Shelf, edition: Edition, day: date, page: range) -> Recommendation:
    """The places `page` of what is allowed: one product of each kind, then the next of each. Each is judged at its
    minimum, and only as many as are needed.
    """
    refused: list[tuple[Reason, ...]] = []
    # Of parts that are checked already, and of these there are hundreds.
    asked = {
        kind: (
            Question.model_construct(client=client, offer=each, seller=seller, amount=each.minimum, day=day)
            for each in offers
        )
        for kind, offers in shelf.items()
    }
    queues = {kind: _allowed(questions, edition, refused) for kind, questions in asked.items()}
    found = list(islice(_in_turn(queues, client), page.stop + 1))
    products = tuple(Recommended(*judged, _why(judged[0])) for judged in found[page.start : page.stop])
    return Recommendation(products, len(found) > page.stop, () if found else _common(refused))


def _allowed(questions: Iterable[Question], edition: Edition, refused: list[tuple[Reason, ...]]) -> Iterator[Judged]:
    """What is allowed of one kind; what stands against all of it is found out once."""
    hopeless: set[str | None] = set()
    for question in questions:
        matter, regime = matter_of(question, edition.table), question.offer.regime
        if regime in hopeless or not _in_pool(matter):
            continue
        against = objections(matter)
        if all(reason.verdict is Verdict.ALLOW for reason in against):
            yield question, settle(matter, against, edition.version)
            continue
        refused.append(strictest_first(against))
        if _spares_nothing(matter) and any(reason.code in CLIENT_WIDE for reason in against):
            hopeless.add(regime)


def _spares_nothing(matter: Matter) -> bool:
    """Whether no other product of the kind is spared what this one is not."""
    return matter.rating is Rating.R1 or (matter.kind is not None and not matter.kind.spared)


def _in_pool(matter: Matter) -> bool:
    """In the pool of the class that counts under the product's own regime; who has none has the lowest's."""
    pool = matter.table.pools[matter.level or Level.C1]
    return matter.offer.kind in pool.kinds and matter.rating is not None and matter.rating.rank <= pool.up_to.rank


def _in_turn(queues: Mapping[str, Iterator[Judged]], client: Client) -> Iterator[Judged]:
    """One of each kind by turns, kinds that the customer does not hold before those they do."""
    waiting = dict(sorted(queues.items(), key=lambda queue: (queue[0] in (client.holds or ()), queue[0])))
    while waiting:
        for kind in list(waiting):
            following = next(waiting[kind], None)
            if following is None:
                del waiting[kind]
            else:
                yield following


def _why(question: Question) -> str:
    """Rating, term, and whether the customer has nothing of the kind yet: short, for it stands beside the name."""
    offer = question.offer
    term = f"{offer.term_days}天" if offer.term_days else "不定期"
    new = "" if offer.kind in (question.client.holds or ()) else " 未持有"
    return f"{offer.rating} {term}{new}"


def _common(refused: Sequence[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """The reasons that stood against every one of them, as the first says them."""
    if not refused:
        return ()
    shared = set.intersection(*({reason.code for reason in each} for each in refused))
    return tuple(reason for reason in refused[0] if reason.code in shared)
