"""The commands that work on the database: the same functions whether the service carries them out or the command
itself.
"""

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import SHANGHAI
from bot.commands import (
    api_keys,
    audit,
    calendar,
    comparing,
    examining,
    exports,
    grants,
    keys,
    labels,
    retention,
    staff,
    suitability,
)
from bot.commands.desk import Desk
from bot.control import Say
from bot.packs import default_pack, shipped_policy
from bot.reasons import reason_of
from bot.settings import Settings
from cards.admin import posts_text, state_text, words_text
from domain.refusal import Refused
from handlers import freshness
from storage import command_changes, inbox, undelivered
from storage.database import Database
from storage.group import Clocks
from storage.imports.load import run_import
from storage.imports.rejection import parse_max_bad
from storage.outbox import OutKind

LISTED = 200
_KINDS = {
    OutKind.SEND: "消息",
    OutKind.UPDATE: "卡片更新",
    OutKind.FETCH: "取照片",
    OutKind.MENU: "菜单",
    OutKind.SMS: "短信",
    OutKind.CODE: "验证码",
    OutKind.MEMBERS: "核对成员",
}


def import_folder(desk: Desk, folder: str, as_of: str | None, max_bad: str, dry_run: bool) -> None:
    """Load a folder of feed files; Refused with the whole report when any of them was refused."""
    now = desk.clock.business()
    report = run_import(
        desk.database,
        Path(folder),
        as_of=date.fromisoformat(as_of) if as_of else now.date(),
        now=now,
        clock=time.monotonic,
        max_bad=parse_max_bad(max_bad),
        dry_run=dry_run,
        tell=desk.passing,
        post_rules=shipped_policy().post_rules,
    )
    if not report.ok:
        raise Refused("\n".join(report.lines()))
    for line in report.lines():
        desk.say(line)
    feeds_late(desk)


def feeds_late(desk: Desk) -> None:
    """The feeds that are older than they should be, each on a line."""
    today = desk.clock.business().date()
    for line in freshness.late_lines(desk.database.read_now(lambda unit: freshness.standings(unit, today))):
        desk.say(f"迟到：{line}")


def command_list(desk: Desk) -> None:
    """The commands in force, each on a line, with what the bank changed; then the changes without effect."""
    pack = default_pack()
    in_force = desk.database.read_now(lambda unit: command_changes.in_force(unit, pack))
    for packed, now in zip(pack.commands, in_force.pack.commands, strict=True):
        parts = (now.key, now.word, state_text(now), posts_text(now.posts), words_text(now.aliases))
        desk.say("  ".join(parts) + ("" if now == packed else "  （行内改过）"))
    for ignored in in_force.ignored:
        desk.say(f"没有生效：{ignored}")
    stopped = sum(not command.enabled for command in in_force.pack.commands)
    desk.say(f"共 {len(in_force.pack.commands)} 个，停用 {stopped} 个；行内改过 {in_force.version} 次")


def inbox_dead(desk: Desk) -> None:
    """The messages that nobody could handle."""
    letters = desk.database.read_now(inbox.dead_letters)
    for number, person, kind, error, received_at in letters:
        desk.say(f"{number}  {_moment(received_at)}  {person}  {kind}  {error}")
    desk.say(f"共 {len(letters)} 条" + ("。处理好原因后：rmbot inbox requeue 编号 --reason 原因" if letters else ""))


def inbox_requeue(desk: Desk, number: int, reason: str) -> None:
    """Give a dead message another life."""
    if not desk.change(partial(inbox.requeue, row_id=number, reason=reason), "inbox.requeue"):
        raise Refused(f"没有编号为 {number} 的死信：用 rmbot inbox dead 查看现有的")
    desk.say(f"{number} 已放回队列，服务运行时会立即处理")


def outbox_ambiguous(desk: Desk) -> None:
    """The messages of which nobody knows whether they arrived."""
    rows = desk.database.read_now(undelivered.ambiguous)
    for row in rows:
        desk.say(_message(row))
    hint = "。问过收件人后：rmbot outbox resolve 编号 --resend 或 --arrived，并写 --reason 原因" if rows else ""
    desk.say(f"共 {len(rows)} 条" + hint)


def outbox_dead(desk: Desk) -> None:
    """The messages that will never arrive, each with why."""
    count, rows = desk.database.read_now(partial(undelivered.dead, limit=LISTED))
    for row in rows:
        desk.say(_message(row))
    left = f"，这里是最近 {len(rows)} 条" if count > len(rows) else ""
    desk.say(f"共 {count} 条{left}" + ("。它们不会再发：按原因处理后，请本人重新操作" if count else ""))


def _message(row: Any) -> str:
    kind = _KINDS.get(row.kind, row.kind)
    return f"{row.id}  {_moment(row.created_at)}  {row.recipient}  {row.lane}  {kind}  {reason_of(row)}"


def outbox_resolve(desk: Desk, number: int, resend: bool, reason: str) -> None:
    """An operator's word on a message of unknown fate."""
    if not desk.change(partial(undelivered.resolve, row_id=number, resend=resend, reason=reason), "outbox.resolve"):
        raise Refused(f"没有编号为 {number} 的待确认消息：用 rmbot outbox ambiguous 查看现有的")
    desk.say(f"{number} 已{'安排重发' if resend else '记为送达'}")


def _moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


ERRANDS: Mapping[str, Callable[..., None]] = {
    "import": import_folder,
    "command.list": command_list,
    "labels.recompute": labels.recompute,
    "inbox.dead": inbox_dead,
    "inbox.requeue": inbox_requeue,
    "outbox.ambiguous": outbox_ambiguous,
    "outbox.dead": outbox_dead,
    "outbox.resolve": outbox_resolve,
    "audit.verify": audit.verify,
    "audit.checkpoint": audit.checkpoint,
    "audit.export": audit.export_file,
    "audit.key": audit.show_key,
    "audit.who": audit.who,
    "audit.did": audit.did,
    "export.trace": exports.trace,
    "suitability.replay": suitability.replay,
    "retention.report": retention.report,
    "retention.apply": retention.apply,
    "keys.rotate": keys.rotate,
    "keys.master": keys.change_master,
    "keys.list": keys.show,
    "feeds.late": feeds_late,
    "staff.known": staff.known,
    "grant.list": grants.grant_list,
    "grant.revoke": grants.grant_revoke,
    "staff.leave": staff.leave,
    "staff.post": staff.take,
    "staff.stopped": staff.stopped,
    "staff.compare": comparing.compare,
    "doctor": examining.examine,
    "calendar.show": calendar.show,
    "calendar.import": calendar.import_file,
    "calendar.hours": calendar.set_usual_hours,
    "calendar.outlook": calendar.outlook,
    "api.keys.list": api_keys.keys_list,
    "api.keys.add": api_keys.keys_add,
    "api.keys.revoke": api_keys.keys_revoke,
}


def perform(
    database: Database,
    clock: Clocks,
    command: str,
    arguments: Mapping[str, Any],
    say: Say,
    passing: Say,
    settings: Settings | None = None,
) -> None:
    """Carry out one command; `arguments` are those of its function, and `actor`. Raises Refused."""
    errand = ERRANDS.get(command)
    if errand is None:
        raise Refused(f"运行中的服务没有 {command} 这个命令：它的版本可能较旧，请重启服务")
    given = dict(arguments)
    errand(Desk(database, clock, str(given.pop("actor", "cli")), say, passing, settings), **given)
