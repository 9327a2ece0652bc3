"""Whom somebody may load beside their own book: customers of open cases, and what was given for a time."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from domain.ids import CustomerId, UserId
from domain.scope import Relation
from storage import circles, customer_search, directory, schema
from storage.database import Database
from storage.unit import Unit
from tests.databases import Copied
from tests.policies import POLICY
from tests.storage.banked import bank_of
from tests.storage.test_customer_search import DAY, NOW, opened

ASLEEP, AWAKE = timedelta(hours=1), timedelta(hours=-1)
FOREIGN = CustomerId("C004")  # kept by rm02 in S2; rm01 works in S1


@pytest.fixture
def database(copied: Copied, tmp_path: Path) -> Iterator[Database]:
    with opened(copied(bank_of(DAY), tmp_path / "key"), tmp_path / "key") as made:
        yield made


@dataclass(frozen=True)
class Part:
    """One way to stand to the case of C004."""

    who: str = "rm01"
    part: str = "handler"
    current: bool = True
    closed: bool = False
    barred: bool = False
    window: tuple[timedelta, timedelta] | None = None  # rm01 stands in for `who`
    ended: bool = False

    @property
    def opens(self) -> bool:
        """The rule, in other words than the statement's."""
        lent = self.window is not None and self.window[0] <= timedelta(0) < self.window[1] and not self.ended
        mine = self.who == "rm01" or lent
        return (
            mine and self.current and not self.closed and not self.barred and self.part in ("handler", "voter", "task")
        )


WINDOWS = (None, (AWAKE, ASLEEP), (ASLEEP, 2 * ASLEEP), (2 * AWAKE, AWAKE), (AWAKE, timedelta(0)))
PARTS = [
    Part(who, part, current, closed, barred, window, ended)
    for who, part, current, closed, barred, window, ended in itertools.product(
        ("rm01", "sunguo"),
        ("handler", "voter", "task", "told", "filer", "barred"),
        (True, False),
        (True, False),
        (True, False),
        WINDOWS,
        (True, False),
    )
    if (window is not None or not ended) and (who != "rm01" or window is None) and not (barred and part == "barred")
]


def take_part(unit: Unit, part: Part) -> None:
    for table in (schema.case_file, schema.case_person, schema.stand_in):
        unit.execute(table.delete())
    file = {"id": "C1", "process": "complaint", "version": 1, "state": "handling", "closed": part.closed}
    file |= {"confidential": False, "revision": 1, "customer_id": FOREIGN, "opened_at": NOW, "moved_at": NOW}
    unit.execute(schema.case_file.insert(), {**file, "body": b""})
    rows = [{"userid": part.who, "part": part.part, "current": part.current}]
    rows += [{"userid": "rm01", "part": "barred", "current": True}] if part.barred else []
    unit.execute(schema.case_person.insert(), [{"case_id": "C1", "awaited": False, **row} for row in rows])
    if part.window is not None:
        span = {"from_at": NOW + part.window[0], "until_at": NOW + part.window[1]}
        ended = NOW + AWAKE if part.ended else None
        unit.execute(
            schema.stand_in.insert(), {"id": "s", "principal": part.who, "deputy": "rm01", "ended_at": ended, **span}
        )


def relation(unit: Unit, person: str, customer: CustomerId = FOREIGN) -> Relation | None:
    unit.now = NOW
    member = directory.member(unit, UserId(person))
    assert member is not None
    scope = POLICY.scope(member, directory.units(unit))
    found = circles.relation_to(unit, scope, customer)
    hits = customer_search.search(unit, scope, customer, POLICY.purpose(member, "customer.query"))
    assert [hit.relation for hit in hits] == ([found] if found else []), "a look-up and a search disagree"
    return found


def test_a_case_opens_its_customer_to_those_who_work_on_it_and_to_nobody_else(database) -> None:
    def differences(unit: Unit) -> list[Part]:
        wrong = []
        for part in PARTS:
            take_part(unit, part)
            if relation(unit, "rm01") is not (Relation.CASE if part.opens else None):
                wrong.append(part)
        return wrong

    assert {part.opens for part in PARTS} == {True, False}
    assert database.run(differences) == []


def give(unit: Unit, **changes: object) -> None:
    unit.execute(schema.access.delete())
    row = {"id": "g", "userid": "rm01", "kind": "customer", "what": FOREIGN, "reason": b"", "state": "agreed"}
    row |= {"from_at": NOW + AWAKE, "until_at": NOW + ASLEEP, "given_by": "sec01", "asked_at": NOW}
    unit.execute(schema.access.insert(), {**row, **changes})


GIVEN = [
    ({}, Relation.TEMPORARY),
    ({"kind": "unit", "what": "S2"}, Relation.TEMPORARY),
    ({"kind": "unit", "what": "B1"}, Relation.TEMPORARY),
    ({"kind": "reach", "what": "branch"}, Relation.IN_SCOPE),
    ({"kind": "reach", "what": "bank"}, Relation.IN_SCOPE),
    ({"kind": "reach", "what": "sub_branch"}, None),
    ({"kind": "unit", "what": "S1"}, None),
    ({"kind": "permission", "what": FOREIGN}, None),
    ({"kind": "emergency"}, Relation.EMERGENCY),
    ({"kind": "emergency", "until_at": NOW}, None),
    ({"what": "C003"}, None),
    ({"userid": "rm02"}, None),
    ({"state": "waiting"}, None),
    ({"state": "revoked"}, None),
    ({"from_at": NOW + ASLEEP / 2}, None),
    ({"from_at": NOW}, Relation.TEMPORARY),
    ({"until_at": NOW}, None),
]


def test_what_is_given_for_a_time_holds_while_it_lasts(database) -> None:
    def differences(unit: Unit) -> list[object]:
        wrong: list[object] = []
        for changes, expected in GIVEN:
            give(unit, **changes)
            if (found := relation(unit, "rm01")) is not expected:
                wrong.append((changes, expected, found))
        return wrong

    assert database.run(differences) == []


def test_the_own_book_stays_nearest_whatever_is_given(database) -> None:
    def nearest(unit: Unit) -> list[Relation | None]:
        give(unit, kind="reach", what="bank")
        return [relation(unit, "rm01", CustomerId(each)) for each in ("C001", "C003", "C004")]

    assert database.run(nearest) == [Relation.OWN_BOOK, Relation.IN_SCOPE, Relation.IN_SCOPE]
