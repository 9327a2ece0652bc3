"""A list that was made is had only while everything holds that it needed when it was made."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.packs import default_pack
from domain.export.wish import Format, ListKind, Wish
from domain.ids import ApprovalId, CustomerId, FileId, UserId
from domain.policy import Permission
from domain.purpose import Purpose
from domain.refusal import Refused
from domain.staff import Post
from handlers.context import House
from handlers.export.approving import begin
from handlers.file_kinds import KINDS
from storage import exports, made_files, restrictions, schema
from storage.database import Database
from storage.made_files import Content
from storage.unit import Unit
from tests.policies import POLICY
from tests.storage.banked import database

__all__ = ["database"]

RM, POST = UserId("rm01"), Post("客户经理")
NAMED = (CustomerId("C001"), CustomerId("C002"))


def made(database: Database, *, plain: bool = False, purpose: Purpose = Purpose.SERVICE) -> FileId:
    """The customers of rm01, as a file."""
    wish = Wish(list=ListKind.CUSTOMERS, purpose=purpose, reason="季度盘点", format=Format.CSV, plain=plain)
    content = Content("清单.csv", "text/csv", "2 行", b"x", timedelta(hours=24), 3, NAMED)

    def make(unit: Unit) -> FileId:
        begin(unit, exports.add(unit, RM, POST, wish, 2))
        file = made_files.claim(unit)
        assert file is not None
        assert made_files.publish(unit, file, content)
        return file.file_id

    return database.run(make)


def refused(database: Database, file_id: FileId, *lost: Permission) -> str:
    """Why its owner may not have it once the post has lost these; nothing where they may."""
    rule = POLICY.rules[POST]
    policy = replace(POLICY, rules={**POLICY.rules, POST: replace(rule, deny=rule.deny | set(lost))})

    def ask(unit: Unit) -> str:
        file = made_files.load(unit, file_id)
        assert file is not None
        try:
            KINDS["export"].owner(unit, House(default_pack(), policy, 1), file)
        except Refused as refusal:
            return refusal.reason
        return ""

    return database.run(ask)


@pytest.mark.parametrize(
    ("plain", "lost", "why"),
    [
        (False, (), ""),
        (True, (), ""),
        (False, (Permission.EXPORT_PLAIN,), ""),
        (True, (Permission.EXPORT_PLAIN,), "permission lost"),
        (False, (Permission.CUSTOMER_READ,), "permission lost"),
        (False, (Permission.EXPORT_ASK,), "permission lost"),
    ],
)
def test_what_its_owner_has_lost(database: Database, plain: bool, lost: tuple[Permission, ...], why: str) -> None:
    assert refused(database, made(database, plain=plain), *lost) == why


GONE = "a customer may not be taken along any more"


def test_a_customer_who_was_frozen_or_went_to_somebody_else(database: Database) -> None:
    file_id = made(database)
    hold = partial(restrictions.hold, customer_id=NAMED[1], approval_id=ApprovalId("a1"), asked_by=UserId("rm02"))
    database.run(hold)
    assert refused(database, file_id) == GONE
    database.run(partial(restrictions.lift, customer_id=NAMED[1]))
    assert refused(database, file_id) == ""
    rows = schema.rows_of(schema.customer)
    database.run(
        lambda unit: unit.execute(rows.update().where(rows.c.customer_id == NAMED[0]).values(rm_userid="rm03"))
    )
    assert refused(database, file_id) == GONE


def test_a_customer_who_wants_no_advertising_is_in_no_list_for_it(database: Database) -> None:
    assert refused(database, made(database, purpose=Purpose.MARKETING)) == GONE
    assert refused(database, made(database)) == ""
