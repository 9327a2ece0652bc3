"""A grant as an approval: how it is told, and that it is in force from the commit that agreed to it. The end of a
denial gives something back, and is asked for and agreed to like a grant.
"""

from dataclasses import replace

from pydantic import TypeAdapter

from domain.approval import Approval, Seat, State, Wish
from domain.daytext import moment_text
from domain.grant import GrantKind
from domain.granting import Grant, check, check_lift, check_unmoved
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Staff
from domain.standing import Standing
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.context import Context
from handlers.grant_face import load, name_of, what
from handlers.reply import Reply, say
from storage import approvals, directory, grants
from storage.outbox import Lane

GONE = "{name}已离职或停用，不能授权，请退回。"
LIFT_ASKED = "解除这项禁止的申请已经有一件在等确认。"
OVER = "这项禁止已经解除或到期。"
GIVEN = "您获得授权：{what}，到 {until} 为止。原因：{reason}"
_GRANT: TypeAdapter[Grant] = TypeAdapter(Grant)


def request(context: Context, grant: Grant) -> Reply:
    """For whoever else may confirm, but the one it is about; nothing has changed yet."""
    grantee = _check(context, grant)
    grant = replace(grant, standing=Standing.of(grantee))
    seats, body = (Seat(Permission.GRANT_CONFIRM),), _GRANT.dump_json(grant).decode()
    wish = Wish(f"staff:{grant.userid}", grant.reason, seats, body, barred=(grant.userid,), until=grant.until_at)
    return submit(context, ACCESS, wish)


def request_lift(context: Context, denial: Grant) -> Reply:
    """For whoever else may confirm, but the one on whom it lies; it holds until they agreed."""
    check_lift(denial, context.actor.userid)
    if any(grant_of(each).grant_id == denial.grant_id for each in approvals.waiting_of(context.unit, LIFT.name)):
        raise Refused(LIFT_ASKED, reason="already asked")
    seats, body = (Seat(Permission.GRANT_CONFIRM),), _GRANT.dump_json(denial).decode()
    about, until = f"staff:{denial.userid}", denial.until_at
    return submit(context, LIFT, Wish(about, denial.reason, seats, body, barred=(denial.userid,), until=until))


def grant_of(asked: Approval) -> Grant:
    return _GRANT.validate_json(asked.wish.body)


def _check(context: Context, grant: Grant) -> Staff:
    """Who it is for. Raises Unfit for what could not hold, or would be of no use, as things stand now."""
    grantee = directory.member(context.unit, grant.userid)
    assert grantee is not None
    if not grantee.active and grant.kind is not GrantKind.DENY:
        raise Refused(GONE.format(name=grantee.name), reason="grantee left")
    check(context.house.policy, replace(grant, asked_at=context.now), grantee)
    return grantee


def _agreed(context: Context, asked: Approval) -> Reply:
    """In force from now on, and who it is about hears of it; but for a denial."""
    grant = grant_of(asked)
    check_unmoved(grant, _check(context, grant))
    begun = replace(grant, from_at=context.now, decided_by=asked.decided_by, decided_at=asked.decided_at)
    grants.add(context.unit, begun, "access.given")
    if grant.kind is GrantKind.DENY:
        return ()
    text = GIVEN.format(what=what(grant), until=moment_text(grant.until_at, context.now), reason=grant.reason)
    return say(text, to=grant.userid, lane=Lane.DEADLINE)


def _lifted(context: Context, asked: Approval) -> Reply:
    """Over from this commit on."""
    denial = load(context, grant_of(asked).grant_id)
    over = replace(denial, state=State.WITHDRAWN, decided_by=context.actor.userid, decided_at=context.now)
    if denial.state is not State.AGREED or not grants.settle(context.unit, denial, over, "access.revoked"):
        raise Refused(OVER, reason="denial over")
    return ()


def _title(context: Context, asked: Approval, _reader: Staff) -> str:
    grant = grant_of(asked)
    return f"授权 {name_of(context, grant.userid)} {what(grant)}"


def _lift_title(context: Context, asked: Approval, _reader: Staff) -> str:
    grant = grant_of(asked)
    return f"解除 {name_of(context, grant.userid)} {what(grant)}"


def _lines(context: Context, asked: Approval) -> list[tuple[str, str]]:
    grant = grant_of(asked)
    return [
        ("给谁", f"{name_of(context, grant.userid)}（{grant.userid}）"),
        ("到", moment_text(grant.until_at, context.now)),
    ]


ACCESS = Family(
    name="access",
    title=_title,
    lines=_lines,
    agreed=_agreed,
    effect=lambda _context, _asked: "现在起生效",
    unchanged="没有授权；需要时请重新申请",
    prompt="请确认，一人决定即算数",
)
LIFT = Family(
    name="access_lift",
    title=_lift_title,
    lines=_lines,
    agreed=_lifted,
    effect=lambda _context, _asked: "禁止现在起解除",
    unchanged="禁止照旧；需要时请重新申请",
    prompt="请确认，一人决定即算数",
)
