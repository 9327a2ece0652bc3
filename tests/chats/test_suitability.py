"""适当性 and 推荐: a verdict with its reasons first, everything on record, and nobody is told what they must not know."""

import csv
from pathlib import Path

import pytest

from storage import schema
from tests.chats.talking import Chat

DECIDED = schema.suitability_decision.c
NEUTRAL = "暂不能办理，请联系合规岗。"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


@pytest.fixture
def compliance(house, phone) -> Chat:
    return Chat(house, phone("comp01"))


def products(bank: Path, **wanted: str) -> list[dict[str, str]]:
    """The products on sale with these values."""
    with (bank / "products.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    on_sale = [row for row in rows if not row["on_sale_until"] or row["on_sale_until"] >= "2026-11-23"]
    return [row for row in on_sale if all(row[name] == value for name, value in wanted.items())]


async def test_a_product_above_the_class_is_refused_and_on_record(rm, bank) -> None:
    product = products(bank, kind="wealth", risk="R3")[0]
    card = await rm.says(f"适当性 王秀兰 {product['product_id']} 20万", hears="不可以 · ")
    assert "王秀兰 · 客户号 C00000001" in card.text
    assert "产品 R3 高于客户的 C2" in card.text
    assert "任何人不得代答" in card.text
