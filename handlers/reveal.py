"""查看明文, the wish: what is to be read in plain, what for, and by which way the reader shows who they are anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.ids import TaskId, UserId
from domain.limit import LimitKey
from domain.mask import mask_mobile
from domain.purpose import Purpose
from domain.refusal import Refused
from domain.sharing import Field, Surface, title_of
from domain.staff import Staff
from handlers.context import House
from handlers.on_card import opened_on_card, watermark_of
from handlers.operators import to_post
from handlers.page import or_refusal, revealable
from handlers.reveal_code import send
from handlers.rights import audience_of
from handlers.sign_in import signed_in, vouched_for
from handlers.speaking import tell
from storage import directory, in_hand, quiet, reveals, sessions
from storage.customers import Opened
from storage.reveals import SMS, WECOM, Reveal
from storage.unit import Unit

LABELS: Mapping[Field, str] = {Field.MOBILE: "手机号", Field.ID_NUMBER: "证件号码", Field.ADDRESS: "地址"}
ASKING = "h5.reveal.ask"
GUARD = "安全管理员"
LONGEST_REFERENCE = 60
NOTHING = "这位客户没有您可以查看的明文。需要时请联系客户经理，或请主管按授权办理。"
NO_FIELD, NO_PURPOSE = "请选择要看的项目。", "请选择查看的目的。"
NOT_FOR_THIS = "以“{purpose}”为目的不能看所选的项目，请另选。"
TOO_OFTEN = "您查看明文太频繁，已请安全管理员留意。请一小时后再试；确有需要，请联系主管。"
BY_WECOM, BY_SMS = "企业微信重新确认身份", "短信验证码，发到您的手机 {mobile}"


@dataclass(frozen=True)
class Wanted:
    """What the reader chose on the page; words that are no field or no purpose are dropped."""

    fields: tuple[Field, ...] = ()
    purpose: Purpose | None = None
    reference: str = ""
    way: str = WECOM

    @classmethod
    def of(cls, fields: Sequence[str], purpose: str, reference: str, way: str = WECOM) -> "Wanted":
        known = tuple(field for field in LABELS if field.value in fields)
        why = Purpose(purpose) if purpose in set(Purpose) else None
        return cls(known, why, reference.strip()[:LONGEST_REFERENCE], SMS if way == SMS else WECOM)


@dataclass(frozen=True)
class AskPage:
    """What may be shown in plain, for which purposes, and how the reader may show who they are; `missing` says what to
    mend in what was `chosen`.
    """

    title: str
    fields: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    seconds: int
    watermark: str
    chosen: Wanted = Wanted()
    missing: str = ""


def visit_ask(unit: Unit, house: House, token: str, task_id: TaskId) -> AskPage | Refused | None:
    """The page that asks what for; None when nobody is signed in."""
    person = signed_in(unit, house, token)

    def asked(unit: Unit, house: House, person: UserId, task_id: TaskId) -> AskPage:
        return _ask_page(unit, house, *opened_on_card(unit, house, person, task_id, ASKING), Wanted(), "")

    return None if person is None else or_refusal(unit, house, person, task_id, ASKING, asked)


def visit_begin(
    unit: Unit, house: House, token: str, task_id: TaskId, wanted: Wanted
) -> Reveal | AskPage | Refused | None:
    """Keep the wish; the page again where something is missing."""
    person = signed_in(unit, house, token)

    def begun(unit: Unit, house: House, person: UserId, task_id: TaskId) -> Reveal | AskPage:
        return _begin(unit, house, person, (token, task_id), wanted)

    return None if person is None else or_refusal(unit, house, person, task_id, ASKING, begun)


def _begin(unit: Unit, house: House, person: UserId, place: tuple[str, TaskId], wanted: Wanted) -> Reveal | AskPage:
    """A code is sent at once; whom WeCom has vouched for just now needs nothing more."""
    token, task_id = place
    member, opened, purpose = opened_on_card(unit, house, person, task_id, ASKING)
    page = _ask_page(unit, house, member, opened, purpose, wanted, "")
    missing, fields = _missing(house, member, opened, wanted)
    if missing or wanted.purpose is None:
        return _ask_page(unit, house, member, opened, purpose, wanted, missing)
    not_too_often(unit, house, member)
    way = wanted.way if wanted.way in dict(page.ways) else WECOM
    card = (person, task_id, opened.facts.customer.customer_id)
    asked = reveals.ask(
        unit, card, fields, (wanted.purpose, wanted.reference), (sessions.digest(token), way)
    )  # fmt: skip
    if way == SMS and (refused := send(unit, house, asked)):
        return _ask_page(unit, house, member, opened, purpose, wanted, refused)
    if way == WECOM and vouched_for(unit, house, token):
        grant(unit, house, member, asked, token)
    return asked


def _missing(house: House, member: Staff, opened: Opened, wanted: Wanted) -> tuple[str, tuple[Field, ...]]:
    """What to say of an incomplete form, and the fields that may be shown."""
    purposes = _purposes(house, member, opened)
    said = "" if wanted.fields else NO_FIELD
    if wanted.purpose is None or wanted.purpose not in purposes:
        return said + NO_PURPOSE, ()
    allowed = revealable(house, member, opened, wanted.purpose)
    fields = tuple(field for field in wanted.fields if field in allowed)
    return said if fields or said else NOT_FOR_THIS.format(purpose=wanted.purpose), fields


def _ask_page(
    unit: Unit, house: House, member: Staff, opened: Opened, purpose: Purpose, chosen: Wanted, missing: str
) -> AskPage:
    purposes = _purposes(house, member, opened)
    if not purposes:
        raise Refused(NOTHING, reason="nothing to reveal")
    fields = {field: None for each in purposes for field in revealable(house, member, opened, each)}
    return AskPage(
        title(house, member, opened, purpose),
        tuple((field.value, LABELS[field]) for field in fields),
        tuple(purposes),
        _ways(unit, house, member.userid),
        house.policy.limits[LimitKey.REVEAL_SECONDS].value,
        watermark_of(unit, member),
        chosen,
        missing,
    )


def _ways(unit: Unit, house: House, person: UserId) -> tuple[tuple[str, str], ...]:
    """A code goes to the reader's own number, where one is known and the house can send it."""
    mobile = directory.mobile(unit, person) if house.codes else None
    by_sms = ((SMS, BY_SMS.format(mobile=mask_mobile(mobile))),) if mobile else ()
    return ((WECOM, BY_WECOM), *by_sms)


def grant(unit: Unit, house: House, member: Staff, asked: Reveal, token: str) -> bool:
    """The reader has shown who they are; False when another try came first. Raises Refused beyond the limits."""
    not_too_often(unit, house, member)
    if not reveals.grant(unit, asked, sessions.digest(token), house.policy.limits[LimitKey.REVEAL_SECONDS].value):
        return False
    detail = {"fields": sorted(asked.fields), "purpose": asked.purpose.value, "reveal": asked.id, "verified": asked.way}
    about = f"customer:{asked.customer_id}"
    unit.audit("customer.revealed", about, {**detail, "surface": "h5.reveal"}, [asked.customer_id])
    return True


def not_too_often(unit: Unit, house: House, member: Staff) -> None:
    """Raises Refused beyond the policy's numbers; security hears of it once an hour."""
    in_hand.count_looks(unit, member.userid)
    limits = house.policy.limits
    spans = ((timedelta(hours=1), LimitKey.REVEAL_HOUR), (timedelta(days=1), LimitKey.REVEAL_DAY))
    for span, key in spans:
        if reveals.count_since(unit, member.userid, unit.now - span) >= limits[key].value:
            tell_guard(unit, house, member, "查看客户明文过于频繁，已被拒绝")
            raise Refused(TOO_OFTEN, reason="reveals too often")


def tell_guard(unit: Unit, house: House, member: Staff, what: str) -> None:
    if quiet.may_speak(unit, member.userid, "reveal", timedelta(hours=1)):
        said = f"{member.name}（{member.userid}）{what}。请审计员发“审计 {member.userid}”查看其最近的查询。"
        tell(unit, house, f"reveal:{member.userid}:{unit.now:%Y%m%d%H%M%S}", to_post(unit, GUARD, said))


def title(house: House, member: Staff, opened: Opened, purpose: Purpose) -> str:
    customer = opened.facts.customer
    audience = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    return title_of(customer.name, customer.customer_id, audience)


def _purposes(house: House, member: Staff, opened: Opened) -> list[Purpose]:
    """For which purposes of the post anything may be shown."""
    rule = house.policy.rules.get(member.post) if member.post else None
    return [each for each in rule.purposes if revealable(house, member, opened, each)] if rule else []
