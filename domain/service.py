"""The service section of a pack: who looks after which customers, how often, with what; and how many one may keep."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.labels.label import Segment, Stage
from domain.part import Part, Sourced, Words
from domain.suggestion import Greeting
from domain.tier import Tier

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class ContactFloor(Sourced):
    """At least one real contact in so many days."""

    days: int = Limited(ge=1, le=3_660)


class Programme(Part):
    """What customers of these tiers get, or of these stages or segments beside it. `team` are the roles that a
    service team must have; one `online` is served by the bank's own channels, and nobody is reminded.
    """

    name: Short
    tiers: tuple[Tier, ...] = ()
    stages: tuple[Stage, ...] = ()
    segments: tuple[Segment, ...] = ()
    who: Words
    contact: ContactFloor | None = None
    what: tuple[Short, ...] = Limited(min_length=1)
    team: tuple[Short, ...] = ()
    online: bool = False

    def fits(self, tier: Tier, stage: str, segments: Sequence[str]) -> bool:
        """Whether every condition that is written holds."""
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.stages or stage in self.stages)
            and (not self.segments or any(each in self.segments for each in segments))
        )

    @property
    def basic(self) -> bool:
        """Of a tier alone."""
        return not self.stages and not self.segments


class Capacity(Sourced):
    """How many customers of these tiers, taken together, one manager keeps at most."""

    tiers: tuple[Tier, ...] = Limited(min_length=1)
    most: int = Limited(ge=1)


class Service(Part):
    """All programmes, the basic one of each tier first, and the capacities."""

    programmes: tuple[Programme, ...] = ()
    capacities: tuple[Capacity, ...] = ()

    def of_tier(self, tier: Tier) -> Programme | None:
        return next((each for each in self.programmes if each.basic and tier in each.tiers), None)

    def of(self, tier: Tier, stage: str, segments: Sequence[str]) -> tuple[Programme, ...]:
        """The basic programme and whatever comes beside it."""
        return tuple(each for each in self.programmes if each.fits(tier, stage, segments))

    def floors(self) -> Mapping[Tier, ContactFloor]:
        """How often each tier is to be met by somebody; a tier served online is nobody's."""
        basic = {tier: self.of_tier(tier) for tier in Tier}
        return {t: each.contact for t, each in basic.items() if each and each.contact and not each.online}

    def greetings(self) -> Mapping[Tier, Greeting]:
        """What the summary of a customer proposes when nothing else is due."""
        floors = self.floors()
        basic = {tier: each for tier in Tier if (each := self.of_tier(tier))}
        return {
            tier: Greeting(each.name, each.what[0], floors[tier].days if tier in floors else None)
            for tier, each in basic.items()
        }

    def loads(self, book: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
        """Of a book by tiers: which, how many, and how many at most."""
        for each in self.capacities:
            yield "、".join(each.tiers), sum(book.get(tier, 0) for tier in each.tiers), each.most
