"""Which reading of customers is out of the ordinary: many in an hour, by night, many outside the own book."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import UserId
from domain.limit import Limit, LimitKey
from domain.scope import Relation

NEAR = frozenset({Relation.OWN_BOOK, Relation.SERVICE_TEAM})


class Oddity(StrEnum):
    """What is odd about it, as security reads it."""

    HOUR = "一小时内看了很多客户"
    NIGHT = "夜间看客户"
    OUTSIDE = "看了很多不在名下的客户"


@dataclass(frozen=True)
class Read:
    """Somebody opened a customer, in a post, standing to the customer in some way."""

    at: datetime
    actor: UserId
    post: str
    customer: str
    relation: str


@dataclass(frozen=True)
class Finding:
    """So many different customers; the policy takes no notice of `limit` of them."""

    actor: UserId
    oddity: Oddity
    customers: int
    limit: int


def abnormal(reads: Iterable[Read], limits: Mapping[LimitKey, Limit], bank_wide: Collection[str]) -> list[Finding]:
    """The findings of one day, by person. `bank_wide` posts have no book of their own to look beyond."""
    seen: dict[tuple[UserId, Oddity, int], set[str]] = defaultdict(set)
    for read in reads:
        seen[read.actor, Oddity.HOUR, read.at.hour].add(read.customer)
        if _at_night(read.at.hour, limits):
            seen[read.actor, Oddity.NIGHT, 0].add(read.customer)
        if read.relation not in NEAR and read.post not in bank_wide:
            seen[read.actor, Oddity.OUTSIDE, 0].add(read.customer)
    most: dict[tuple[UserId, Oddity], int] = {}
    for (actor, oddity, _), customers in seen.items():
        most[actor, oddity] = max(most.get((actor, oddity), 0), len(customers))
    allowed = {oddity: limits[key].value for oddity, key in _ALLOWED.items()}
    return [
        Finding(actor, oddity, number, allowed[oddity])
        for (actor, oddity), number in sorted(most.items())
        if number > allowed[oddity]
    ]


_ALLOWED = {
    Oddity.HOUR: LimitKey.READS_HOUR,
    Oddity.NIGHT: LimitKey.READS_NIGHT,
    Oddity.OUTSIDE: LimitKey.READS_OUTSIDE,
}


def _at_night(hour: int, limits: Mapping[LimitKey, Limit]) -> bool:
    """The night spans midnight, or, where a bank says so, lies behind it."""
    begin, end = limits[LimitKey.NIGHT_FROM].value, limits[LimitKey.NIGHT_UNTIL].value
    return begin <= hour < end if begin < end else hour >= begin or hour < end
