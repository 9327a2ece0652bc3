"""`rmbot calendar`: shown, imported whole or not at all, its hours set; every refusal says where and what to do."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from bot.commands.errands import perform
from domain.calendar import Calendar
from domain.ids import UnitId
from domain.refusal import Refused
from storage import schema
from storage.calendars import calendar_of
from storage.database import Database
from storage.imports.calendar import MOST_ROWS
from storage.imports.progress import nobody
from tests.storage.deeds import Clocks, opened
from tests.storage.import_bank import write_bank

CLOCKS = Clocks()

# Dates of the lunar calendar are facts; how the days around them are moved is made up.
YEAR = """\
day,workday,name
2027-01-01,0,元旦
2027-02-06,0,春节
2027-02-08,0,春节
2027-02-09,0,春节
2027-02-14,1,春节调休
2027-04-05,0,清明
2027-05-03,0,劳动节
2027-06-09,0,端午
2027-09-15,0,中秋
2027-10-01,0,国庆节
2027-10-04,0,国庆节
"""
Tell = Callable[..., list[str]]


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    write_bank(tmp_path / "feed")
    with opened(migrated_url, tmp_path, clocks=CLOCKS) as made:
        told(made, "import", folder=str(tmp_path / "feed"), as_of="2026-11-22", max_bad="0", dry_run=False)
        yield made


def told(database: Database, command: str, **arguments: object) -> list[str]:
    heard: list[str] = []
    perform(database, CLOCKS, command, {**arguments, "actor": "cli:tester"}, heard.append, nobody)
    return heard


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Tell:
    def load(text: str, confirm: bool = True, name: str = "notice.csv") -> list[str]:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return told(database, "calendar.import", file=str(file), confirm=confirm)

    return load


def of(database: Database, name: str = "") -> Calendar:
    return database.read_now(lambda unit: calendar_of(unit, UnitId(name)))


def rows(database: Database) -> list[tuple[object, ...]]:
    return [tuple(row) for row in database.read_now(lambda unit: unit.rows(sa.select(schema.calendar_day)))]


def records(database: Database, action: str) -> list[dict[str, object]]:
    column = schema.audit.c
    bodies = database.read_now(lambda unit: unit.rows(sa.select(column.body).order_by(column.seq)))
    return [record for row in bodies if (record := orjson.loads(row.body))["action"] == action]


def test_a_year_is_shown(database: Database) -> None:
    said = told(database, "calendar.show", year=2026, unit="")
    assert said[:3] == [
        "2026 年工作日历，全行：已确认",
        "平常的时段 09:00-12:00|13:30-17:30（一天 7 小时）",
        "工作日 248 天，休息日 117 天；其中特别的 39 天",
    ]
    assert "2026-10-10 周六 班 国庆节调休" in said
    assert "2026-02-17 周二 休 春节" in said
    assert said[3:] == sorted(said[3:])
    assert told(database, "calendar.show", year=2027, unit="") == [
        "2027 年工作日历，全行：未确认（节假日暂不计入，时限按较早的一个算）",
        "平常的时段 09:00-12:00|13:30-17:30（一天 7 小时）",
        "工作日 261 天，休息日 104 天；其中特别的 0 天",
    ]


def test_a_published_year_is_imported(database: Database, load: Tell) -> None:
    assert load(YEAR) == ["notice.csv 读 11 行：写入 11 天（2027 年，全行）"]
    calendar = of(database)
    assert calendar.confirmed(date(2027, 12, 31))
    assert [calendar.is_workday(date(2027, 2, day)) for day in (5, 8, 9, 10, 14)] == [True, False, False, True, True]
    (record,) = records(database, "calendar.imported")
    assert (record["actor"], record["resource"]) == ("cli:tester", "calendar")
    assert record["detail"] == {
        "days": 11, "dropped": 0, "years": [2027], "units": [""], "file": "notice.csv", "confirmed": True,
    }  # fmt: skip


def test_a_draft_is_marked_and_adds_only_work(database: Database, load: Tell) -> None:
    said = load(YEAR, confirm=False)
    assert said[1] == "未确认的休息日暂不计入，时限按较早的一个算；核对后加 --confirm 再导入一次"
    calendar = of(database)
    assert not calendar.confirmed(date(2027, 1, 1))
    assert [calendar.is_workday(date(2027, 2, day)) for day in (8, 14)] == [True, True]
    shown = told(database, "calendar.show", year=2027, unit="")
    assert shown[0].endswith("未确认（节假日暂不计入，时限按较早的一个算）")
    assert "2027-02-14 周日 班 春节调休（未确认）" in shown


def test_a_new_file_replaces_the_draft(database: Database, load: Tell) -> None:
    """A day that the final notice does not move any more leaves nothing behind."""
    load(YEAR + "2027-02-20,1,春节调休\n2027-02-10,0,春节\n", confirm=False)
    assert load(YEAR) == ["notice.csv 读 11 行：写入 11 天，作废以前未确认的 2 天（2027 年，全行）"]
    calendar = of(database)
    assert calendar.confirmed(date(2027, 12, 31))
    assert [calendar.is_workday(date(2027, 2, day)) for day in (10, 20)] == [True, False]


def test_the_same_file_again_changes_nothing(database: Database, load: Tell) -> None:
    load(YEAR)
    before = rows(database)
    for confirm in (True, False):
        assert load(YEAR, confirm)[0] == "notice.csv 读 11 行：写入 0 天（2027 年，全行）"
        assert rows(database) == before


def test_a_confirmed_day_changes_only_by_a_confirmed_file(database: Database, load: Tell) -> None:
    change = "day,workday,name\n2026-11-30,0,台风停业\n2026-10-10,0,不再调休\n"
    with pytest.raises(Refused) as refused:
        load(change, confirm=False)
    assert refused.value.text.splitlines() == [
        "notice.csv 第 3 行 字段 day：这一天已经确认过，内容不同；确要改动，请加 --confirm",
        "notice.csv 已拒绝，未作改动",
    ]
    assert of(database).is_workday(date(2026, 10, 10))
    load(change)
    calendar = of(database)
    assert [calendar.is_workday(day) for day in (date(2026, 11, 30), date(2026, 10, 10))] == [False, False]
    assert calendar.confirmed(date(2026, 12, 31))


def test_a_unit_has_days_of_its_own(database: Database, load: Tell) -> None:
    saturdays = [date(2026, 11, 28) + timedelta(weeks=week) for week in range(5)]
    lines = [f"{day},1,周六营业,S1,09:00-12:00\n" for day in saturdays]
    said = load("day,workday,name,unit_id,ranges\n" + "".join(lines) + "2026-12-01,0,装修停业,S2,\n")
    assert said == ["notice.csv 读 6 行：写入 6 天（2026 年，机构 S1、机构 S2）"]
    assert [of(database, name).is_workday(saturdays[0]) for name in ("S1", "S2", "B1", "")] == [
        True,
        False,
        False,
        False,
    ]
    assert not of(database, "S2").is_workday(date(2026, 12, 1))
    assert sum(span.minutes for span in of(database, "S1").hours_of(saturdays[0])) == 180
    assert of(database, "S1").confirmed(date(2026, 12, 31))
    shown = told(database, "calendar.show", year=2026, unit="S1")
    assert shown[0] == "2026 年工作日历，机构 S1：已确认"
    assert "2026-11-28 周六 班 09:00-12:00 周六营业（机构 S1）" in shown
    assert (
        shown[2]
        == f"工作日 {248 + len([day for day in saturdays if day.year == 2026])} 天，休息日 112 天；其中特别的 44 天"
    )


HEAD = "day,workday,name,unit_id,ranges\n"
REFUSALS = [
    ("", "notice.csv 第 1 行：文件是空的"),
    ("day,workday\n2027-01-01,0\n", "notice.csv 第 1 行 字段 name：缺少必填列"),
    ("day,workday,name,color\n2027-01-01,0,,红\n", "notice.csv 第 1 行 字段 color：不认识的列"),
    ("day,workday,name,day\n2027-01-01,0,,\n", "字段 day：列名重复"),
    (HEAD, "notice.csv：有 0 行"),
    (HEAD + "2027-13-01,0,,,\n", "notice.csv 第 2 行 字段 day：“2027-13-01”不是有效日期"),
    (HEAD + "2027/1/1,0,,,\n", "notice.csv 第 2 行 字段 day：“2027/1/1”不是有效日期"),
    (HEAD + ",0,,,\n", "notice.csv 第 2 行 字段 day：不能为空"),
    (HEAD + "2027-01-01,休,,,\n", "notice.csv 第 2 行 字段 workday：“休”应为 1（是）或 0（否）"),
    (HEAD + "2027-01-01,,,,\n", "notice.csv 第 2 行 字段 workday：不能为空"),
    (HEAD + "2027-01-01,0,元旦,S9,\n", "notice.csv 第 2 行 字段 unit_id：机构（org_units）中没有“S9”"),
    (HEAD + "2027-01-03,1,,S1,9点到12点\n", "notice.csv 第 2 行 字段 ranges：“9点到12点”不是时段"),
    (HEAD + "2027-01-03,1,,S1,12:00-09:00\n", "notice.csv 第 2 行 字段 ranges：“12:00-09:00”的结束要晚于开始"),
    (HEAD + "2027-01-03,0,,S1,09:00-12:00\n", "notice.csv 第 2 行 字段 ranges：休息日没有工作时段，请留空"),
    (
        HEAD + "2027-01-01,0,,,\n\n2027-01-01,1,,,\n",
        "notice.csv 第 4 行 字段 unit_id：与第 2 行的主键（unit_id、day）重复",
    ),
    (HEAD + "2027-01-01,0\n", "notice.csv 第 2 行：应有 5 个单元格，现有 2 个"),
    (HEAD + "0027-01-01,0,,,\n", "notice.csv 第 2 行 字段 day：年份请写 1900 到 2199 之间"),
    (HEAD + f"2027-01-01,0,{'长' * 101},,\n", "字段 name：最长 100 个字"),
    (HEAD + '2027-01-01,0,"元旦,,\n', "notice.csv 第 2 行：无法分列：引号没有成对"),
    (
        YEAR.replace("2027-06-09,0,端午\n", ""),
        "notice.csv 字段 day：2027 年还不能确认：端午 2027-06-09 应当休息，请补全",
    ),
    (YEAR.replace("2027-02-06,0", "2027-02-06,1"), "2027 年还不能确认：春节 2027-02-06 应当休息"),
    (
        HEAD + "2027-01-04,0,,,\n",
        "元旦 2027-01-01、清明 2027-04-05、端午 2027-06-09、中秋 2027-09-15、国庆 2027-10-01 应当休息",
    ),
]


def test_a_file_that_is_not_right_changes_nothing(database: Database, load: Tell) -> None:
    before = rows(database)
    for text, says in REFUSALS:
        with pytest.raises(Refused) as refused:
            load(text)
        assert says in refused.value.text
        assert "未作改动" in refused.value.text
    assert rows(database) == before
    assert records(database, "calendar.imported") == []


def test_a_festival_on_a_weekend_need_not_be_written_down(database: Database, load: Tell) -> None:
    load(YEAR.replace("2027-02-06,0,春节\n", ""))
    assert of(database).confirmed(date(2027, 12, 31))


def test_every_wrong_line_is_named_up_to_a_point(load: Tell) -> None:
    with pytest.raises(Refused) as refused:
        load(HEAD + "2027-01-01,x,,,\n" * 30)
    lines = refused.value.text.splitlines()
    assert lines[19].startswith("notice.csv 第 21 行 字段 workday")
    assert lines[20:] == ["……另有 10 处", "notice.csv 已拒绝，未作改动"]


def test_a_file_that_is_too_large_or_not_there(database: Database, load: Tell, tmp_path: Path) -> None:
    days = (date(2027, 1, 1) + timedelta(days=number) for number in range(MOST_ROWS + 1))
    with pytest.raises(Refused, match=f"有 {MOST_ROWS + 1} 行，一个文件要有 1 到 {MOST_ROWS} 行"):
        load(HEAD + "".join(f"{day},1,,S1,\n" for day in days))
    with pytest.raises(Refused, match=r"没有文件 .*absent\.csv"):
        told(database, "calendar.import", file=str(tmp_path / "absent.csv"), confirm=True)


def test_another_encoding_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "notice.csv").write_bytes(YEAR.encode("gb18030"))
    with pytest.raises(Refused, match=r"notice\.csv 第 2 行：不是 UTF-8 编码"):
        told(database, "calendar.import", file=str(tmp_path / "notice.csv"), confirm=True)


def test_hours_are_set_for_the_bank_and_for_a_unit(database: Database) -> None:
    said = told(database, "calendar.hours", ranges="08:30-12:00|14:00-18:00", unit="")
    assert said == ["全行平常的时段改为 08:30-12:00|14:00-18:00（一天 7.5 小时），对以后计算的时限有效"]
    told(database, "calendar.hours", ranges="10:00-16:00", unit="B1")
    assert (
        told(database, "calendar.show", year=2026, unit="")[1] == "平常的时段 08:30-12:00|14:00-18:00（一天 7.5 小时）"
    )
    assert told(database, "calendar.show", year=2026, unit="S2")[1] == "平常的时段 10:00-16:00（一天 6 小时）"
    bank, branch = records(database, "calendar.hours")
    assert (bank["actor"], bank["resource"]) == ("cli:tester", "calendar:")
    assert bank["detail"] == {"before": None, "after": "08:30-12:00|14:00-18:00"}
    assert (branch["resource"], branch["detail"]) == ("calendar:B1", {"before": None, "after": "10:00-16:00"})


@pytest.mark.parametrize(("command", "arguments"), [("show", {"year": 2026}), ("hours", {"ranges": "09:00-12:00"})])
def test_an_unknown_unit_is_refused(database: Database, command: str, arguments: dict[str, object]) -> None:
    with pytest.raises(Refused, match="没有机构号为 S9 的机构"):
        told(database, f"calendar.{command}", unit="S9", **arguments)
    assert records(database, "calendar.hours") == []
