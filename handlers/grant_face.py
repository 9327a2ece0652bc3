"""How a grant is called: what it gives, to whom, until when."""

from domain.daytext import moment_text
from domain.granting import Grant, what_text
from domain.ids import UserId
from domain.refusal import Refused
from handlers.context import Context
from storage import directory, grants

UNKNOWN = "没有这项授权。"


def load(context: Context, grant_id: str) -> Grant:
    """Raises Refused for one that is not there."""
    grant = grants.load(context.unit, grant_id)
    if grant is None:
        raise Refused(UNKNOWN, reason="unknown grant")
    return grant


def what(grant: Grant) -> str:
    return what_text(grant.kind, grant.what)


def line_of(context: Context, grant: Grant) -> str:
    return f"{name_of(context, grant.userid)} {what(grant)}，到 {moment_text(grant.until_at, context.now)}"


def name_of(context: Context, person: UserId) -> str:
    return directory.names(context.unit, [person])[person]
