"""查看明文: a masked field in plain, for a stated purpose, after WeCom has vouched anew, for a minute, on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.ids import TaskId, UserId
from domain.limit import LimitKey
from domain.purpose import Purpose
from domain.refusal import Refused
from domain.sharing import Field, Surface, title_of
from domain.staff import Staff
from handlers.context import House
from handlers.operators import to_post
from handlers.page import FRESH, opened_on_card, or_refusal, revealable, watermark_of
from handlers.rights import audience_of
from handlers.speaking import tell
from storage import quiet, reveals, sessions
from storage.customers import Opened
from storage.reveals import Reveal
from storage.unit import Unit

LABELS: Mapping[Field, str] = {Field.MOBILE: "手机号", Field.ID_NUMBER: "证件号码", Field.ADDRESS: "地址"}
ASKING, SHOWING = "h5.reveal.ask", "h5.reveal"
GUARD = "安全管理员"
LONGEST_REFERENCE = 60
NOTHING = "这位客户没有您可以查看的明文。需要时请联系客户经理，或请主管按授权办理。"
CHOOSE = "请选择要看的项目和查看的目的，再点“查看”。"
TOO_OFTEN = "您查看明文太频繁，已请安全管理员留意。请一小时后再试；确有需要，请联系主管。"
OVER = "明文已收起。还要查看，请回到客户详情重新申请。"


@dataclass(frozen=True)
class AskPage:
    """What may be shown in plain, and for which purposes."""

    title: str
    fields: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    seconds: int
    watermark: str


@dataclass(frozen=True)
class PlainPage:
    """The fields in plain; `seconds` are left until the page has to forget them."""

    title: str
    lines: tuple[tuple[str, str], ...]
    purpose: str
    seconds: int
    watermark: str


@dataclass(frozen=True)
class Wanted:
    """What the reader chose on the page; words that are no field or no purpose are dropped."""

    fields: tuple[Field, ...]
    purpose: Purpose | None
    reference: str

    @classmethod
    def of(cls, fields: Sequence[str], purpose: str, reference: str) -> "Wanted":
        known = tuple(field for field in LABELS if field.value in fields)
        why = Purpose(purpose) if purpose in set(Purpose) else None
        return cls(known, why, reference.strip()[:LONGEST_REFERENCE])


def visit_ask(unit: Unit, house: House, token: str, task_id: TaskId) -> AskPage | Refused | None:
    """The page that asks what for; None when WeCom has not vouched for the reader just now."""
    person = sessions.resume(unit, token, within=FRESH)
    return None if person is None else or_refusal(unit, house, person, task_id, ASKING, _ask)


def visit_begin(unit: Unit, house: House, token: str, task_id: TaskId, wanted: Wanted) -> Reveal | Refused | None:
    """Grant a look, for a stated purpose."""
    person = sessions.resume(unit, token, within=FRESH)

    def begun(unit: Unit, house: House, person: UserId, task_id: TaskId) -> Reveal:
        return _begin(unit, house, person, task_id, wanted)

    return None if person is None else or_refusal(unit, house, person, task_id, ASKING, begun)


def visit_plain(unit: Unit, house: House, token: str, task_id: TaskId, reveal_id: str) -> PlainPage | Refused | None:
    """The fields in plain, while the look lasts."""
    person = sessions.resume(unit, token, within=FRESH)

    def shown(unit: Unit, house: House, person: UserId, task_id: TaskId) -> PlainPage:
        return _plain(unit, house, person, task_id, reveal_id)

    return None if person is None else or_refusal(unit, house, person, task_id, SHOWING, shown)


def _ask(unit: Unit, house: House, person: UserId, task_id: TaskId) -> AskPage:
    member, opened, purpose = opened_on_card(unit, house, person, task_id, ASKING)
    purposes = _purposes(house, member, opened)
    if not purposes:
        raise Refused(NOTHING, reason="nothing to reveal")
    fields = {field: None for each in purposes for field in revealable(house, member, opened, each)}
    return AskPage(
        _title(house, member, opened, purpose),
        tuple((field.value, LABELS[field]) for field in fields),
        tuple(purposes),
        house.policy.limits[LimitKey.REVEAL_SECONDS].value,
        watermark_of(unit, member),
    )


def _begin(unit: Unit, house: House, person: UserId, task_id: TaskId, wanted: Wanted) -> Reveal:
    member, opened, _ = opened_on_card(unit, house, person, task_id, ASKING)
    if wanted.purpose is None or not wanted.fields:
        raise Refused(CHOOSE, reason="nothing chosen")
    allowed = revealable(house, member, opened, wanted.purpose)
    fields = tuple(field for field in wanted.fields if field in allowed)
    if not fields:
        raise Refused(NOTHING, reason="may not reveal")
    _not_too_often(unit, house, member)
    customer_id = opened.facts.customer.customer_id
    life = house.policy.limits[LimitKey.REVEAL_SECONDS].value
    begun = reveals.begin(unit, (person, task_id, customer_id), fields, (wanted.purpose, wanted.reference), life)
    detail = {"fields": sorted(fields), "purpose": wanted.purpose.value, "reveal": begun.id, "surface": SHOWING}
    unit.audit("customer.revealed", f"customer:{customer_id}", detail, [customer_id])
    return begun


def _plain(unit: Unit, house: House, person: UserId, task_id: TaskId, reveal_id: str) -> PlainPage:
    look = reveals.load(unit, person, task_id, reveal_id)
    if look is None:
        raise Refused(OVER, reason="reveal over")
    member, opened, purpose = opened_on_card(unit, house, person, task_id, SHOWING)
    values = revealable(house, member, opened, look.purpose)  # as things stand now
    return PlainPage(
        _title(house, member, opened, purpose),
        tuple((LABELS[field], values[field]) for field in look.fields if field in values),
        look.purpose.value,
        max(1, int((look.until - unit.now).total_seconds())),
        watermark_of(unit, member),
    )


def _purposes(house: House, member: Staff, opened: Opened) -> list[Purpose]:
    """For which purposes of the post anything may be shown."""
    rule = house.policy.rules.get(member.post) if member.post else None
    return [each for each in rule.purposes if revealable(house, member, opened, each)] if rule else []


def _not_too_often(unit: Unit, house: House, member: Staff) -> None:
    """Raises Refused beyond the policy's numbers; security hears of it once an hour."""
    limits = house.policy.limits
    spans = ((timedelta(hours=1), LimitKey.REVEAL_HOUR), (timedelta(days=1), LimitKey.REVEAL_DAY))
    for span, key in spans:
        if reveals.count_since(unit, member.userid, unit.now - span) >= limits[key].value:
            _tell_guard(unit, house, member)
            raise Refused(TOO_OFTEN, reason="reveals too often")


def _tell_guard(unit: Unit, house: House, member: Staff) -> None:
    if quiet.may_speak(unit, member.userid, "reveal", timedelta(hours=1)):
        said = f"{member.name}（{member.userid}）查看客户明文过于频繁，已被拒绝。请审计员发“审计 {member.userid}”查看其最近的查询。"
        tell(unit, house, f"reveal:{member.userid}:{unit.now:%Y%m%d%H%M%S}", to_post(unit, GUARD, said))


def _title(house: House, member: Staff, opened: Opened, purpose: Purpose) -> str:
    customer = opened.facts.customer
    audience = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    return title_of(customer.name, customer.customer_id, audience)
