"""How a grant is shown: in one line, as the lines of its card, and in words what became of it."""

from domain.approval import State
from domain.daytext import moment_text
from domain.granting import Grant, what_text
from domain.ids import UserId
from domain.refusal import Refused
from handlers.approval.faces import FACES as DONE
from handlers.context import Context
from storage import directory, grants

SUBJECT = "grant:"
UNKNOWN = "没有这项授权。"


def load(context: Context, grant_id: str) -> Grant:
    """Raises Refused for one that is not there."""
    grant = grants.load(context.unit, grant_id)
    if grant is None:
        raise Refused(UNKNOWN, reason="unknown grant")
    return grant


def subject_of(grant: Grant) -> str:
    return f"{SUBJECT}{grant.grant_id}"


def lines_of(context: Context, grant: Grant) -> list[tuple[str, str]]:
    return [
        ("给谁", f"{name_of(context, grant.userid)}（{grant.userid}）"),
        ("到", moment_text(grant.until_at, context.now)),
        ("申请人", name_of(context, grant.given_by)),
        ("原因", grant.reason),
    ]


def what(grant: Grant) -> str:
    return what_text(grant.kind, grant.what)


def line_of(context: Context, grant: Grant) -> str:
    return f"{name_of(context, grant.userid)} {what(grant)}，到 {moment_text(grant.until_at, context.now)}"


def state_of(grant: Grant) -> str:
    return "待确认" if grant.state is State.WAITING else "生效中"


def verdict(context: Context, grant: Grant) -> str:
    return f"{DONE[grant.state]}（{name_of(context, grant.decided_by or grant.given_by)}）"


def outcome(context: Context, grant: Grant) -> str:
    said = "还在等人确认" if grant.state is State.WAITING else verdict(context, grant)
    return f"{line_of(context, grant)}：{said}。"


def name_of(context: Context, person: UserId) -> str:
    return directory.names(context.unit, [person])[person]
