"""The audit trail on the command line: checked, signed, exported, and asked who saw whom."""

from functools import partial
from pathlib import Path

from bot.clock import SHANGHAI
from bot.commands.desk import Desk
from bot.verify_audit import Findings, checkpoints_of
from cards.audit import entry_text
from domain.refusal import Refused
from storage import audit_export, audit_search, checkpoints
from storage.audit_check import hash_at, verify_chain
from storage.audit_search import Entry, Span
from storage.chain import CHAIN
from storage.notary import Notary
from storage.unit import Unit

LISTED = 200
MISSING = "检查点文件缺第 {seq} 条的检查点：文件被删过、换过，或它在另一个副本的文件里（先接成一个文件再核验）"
UNKNOWN = "audit:unknown"
"""What was asked for and is nobody's number is no part of the trail: it may be a name."""


def verify(desk: Desk) -> None:
    """Walk the whole chain and hold the checkpoints against it; Refused with the first number that does not follow."""
    verdict = verify_chain(desk.database)
    if verdict.broken is not None:
        raise Refused(
            f"审计链在第 {verdict.broken} 条断开（共 {verdict.count} 条）：这一条缺失、被改动或被移位，"
            "请保全数据库文件并通知安全管理员"
        )
    desk.say(f"审计链完整：共 {verdict.count} 条{_checkpoints(desk) if desk.settings else ''}")


def _checkpoints(desk: Desk) -> str:
    """How many fit; Refused with those that do not, and those of which the chain tells and the file does not."""
    notary, found, told = _notary(desk), Findings(), desk.database.read_now(checkpoints.told)
    if not told and not notary.checkpoints.exists():
        return ""
    good = checkpoints_of(checkpoints.kept(notary.checkpoints), bytes.fromhex(notary.public_key), found)
    wrong = [said.partition(" / ")[0] for said in found.said]
    for point in good:
        hashed = desk.database.read_now(partial(hash_at, chain=CHAIN, seq=point["seq"]))
        if hashed is None or hashed.hex() != point["hash"]:
            wrong.append(f"第 {point['seq']} 条与检查点不符：以前的记录被整体改写或截去，或检查点属于别的库")
    held = {point["seq"]: point["hash"] for point in good}
    wrong += [MISSING.format(seq=seq) for seq, hashed in sorted(told.items()) if held.get(seq) != hashed]
    if wrong:
        raise Refused("\n".join(wrong) + f"\n审计链与检查点文件 {notary.checkpoints} 不符，请保全两者并通知安全管理员")
    return f"；检查点 {len(good)} 个，都相符"


def checkpoint(desk: Desk) -> None:
    """Sign the end of the chain now."""
    notary = _notary(desk)
    signed = checkpoints.sign_head(desk.database, notary)
    if signed is None:
        desk.say("上一个检查点之后没有新的记录，不用再签")
        return
    desk.change(partial(checkpoints.record, checkpoint=signed, notary=notary), "audit.checkpoint")
    desk.say(f"已签到第 {signed.seq} 条，摘要 {signed.digest}，写入 {notary.checkpoints}")


def export_file(desk: Desk, file: str, since: str, until: str) -> None:
    """Write a file that can be verified without this system; it is on record."""
    span = Span.of_days(since, until, SHANGHAI)
    try:
        written = audit_export.export(desk.database, _notary(desk), Path(file), span.begin, span.end)
    except FileExistsError:
        raise Refused(f"{file} 已经存在：请换一个文件名") from None
    detail = {"first": written.first, "last": written.last}
    desk.change(lambda unit: unit.audit("audit.exported", "audit:export", detail), "audit.export")
    what = f"第 {written.first} 至 {written.last} 条" if written.last >= written.first else "没有记录的一段"
    desk.say(f"已导出{what}到 {file}")
    desk.say(f"核验：python3 -I -S verify_audit.py {file} 公钥 检查点文件（核验程序用 rmbot audit verifier 写出）")


def show_key(desk: Desk) -> None:
    """The public key, for whoever verifies."""
    desk.say(_notary(desk).public_key)


def who(desk: Desk, customer: str, since: str, until: str) -> None:
    """Who saw a customer: the asking is on record before anything is said."""
    span = Span.of_days(since, until, SHANGHAI)

    def ask(unit: Unit) -> list[Entry] | None:
        number = audit_search.customer_called(unit, customer)
        about, subjects = (f"customer:{number}", [number]) if number else (UNKNOWN, [])
        unit.audit("audit.who", about, {"surface": "cli", "since": since, "until": until}, subjects)
        return audit_search.who_saw(unit, number, span, None, LISTED) if number else None

    _tell(desk, desk.change(ask, "audit.who"), f"没有客户号 {customer} 的记录：请核对客户号")


def did(desk: Desk, userid: str, since: str, until: str) -> None:
    """What somebody did: the asking is on record before anything is said."""
    span, actor = Span.of_days(since, until, SHANGHAI), userid if ":" in userid else userid.lower()

    def ask(unit: Unit) -> list[Entry] | None:
        known = audit_search.knows_actor(unit, actor)
        about = f"staff:{actor}" if known else UNKNOWN
        unit.audit("audit.did", about, {"surface": "cli", "since": since, "until": until})
        return audit_search.what_did(unit, actor, span, None, LISTED) if known else None

    _tell(desk, desk.change(ask, "audit.did"), f"没有账号 {userid} 的记录：请核对企业微信账号")


def _tell(desk: Desk, entries: list[Entry] | None, unknown: str) -> None:
    if entries is None:
        raise Refused(unknown)
    for entry in entries:
        when, text = entry.at.strftime("%Y-%m-%d %H:%M:%S"), entry_text(entry.action, entry.resource, entry.detail)
        about = "、".join(entry.subjects[:5]) + ("…" if len(entry.subjects) > 5 else "")
        why = f"原因：{entry.why}" if entry.why else ""
        desk.say("  ".join(part for part in (str(entry.seq), when, entry.actor, entry.post, text, about, why) if part))
    more = f"，这里是最近 {LISTED} 条；更早的请加 --until" if len(entries) == LISTED else ""
    desk.say(f"共 {len(entries)} 条{more}")


def _notary(desk: Desk) -> Notary:
    assert desk.settings is not None, "who opens the door brings the settings"
    return desk.settings.notary
