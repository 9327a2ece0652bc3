"""What holds of marketing, the register and the bank's data taken together; and what rests while data is frozen."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.consent import Consent, ConsentKind
from domain.ids import ApprovalId, CustomerId, TodoId, UserId
from domain.purpose import Purpose
from domain.scope import Scope, ScopeKind
from domain.todo import Todo
from storage import care_candidates, consents, customers, restrictions, schema, todos
from storage.database import Database
from storage.unit import Unit
from tests.storage.deeds import NOW, opened
from tests.storage.test_books import LEAVER, fill

WHO, QUIET, TODAY = CustomerId("C0001"), timedelta(days=7), NOW.date()
CUSTOMERS = schema.rows_of(schema.customer)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        made.run(lambda unit: fill(unit, 3, "C"))
        yield made


def says(unit: Unit, number: int, agreed: bool, day: date) -> None:
    fed = consents.fed(unit, WHO)
    consents.add(
        unit, Consent(f"c{number}", WHO, ConsentKind.MARKETING, agreed, day, "网点书面", "118", fed, LEAVER, NOW)
    )


def feeds(unit: Unit, agreed: bool) -> None:
    unit.execute(CUSTOMERS.update().where(CUSTOMERS.c.customer_id == WHO).values(marketing_consent=agreed))


@pytest.mark.parametrize(
    ("fed_before", "said", "fed_after", "holds"),
    [
        (True, None, True, True),
        (False, None, False, False),
        (True, False, True, False),  # taken back to the RM, of which the core system does not know yet
        (False, True, False, True),  # the same the other way round
        (True, False, False, False),
        (False, True, True, True),
        (True, True, False, False),  # taken back elsewhere since
        (False, False, True, True),  # agreed to elsewhere since
    ],
)
def test_the_newer_word_holds(
    database: Database, fed_before: bool, said: bool | None, fed_after: bool, holds: bool
) -> None:
    def story(unit: Unit) -> tuple[bool, bool]:
        unit.now = NOW
        feeds(unit, fed_before)
        if said is not None:
            says(unit, 1, said, TODAY)
        feeds(unit, fed_after)
        return consents.willing(unit, WHO), care_candidates.may_market(unit, WHO, LEAVER, QUIET)

    assert database.run(story) == (holds, holds)


def test_of_several_words_that_of_the_latest_day_holds(database: Database) -> None:
    def story(unit: Unit) -> list[bool]:
        unit.now = NOW
        feeds(unit, True)
        held = []
        for number, (agreed, days) in enumerate([(False, 1), (True, 30), (True, 0), (False, 0)]):
            says(unit, number, agreed, TODAY - timedelta(days=days))
            held.append(consents.willing(unit, WHO))
        return held

    assert database.run(story) == [False, False, True, False]


def test_what_is_about_a_frozen_customer_rests_and_comes_back(database: Database) -> None:
    def story(unit: Unit) -> None:
        unit.now = NOW
        feeds(unit, True)
        todos.add(unit, Todo(TodoId("t1"), LEAVER, WHO, "回访", NOW + timedelta(days=1)), "v1")
        before = [todo.customer_id for todo in todos.pending_of(unit, LEAVER)]
        assert WHO in before
        for lifts in (False, True):
            if lifts:
                restrictions.lift(unit, WHO)
            else:
                restrictions.hold(unit, WHO, ApprovalId("a1"), UserId("a"))
            rests = [] if lifts else [WHO]
            left = [todo.customer_id for todo in todos.pending_of(unit, LEAVER)]
            assert left == [each for each in before if each not in rests]
            assert care_candidates.may_market(unit, WHO, LEAVER, QUIET) is lifts

    database.run(story)


def test_the_trail_is_hidden_once_the_customer_has_said_so(database: Database) -> None:
    """Even where the bank looks at trails: 行为轨迹 follows the customer's last word."""
    touch = {"customer_id": WHO, "at": NOW, "channel": "手机银行", "page": "首页", "dwell_seconds": 4}

    def story(unit: Unit) -> list[int]:
        unit.now = NOW
        fed = {"version": 1, "as_of": TODAY, "arrived_at": NOW, "source": "file"}
        rows = schema.rows_of(schema.touchpoint)
        unit.execute(rows.insert().values(**touch, **{name: fed[name] for name in fed if name in rows.c}))
        seen = []
        for number, agreed in enumerate((None, False, True)):
            if agreed is not None:
                consents.add(
                    unit,
                    Consent(f"t{number}", WHO, ConsentKind.TRAIL, agreed, TODAY, "网点书面", "118", False, LEAVER, NOW),
                )
            scope = Scope(ScopeKind.ALL, UserId("cs01"))
            loaded = customers.open_customer(unit, scope, WHO, Purpose.SERVICE, "test", customers.Sight(trail=True))
            seen.append(len(loaded.facts.touches))
        return seen

    assert database.run(story) == [1, 0, 1]
