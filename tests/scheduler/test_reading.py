"""Reading out of the ordinary: what is counted, what is not, and whose trail it is read from."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import UserId
from domain.reading import Finding, Oddity, Read, abnormal
from storage.database import Database
from storage.read_trail import reads
from tests.policies import POLICY
from tests.storage.deeds import NOW, Clocks, opened

DAY = NOW.replace(hour=0, minute=0)
LIMITS = POLICY.limits
BANK_WIDE = ("客服坐席",)


def read(number: int, hour: int = 10, post: str = "客户经理", relation: str = "own_book", actor: str = "rm01") -> Read:
    return Read(DAY + timedelta(hours=hour, minutes=number % 60), UserId(actor), post, f"C{number}", relation)


CASES: dict[str, tuple[list[Read], list[tuple[Oddity, int]]]] = {
    "twenty in an hour": ([read(n) for n in range(20)], []),
    "one more": ([read(n) for n in range(21)], [(Oddity.HOUR, 21)]),
    "the same one again and again": ([read(1) for _ in range(90)], []),
    "many, but not in one hour": ([read(n, hour=9 + n % 3) for n in range(60)], []),
    "the busiest hour is told": ([read(n, hour=9 + (n > 30)) for n in range(61)], [(Oddity.HOUR, 31)]),
    "three by night": ([read(n, hour=22) for n in range(3)], []),
    "four by night, over midnight": ([read(n, hour=(22, 23, 0, 5)[n]) for n in range(4)], [(Oddity.NIGHT, 4)]),
    "early, but morning": ([read(n, hour=6) for n in range(9)], []),
    "others' customers": ([read(n, 8 + n % 10, "主管", "in_scope") for n in range(51)], [(Oddity.OUTSIDE, 51)]),
    "the team's are near": ([read(n, 8 + n % 10, "主管", "service_team") for n in range(51)], []),
    "who serves the whole bank": ([read(n, 8 + n % 10, "客服坐席", "in_scope") for n in range(51)], []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_told(name: str) -> None:
    done, told = CASES[name]
    assert [(each.oddity, each.customers) for each in abnormal(done, LIMITS, BANK_WIDE)] == told


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 23), st.sampled_from(["rm01", "rm02"])), max_size=120))
def test_people_are_counted_apart_and_order_does_not_matter(made: list[tuple[int, int, str]]) -> None:
    done = [read(number, hour, actor=actor) for number, hour, actor in made]
    alone = [each for who in ("rm01", "rm02") for each in _of([one for one in done if one.actor == who])]
    assert _of(done) == _of(done[::-1]) == alone


def _of(done: list[Read]) -> list[Finding]:
    return abnormal(done, LIMITS, BANK_WIDE)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    """Three days, each with reads, a card that came unasked, and other deeds."""
    clocks = Clocks()
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        for day in range(3):
            for customer in range(2):
                clocks.now = DAY + timedelta(days=day, hours=10 * customer)
                for detail in ({}, {"reader": "rm02"}):
                    made.run(lambda unit, d=day, c=customer, more=detail: _deeds(unit, f"C{d}{c}", more))
        yield made


def _deeds(unit, customer: str, more: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    unit.actor = "rm01"
    unit.acting["rm01"] = "客户经理"
    unit.audit("customer.search", "customer", {"hits": 1}, [customer])
    unit.audit("customer.read", f"customer:{customer}", {"relation": "in_scope", **more}, [customer])


def test_a_day_of_the_trail(database: Database) -> None:
    for day in range(3):
        begin = DAY + timedelta(days=day)
        found = list(reads(database, begin, begin + timedelta(days=1)))
        assert [each.customer for each in found] == [f"C{day}0", f"C{day}1"]
        assert {(each.actor, each.post, each.relation) for each in found} == {("rm01", "客户经理", "in_scope")}
        assert [each.at for each in found] == [begin, begin + timedelta(hours=10)]
    assert list(reads(database, DAY - timedelta(days=9), DAY)) == []
    assert list(reads(database, DAY + timedelta(days=3), datetime.max.replace(tzinfo=DAY.tzinfo))) == []
