"""The commands on the database: what an operator says is done once, and is on the record with who and why."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from bot.clock import HouseClock
from bot.commands.errands import perform
from domain.refusal import Refused
from storage import inbox, outbox, reasons, schema
from storage.database import Database
from storage.imports.progress import nobody
from storage.inbox import Received
from storage.opening import open_database
from storage.outbox import Lane, OutKind
from storage.unit import Unit

CLOCK = HouseClock()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    made = open_database(migrated_url, tmp_path / "key", CLOCK)
    made.start(None)
    yield made
    made.stop()


def told(database: Database, command: str, **arguments: object) -> list[str]:
    heard: list[str] = []
    perform(database, CLOCK, command, {**arguments, "actor": "cli:tester"}, heard.append, nobody)
    return heard


def last_record(database: Database) -> dict[str, object]:
    body = database.read_now(lambda unit: unit.rows(schema.audit.select().order_by(schema.audit.c.seq))[-1].body)
    record: dict[str, object] = orjson.loads(body)
    return record


def why(database: Database, record: dict[str, object]) -> str:
    """The reason of a record, which keeps the number of it alone."""
    number = str(record["detail"]["why"])  # type: ignore[index]
    assert number.startswith("reason:")
    return database.read_now(lambda unit: reasons.told(unit, [number]))[number]


def die(unit: Unit) -> int:
    """One message nobody could handle; its number."""
    body = '{"kind": "text"}'
    inbox.insert(unit.connection, unit.vault, [Received("m1", "c1", "rm01", "text", body, unit.now)])
    row = inbox.oldest(unit.connection, unit.vault, 1)[0]
    inbox.finish(unit, row, inbox.DEAD, "KeyError")
    return row.id


def doubt(unit: Unit) -> int:
    """One message nobody knows the fate of; its number."""
    outbox.put(
        unit, msg_key="k1", lane=Lane.INTERACTIVE, kind=OutKind.SEND, recipient="rm01", body={"a": 1}, task_id=None
    )
    unit.execute(schema.outbox.update().values(state=outbox.AMBIGUOUS, error="timeout"))
    return int(unit.rows(schema.outbox.select())[0].id)


def end(unit: Unit, key: str, errcode: int | None, error: str) -> None:
    """One message that will never arrive."""
    outbox.put(
        unit, msg_key=key, lane=Lane.INTERACTIVE, kind=OutKind.SEND, recipient="rm01", body={"a": 1}, task_id=None
    )
    mine = schema.outbox.update().where(schema.outbox.c.msg_key == key)
    unit.execute(mine.values(state=outbox.DEAD, errcode=errcode, error=error))


def test_a_dead_message_gets_one_more_life(database: Database) -> None:
    number = database.run(die)
    (line, total) = told(database, "inbox.dead")
    assert line.split("  ")[0] == str(number)
    assert line.endswith("rm01  text  KeyError")
    assert total.startswith("共 1 条")
    assert told(database, "inbox.requeue", number=number, reason="规则已修好") == [
        f"{number} 已放回队列，服务运行时会立即处理"
    ]
    record = last_record(database)
    assert (record["actor"], record["action"]) == ("cli:tester", "inbox.requeue")
    assert why(database, record) == "规则已修好"
    with pytest.raises(Refused, match=f"没有编号为 {number} 的死信"):
        told(database, "inbox.requeue", number=number, reason="再来")
    assert told(database, "inbox.dead") == ["共 0 条"]


@pytest.mark.parametrize(("resend", "state"), [(True, outbox.NEW), (False, outbox.SENT)])
def test_a_message_in_doubt_is_decided_once(database: Database, resend: bool, state: str) -> None:
    number = database.run(doubt)
    (line, total) = told(database, "outbox.ambiguous")
    assert line.split("  ")[0] == str(number)
    assert total.startswith("共 1 条")
    told(database, "outbox.resolve", number=number, resend=resend, reason="问过李明")
    assert database.read_now(lambda unit: unit.rows(schema.outbox.select())[0].state) == state
    record = last_record(database)
    assert (record["actor"], record["detail"]["resend"]) == ("cli:tester", resend)
    assert why(database, record) == "问过李明"
    with pytest.raises(Refused, match=f"没有编号为 {number} 的待确认消息"):
        told(database, "outbox.resolve", number=number, resend=resend, reason="再来")


def test_the_commands_in_force_are_listed(database: Database) -> None:
    """State, posts and aliases as they hold, what the bank changed, and what a newer pack leaves no room for."""
    packed = told(database, "command.list")
    visit = next(place for place, line in enumerate(packed) if line.startswith("visit  "))
    assert packed[visit].startswith("visit  拜访  启用  客户经理、私行经理、")
    assert packed[-1] == f"共 {len(packed) - 1} 个，停用 0 个；行内改过 0 次"
    body = '{"visit": {"enabled": false, "aliases": ["跑客户"], "posts": ["*"]}, "gone": {"enabled": false}}'
    setting = schema.setting.insert().values(name="commands", version=3, body=body)
    database.run(lambda unit: unit.execute(setting) and None)
    now = told(database, "command.list")
    assert now[0] == packed[0]
    assert now[visit] == "visit  拜访  停用  所有人  跑客户  （行内改过）"
    assert now[-2] == "没有生效：包里没有“gone”这个命令，行内对它的改动不起作用"
    assert now[-1] == f"共 {len(packed) - 1} 个，停用 1 个；行内改过 3 次"


def test_what_never_arrived_is_listed_with_its_reason(database: Database) -> None:
    ends = {
        "a": (81013, "errcode 81013", "收件人不是本企业微信的成员，或不在应用的可见范围里"),
        "b": (None, "invaliduser", "收件人不在应用的可见范围里，或已离开企业微信"),
        "c": (40007, "errcode 40007, hint: [1]", "已经过期（只留三天）：请重新发送（errcode 40007）"),
        "d": (99999, "errcode 99999", "企业微信不收，见 docs/errors.md（errcode 99999）"),
        "e": (None, "outbox.payload 的密文无法解开", "outbox.payload 的密文无法解开"),
    }
    database.run(lambda unit: [end(unit, key, errcode, error) for key, (errcode, error, _) in ends.items()])
    *lines, total = told(database, "outbox.dead")
    assert total == "共 5 条。它们不会再发：按原因处理后，请本人重新操作"
    for line, (_, _, reason) in zip(lines, ends.values(), strict=True):
        assert line.split("  ")[2:5] == ["rm01", "interactive", "消息"]
        assert reason in line.split("  ")[5]


def test_of_many_that_never_arrived_the_latest_are_listed(database: Database) -> None:
    assert told(database, "outbox.dead") == ["共 0 条"]
    database.run(lambda unit: [end(unit, f"k{number}", 81013, "errcode 81013") for number in range(205)])
    *lines, total = told(database, "outbox.dead")
    numbers = [int(line.split("  ")[0]) for line in lines]
    assert len(numbers) == 200
    assert numbers == sorted(numbers)
    assert numbers[-1] == max(database.read_now(lambda unit: [row.id for row in unit.rows(schema.outbox.select())]))
    assert total.startswith("共 205 条，这里是最近 200 条。")


def test_a_broken_chain_is_refused(database: Database) -> None:
    database.run(lambda unit: unit.audit("test.deed", "deed:1"))
    assert told(database, "audit.verify") == ["审计链完整：共 1 条"]
    database.run(lambda unit: unit.execute(schema.audit.update().values(prev=b"x")) and None)
    with pytest.raises(Refused, match="审计链在第 1 条断开（共 1 条）"):
        told(database, "audit.verify")


def test_an_unknown_command_names_the_reason(database: Database) -> None:
    with pytest.raises(Refused, match="没有 fly 这个命令"):
        told(database, "fly")


def test_a_retention_report_names_what_goes_by_itself_and_what_it_rests_on(database: Database) -> None:
    *_, head, files, person, answers, idle, whole, _ = told(database, "retention.report", as_of=None)
    assert head == "不等到期、用完就删的，期限在权限包的 limits："
    assert files == "导出的文件保留多久（小时）  24  内部惯例：一天后删除（待合规确认）"
    assert [line.split("  ")[1] for line in (person, answers, idle, whole)] == ["24", "24", "30", "12"]
