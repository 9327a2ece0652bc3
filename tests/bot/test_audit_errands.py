"""The audit trail on the command line: checkpoints, exports, who saw whom; all of it on record itself."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from bot.commands.errands import perform
from bot.sections import Audit
from bot.settings import Settings
from bot.verify_audit import Findings, verify
from domain.refusal import Refused
from storage import schema
from storage.database import Database
from storage.imports.progress import nobody
from storage.unit import Unit
from storage.vault import VaultError
from tests.storage.deeds import NOW, Clocks, opened


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    clocks = Clocks()
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        for number in range(4):
            clocks.now = NOW + timedelta(days=number)
            made.run(lambda unit, n=number: look(unit, n))
        yield made


def look(unit: Unit, number: int) -> None:
    unit.actor = f"rm0{number % 2 + 1}"
    unit.acting[unit.actor] = "客户经理"
    detail = {"purpose": "服务", "surface": "wecom.summary"}
    unit.audit("customer.read", f"customer:C{number // 2}", detail, [f"C{number // 2}"])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(audit=Audit(key_file=tmp_path / "audit.key", checkpoints=tmp_path / "off-box" / "points"))


def told(database: Database, settings: Settings, command: str, **arguments: object) -> list[str]:
    heard: list[str] = []
    given = {**arguments, "actor": "cli:auditor"}
    perform(database, database.clocks, command, given, heard.append, nobody, settings)
    return heard


def records(database: Database) -> list[dict[str, object]]:
    rows = database.read_now(lambda unit: unit.rows(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq)))
    return [orjson.loads(row.body) for row in rows]


def test_checkpoints_are_signed_kept_and_compared(database: Database, settings: Settings) -> None:
    (said,) = told(database, settings, "audit.checkpoint")
    assert said.startswith("已签到第 4 条，摘要 ")
    assert told(database, settings, "audit.checkpoint") == ["上一个检查点之后没有新的记录，不用再签"]
    database.run(lambda unit: look(unit, 0))
    told(database, settings, "audit.checkpoint")
    assert settings.notary.checkpoints.read_bytes().count(b"\n") == 2
    assert (
        settings.notary.checkpoints.stat().st_mode & 0o777 == settings.notary.key_file.stat().st_mode & 0o777 == 0o600
    )
    assert told(database, settings, "audit.verify") == ["审计链完整：共 7 条；检查点 2 个，都相符"]
    made = records(database)[4]
    assert (made["action"], made["actor"]) == ("audit.checkpoint", "cli:auditor")


def test_a_chain_that_was_written_anew_does_not_fit(database: Database, settings: Settings, tmp_path: Path) -> None:
    """The same deeds with other words, as whole as the first; only the checkpoint knows."""
    told(database, settings, "audit.checkpoint")
    line = settings.notary.checkpoints.read_bytes()
    hashed = orjson.loads(line)["hash"]
    said = {name: value for name, value in orjson.loads(line).items() if name not in ("key", "signature")}
    settings.notary.checkpoints.write_bytes(settings.notary.signed({**said, "hash": hashed[::-1]}))
    with pytest.raises(Refused, match="第 4 条与检查点不符"):
        told(database, settings, "audit.verify")
    settings.notary.checkpoints.write_bytes(line.replace(b"main", b"none"))
    with pytest.raises(Refused, match="检查点文件第 1 行不是这把公钥签的"):
        told(database, settings, "audit.verify")


def test_a_signing_key_that_others_can_read_is_refused(database: Database, settings: Settings) -> None:
    told(database, settings, "audit.key")
    settings.notary.key_file.chmod(0o644)
    with pytest.raises(VaultError, match="chmod 600"):
        told(database, settings, "audit.checkpoint")
    assert not settings.notary.checkpoints.exists()


def test_an_export_of_no_records_says_so(database: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "none"
    first, _ = told(database, settings, "audit.export", file=str(file), since="2027-01-01", until="")
    assert first == f"已导出没有记录的一段到 {file}"
    found = Findings()
    assert "没有记录，" in verify(BytesIO(file.read_bytes()), bytes.fromhex(settings.notary.public_key), None, found)
    assert found.said == []


def test_a_chain_that_was_tampered_with_is_exported_as_it_is(
    database: Database, settings: Settings, tmp_path: Path, backend: str
) -> None:
    """So that others can see it too; on SQLite a cell can even be of another kind than its column."""
    body = "replace(CAST(body AS TEXT), 'rm01', 'rm09')" if backend == "sqlite" else "hash"
    database.run(lambda unit: unit.connection.exec_driver_sql(f"UPDATE audit SET body = {body} WHERE seq = 3") and None)
    file, found = tmp_path / "export", Findings()
    told(database, settings, "audit.export", file=str(file), since="", until="")
    verify(BytesIO(file.read_bytes()), bytes.fromhex(settings.notary.public_key), None, found)
    assert any("第 3 条" in said or "导出第 4 行" in said for said in found.said), found.said


def test_an_export_is_new_private_and_on_record(database: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "export.ndjson"
    first, _ = told(database, settings, "audit.export", file=str(file), since="", until="")
    assert first == f"已导出第 1 至 4 条到 {file}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert records(database)[-1]["action"] == "audit.exported"
    with pytest.raises(Refused, match="已经存在"):
        told(database, settings, "audit.export", file=str(file), since="", until="")
    part = tmp_path / "part.ndjson"
    (first, _) = told(database, settings, "audit.export", file=str(part), since="2026-11-24", until="2026-11-25")
    assert first == f"已导出第 2 至 3 条到 {part}"


def test_who_saw_and_who_did(database: Database, settings: Settings) -> None:
    *seen, count = told(database, settings, "audit.who", customer="C0", since="", until="")
    assert count == "共 2 条"
    assert [line.split("  ")[2:] for line in seen] == [
        ["rm02", "客户经理", "看客户资料 （服务，企微·摘要） customer:C0", "C0"],
        ["rm01", "客户经理", "看客户资料 （服务，企微·摘要） customer:C0", "C0"],
    ]
    again, *_ = told(database, settings, "audit.who", customer="C0", since="", until="")
    assert again.split("  ")[2:] == ["cli:auditor", "查谁看过客户 （命令行） customer:C0", "C0"]
    *did, count = told(database, settings, "audit.did", userid="RM01", since="2026-11-25", until="2026-11-25")
    assert count == "共 1 条"
    assert did[0].endswith("C1")
    for command, arguments in (("audit.who", {"customer": "C9"}), ("audit.did", {"userid": "nobody"})):
        with pytest.raises(Refused, match=r"没有.*的记录"):
            told(database, settings, command, **arguments, since="", until="")
    for since, until in (("2026-11-25", "2026-11-24"), ("", "9999-12-31"), ("0001-01-01", "")):
        with pytest.raises(Refused, match="日期不对"):
            told(database, settings, "audit.who", customer="C0", since=since, until=until)
    asked = [record["action"] for record in records(database) if record["actor"] == "cli:auditor"]
    assert asked == ["audit.who", "audit.who", "audit.did", "audit.who", "audit.did"]


def test_what_is_nobody_s_number_is_no_part_of_the_trail(database: Database, settings: Settings) -> None:
    """An operator may type a name; the chain is for ever."""
    for command, arguments in (("audit.who", {"customer": "王秀兰"}), ("audit.did", {"userid": "王秀兰"})):
        with pytest.raises(Refused, match="没有"):
            told(database, settings, command, **arguments, since="", until="")
    assert [record["resource"] for record in records(database)[-2:]] == ["audit:unknown", "audit:unknown"]
    assert "王秀兰" not in str(records(database))
    assert database.read_now(lambda unit: unit.rows(sa.select(schema.audit_subject).where(
        schema.audit_subject.c.subject == "王秀兰"))) == []  # fmt: skip
    *_, count = told(database, settings, "audit.who", customer="c0", since="", until="")
    assert count == "共 2 条", "however its letters are typed"


def test_checkpoints_that_are_gone_are_missed(database: Database, settings: Settings) -> None:
    """The chain tells of them; without the file it proves nothing against who rewrote it."""
    for number in range(2):
        told(database, settings, "audit.checkpoint")
        database.run(lambda unit, n=number: look(unit, n))
    points = settings.notary.checkpoints
    first, second = points.read_bytes().splitlines(keepends=True)
    points.write_bytes(second)
    with pytest.raises(Refused, match="检查点文件缺第 4 条的检查点") as told_off:
        told(database, settings, "audit.verify")
    assert "缺第 6 条" not in told_off.value.text
    points.unlink()
    with pytest.raises(Refused, match="检查点文件缺第 6 条的检查点"):
        told(database, settings, "audit.verify")
    points.write_bytes(first + second)
    assert told(database, settings, "audit.verify")[0].endswith("检查点 2 个，都相符")
