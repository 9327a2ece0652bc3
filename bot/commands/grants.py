"""Grants to single people on the command line: what is in force, and one taken back."""

from dataclasses import replace

from bot.clock import SHANGHAI
from bot.commands.desk import Desk
from domain.approval import State
from domain.grant import GrantKind
from domain.granting import Grant, what_text
from domain.ids import UserId
from domain.refusal import Refused
from storage import grants, reasons
from storage.unit import Unit

DENIAL = "这是一项禁止，解除它要两个人：请安全管理员在企业微信里发“授权”，选这一项点“收回”，由另一位同意"


def grant_list(desk: Desk) -> None:
    """One line each, the first to end first."""
    found = desk.database.read_now(grants.lasting)
    for grant in found:
        until = grant.until_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        desk.say(f"{grant.grant_id}  {grant.userid}  {what_text(grant.kind, grant.what)}  到 {until}")
    desk.say(f"共 {len(found)} 项。新的授权要两个人：请安全管理员在企业微信里发“授权”")


def grant_revoke(desk: Desk, number: str, reason: str) -> None:
    """Over at once; to take away needs no second person, but the end of a denial, which gives something back, does."""

    def revoke(unit: Unit) -> Grant:
        grant = grants.load(unit, number)
        if grant is None or grant.state is not State.AGREED:
            raise Refused(f"没有编号为 {number}、还在生效的授权：用 rmbot grant list 查看")
        if grant.kind is GrantKind.DENY:
            raise Refused(DENIAL)
        over = replace(grant, state=State.WITHDRAWN, decided_by=UserId(desk.actor), decided_at=unit.now)
        if not grants.settle(unit, grant, over, "access.revoked"):
            raise Refused("这项授权刚刚有变化，请再看一次：rmbot grant list")
        unit.audit("access.revoked_why", f"staff:{grant.userid}", {"grant": number, "why": reasons.keep(unit, reason)})
        return grant

    grant = desk.change(revoke, "grant.revoke")
    desk.say(f"{grant.userid} 的授权（{what_text(grant.kind, grant.what)}）已收回，即刻生效")
