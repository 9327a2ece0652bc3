"""Which rows and columns somebody may take along: their scope and their reading of it, without whom nobody may use."""

from functools import partial

from bot.packs import default_pack
from domain.export.narrowing import Narrowing
from domain.export.wish import Format, ListKind, Wish
from domain.ids import ApprovalId, CustomerId, UnitId, UserId
from domain.purpose import Purpose
from domain.tier import Tier
from handlers.context import House
from handlers.export.listing import listing
from storage import directory, restrictions
from storage.database import Database
from storage.unit import Unit
from tests.policies import POLICY
from tests.storage.banked import database

__all__ = ["database"]

HOUSE = House(default_pack(), POLICY, 1)
HEADS = ["客户号", "姓名", "年龄段", "机构", "分层", "AUM", "风险测评", "职业", "手机号"]


def wish(purpose: Purpose = Purpose.SERVICE, *, plain: bool = False, **narrow: object) -> Wish:
    return Wish(
        list=ListKind.CUSTOMERS,
        narrowing=Narrowing.model_validate(narrow),
        purpose=purpose,
        reason="季度盘点",
        format=Format.CSV,
        plain=plain,
    )


def taken(database: Database, userid: str, wanted: Wish) -> list[dict[str, str]]:
    """The rows of the file, each cell under its head."""

    def read(unit: Unit) -> list[dict[str, str]]:
        reader = directory.member(unit, UserId(userid))
        assert reader is not None
        found = listing(unit, HOUSE, reader, wanted)
        keys, counts = found.keys(unit, 10), found.counts(unit, 10)
        assert counts.total() == len(keys)
        found = found.of(counts)
        heads = [column.title for column in found.columns]
        rows = found.rows(unit, keys)
        return [dict(zip(heads, found.cells(row), strict=True)) for row in rows]

    return database.read_now(read)


def whose(database: Database, userid: str, wanted: Wish) -> list[str]:
    return [row["客户号"] for row in taken(database, userid, wanted)]


def test_everybody_takes_their_own_scope(database: Database) -> None:
    assert whose(database, "rm01", wish()) == ["C001", "C002"]
    assert whose(database, "rm02", wish()) == ["C001", "C004"], "kept, and served today"
    assert whose(database, "zhangwei", wish()) == ["尾号01", "尾号02"]
    assert len(taken(database, "sunguo", wish())) == 4
    assert whose(database, "old9", wish()) == []


def test_who_keeps_sees_names_and_who_leads_sees_masks_and_bands(database: Database) -> None:
    mine = taken(database, "rm01", wish())[0]
    assert list(mine) == HEADS
    assert (mine["姓名"], mine["AUM"], mine["职业"], mine["手机号"]) == ("单样芳", "62.00 万", "教师", "199****1001")
    led = taken(database, "zhangwei", wish())[0]
    assert list(led) == HEADS[:-2], "what is to be exported of nobody else's customers has no column"
    assert (led["客户号"], led["姓名"], led["AUM"]) == ("尾号01", "单*芳", "50–100 万")


def test_numbers_in_full_are_those_of_the_own_customers(database: Database) -> None:
    mobiles = [row["手机号"] for row in taken(database, "rm02", wish(plain=True))]
    assert mobiles == ["19900001001", "+852 9000 0004"]


def test_a_part_of_the_list(database: Database) -> None:
    assert whose(database, "rm01", wish(tiers=(Tier.MASS,))) == ["C002"]
    assert whose(database, "rm01", wish(tiers=(Tier.AFFLUENT, Tier.MASS))) == ["C001", "C002"]
    assert whose(database, "rm02", wish(units=(UnitId("S2"),))) == ["C004"]
    assert whose(database, "rm02", wish(units=(UnitId("B1"),))) == ["C001", "C004"]


def test_a_list_that_was_cut_off_is_never_taken_for_a_whole_one(database: Database) -> None:
    def read(unit: Unit) -> tuple[int, int]:
        reader = directory.member(unit, UserId("rm01"))
        assert reader is not None
        found = listing(unit, HOUSE, reader, wish(tiers=(Tier.MASS,)))
        return len(found.keys(unit, 1)), found.counts(unit, 1).total()

    assert database.read_now(read) == (1, 1), "the first one read is of another tier, and more may lie behind"


def test_who_agreed_to_no_marketing_and_who_is_frozen_stay_out(database: Database) -> None:
    assert whose(database, "rm01", wish(Purpose.MARKETING)) == ["C001"]
    hold = partial(
        restrictions.hold, customer_id=CustomerId("C001"), approval_id=ApprovalId("a1"), asked_by=UserId("rm02")
    )
    database.run(hold)
    assert whose(database, "rm01", wish()) == ["C002"]
    assert whose(database, "rm01", wish(Purpose.MARKETING)) == []


def test_for_a_purpose_that_the_post_has_not_there_is_nothing(database: Database) -> None:
    assert taken(database, "rm01", wish(Purpose.AUDIT)) == []
