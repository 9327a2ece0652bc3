"""What readers see of a feed is decided by its version alone, and looking through the views costs no index."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage import schema
from storage.engine import is_sqlite, postgres, sqlite_writer
from storage.imports import same_person

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STAMPS = {"as_of": DAY, "arrived_at": NOW}


@pytest.fixture
def connection(migrated_url: str) -> Iterator[sa.Connection]:
    engine = sqlite_writer(migrated_url) if is_sqlite(migrated_url) else postgres(migrated_url, pool=1)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_every_view_shows_its_rows_but_for_what_versions_need(connection: sa.Connection) -> None:
    there = sa.inspect(connection)
    assert set(there.get_view_names()) == set(schema.views.tables)
    for name, view in schema.views.tables.items():
        shown = [column["name"] for column in there.get_columns(name)]
        kept = [column["name"] for column in there.get_columns(f"{name}_row")]
        assert shown == view.columns.keys()
        assert set(kept) - set(shown) == {"since", "until", "digest"}


#       since, until, seen before the feed ever came, in version 1, 2, 3
LIVES = [
    (0, None, "1111"),
    (0, 2, "1100"),
    (1, None, "0111"),
    (1, 2, "0100"),
    (1, 3, "0110"),
    (2, None, "0011"),
    (2, 3, "0010"),
    (3, None, "0001"),
]


@pytest.mark.parametrize(("since", "until", "seen"), LIVES)
def test_a_row_is_seen_from_its_version_until_the_next(
    connection: sa.Connection, since: int, until: int | None, seen: str
) -> None:
    rows, feed = schema.rows_of(schema.loan), schema.feed
    loan = {"loan_id": "L1", "customer_id": "C1", "kind": "x", "principal": 1, "balance": 1}
    connection.execute(rows.insert().values(**loan, **STAMPS, since=since, until=until))
    connection.execute(feed.insert().values(name="loans", **STAMPS, version=0, rows=1))
    found = ""
    for version in range(4):
        connection.execute(feed.update().values(version=version))
        found += str(len(connection.execute(sa.select(schema.loan)).all()))
    assert found == seen


def test_another_feed_s_version_says_nothing(connection: sa.Connection) -> None:
    rows = schema.rows_of(schema.product_nav)
    connection.execute(rows.insert().values(product_id="P1", day=DAY, nav="1", **STAMPS, since=1))
    connection.execute(schema.feed.insert().values(name="products", **STAMPS, version=7, rows=1))
    assert connection.execute(sa.select(schema.product_nav)).all() == []


PLANS = [
    ("SELECT * FROM customer WHERE customer_id = 'C1'", "customer_row", "pk_customer_row"),
    ("SELECT customer_id FROM customer WHERE rm_userid = 'rm01'", "customer_row", "ix_customer_rm_userid"),
    ("SELECT customer_id FROM customer WHERE mobile_index = 'x'", "customer_row", "ix_customer_row_mobile_index"),
    ("SELECT * FROM staff WHERE userid = 'rm01'", "staff_row", "pk_staff_row"),
    (
        "SELECT holding_id, product_id, amount, opened_on, matures_on FROM holding"
        " WHERE customer_id = 'C1' AND closed_as_of IS NULL",
        "holding_row",
        "ix_holding_customer_id",
    ),
    (
        "SELECT * FROM holding WHERE matures_on = '2026-11-22' AND amount >= 5",
        "holding_row",
        "ix_holding_matures_on_amount",
    ),
    ("SELECT * FROM aum_daily WHERE customer_id = 'C1' ORDER BY day", "aum_daily_row", "pk_aum_daily_row"),
    (
        "SELECT at, kind, channel, direction, reached, satisfaction FROM interaction"
        " WHERE customer_id = 'C1' AND closed_as_of IS NULL ORDER BY at DESC LIMIT 50",
        "interaction_row",
        "ix_interaction_customer_id_at",
    ),
    (
        "SELECT kind, channel, customer_initiated, sum(amount) FROM txn"
        " WHERE customer_id = 'C1' AND booked_at >= 5 AND coalesce(counterparty, '') <> 'own' GROUP BY 1, 2, 3",
        "txn_row",
        "ix_txn_customer_id_booked_at",
    ),
    (
        "SELECT count(DISTINCT customer_id), sum(amount) FROM txn WHERE booked_at >= 5 AND booked_at < 9",
        "txn_row",
        "ix_txn_booked_at_customer_id_amount",
    ),
]
WHOLE_INDEX = {
    "ix_txn_customer_id_booked_at",
    "ix_txn_booked_at_customer_id_amount",
    "ix_holding_customer_id",
    "ix_interaction_customer_id_at",
}


@pytest.mark.parametrize(("statement", "table", "index"), PLANS)
def test_readers_find_rows_by_index(connection: sa.Connection, statement: str, table: str, index: str) -> None:
    if connection.dialect.name == "sqlite":
        lines = [row.detail for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}"))]
        index = index if index.startswith("ix") else f"sqlite_autoindex_{table}_1"
        (found,) = [line for line in lines if table in line]
        assert found.startswith("SEARCH"), lines
        assert not any("SCAN" in line and "feed" not in line for line in lines), lines
        covering = "USING COVERING INDEX" in found
    else:
        connection.execute(sa.text("SET enable_seqscan = off"))
        connection.execute(sa.text("SET enable_bitmapscan = off"))
        found = " ".join(connection.execute(sa.text(f"EXPLAIN {statement}")).scalars())
        covering = "Index Only Scan" in found
    assert index in found, found
    assert covering or index not in WHOLE_INDEX, found


@pytest.mark.parametrize("whole", [True, False])
def test_everybody_s_documents_are_compared_in_one_index(connection: sa.Connection, whole: bool) -> None:
    statement = same_person.several(3, whole=whole).compile(connection, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        plan = [row.detail for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}"))]
        reads = [line for line in plan if line.startswith(("SCAN", "SEARCH"))]
        wanted = "COVERING INDEX ix_customer_id_number_index"
    else:
        connection.execute(sa.text("SET enable_seqscan = off"))
        connection.execute(sa.text("SET enable_bitmapscan = off"))
        plan = list(connection.execute(sa.text(f"EXPLAIN {statement}")).scalars())
        reads = [line for line in plan if " on customer_row" in line]
        wanted = "Index Only Scan using ix_customer_id_number_index"
    assert reads
    assert all(wanted in line for line in reads), plan
