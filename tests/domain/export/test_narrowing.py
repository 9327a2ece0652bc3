"""The part of a list that was meant, out of the words people write."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.export.narrowing import Narrowing, read_narrowing
from domain.ids import UnitId
from domain.tier import Tier

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
EAST, WEST, SHOP = UnitId("E"), UnitId("W"), UnitId("S")
UNITS = {EAST: "样城城东支行", WEST: "样城城西支行", SHOP: "城东支行营业厅"}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Narrowing()),
        ("高净值", Narrowing(tiers=(Tier.HIGH,))),
        ("高净值 和 超高净值", Narrowing(tiers=(Tier.HIGH, Tier.ULTRA))),
        ("城西", Narrowing(units=(WEST,))),
        ("样城城东支行，富裕", Narrowing(tiers=(Tier.AFFLUENT,), units=(EAST,))),
        ("上月", Narrowing(since=date(2026, 10, 1), until=date(2026, 10, 31))),
        ("11月1日到11月10日", Narrowing(since=date(2026, 11, 1), until=date(2026, 11, 10))),
        ("昨天", Narrowing(since=date(2026, 11, 22), until=date(2026, 11, 22))),
    ],
)
def test_it_is_read(words: str, meant: Narrowing) -> None:
    assert read_narrowing(words, UNITS, NOW) == meant


@pytest.mark.parametrize(
    ("words", "stuck"), [("钻石", "钻石"), ("富裕 不存在支行", "不存在支行"), ("城东", "城东"), ("行", "行")]
)
def test_what_is_not_understood_is_named(words: str, stuck: str) -> None:
    assert read_narrowing(words, UNITS, NOW) == stuck


def test_it_is_said_back() -> None:
    meant = Narrowing(tiers=(Tier.HIGH,), units=(WEST,), since=date(2026, 10, 1), until=date(2026, 10, 31))
    assert meant.said(UNITS, NOW.date()) == "高净值 样城城西支行 10月1日–10月31日"
    assert Narrowing().said(UNITS, NOW.date()) == ""
