"""What is due goes and everything else stays, table by table; holds keep; nothing is left of what went."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from bot.packs import shipped_retention
from domain.refusal import Refused
from domain.retention.kinds import Kind
from handlers.retention import applying
from storage import schema
from storage.audit_check import verify_chain
from storage.columns import Instant
from storage.database import Database
from storage.retention.stores import kind_of, stores
from storage.schema.base import Sealed
from storage.unit import Unit
from tests.storage.deeds import NOW, Clocks, opened

LONG_AGO, TODAY = datetime(1999, 12, 31, 12, tzinfo=NOW.tzinfo), NOW.date()
GONE, HELD, HERE = "C0001", "C0002", "C0003"
"""Customers: who left long ago, who did too and is under a hold, who is one."""

WITH_RELATION = {
    "service_team", "team_seat", "relation", "tie", "holding", "loan", "aum_daily", "consent", "restricted",
}  # fmt: skip
WITH_TIME = {
    "account", "txn", "risk_assessment", "suitability_decision", "touchpoint", "interaction", "visit", "todo",
    "finding", "reveal", "complaint_history", "tier_override", "subject_request",
}  # fmt: skip
OF_NOBODY = {
    "inbox", "outbox", "card", "timer", "conversation", "web_session", "api_answer", "access",
    "handover", "reveal_code", "approval", "export", "made_file", "stand_in", "cron_run", "greeting", "quiet",
}  # fmt: skip
STATES = {"todo": "done", "inbox": "done", "outbox": "sent", "timer": "fired", "conversation": "done"}
SHOWN_ELSEWHERE = {
    "customer", "label", "photo", "case_file", "case_event", "case_person", "case_link", "handover_item", "legal_hold",
    "made_part", "retention_report",
}  # fmt: skip


def put(unit: Unit, name: str, at: datetime, tag: str, **given: Any) -> None:
    """A row with every moment at `at`, every secret told as `tag`, and the rest filled in somehow."""
    view = schema.views.tables.get(name)
    table = schema.metadata.tables[name] if view is None else schema.rows_of(view)
    values = {column.name: _cell(unit, name, column, at, tag) for column in table.columns if _wanted(column)}
    named = {key: value for key, value in given.items() if key in table.columns}
    unit.execute(table.insert().values({**values, **named}))


def _wanted(column: sa.Column[Any]) -> bool:
    of_a_feed = column.name in ("since", "until", "digest") and isinstance(column.type, sa.Integer)
    return not of_a_feed and column.name not in ("undone_at", "until_run", "released_at", "revoked_at")


def _cell(unit: Unit, name: str, column: sa.Column[Any], at: datetime, tag: str) -> Any:
    if column.name == "state":
        return STATES.get(name, "agreed")
    if isinstance(column.type, Instant):
        return at
    if isinstance(column.type, Sealed):
        return unit.vault.seal(name, column.name, tag, f"secret of {tag}")
    for kind, value in ((sa.Date, at.date()), (sa.Boolean, True), (sa.Float, 1.0), (sa.LargeBinary, tag.encode())):
        if isinstance(column.type, kind):
            return value
    if isinstance(column.type, sa.Integer):
        return abs(hash(tag)) % 10**6 + 1
    return f"{at.date().isoformat()} {tag}"


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[Database]:
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        made.run(_customers)
        yield made


def _customers(unit: Unit) -> None:
    for customer, end in ((GONE, LONG_AGO.date()), (HELD, LONG_AGO.date()), (HERE, None)):
        put(unit, "customer", LONG_AGO, customer, customer_id=customer, closed_as_of=end)
    hold(unit, customer=HELD)


def hold(unit: Unit, customer: str | None = None, case: str | None = None) -> None:
    tag = f"hold-{customer}-{case}"
    put(unit, "legal_hold", NOW, tag, id=tag, customer_id=customer, case_id=case)


def apply(database: Database) -> tuple[int, int]:
    assert isinstance(database.clocks, Clocks)
    database.clocks.now += timedelta(seconds=1)
    report = applying.make(database, shipped_retention(), TODAY, "cli:tester")
    done, gone = applying.apply(database, shipped_retention(), "cli:tester", report.digest, lambda kind, count: None)
    assert done == report
    return report.due, gone


def left(database: Database, name: str, column: str = "customer_id") -> list[str]:
    view = schema.views.tables.get(name)
    table = schema.metadata.tables[name] if view is None else schema.rows_of(view)
    moment = next(each for each in table.columns if isinstance(each.type, Instant | sa.Date))
    chosen = sa.select(table.c[column], moment).order_by(table.c[column], moment)
    rows = database.read_now(lambda unit: unit.rows(chosen))
    return [f"{row[0]} {'old' if row[1] is not None and row[1].year < 2000 else 'new'}" for row in rows]


def test_every_table_has_one_kind() -> None:
    named = [store.table.name for store in stores() if not store.beside]
    assert sorted(named) == sorted(schema.metadata.tables)
    stay = {name for name, kind in kind_of().items() if shipped_retention().table.rule(kind).stays}
    assert set(kind_of()) == stay | WITH_RELATION | WITH_TIME | OF_NOBODY | SHOWN_ELSEWHERE


@pytest.mark.parametrize("names", [sorted(WITH_RELATION), sorted(WITH_TIME)], ids=["relation", "time"])
def test_what_is_about_customers(database: Database, names: list[str]) -> None:
    def fill(unit: Unit) -> None:
        for name in names:
            for number, (customer, at) in enumerate(
                ((GONE, LONG_AGO), (HELD, LONG_AGO), (HERE, LONG_AGO), (HERE, NOW))
            ):
                if (name, number) != ("restricted", 3):
                    put(unit, name, at, f"{name}-{number}", customer_id=customer, closed_as_of=None)

    database.run(fill)
    apply(database)
    for name in names:
        closed = [f"{HELD} old", f"{HERE} new"]
        running = [f"{HELD} old", f"{HERE} old"] + [f"{HERE} new"] * (name != "restricted")
        assert (name, sorted(left(database, name))) == (name, sorted(closed if name in WITH_TIME else running))
    assert verify_chain(database).broken is None


def test_what_is_about_nobody(database: Database) -> None:
    def fill(unit: Unit) -> None:
        for name in OF_NOBODY:
            for at, tag in ((LONG_AGO, "old"), (NOW, "new")):
                put(unit, name, at, tag)

    database.run(fill)
    due, gone = apply(database)
    assert gone == due
    for name in OF_NOBODY - {"cron_run"}:
        column = schema.metadata.tables[name].columns.keys()[0]
        assert (name, [word.split()[-1] for word in left(database, name, column)]) == (name, ["new"])
    slots = database.read_now(lambda unit: unit.rows(sa.select(schema.cron_run.c.slot)))
    assert [row.slot for row in slots] == [f"{TODAY} new"]


def test_who_left_is_a_number_and_who_is_held_or_here_has_a_name(database: Database) -> None:
    due, gone = apply(database)
    assert gone == due
    columns = schema.customer.c

    def look(unit: Unit) -> dict[str, tuple[str, bytes, Any]]:
        rows = unit.rows(sa.select(schema.customer).order_by(columns.customer_id))
        return {
            row.customer_id: (
                "" if row.customer_id != GONE else unit.vault.open("customer", "name", GONE, row.name),
                bytes(row.name_index),
                row.id_number,
            )
            for row in rows
        }

    found = database.read_now(look)
    assert found[GONE] == ("（已到期删除）", b"", None)
    assert [found[each][1] for each in (HELD, HERE)] == [HELD.encode(), HERE.encode()]
    assert apply(database)[1] == 0  # what is erased is not due again


def test_a_case_goes_whole_unless_it_or_its_customer_is_held(database: Database) -> None:
    def fill(unit: Unit) -> None:
        for case, customer, closed in (("T1", GONE, True), ("T2", HELD, True), ("T3", HERE, True), ("T4", GONE, False)):
            put(unit, "case_file", LONG_AGO, case, id=case, customer_id=customer, closed=closed)
            for name in ("case_event", "case_person", "case_link"):
                put(unit, name, LONG_AGO, case, case_id=case)
            put(unit, "photo", LONG_AGO, f"{case}.1.proof-0", owner=f"{case}.1.proof")
        hold(unit, case="T3")

    database.run(fill)
    apply(database)
    for name, column in (
        ("case_file", "id"),
        ("case_event", "case_id"),
        ("case_person", "case_id"),
        ("case_link", "case_id"),
    ):
        rows = database.read_now(lambda unit, n=name, c=column: unit.rows(sa.select(schema.metadata.tables[n].c[c])))
        assert sorted(row[0] for row in rows) == ["T2", "T3", "T4"]
    photos = database.read_now(lambda unit: unit.rows(sa.select(schema.photo.c.owner)))
    assert sorted(row.owner for row in photos) == ["T2.1.proof", "T3.1.proof", "T4.1.proof"]


def test_a_hold_reaches_what_was_said_in_the_cases_and_the_customer_a_case_is_filed_under(database: Database) -> None:
    """T2 is a case of a held customer; T3 is held itself, and is filed under a customer who has no hold."""
    subjects = (
        "case:T2",
        "case:T2@1",
        "case:T3/a1",
        f"customer:{HERE}",
        "case:T22",
        "case:T4@1",
        f"customer:{GONE}",
        "x",
    )

    def fill(unit: Unit) -> None:
        hold(unit, case="T3")
        for case, customer in (("T2", HELD), ("T3", HERE), ("T4", GONE), ("T22", GONE)):
            put(unit, "case_file", NOW, case, id=case, customer_id=customer, closed=False)
        for subject in subjects:
            put(unit, "card", LONG_AGO, subject, subject=subject, task_id=subject)
            put(unit, "outbox", LONG_AGO, subject, task_id=subject, msg_key=subject)
            put(unit, "inbox", LONG_AGO, subject, case_key=subject)
        put(unit, "visit", LONG_AGO, "v1", customer_id=HERE)

    database.run(fill)
    apply(database)
    kept = [f"{each} old" for each in sorted(subjects[:4])]
    for name, column in (("card", "subject"), ("outbox", "msg_key"), ("inbox", "case_key")):
        assert (name, left(database, name, column)) == (name, kept)
    assert left(database, "visit") == [f"{HERE} old"]


def test_a_visit_takes_its_photos_along_and_a_hold_keeps_both(database: Database) -> None:
    def fill(unit: Unit) -> None:
        for visit, customer in (("v1", GONE), ("v2", HELD)):
            put(unit, "visit", LONG_AGO, visit, id=visit, customer_id=customer)
            put(unit, "photo", LONG_AGO, f"{visit}-0", owner=visit)

    database.run(fill)
    apply(database)
    assert left(database, "visit", "id") == ["v2 old"]
    assert left(database, "photo", "owner") == ["v2 old"]


def test_only_replaced_labels_go(database: Database) -> None:
    def fill(unit: Unit) -> None:
        for run, day in ((1, LONG_AGO), (2, LONG_AGO), (3, NOW)):
            put(unit, "label_run", day, str(run), run=run)
        for run, until in ((1, 2), (2, 3), (3, None)):
            put(unit, "label", LONG_AGO, str(run), customer_id=HERE, run=run, until_run=until)

    database.run(fill)
    apply(database)
    rows = database.read_now(lambda unit: unit.rows(sa.select(schema.label.c.run)))
    assert sorted(row.run for row in rows) == [2, 3]


def test_the_report_counts_and_says_what_comes_next(database: Database) -> None:
    def fill(unit: Unit) -> None:
        for number, (customer, at) in enumerate(
            ((GONE, LONG_AGO), (HELD, LONG_AGO), (HERE, NOW - timedelta(days=9)), (HERE, NOW))
        ):
            put(unit, "visit", at, f"v{number}", customer_id=customer)

    database.run(fill)
    report = applying.make(database, shipped_retention(), TODAY, "cli:tester")
    (line,) = (line for line in report.lines if line.kind is Kind.VISITS)
    assert (line.rows, line.due, line.held) == (4, 1, 1)
    assert (line.oldest, line.next_due) == (LONG_AGO.date(), date(2031, 11, 14))
    ahead = applying.make(database, shipped_retention(), date(2031, 11, 15), "cli:tester")
    (line,) = (line for line in ahead.lines if line.kind is Kind.VISITS)
    assert (line.due, line.next_due) == (2, date(2031, 11, 23))


def test_each_unit_is_on_record_with_numbers_and_no_value(database: Database) -> None:
    database.run(lambda unit: [put(unit, "visit", LONG_AGO, f"v{n}", customer_id=GONE) for n in range(50)] and None)
    apply(database)
    bodies = database.read_now(lambda unit: unit.rows(sa.select(schema.audit.c.body)))
    records = [orjson.loads(row.body) for row in bodies]
    erased = [each for each in records if each["action"] == "retention.erased" and each["detail"]["table"] == "visit"]
    assert len(erased) > 1
    assert sum(each["detail"]["rows"] for each in erased) == 50
    assert {each["actor"] for each in erased} == {"cli:tester"}
    assert set(erased[0]["detail"]) == {"table", "rows", "report", "rules"}
    assert verify_chain(database).broken is None


def test_what_is_refused(database: Database, clocks: Clocks) -> None:
    edition = shipped_retention()

    def applied(confirm: str | None) -> Any:
        return applying.apply(database, edition, "cli:tester", confirm, lambda kind, count: None)

    with pytest.raises(Refused, match="还没有报告"):
        applied(None)
    database.run(lambda unit: put(unit, "visit", LONG_AGO, "v1", customer_id=GONE))
    report = applying.make(database, edition, TODAY, "cli:tester")
    with pytest.raises(Refused, match="还没有人确认"):
        applied(None)
    with pytest.raises(Refused, match="请重新看过报告"):
        applied("0123456789ab")
    clocks.now = NOW + timedelta(hours=25)
    with pytest.raises(Refused, match="过了 24 小时"):
        applied(report.digest)
    ahead = applying.make(database, edition, TODAY + timedelta(days=30), "cli:tester")
    with pytest.raises(Refused, match=f"最近的报告是 {report.digest}"):
        applied(ahead.digest)  # a look ahead is no report to act upon
    assert left(database, "visit") == [f"{GONE} old"]
