"""What a case asks the bank: who is who, who is away, customer data, working time. Answered inside the unit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import sqlalchemy as sa

from domain.calendar import Calendar
from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.language.fields import Value
from domain.process.facts import Answer, Question, Topic
from domain.process.selecting import Place
from domain.service import Service
from domain.staff import Staff, UnitKind, UnitTree
from domain.tier import Tier
from storage import calendars, cases, circles, directory, schema, stand_ins, tiers
from storage.unit import Unit

HEADS: Mapping[Place, str] = {
    Place.SUB_BRANCH: "支行行长", Place.BRANCH: "分行行长", Place.HEAD_OFFICE: "总行分管高管",
}  # fmt: skip
_KINDS = {Place.SUB_BRANCH: UnitKind.SUB_BRANCH, Place.BRANCH: UnitKind.BRANCH}
ALIKE_DAYS = timedelta(days=30)
_CUSTOMER = schema.customer.c


@dataclass
class Bank:
    """The answers for one event of one case. `alike`: what the case is about, as earlier ones are compared by."""

    unit: Unit
    units: UnitTree
    process: str
    customer: CustomerId | None
    place: UnitId | None
    alike: str = ""
    case_id: CaseId | None = None
    service: Service | None = None
    _members: dict[str, Staff | None] = field(default_factory=dict)

    def __call__(self, question: Question) -> Answer:
        topic, key = question
        return _TOPICS[topic](self, key)

    @cached_property
    def calendar(self) -> Calendar:
        return calendars.calendar_of(self.unit, self.place)

    def people(self, key: str) -> Answer:
        kind, _, rest = key.partition(":")
        return tuple(_PEOPLE[kind](self, rest))

    def manager(self, _: str) -> Iterable[UserId]:
        row = self._customer
        return [UserId(row.rm_userid)] if row is not None and row.rm_userid else []

    def served(self, _: str) -> Iterable[UserId]:
        """Who serves the customer beside the manager, in the roles that the programme of the tier asks for."""
        programme = self.service.of_tier(self._tier) if self.service and self.customer else None
        return circles.served_by(self.unit, self.customer, programme.team) if programme and self.customer else []

    @cached_property
    def _tier(self) -> Tier:
        assert self.customer is not None
        return tiers.tier_of(self.unit, self.customer)

    def head(self, place: str) -> Iterable[UserId]:
        return self.posted(f"{HEADS[Place(place)]}@{place}")

    def posted(self, key: str) -> Iterable[UserId]:
        """Holders of a post at a place on the way up: those of the unit itself before those of the units below it."""
        post, _, place = key.partition("@")
        found = [(userid, at) for userid, at in directory.posted(self.unit, post) if self._belongs(at, Place(place))]
        return [userid for userid, at in sorted(found, key=lambda one: (self._deep(one[1]), one[0]))]

    def answered(self, key: str) -> Iterable[UserId]:
        """Somebody who was named: by userid or by the whole name."""
        return directory.called(self.unit, key.partition(":")[2])

    def _belongs(self, at: UnitId, place: Place) -> bool:
        if place is Place.HEAD_OFFICE:
            return self.units.branch(at) is None
        ours = self.units.nearest(self.place, _KINDS[place]) if self.place else None
        return ours is not None and ours == self.units.nearest(at, _KINDS[place])

    def _deep(self, at: UnitId) -> int:
        return 0 if self.units.sub_branch(at) is None else 1

    def leader(self, person: str) -> Answer:
        member = self.member(person)
        return member.leader if member else None

    def deputies(self, person: str) -> Answer:
        return stand_ins.deputies(self.unit, UserId(person))

    def away(self, person: str) -> Answer:
        """Who has left, or has somebody standing in now."""
        member = self.member(person)
        return member is None or not member.active or bool(self.deputies(person))

    def posts(self, person: str) -> Answer:
        member = self.member(person)
        return tuple(member.posts) if member is not None and member.active else ()

    def known(self, name: str) -> Answer:
        """A field of the dictionary that the bank knows by itself."""
        ask = FIELDS.get(name)
        return ask(self) if ask is not None else None

    def member(self, person: str) -> Staff | None:
        """The member, read once for a unit of work."""
        if person not in self._members:
            self._members[person] = directory.member(self.unit, UserId(person))
        return self._members[person]

    @cached_property
    def _customer(self) -> sa.Row[tuple[str | None, date | None]] | None:
        wanted = sa.select(_CUSTOMER.rm_userid, _CUSTOMER.birth_date).where(_CUSTOMER.customer_id == self.customer)
        return self.unit.row(wanted) if self.customer else None


def _tier(bank: Bank) -> Value | None:
    if bank.customer is None:
        return None
    return bank._tier.value


def _age(bank: Bank) -> Value | None:
    born = bank._customer.birth_date if bank._customer is not None else None
    if born is None:
        return None
    today = bank.unit.now.date()
    return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def _alike(bank: Bank) -> Value | None:
    """Earlier cases about the same thing: open, or over for no longer than thirty days."""
    if bank.customer is None or not bank.alike:
        return 0
    since = bank.unit.now - ALIKE_DAYS
    # A graver level would tell whoever has to keep out of the earlier case that there is one.
    found = cases.alike_before(bank.unit, bank.process, bank.customer, bank.alike, since, hidden=False)
    return sum(case_id != bank.case_id for case_id in found)


FIELDS: Mapping[str, Callable[[Bank], Value | None]] = {
    "客户等级": _tier, "客户年龄": _age, "三十日内同因投诉": _alike,
}  # fmt: skip
"""The names of a pack's dictionary that are not kept by the case itself."""

_PEOPLE: Mapping[str, Callable[[Bank, str], Iterable[UserId]]] = {
    "rm": Bank.manager, "served": Bank.served, "head": Bank.head, "post": Bank.posted, "answer": Bank.answered,
}  # fmt: skip
_TOPICS: Mapping[Topic, Callable[[Bank, str], Answer]] = {
    Topic.PEOPLE: Bank.people, Topic.LEADER: Bank.leader, Topic.DEPUTIES: Bank.deputies, Topic.AWAY: Bank.away,
    Topic.POSTS: Bank.posts, Topic.FIELD: Bank.known,
    Topic.AFTER: lambda bank, key: bank.calendar.answer((Topic.AFTER, key)),
    Topic.BETWEEN: lambda bank, key: bank.calendar.answer((Topic.BETWEEN, key)),
}  # fmt: skip
