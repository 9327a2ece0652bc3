"""查看明文, the look: the page that asks for the code, and once the reader has shown who they are, the fields in plain
for a minute, in that sign-in alone.
"""

from dataclasses import dataclass
from datetime import timedelta

from domain.ids import TaskId, UserId
from domain.limit import LimitKey
from domain.mask import mask_mobile
from domain.one_time_code import Outcome, seconds_to_wait
from domain.refusal import Refused
from domain.staff import Staff
from handlers.context import House
from handlers.on_card import opened_on_card, watermark_of
from handlers.page import or_refusal, revealable
from handlers.reveal import LABELS, grant, tell_guard, title
from handlers.reveal_code import AGAIN, rules_of, send, tried
from handlers.sign_in import signed_in, vouched_for
from storage import directory, reveal_codes, reveals, sessions
from storage.reveals import SMS, WECOM, Reveal
from storage.unit import Unit

SHOWING = "h5.reveal"
WAITING = timedelta(minutes=10)
"""How long a wish waits for its reader to show who they are."""
OVER = "明文已收起。还要查看，请回到客户详情重新申请。"
LOCKED = "验证码输错太多次，这次申请已锁定，并已请安全管理员留意。还要查看，请重新申请。"


@dataclass(frozen=True)
class PlainPage:
    """The fields in plain; `seconds` are left until the page has to forget them."""

    title: str
    lines: tuple[tuple[str, str], ...]
    purpose: str
    seconds: int
    watermark: str


@dataclass(frozen=True)
class CodePage:
    """Where the code is typed; `wait` are the seconds until another may be sent, `wrong` what was wrong."""

    title: str
    mobile: str
    minutes: int
    wait: int
    wrong: str
    watermark: str


def visit_look(
    unit: Unit, house: House, token: str, task_id: TaskId, reveal_id: str
) -> PlainPage | CodePage | Refused | None:
    """The fields in plain, or what is to be done before; None when WeCom has to vouch for the reader."""
    person = signed_in(unit, house, token)
    asked = reveals.load(unit, person, task_id, reveal_id) if person is not None else None
    vouched = asked is None or asked.until or asked.way != WECOM or vouched_for(unit, house, token)

    def shown(unit: Unit, house: House, person: UserId, task_id: TaskId) -> PlainPage | CodePage:
        return _look(unit, house, asked, token)

    return None if person is None or not vouched else or_refusal(unit, house, person, task_id, SHOWING, shown)


def visit_code(
    unit: Unit, house: House, token: str, task_id: TaskId, reveal_id: str, typed: str | None
) -> Reveal | CodePage | Refused | None:
    """A code was typed, or (None) another one is wanted: the look is granted, or the page says what is wrong."""
    person = signed_in(unit, house, token)

    def judged(unit: Unit, house: House, person: UserId, task_id: TaskId) -> Reveal | CodePage:
        asked = reveals.load(unit, person, task_id, reveal_id)
        if asked is None or asked.way != SMS or _is_over(unit, asked, token):
            raise Refused(OVER, reason="reveal over")
        _not_locked(house, asked)
        return asked if asked.until else _judge(unit, house, asked, token, typed)

    return None if person is None else or_refusal(unit, house, person, task_id, SHOWING, judged)


def _is_over(unit: Unit, asked: Reveal, token: str) -> bool:
    """A wish of another sign-in, of too long ago, or looked at long enough; what waits for WeCom gets a new sign-in."""
    if asked.session != sessions.digest(token) and (asked.until is not None or asked.way == SMS):
        return True
    return unit.now >= (asked.until or asked.at + WAITING)


def _not_locked(house: House, asked: Reveal) -> None:
    """Raises Refused for a wish on which too many codes were wrong: neither a right one nor a new one opens it."""
    if asked.until is None and asked.tries >= rules_of(house).tries:
        raise Refused(LOCKED, reason="code locked")


def _look(unit: Unit, house: House, asked: Reveal | None, token: str) -> PlainPage | CodePage:
    if asked is None or _is_over(unit, asked, token):
        raise Refused(OVER, reason="reveal over")
    _not_locked(house, asked)
    member, opened, purpose = opened_on_card(unit, house, asked.userid, asked.task_id, SHOWING)
    if asked.until is None and asked.way == SMS:
        return _code_page(unit, house, asked, (member, title(house, member, opened, purpose)), "")
    if asked.until is None:
        grant(unit, house, member, asked, token)
        asked = reveals.load(unit, asked.userid, asked.task_id, asked.id) or asked
    values = revealable(house, member, opened, asked.purpose)  # as things stand now
    return PlainPage(
        title(house, member, opened, purpose),
        tuple((LABELS[field], values[field]) for field in asked.fields if field in values),
        asked.purpose.value,
        max(1, int(((asked.until or unit.now) - unit.now).total_seconds())),
        watermark_of(unit, member),
    )


def _judge(unit: Unit, house: House, asked: Reveal, token: str, typed: str | None) -> Reveal | CodePage:
    member, opened, purpose = opened_on_card(unit, house, asked.userid, asked.task_id, SHOWING)
    reader = (member, title(house, member, opened, purpose))
    if typed is None:
        return _code_page(unit, house, asked, reader, send(unit, house, asked))
    outcome, wrong = tried(unit, house, asked, typed)
    if outcome is Outcome.LOCKED:
        tell_guard(unit, house, member, "查看客户明文的验证码输错太多次，申请已锁定")
        raise Refused(LOCKED, reason="code locked")
    if outcome is Outcome.RIGHT and grant(unit, house, member, asked, token):
        reveal_codes.forget(unit, asked)
        return asked
    return _code_page(unit, house, asked, reader, wrong or AGAIN)


def _code_page(unit: Unit, house: House, asked: Reveal, reader: tuple[Staff, str], wrong: str) -> CodePage:
    """Where the code went, and how long it is good. `reader`: who, and what they call the customer."""
    (member, called), sent = reader, reveal_codes.newest(unit, asked)
    return CodePage(
        called,
        mask_mobile(directory.mobile(unit, asked.userid) or ""),
        house.policy.limits[LimitKey.CODE_MINUTES].value,
        seconds_to_wait(sent, unit.now, rules_of(house)) if sent else 0,
        wrong,
        watermark_of(unit, member),
    )
