"""到期数据 as a card: who decides reads every kind with its number, however many are due."""

import pytest

from bot.packs import shipped_retention
from cards.key import Seal
from cards.retention import report_card, report_texts
from domain.retention.report import Line
from handlers.retention.reporting import _told
from tests.cards.wecom_rules import broken

EDITION = shipped_retention()
EVERY = [
    Line(kind, rows=2_000_000, due=1_234_567)
    for kind in sorted(EDITION.table.asked())
    if EDITION.table.rule(kind).starts
]


@pytest.mark.parametrize("due", [1, 5, 6, 9, len(EVERY)])
def test_every_kind_can_be_read_on_the_card_or_in_words_before_it(due):
    lines = _told(EDITION, EVERY[:due])
    card = report_card("9,999,999 行数据到期", "截至11月23日", lines, Seal("task-1", 1), asks=True).dump()
    read = [row["value"] for row in card["horizontal_content_list"]]
    read += [each for each in card.get("sub_title_text", "").removeprefix("另有：").split("；") if each]
    whole = "\n".join(text.content for text in report_texts("9,999,999 行数据到期", lines))
    assert read == lines or whole.splitlines()[1:] == lines
    assert bool(whole) is (due == len(EVERY))
    assert broken(card) == []
