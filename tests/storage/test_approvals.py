"""Approvals as rows: one word counts when two come at once, each step is on record, and everybody finds their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from domain.approval import Approval, Seat, State, Wish, decide
from domain.ids import ApprovalId, UserId
from domain.policy import Permission
from storage import approvals, schema
from storage.audit import AuditRecord
from storage.database import Database
from storage.unit import Unit
from tests.storage.deeds import NOW, opened

FREEZE, TIER = Permission.PERSON_FREEZE, Permission.TIER_DECIDE
ASKER, BOSS, OFFICER, SECOND = map(UserId, ("asker", "boss", "officer", "second"))
HELD = frozenset({FREEZE, TIER})
WISH = Wish("customer:C1", "客户书面要求", (Seat(FREEZE),), body='{"of":"样例甲"}')
TWO = replace(WISH, seats=(Seat(TIER, BOSS), Seat(FREEZE)), barred=(UserId("about"),), until=NOW + timedelta(days=1))
ACTS = {"同意": State.AGREED, "退回": State.REJECTED, "撤回": State.WITHDRAWN}


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        yield made


def ask(unit: Unit, wish: Wish = WISH, key: str = "a1", family: str = "freeze") -> Approval:
    unit.now = NOW
    asked = Approval(ApprovalId(key), family, wish, ASKER, NOW)
    approvals.add(unit, asked)
    return asked


def recorded(unit: Unit) -> list[str]:
    return [row.body for row in unit.rows(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq))]


@pytest.mark.parametrize("wish", [WISH, TWO], ids=["one seat", "two seats"])
def test_what_was_asked_comes_back_whole_and_lies_sealed(database: Database, wish: Wish) -> None:
    asked = database.run(lambda unit: ask(unit, wish))
    assert database.read_now(lambda unit: approvals.load(unit, "a1")) == asked
    [row] = database.read_now(lambda unit: unit.rows(sa.select(schema.approval)))
    assert not any(word.encode() in cell for word in ("客户书面要求", "样例甲") for cell in (row.reason, row.body))


@pytest.mark.parametrize(
    ("wish", "first", "second"),
    [
        (WISH, (OFFICER, "同意"), (SECOND, "退回")),
        (WISH, (OFFICER, "同意"), (SECOND, "同意")),
        (WISH, (OFFICER, "同意"), (OFFICER, "同意")),
        (WISH, (OFFICER, "同意"), (ASKER, "撤回")),
        (WISH, (OFFICER, "退回"), (ASKER, "撤回")),
        (replace(WISH, seats=(Seat(FREEZE), Seat(FREEZE))), (OFFICER, "同意"), (SECOND, "同意")),
        (TWO, (BOSS, "同意"), (ASKER, "撤回")),
    ],
)
def test_of_two_words_at_once_one_counts(
    database: Database, wish: Wish, first: tuple[UserId, str], second: tuple[UserId, str]
) -> None:
    asked = database.run(lambda unit: ask(unit, wish))
    at_once = Barrier(2)

    def says(word: tuple[UserId, str]) -> Approval | None:
        by, deed = word
        decided = decide(asked, ACTS[deed], by, HELD, NOW)
        assert isinstance(decided, Approval)
        at_once.wait()
        return decided if database.run(lambda unit: approvals.settle(unit, asked, decided)) else None

    with ThreadPoolExecutor(2) as both:
        [counted] = [result for result in both.map(says, (first, second)) if result is not None]
    assert database.read_now(lambda unit: approvals.load(unit, "a1")) == counted
    assert len(database.read_now(recorded)) == 2, "asked, and one word"


def test_every_step_is_on_record_with_the_customer_and_without_the_words(database: Database) -> None:
    def story(unit: Unit) -> list[AuditRecord]:
        asked = ask(unit, TWO)
        for by in (BOSS, OFFICER):
            decided = decide(asked, State.AGREED, by, HELD, NOW)
            assert isinstance(decided, Approval)
            assert approvals.settle(unit, asked, decided)
            asked = decided
        return list(unit.records)

    records = database.run(story)
    assert [(record.action, record.detail["agreed"]) for record in records] == [
        ("freeze.requested", "0/2"), ("freeze.agreed", "1/2"), ("freeze.agreed", "2/2"),
    ]  # fmt: skip
    assert {(record.resource, record.subjects) for record in records} == {("customer:C1", ("C1",))}
    assert not any("样例甲" in str(record) or "书面" in str(record) for record in records)


def test_everybody_finds_what_waits_for_their_word(database: Database) -> None:
    """a1 waits for any officer, a2 for the boss and then for an officer, a3 is over, a4 has expired."""

    def story(unit: Unit) -> None:
        ask(unit)
        ask(unit, TWO, "a2", "tier")
        over = ask(unit, key="a3")
        approvals.settle(unit, over, replace(over, state=State.REJECTED, decided_by=BOSS, decided_at=NOW))
        ask(unit, replace(WISH, until=NOW), "a4")

    def found(who: UserId, *held: Permission) -> list[str]:
        return [each.approval_id for each in database.run(lambda unit: approvals.awaiting(unit, who, held))]

    database.run(story)
    assert found(OFFICER, FREEZE) == ["a1"]
    assert found(OFFICER, TIER, FREEZE) == ["a1"]
    assert found(BOSS, TIER) == ["a2"]
    assert found(BOSS, Permission.HELP_READ) == []
    assert found(ASKER, TIER, FREEZE) == []

    def agreed(unit: Unit) -> None:
        asked = approvals.load(unit, "a2")
        assert asked is not None
        decided = decide(asked, State.AGREED, BOSS, HELD, NOW)
        assert isinstance(decided, Approval)
        approvals.settle(unit, asked, decided)

    database.run(agreed)
    assert found(OFFICER, FREEZE) == ["a1", "a2"]
    assert found(BOSS, TIER) == []


def test_a_second_wish_is_known_to_wait_only_while_it_does(database: Database) -> None:
    def story(unit: Unit) -> list[bool]:
        ask(unit, replace(WISH, until=NOW + timedelta(days=1)))
        known = [approvals.waits_about(unit, "customer:C1", families) for families in (["freeze"], ["tier"], [])]
        known += [approvals.waits_about(unit, "customer:C2", ["freeze"])]
        unit.now = NOW + timedelta(days=1)
        return [*known, approvals.waits_about(unit, "customer:C1", ["freeze"])]

    assert database.run(story) == [True, False, False, False, False]
