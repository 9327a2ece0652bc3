"""Several customers who may be meant: what all share is said once, what tells them apart is said of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.customer import age_band
from domain.ids import CustomerId
from domain.sharing import Audience, Datum, Field, first_shown, redact
from domain.tier import Tier


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several hits, with what tells it from the others and identifies nobody."""

    customer_id: CustomerId
    name: str
    place: str
    birth_date: date | None
    tier: Tier


@dataclass(frozen=True, slots=True)
class ToldApart:
    """What all candidates have in common, and of each the rest: name, place, age, tier, in this order."""

    common: tuple[str, ...]
    each: tuple[tuple[str, ...], ...]


def tell_apart(candidates: Sequence[Candidate], audience: Audience, today: date) -> ToldApart:
    """王秀兰, and 浦东 50多岁 高净值 against 静安 30多岁 大众; where nothing differs, everything is said of each."""
    described = [_describe(candidate, audience, today) for candidate in candidates]
    same = [len(set(column)) == 1 for column in zip(*described, strict=True)]
    if all(same):
        return ToldApart((), tuple(described))
    common = tuple(word for word, shared in zip(described[0], same, strict=True) if shared)
    rest = (tuple(word for word, shared in zip(words, same, strict=True) if not shared) for words in described)
    return ToldApart(common, tuple(rest))


def _describe(candidate: Candidate, audience: Audience, today: date) -> tuple[str, ...]:
    """The reference stands instead of the name where the channel carries no names."""
    name, number = Datum(Field.NAME, candidate.name), Datum(Field.CUSTOMER_NUMBER, candidate.customer_id)
    place, age = Datum(Field.PROFILE, candidate.place), Datum(Field.PROFILE, age_band(candidate.birth_date, today))
    rest = (redact((datum,), audience) for datum in (place, age, Datum(Field.TIER, candidate.tier)))
    return first_shown([(name,), (number,)], audience), *(word for word in rest if word is not None)
