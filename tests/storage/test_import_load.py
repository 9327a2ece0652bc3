"""Imports against both databases: what arrives, what is refused, and that a refusal changes nothing."""

import shutil
import time
from collections.abc import Callable, Iterator
from csv import DictReader
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.packs import SHIPPED
from domain.conflict import PostRules
from domain.pack import load_pack
from storage import schema, search_keys
from storage.database import Database
from storage.imports.load import run_import
from storage.imports.rejection import parse_max_bad
from storage.imports.report import ImportReport
from storage.opening import open_database
from tests.storage.import_bank import BANK, changed, write_bank, write_files

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 11, 22)
NEXT = date(2026, 11, 23)
# What every accepted file writes beside its own table.
LEDGER = {"feed", "audit", "audit_head"}


class Clocks:
    def business(self) -> datetime:
        return NOW

    def machine(self) -> float:
        return time.monotonic()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(migrated_url, tmp_path / "keys" / "key", Clocks())
    opened.start(None)
    yield opened
    opened.stop()


@pytest.fixture
def load(database: Database) -> Callable[..., ImportReport]:
    def run(folder: Path, as_of: date = DAY, max_bad: str = "0", dry_run: bool = False) -> ImportReport:
        return run_import(
            database,
            folder,
            as_of=as_of,
            now=NOW,
            clock=time.monotonic,
            max_bad=parse_max_bad(max_bad),
            dry_run=dry_run,
        )

    return run


Load = Callable[..., ImportReport]


def dump(database: Database) -> dict[str, list[Any]]:
    """Every row of every table as it lies in the database."""
    with database.reader() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in schema.metadata.sorted_tables
        }


def rows(database: Database, table: sa.Table) -> dict[Any, sa.Row[Any]]:
    """The rows of a table by their key (the bare value where it has one column)."""
    keys = [column.name for column in table.primary_key.columns]
    with database.reader() as connection:
        found = connection.execute(sa.select(table)).all()
    return {row._mapping[keys[0]] if len(keys) == 1 else tuple(row._mapping[key] for key in keys): row for row in found}


def test_a_first_import_loads_every_file(database: Database, load: Load, tmp_path: Path) -> None:
    report = load(write_bank(tmp_path / "feed"))
    assert report.ok, report.lines()
    assert {file.name: (file.rows, file.inserted) for file in report.files} == {
        "org_units": (5, 5),
        "staff": (5, 5),
        "customers": (4, 4),
        "service_team": (2, 2),
        "risk_assessments": (3, 3),
        "products": (3, 3),
        "product_nav": (2, 2),
        "accounts": (3, 3),
        "holdings": (2, 2),
        "transactions": (3, 3),
        "aum_daily": (3, 3),
        "loans": (1, 1),
        "interactions": (2, 2),
        "complaints": (1, 1),
        "relations": (1, 1),
        "touchpoints": (2, 2),
    }
    assert all(file.updated == file.closed == file.unchanged == file.rejected == 0 for file in report.files)


def test_values_arrive_typed(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    txns = rows(database, schema.txn)
    assert (txns["T1"].amount, txns["T2"].amount) == (-20_000_000, 321)
    assert txns["T3"].booked_at == datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (txns["T2"].counterparty, txns["T1"].customer_initiated) == (None, True)
    assert rows(database, schema.product_nav)[("P1", date(2026, 11, 20))].nav == "1.0234"
    assert rows(database, schema.account)["A2"].balance == -32_055
    assert rows(database, schema.account)["A2"].currency == "CNY"
    assert rows(database, schema.holding)["H2"].matures_on is None
    team = rows(database, schema.service_team)
    assert team[("C002", "rm02", "投顾", date(2025, 1, 1))].until_day == date(2026, 6, 30)
    assert ("C002", date(2025, 8, 8), "bank", "手机银行") in rows(database, schema.risk_assessment)
    feed = rows(database, schema.feed)["transactions"]
    assert (feed.as_of, feed.arrived_at, feed.version, feed.rows) == (DAY, NOW, 1, 3)


def test_userids_are_one_whatever_their_case(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    staff = rows(database, schema.staff)
    assert set(staff) == {"zhangwei", "rm01", "rm02", "sunguo", "old9"}
    assert (staff["zhangwei"].wecom_userid, staff["zhangwei"].leader_userid) == ("ZhangWei", "sunguo")
    assert rows(database, schema.customer)["C001"].rm_userid == "rm01"


def test_names_and_numbers_are_sealed_and_can_be_found(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    vault, customer = database.vault, rows(database, schema.customer)["C001"]
    assert vault.open("customer", "name", "C001", customer.name) == "单样芳"
    assert vault.open("customer", "address", "C001", customer.address) == "样例市第一路1号\n二单元"
    assert vault.open("customer", "id_number", "C001", customer.id_number) == "000000197002280028"
    assert customer.name_index == search_keys.name_index(vault, "单 样芳")
    assert customer.mobile_tail_index == search_keys.tail_index(vault, "1001")
    assert customer.mobile_index == search_keys.mobile_index(vault, "+86 199 0000 1001")
    assert customer.id_number_index == search_keys.id_number_index(vault, "000000197002280028")
    kept = search_keys.read_pinyin(vault.open("customer", "pinyin", "C001", customer.pinyin))
    assert "shanyangfang" in kept.full
    assert "syf" in kept.initials
    assert (rows(database, schema.customer)["C003"].mobile, customer.annual_income) == (None, 25_000_050)
    note = rows(database, schema.interaction)["I1"]
    assert vault.open("interaction", "summary", "I1", note.summary) == "谈了续期，\n客户说再想想"


def test_the_database_file_shows_no_name(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    told = "\n".join(line for lines in dump(database).values() for line in lines)
    assert "C001" in told
    for secret in ("单样芳", "19900001001", "000000197002280028", "第一路", "谈了续期", "排队时间长", "张伟样"):
        assert secret not in told


def test_the_same_files_again_change_no_row(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed")
    load(folder)
    before = dump(database)
    report = load(folder)
    after = dump(database)
    assert report.ok
    assert all(file.unchanged == file.rows for file in report.files)
    assert {name for name in before if before[name] != after[name]} == LEDGER


@pytest.mark.parametrize("absent", ["org_units", "staff", "customers"])
def test_a_first_import_needs_its_three_files(database: Database, load: Load, tmp_path: Path, absent: str) -> None:
    folder = write_bank(tmp_path / "feed")
    (folder / f"{absent}.csv").unlink()
    before = dump(database)
    report = load(folder)
    assert not report.ok
    assert f"{absent}.csv" in report.problem
    assert dump(database) == before


def test_a_file_that_is_not_there_changes_nothing(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    before = dump(database)
    report = load(write_files(tmp_path / "second", product_nav="product_id,day,nav\nP1,2026-11-21,1.03\n"))
    assert report.ok
    after = dump(database)
    assert {name for name in before if before[name] != after[name]} == {"product_nav_row", *LEDGER}


REFUSALS = [
    # file, old text, new text, line, field, part of the reason
    ("customers", "kyc_due,", "kyc_dew,", 1, "kyc_dew", "不认识的列"),
    ("customers", "occupation,", "gender,", 1, "gender", "列名重复"),
    ("accounts", "kind,opened_on", "opened_on", 1, "kind", "缺少必填列"),
    ("customers", "曾样明,男", "曾样明,男性", 4, "gender", "不在规定用词内"),
    ("customers", "C003,", "C001,", 5, "customer_id", "与第 2 行的主键（customer_id）重复"),
    ("customers", "尉迟样", "", 5, "name", "不能为空"),
    ("customers", "rm01,S1", "rm77,S1", 4, "rm_userid", "员工（staff）中没有“rm77”"),
    ("customers", ",,S2,", ",,S9,", 5, "unit_id", "机构（org_units）中没有“S9”"),
    ("customers", "2018-07-09", "2018/07/09", 4, "opened_on", "日期"),
    ("customers", "L06-30", "L6-30", 4, "birth_lunar", "LMM-DD"),
    ("customers", "中,,0,", "中,,是,", 4, "marketing_consent", "0（否）"),
    ("customers", "曾样明,男,", "曾样明,男", 4, "", "单元格"),
    ("customers", "250000.50", "25万", 2, "annual_income", "以元为单位"),
    ("staff", "赵敏样,私行经理|客户经理", "赵敏样,私行经理|国王", 4, "posts", "“国王”不在规定用词内"),
    ("staff", "rm02,", "RM01,", 4, "userid", "与第 3 行"),
    ("staff", ",B1,,1990", ",B1,zhangwei,1990", 2, "leader_userid", "成环"),
    ("staff", ",S2,ZhangWei", ",S2,nobody", 4, "leader_userid", "“nobody”"),
    ("staff", "2026-12-31", "2026-13-31", 3, "qualifications", "有效日期"),
    ("org_units", "head_office,", "head_office,S1", 2, "parent_id", "成环"),
    ("org_units", "样例银行总行,head_office", "样例银行总行,总行", 2, "kind", "head_office"),
    ("products", "R4", "R6", 4, "risk", "R1、R2"),
    ("products", "1095", "三年", 3, "term_days", "非负整数"),
    ("transactions", "-200000.00", "-200000.001", 2, "amount", "两位小数"),
    ("transactions", "00:30:00+08:00", "00:30:00", 3, "booked_at", "缺少时区"),
    ("transactions", "C002,2026", "C999,2026", 4, "customer_id", "客户（customers）中没有“C999”"),
    ("transactions", "T2,", "T1,", 3, "txn_id", "重复"),
    ("transactions", "0,A1", "0,A7", 3, "account_id", "账户（accounts）中没有“A7”"),
    ("transactions", "same_name", "friend", 2, "counterparty", "不在规定用词内"),
    ("interactions", "群发,out", "群发,sideways", 4, "direction", "不在规定用词内"),
    ("risk_assessments", "C4", "C6", 4, "level", "C1、C2"),
    ("risk_assessments", "柜面,fund", "柜面,bank", 3, "customer_id", "重复"),
    ("aum_daily", "620000.00", "-1.00", 3, "aum", "不能为负"),
    ("loans", "正常", "良好", 2, "classification", "正常、关注"),
    ("relations", "C004", "C404", 2, "other_customer_id", "“C404”"),
    ("touchpoints", "P1", "P404", 2, "product_id", "“P404”"),
    ("holdings", "C002", "C0O2", 3, "customer_id", "“C0O2”"),
    ("product_nav", "0.8", "八毛", 3, "nav", "小数"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "field", "reason"), REFUSALS)
def test_refusals_name_file_line_and_field_and_change_nothing(
    database: Database, load: Load, tmp_path: Path, name: str, old: str, new: str, line: int, field: str, reason: str
) -> None:
    load(write_bank(tmp_path / "feed"))
    before = dump(database)
    report = load(write_files(tmp_path / "second", **{name: changed(name, old, new)}))
    assert not report.ok
    [file] = report.files
    first = file.rejections[0]
    assert (file.refused, first.file, first.line, first.field) == (True, f"{name}.csv", line, field)
    assert reason in first.reason
    assert dump(database) == before
    with (tmp_path / "second" / "rejected" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        written = list(DictReader(stream))
    assert (written[0]["line"], written[0]["field"], written[0]["reason"]) == (str(line), field, first.reason)


def test_another_encoding_is_refused(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    before = dump(database)
    folder = write_files(tmp_path / "second")
    (folder / "staff.csv").write_bytes(BANK["staff"].encode("gb18030"))
    [file] = load(folder, max_bad="100%").files
    assert file.refused
    assert file.rejections[0].line == 2
    assert "UTF-8" in file.rejections[0].reason
    assert dump(database) == before


def test_all_faults_of_a_row_are_told_at_once(load: Load, tmp_path: Path) -> None:
    broken = changed("customers", "C002,曾样明,男,1985-12-01", "C002,曾样明,雄,1985-02-30")
    file = next(file for file in load(write_bank(tmp_path / "feed", customers=broken)).files if file.rejected)
    [rejection] = file.rejections
    assert (rejection.line, rejection.field) == (4, "gender")
    assert "另有 birth_date：" in rejection.reason


def test_a_refused_file_leaves_the_others_alone(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed", loans=changed("loans", "按揭,", "按揭,,"))
    report = load(folder)
    assert {file.name for file in report.files if file.refused} == {"loans"}
    assert rows(database, schema.loan) == {}
    assert len(rows(database, schema.txn)) == 3


def test_files_that_point_at_a_refused_file_meet_the_database(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    more = BANK["customers"] + "C005,新样,女,,,,,,,,,,rm01,S1,,,2,,,\n"
    orphan = BANK["accounts"] + "A5,C005,活期,2026-11-01,,1.00\n"
    report = load(write_files(tmp_path / "second", customers=more, accounts=orphan, loans=BANK["loans"]))
    assert [(file.name, file.refused) for file in report.files] == [
        ("customers", True),
        ("accounts", True),
        ("loans", False),
    ]
    assert set(rows(database, schema.customer)) == {"C001", "C002", "C003", "C004"}


def test_missing_snapshot_rows_are_closed_and_come_back(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    without = changed("holdings", "H2,C002,P3,88888.88,100000.00,2021-01-04,\n", "")
    report = load(write_files(tmp_path / "second", holdings=without), as_of=NEXT)
    assert [(file.closed, file.unchanged) for file in report.files] == [(1, 1)]
    held = rows(database, schema.holding)
    assert (held["H1"].closed_as_of, held["H2"].closed_as_of, held["H2"].amount) == (None, NEXT, 8_888_888)
    again = load(write_files(tmp_path / "third", holdings=BANK["holdings"]), as_of=NEXT)
    assert [(file.updated, file.closed, file.unchanged) for file in again.files] == [(1, 0, 1)]
    assert rows(database, schema.holding)["H2"].closed_as_of is None


def test_a_closed_row_stays_closed_on_its_day(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    without = changed("relations", "C001,C004,母女\n", "")
    load(write_files(tmp_path / "second", relations=without), as_of=DAY)
    [file] = load(write_files(tmp_path / "second"), as_of=NEXT).files
    assert file.closed == 0
    assert rows(database, schema.relation)[("C001", "C004", "母女")].closed_as_of == DAY


def test_changed_snapshot_rows_are_written_over(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    before = rows(database, schema.customer)
    moved = changed("customers", "曾样明,男,1985-12-01", "曾样敏,男,1985-12-02")
    [file] = load(write_files(tmp_path / "second", customers=moved), as_of=NEXT).files
    assert (file.updated, file.unchanged) == (1, 3)
    after = rows(database, schema.customer)
    assert database.vault.open("customer", "name", "C002", after["C002"].name) == "曾样敏"
    assert after["C002"].name_index == search_keys.name_index(database.vault, "曾样敏")
    assert (after["C002"].birth_date, after["C002"].as_of) == (date(1985, 12, 2), NEXT)
    assert after["C001"] == before["C001"]


def test_append_files_forget_nothing(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    header = BANK["transactions"].splitlines(keepends=True)[0]
    fresh = "T4,C001,2026-11-22T08:00:00+08:00,5.00,结息,,,0,A1\n"
    [file] = load(write_files(tmp_path / "second", transactions=header + fresh), as_of=NEXT).files
    assert (file.inserted, file.closed) == (1, 0)
    assert set(rows(database, schema.txn)) == {"T1", "T2", "T3", "T4"}


def test_a_transaction_is_never_rewritten(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    before = dump(database)
    [file] = load(write_files(tmp_path / "second", transactions=changed("transactions", "3.21", "3.22"))).files
    assert file.refused
    assert (file.rejections[0].line, file.rejections[0].field) == (3, "amount")
    assert "已存在且内容不同" in file.rejections[0].reason
    assert dump(database) == before


def test_a_later_aum_corrects_the_earlier(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    [file] = load(write_files(tmp_path / "second", aum_daily=changed("aum_daily", "620000.00", "621000.00"))).files
    assert (file.updated, file.unchanged) == (1, 2)
    assert rows(database, schema.aum_daily)[("C001", date(2026, 11, 22))].aum == 62_100_000


def test_what_was_entered_in_the_chat_survives(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    stamps = {"as_of": DAY, "arrived_at": NOW}
    own = {"interaction_id": "V1", "customer_id": "C001", "at": NOW, "channel": "面谈", "direction": "both"}
    visit = (
        schema.rows_of(schema.interaction)
        .insert()
        .values(**own, kind="拜访", by_userid="rm01", origin="visit", **stamps)
    )
    database.run(lambda unit: unit.execute(visit) and None)
    before = rows(database, schema.interaction)["V1"]
    forged = BANK["interactions"] + "V1,C001,2026-11-23T09:00:00+08:00,短信,out,通知,rm01,,,0\n"
    [file] = load(write_files(tmp_path / "second", interactions=forged), as_of=NEXT, max_bad="1").files
    assert (file.rejected, file.unchanged) == (1, 2)
    assert rows(database, schema.interaction)["V1"] == before


@pytest.mark.parametrize(("max_bad", "taken"), [("0", False), ("1", True), ("33%", False), ("34%", True)])
def test_tolerated_rows_come_back_and_the_rest_is_loaded(
    database: Database, load: Load, tmp_path: Path, max_bad: str, taken: bool
) -> None:
    broken = changed("transactions", "-200000.00", "二十万")
    report = load(write_bank(tmp_path / "feed", transactions=broken), max_bad=max_bad)
    assert report.ok is taken
    assert set(rows(database, schema.txn)) == ({"T2", "T3"} if taken else set())
    with (tmp_path / "feed" / "rejected" / "transactions.csv").open(encoding="utf-8", newline="") as stream:
        [written] = DictReader(stream)
    assert (written["line"], written["field"], written["txn_id"], written["amount"]) == ("2", "amount", "T1", "二十万")


def test_a_tolerated_row_is_neither_changed_nor_closed(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    broken = changed("holdings", "88888.88", "八万")
    load(write_files(tmp_path / "second", holdings=broken), as_of=NEXT, max_bad="1")
    assert (rows(database, schema.holding)["H2"].closed_as_of, rows(database, schema.holding)["H2"].amount) == (
        None,
        8_888_888,
    )


@pytest.mark.parametrize("broken", ["H2,C001", "H\u200b2,C001,P1,88888.88,,,"])
def test_a_row_of_nobody_knows_whom_closes_nobody(database: Database, load: Load, tmp_path: Path, broken: str) -> None:
    """Cut off, or with a key that cannot be read: whose it is it does not say, so who is not there may be in it."""
    load(write_bank(tmp_path / "feed"))
    lines = BANK["holdings"].splitlines()
    where = next(place for place, line in enumerate(lines) if line.startswith("H2,"))
    cut = "\n".join([*lines[:where], broken, *lines[where + 1 :]]) + "\n"
    report = load(write_files(tmp_path / "second", holdings=cut), as_of=NEXT, max_bad="1")
    [file] = report.files
    assert (report.ok, file.closed, file.rejected) == (True, 0, 1)
    assert "有 1 行读不出主键，不知道是谁的，所以本次没有关闭任何记录" in "\n".join(report.lines())
    assert {row.closed_as_of for row in rows(database, schema.holding).values()} == {None}
    gone = "\n".join(line for line in lines if not line.startswith("H2,")) + "\n"
    load(write_files(tmp_path / "third", holdings=gone), as_of=NEXT)
    assert rows(database, schema.holding)["H2"].closed_as_of == NEXT


def test_rows_that_lean_on_a_rejected_row_are_rejected_too(database: Database, load: Load, tmp_path: Path) -> None:
    broken = changed("staff", "张伟样,支行行长", "张伟样,国王")
    report = load(write_bank(tmp_path / "feed", staff=broken), max_bad="50%")
    staff = next(file for file in report.files if file.name == "staff")
    assert [(each.line, each.field) for each in staff.rejections] == [
        (2, "posts"),
        (3, "leader_userid"),
        (4, "leader_userid"),
        (6, "leader_userid"),
    ]


def test_rejected_files_go_away_when_all_is_well(load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed", loans=changed("loans", "正常", "良好"))
    load(folder)
    assert (folder / "rejected" / "loans.csv").exists()
    load(write_files(folder, loans=BANK["loans"]))
    assert not (folder / "rejected" / "loans.csv").exists()


def test_a_dry_run_says_the_same_and_changes_nothing(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed", loans=changed("loans", "正常", "良好"))
    before = dump(database)
    trial = load(folder, dry_run=True)
    assert dump(database) == before
    real = load(folder)
    told = [[(file.name, file.inserted, file.rejections) for file in report.files] for report in (trial, real)]
    assert told[0] == told[1]


def test_unknown_files_are_refused_by_name(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed")
    (folder / "custmers.csv").write_text("customer_id\nC009\n")
    report = load(folder)
    assert [file.file for file in report.files if file.refused] == ["custmers.csv"]
    assert len(rows(database, schema.customer)) == 4


def test_two_forms_of_one_file_are_refused(load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed")
    shutil.copy(folder / "loans.csv", folder / "loans.xlsx")
    loans = next(file for file in load(folder).files if file.name == "loans")
    assert loans.refused
    assert "只能留一个" in loans.rejections[0].reason


def test_an_empty_snapshot_of_customers_closes_nobody(database: Database, load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    before = dump(database)
    header = "".join(BANK["customers"].splitlines(keepends=True)[0])
    [file] = load(write_files(tmp_path / "second", customers=header), as_of=NEXT).files
    assert file.refused
    assert dump(database) == before


def test_a_folder_that_cannot_be_written_to_is_told(load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed", loans=changed("loans", "正常", "良好"))
    (folder / "rejected").write_text("a file where a folder should be")
    report = load(folder)
    assert {file.name for file in report.files if file.refused} == {"loans"}
    assert any("rejected/ 写不进去" in line for line in report.lines())


def test_a_folder_that_is_not_there_is_told(load: Load, tmp_path: Path) -> None:
    report = load(tmp_path / "nowhere")
    assert not report.ok
    assert "不存在" in report.problem


def test_a_mapping_that_is_not_understood_stops_everything(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed")
    (folder / "mapping.yaml").write_text("files: {custmers: {}}")
    before = dump(database)
    assert "mapping.yaml" in load(folder).problem
    assert dump(database) == before


def test_a_mapped_file_is_found_under_its_own_name(database: Database, load: Load, tmp_path: Path) -> None:
    folder = write_bank(tmp_path / "feed")
    (folder / "loans.csv").rename(folder / "T_LOAN.csv")
    (folder / "core_log.csv").write_text("nothing for us\n")
    (folder / "mapping.yaml").write_text("ignore: ['*_log.csv']\nfiles: {loans: {file: T_LOAN.csv}}\n")
    report = load(folder)
    assert report.ok, report.lines()
    assert set(rows(database, schema.loan)) == {"L1"}


def test_the_report_is_short_and_names_every_place(load: Load, tmp_path: Path) -> None:
    report = load(write_bank(tmp_path / "feed", staff=changed("staff", "张伟样,支行行长", "张伟样,国王")))
    lines = report.lines(at_most=2)
    assert "staff.csv 已拒绝，未作改动；不合格 4" in lines
    assert any(line.startswith("staff.csv 第 2 行 字段 posts：“国王”不在规定用词内") for line in lines)
    assert sum("第" in line and "行 字段" in line for line in lines) == 2
    assert lines[-1].startswith("……另有")


def test_a_snapshot_never_goes_back(database: Database, load: Load, tmp_path: Path) -> None:
    """Yesterday's folder by mistake would close who came today."""
    load(write_bank(tmp_path / "feed"), as_of=NEXT)
    before = rows(database, schema.holding)
    without = changed("holdings", "H2,C002,P3,88888.88,100000.00,2021-01-04,\n", "")
    report = load(write_files(tmp_path / "older", holdings=without), as_of=DAY)
    (told,) = report.rejections
    assert not report.ok
    assert told.reason == f"数据日期 {DAY} 早于库里已有的 {NEXT}；快照不能倒退，请核对目录和 --as-of"
    assert rows(database, schema.holding) == before
    assert load(write_files(tmp_path / "late", aum_daily=BANK["aum_daily"]), as_of=DAY).ok


def test_a_day_to_come_is_refused(database: Database, load: Load, tmp_path: Path) -> None:
    """A slip of the pen would make every true snapshot after it too old."""
    before = dump(database)
    report = load(write_bank(tmp_path / "feed"), as_of=date(2026, 11, 24))
    assert report.lines() == ["数据日期 2026-11-24 在今天（2026-11-23）之后：请核对 --as-of；未作改动"]
    assert not report.ok
    assert dump(database) == before
    assert load(tmp_path / "feed", as_of=NEXT).ok


WITHOUT_S2 = changed("org_units", "S2,南山支行,sub_branch,B1\n", "")


@pytest.mark.parametrize("dry_run", [False, True])
def test_who_still_belongs_to_a_closed_unit_is_told(load: Load, tmp_path: Path, dry_run: bool) -> None:
    load(write_bank(tmp_path / "feed"))
    report = load(write_bank(tmp_path / "second", org_units=WITHOUT_S2), as_of=NEXT, dry_run=dry_run)
    assert report.ok, report.lines()
    advice = "请改归属，或在 org_units 里恢复它"
    assert [line for line in report.lines() if line.startswith("提醒")] == [
        f"提醒：staff.csv 第 4 行 字段 unit_id：机构“S2”已关闭，仍有在职员工归属它；{advice}",
        f"提醒：customers.csv 第 5 行 字段 unit_id：机构“S2”已关闭，仍有客户归属它；{advice}",
        f"提醒：customers.csv 第 6 行 字段 unit_id：机构“S2”已关闭，仍有客户归属它；{advice}",
    ]


def test_who_is_not_in_the_folder_is_counted(load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    report = load(write_files(tmp_path / "second", org_units=WITHOUT_S2), as_of=NEXT)
    assert [line for line in report.lines() if line.startswith("提醒")] == [
        "提醒：org_units.csv 字段 unit_id：机构“S2”本次关闭，库里仍有 1 个在职员工归属它；请随后导入改好的 staff.csv",
        "提醒：org_units.csv 字段 unit_id：机构“S2”本次关闭，库里仍有 2 个客户归属它；请随后导入改好的 customers.csv",
    ]
    again = load(write_files(tmp_path / "second", customers=BANK["customers"]), as_of=NEXT)
    assert len([line for line in again.lines() if "“S2”已关闭，仍有客户归属它" in line]) == 2


def test_two_customers_with_one_document_are_told_until_one_is_closed(load: Load, tmp_path: Path) -> None:
    """Letters and spaces written otherwise are the same document; empty ones are none."""
    twice = changed("customers", "C003,尉迟样,未知,,,,,", "C003,尉迟样,未知,,,护照,p 0000002,")
    advice = "可能是同一位客户：请核对，是的话在源系统里并为一个客户号"
    told = f"提醒：customers.csv 字段 id_number：客户 C002、C003 的证件号码相同，{advice}"
    assert load(write_bank(tmp_path / "trial", customers=twice), dry_run=True).ok
    report = load(write_bank(tmp_path / "feed", customers=twice))
    assert report.ok, report.lines()
    assert [line for line in report.lines() if line.startswith("提醒")] == [told]
    again = load(write_files(tmp_path / "again", customers=twice), as_of=NEXT)
    assert told in again.lines()
    without = changed("customers", "C003,尉迟样,未知,,,,,,,,,,,S2,,,0,,,\n", "")
    merged = load(write_files(tmp_path / "merged", customers=without), as_of=NEXT)
    assert [line for line in merged.lines() if line.startswith("提醒")] == []


def test_a_post_that_the_bank_added_is_known(database: Database, tmp_path: Path) -> None:
    """It is one as soon as the pack of permissions has rules for it, with its conflicts."""
    pack = (SHIPPED / "policy.yaml").read_text("utf-8")
    more = pack.replace("私行经理, 理财顾问", "私行经理, 理财顾问, 财富顾问")
    rules = load_pack(more).permissions().post_rules
    staff = changed("staff", "赵敏样,私行经理|客户经理", "赵敏样,财富顾问|客户经理")

    def load_by(folder: str, staff: str, rules: PostRules) -> ImportReport:
        there = write_bank(tmp_path / folder, staff=staff)
        return run_import(database, there, as_of=DAY, now=NOW, clock=time.monotonic, post_rules=rules)

    assert "“财富顾问”不在规定用词内" in "".join(load_by("unknown", staff, PostRules()).lines())
    assert load_by("known", staff, rules).ok
    both = load_by("both", staff.replace("财富顾问|客户经理", "财富顾问|审计员"), rules)
    assert "「财富顾问」和「审计员」不能由同一个人兼任" in "".join(both.lines())


def test_a_unit_above_that_is_closed_is_told(load: Load, tmp_path: Path) -> None:
    load(write_bank(tmp_path / "feed"))
    without_b1 = changed("org_units", "B1,东海分行,branch,HO\n", "")
    [units] = load(write_files(tmp_path / "second", org_units=without_b1), as_of=NEXT).files
    assert [(told.line, told.field) for told in units.warnings] == [
        (3, "parent_id"), (4, "parent_id"), (5, "parent_id"), (0, "unit_id")
    ]  # fmt: skip


def test_who_left_a_closed_unit_is_no_news(load: Load, tmp_path: Path) -> None:
    moved = {
        "staff": changed("staff", "rm02,赵敏样,私行经理|客户经理,S2", "rm02,赵敏样,私行经理|客户经理,S1"),
        "customers": BANK["customers"].replace(",S2,", ",S1,"),
        "org_units": WITHOUT_S2,
    }
    load(write_bank(tmp_path / "feed"))
    report = load(write_bank(tmp_path / "second", **moved), as_of=NEXT)
    assert report.ok, report.lines()
    assert all(file.warnings == () for file in report.files)
    gone = (
        BANK["staff"]
        .replace("old9,周旧样,,S1", "old9,周旧样,,S2")
        .replace("rm02,赵敏样,私行经理|客户经理,S2", "rm02,赵敏样,客户经理,S1")
    )
    [staff] = load(write_files(tmp_path / "second", staff=gone), as_of=NEXT).files[1:2]
    assert staff.warnings == ()
