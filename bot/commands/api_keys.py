"""The keys of other systems on the command line: listed, handed out once, taken back."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.clock import SHANGHAI
from bot.commands.desk import Desk
from domain.refusal import Refused
from storage import api_keys
from storage.imports.ownership import kept_grant, read_grant

LONGEST_SYSTEM = 40


def keys_list(desk: Desk) -> None:
    """Every key there ever was; nothing of it that would open a door."""
    rows = list(desk.database.read_now(api_keys.listed))
    for row in rows:
        desk.say(_line(row, desk.clock.business()))
    hint = "" if rows else "。发一个：rmbot api keys add 系统名 --kind customers"
    desk.say(f"共 {len(rows)} 个{hint}")


def keys_add(desk: Desk, system: str, kinds: Sequence[str], days: int) -> None:
    """A new key, shown this once."""
    if len(system) > LONGEST_SYSTEM or any(ord(sign) < ord(" ") for sign in system):
        raise Refused(f"系统的名字最长 {LONGEST_SYSTEM} 个字，不带控制字符")
    grant = read_grant(kinds)
    token = desk.change(partial(api_keys.add, system=system, grant=grant, days=days), "api.keys.add")
    desk.say(token)
    desk.say(f"“{system}”能写 {grant.words()}，{days} 天后到期。密钥只显示这一次，请现在交给对方存进它的密码库")


def keys_revoke(desk: Desk, key: str, reason: str) -> None:
    """End a key at once."""
    if not desk.change(partial(api_keys.revoke, key_id=key, reason=reason), "api.keys.revoke"):
        raise Refused(f"没有编号为 {key} 的有效密钥：用 rmbot api keys list 查看现有的")
    desk.say(f"{key} 已吊销，从现在起一律拒绝")


def _line(row: Any, now: datetime) -> str:
    used = f"最近使用 {_moment(row.used_at)}" if row.used_at else "还没有用过"
    until = f"{_moment(row.expires_at)} 到期"
    return f"{row.id}  {row.system}  {kept_grant(row.grants).words()}  {api_keys.state(row, now)}  {until}  {used}"


def _moment(value: datetime) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
