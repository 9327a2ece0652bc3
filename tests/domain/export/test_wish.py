"""How much one file may hold and who has to agree, line by line as the guide for users says it."""

import pytest

from domain.export.wish import Desk, ListKind, desks, refusal
from tests.policies import POLICY

SUPERIOR, SECURITY, COMPLIANCE = Desk.SUPERIOR, Desk.SECURITY, Desk.COMPLIANCE
TABLE = [
    (1, False, ()),
    (100, False, ()),
    (101, False, (SUPERIOR, SECURITY)),
    (500, False, (SUPERIOR, SECURITY)),
    (501, False, (SUPERIOR, SECURITY, COMPLIANCE)),
    (5000, False, (SUPERIOR, SECURITY, COMPLIANCE)),
    (1, True, (SUPERIOR, SECURITY, COMPLIANCE)),
    (5000, True, (SUPERIOR, SECURITY, COMPLIANCE)),
]


@pytest.mark.parametrize(("rows", "plain", "who"), TABLE)
def test_who_has_to_agree(rows: int, plain: bool, who: tuple[Desk, ...]) -> None:
    assert desks(rows, plain=plain, limits=POLICY.limits) == who


@pytest.mark.parametrize(("rows", "says"), [(0, "一行也没有"), (1, None), (5000, None), (5001, "分开导出不会少批")])
def test_how_much_one_file_may_hold(rows: int, says: str | None) -> None:
    refused = refusal(ListKind.CUSTOMERS, rows, POLICY.limits)
    assert (refused is None) is (says is None)
    assert refused is None or (says or "") in refused.text
