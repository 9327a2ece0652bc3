"""Keys on the command line: changed while everybody works, and listed."""

import time
from pathlib import Path

from bot.commands.desk import Desk
from domain.refusal import Refused
from storage import key_change
from storage.key_change import Rotated
from storage.keyring import ACTIVE, CELLS, INDEXES, OLD, RETIRED

_PURPOSES = {CELLS: "加密", INDEXES: "盲索引"}
_STATES = {ACTIVE: "在用", OLD: "换下中，仍能解密", RETIRED: "已换下，没有密文在用"}
SECONDS_BETWEEN = 0.5


def rotate(desk: Desk) -> None:
    """A new data key for every cell; Refused when some cells do not open, or others keep writing under the old one."""
    rotated = key_change.rotate(desk.database, desk.actor, _Passing(desk))
    desk.say(f"已重新加密 {rotated.renewed:,} 行，在用的是 {rotated.kid} 号密钥")
    if rotated.last.damaged:
        raise Refused(_damaged(rotated))
    if not rotated.last.is_clean:
        raise Refused("还有进程在用旧密钥写入，旧密钥暂未换下：请稍后再执行一次 rmbot keys rotate")
    desk.say(f"检查过全部密文：{'、'.join(map(str, rotated.retired))} 号密钥没有密文在用，已换下")


def _damaged(rotated: Rotated) -> str:
    where = "、".join(f"{place} {count} 个" for place, count in sorted(rotated.last.damaged.items()))
    return (
        f"有密文解不开（{where}）：它们被改动过，或来自别的库。其余已换新密钥，旧密钥保留；"
        "请保全数据库，从备份恢复这些行后再执行一次 rmbot keys rotate"
    )


def change_master(desk: Desk, file: str) -> None:
    """Another master key over the same data keys."""
    count = key_change.change_master(desk.database, desk.actor, Path(file))
    desk.say(f"{count} 把数据密钥已改由 {file} 保护，数据没有动")
    desk.say(f"现在请把 RMBOT_CRYPTO__KEY_FILE 设为 {file}（每个副本都放一份，权限 0600）并另行备份；")
    desk.say("旧的主密钥文件只有恢复以前的备份才用得到，请与那些备份一起保管")


def show(desk: Desk) -> None:
    """Every key that was ever made."""
    for kid, purpose, algorithm, state in key_change.states(desk.database):
        desk.say(f"{kid}  {_PURPOSES[purpose]}  {algorithm}  {_STATES[state]}")


class _Passing:
    """How far the pass is and how fast it goes, said now and then."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._began, self._said = desk, time.monotonic(), 0.0

    def __call__(self, table: str, seen: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said >= SECONDS_BETWEEN:
            self._said = now
            rate = seen / max(now - self._began, 0.001)
            self._desk.passing(f"重新加密 {table}：{seen:,} / {total:,} 行，每秒 {rate:,.0f} 行")
