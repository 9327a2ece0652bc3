"""A person's copy forgets no table and no column: what has a customer in it is given, or kept back for a reason."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from domain.personal_data.catalogue import GIVEN, KEPT, Part
from domain.personal_data.request import next_word
from domain.personal_data.withheld import GROUNDS, Why
from storage import schema

SHANGHAI = ZoneInfo("Asia/Shanghai")
MUST_STAY = {
    ("customer", "kyc_risk"), ("customer", "kyc_due"), ("customer", "frozen"), ("customer", "sanctioned"),
}  # fmt: skip
"""What the law on money laundering keeps, written down a second time."""
OTHERS = {"userid", "by_userid", "rm_userid", "recorded_by", "asked_by", "owner", "requester", "other_customer_id"}


def tables() -> dict[str, sa.Table]:
    """Every table as it is read, by name."""
    real = {name: table for name, table in schema.metadata.tables.items() if "view" not in table.info}
    return real | dict(schema.views.tables)


def about_customers() -> set[str]:
    return {name for name, table in tables().items() if "customer_id" in table.c}


def test_every_table_with_a_customer_is_given_or_kept_for_a_reason() -> None:
    assert {part.table for part in GIVEN} | set(KEPT) == about_customers()
    assert {part.table for part in GIVEN} & set(KEPT) == set()


@pytest.mark.parametrize("part", GIVEN, ids=lambda part: part.table)
def test_every_column_is_given_or_kept_for_a_reason(part: Part) -> None:
    columns = {column.name for column in tables()[part.table].c}
    assert set(part.given) | set(part.kept) == columns
    assert set(part.given) & set(part.kept) == set()
    assert all(part.given.values())


def test_nothing_of_money_laundering_and_of_others_is_given() -> None:
    given = {(part.table, name) for part in GIVEN for name in part.given}
    kept = {(part.table, name): why for part in GIVEN for name, why in part.kept.items()}
    assert given & MUST_STAY == set()
    assert {kept[each] for each in MUST_STAY} == {Why.AML}
    assert {name for _, name in given} & OTHERS == set()


def test_every_reason_names_its_law() -> None:
    assert set(GROUNDS) == set(Why)
    assert [each for each in GROUNDS.values() if "法" not in each.basis.source] == []


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-23T09:00", "2026-12-09T09:00"),
        ("2026-12-09T08:59", "2026-12-09T09:00"),
        ("2026-12-09T09:00", "2026-12-15T00:00"),
        ("2026-12-14T23:59", "2026-12-15T00:00"),
        ("2026-12-15T00:00", "2026-12-24T09:00"),
        ("2027-01-05T10:00", "2026-12-24T09:00"),
    ],
)
def test_the_next_word_of_a_request_due_on_december_14th(now: str, then: str) -> None:
    """Ahead, at the end, and from then on whenever it is next morning (here: a moment that is handed in)."""

    def workday_before(day: date) -> date:
        return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))

    morning = datetime(2026, 12, 24, 9, tzinfo=SHANGHAI)
    told = next_word(date(2026, 12, 14), datetime.fromisoformat(now).replace(tzinfo=SHANGHAI), workday_before, morning)
    assert told == datetime.fromisoformat(then).replace(tzinfo=SHANGHAI)
