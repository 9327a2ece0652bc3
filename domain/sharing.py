"""What leaves through which surface, and the one redaction function all surfaces use (decision 11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from domain.amount import band, growth_word, in_wan, permille_text
from domain.ids import Fen
from domain.mask import mask_address, mask_id_number, mask_mobile, mask_name
from domain.policy import Relation
from domain.staff import Post


class Field(StrEnum):
    """The kinds of customer data a sentence can hold."""

    ADDRESS = "address"
    AML = "aml"
    AMOUNT = "amount"
    COLLECTIONS = "collections"
    CONTRIBUTION = "contribution"
    CREDIT = "credit"
    CUSTOMER_NUMBER = "customer_number"
    FLOW = "flow"
    GROWTH = "growth"
    ID_NUMBER = "id_number"
    MOBILE = "mobile"
    NAME = "name"
    NOTE = "note"
    PERSONAL = "personal"
    PRODUCT = "product"
    PROFILE = "profile"
    RELATION = "relation"
    RISK = "risk"
    SHARE = "share"
    TIER = "tier"
    TRAIL = "trail"


class Form(StrEnum):
    """How plainly a field is shown."""

    PLAIN = "plain"
    WAN = "wan"
    BAND = "band"
    MASKED = "masked"
    WITHHELD = "withheld"


class Setting(StrEnum):
    """The channel setting: how much WeCom may carry at this bank."""

    FULL_NAME = "full_name"
    MASKED = "masked"
    REFERENCE = "reference"


class Surface(StrEnum):
    """Where the words appear: in WeCom's chat, or on our own signed-in page."""

    WECOM = "wecom"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who looks, where, under which channel setting. `also`: what their post sees that others do not."""

    relation: Relation
    setting: Setting = Setting.FULL_NAME
    surface: Surface = Surface.WECOM
    also: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Datum:
    """A piece of a sentence that is customer data. Amounts are in fen, growth is in thousandths. `how`: how the reader
    stands to the one it is about, where that is another customer.
    """

    field: Field
    value: str | Fen
    how: Relation | None = None


Sentence: TypeAlias = tuple[str | Datum, ...]
"""Literal words and customer data, in order; it becomes text only through `redact`."""

_NEVER = frozenset({Field.ADDRESS, Field.ID_NUMBER, Field.MOBILE, Field.NOTE})
_REFERENCE = frozenset({Field.CUSTOMER_NUMBER, Field.PROFILE})
_NARROWED = frozenset({Field.AMOUNT, Field.CONTRIBUTION, Field.CREDIT, Field.FLOW, Field.GROWTH, Field.NAME})
"""What the channel setting `masked` shows to everybody as it is shown to others."""
_BY_POST: Mapping[Field, frozenset[Post]] = {
    Field.AML: frozenset({Post("反洗钱岗")}),
    Field.CONTRIBUTION: frozenset({Post("风控专员")}),
}
"""What nobody sees by their relation to a customer, only by their post."""
_PLAIN_TO_ALL = (
    Field.COLLECTIONS, Field.PRODUCT, Field.PROFILE, Field.RELATION, Field.RISK, Field.SHARE, Field.TIER,
)  # fmt: skip
_EVERYONE = dict.fromkeys(_PLAIN_TO_ALL, Form.PLAIN)

_OWN: Mapping[Field, Form] = _EVERYONE | {
    Field.AML: Form.PLAIN,
    Field.AMOUNT: Form.WAN,
    Field.CONTRIBUTION: Form.WAN,
    Field.CREDIT: Form.WAN,
    Field.CUSTOMER_NUMBER: Form.PLAIN,
    Field.FLOW: Form.WAN,
    Field.GROWTH: Form.PLAIN,
    Field.NAME: Form.PLAIN,
    Field.PERSONAL: Form.PLAIN,
    Field.TRAIL: Form.PLAIN,
}
_OTHERS: Mapping[Field, Form] = _EVERYONE | {
    Field.AML: Form.PLAIN,
    Field.AMOUNT: Form.BAND,
    Field.CONTRIBUTION: Form.BAND,
    Field.CREDIT: Form.BAND,
    Field.CUSTOMER_NUMBER: Form.MASKED,
    Field.FLOW: Form.BAND,
    Field.GROWTH: Form.BAND,  # an exact share of an amount would narrow the bands beside it
    Field.NAME: Form.MASKED,
}
_PAGE_EXTRA: Mapping[Field, Form] = {
    Field.ADDRESS: Form.MASKED,
    Field.ID_NUMBER: Form.MASKED,
    Field.MOBILE: Form.MASKED,
}


def seen_by_post(post: Post | None) -> frozenset[Field]:
    """What somebody sees because of their post, whoever the customer is."""
    return frozenset(field for field, posts in _BY_POST.items() if post in posts)


def _by_relation(relation: Relation) -> Mapping[Field, Form]:
    return _OTHERS if relation is Relation.IN_SCOPE else _OWN


def share_to_wecom(field: Field, relation: Relation, setting: Setting) -> Form:
    """How a field may leave through WeCom; whatever no table names is withheld."""
    if field in _NEVER or (setting is Setting.REFERENCE and field not in _REFERENCE):
        return Form.WITHHELD
    if setting is Setting.MASKED and field in _NARROWED:
        return _OTHERS[field]
    return _by_relation(relation).get(field, Form.WITHHELD)


def show_on_page(field: Field, relation: Relation) -> Form:
    """How a field appears on our signed-in page: as in chat, and identifiers always masked."""
    return _PAGE_EXTRA.get(field) or _by_relation(relation).get(field, Form.WITHHELD)


def form_for(field: Field, audience: Audience) -> Form:
    """The form a field takes for this audience."""
    if field in _BY_POST and field not in audience.also:
        return Form.WITHHELD
    if audience.surface is Surface.PAGE:
        return show_on_page(field, audience.relation)
    return share_to_wecom(field, audience.relation, audience.setting)


def _tail(number: str) -> str:
    """尾号 and at most the last four, never the whole of a short number."""
    return "尾号" + number[max(len(number) - 4, (len(number) + 1) // 2) :]


_MASKS: Mapping[Field, Callable[[str], str]] = {
    Field.ADDRESS: mask_address,
    Field.CUSTOMER_NUMBER: _tail,
    Field.ID_NUMBER: mask_id_number,
    Field.MOBILE: mask_mobile,
    Field.NAME: mask_name,
}


def _form(part: Datum, audience: Audience) -> Form:
    return form_for(part.field, audience if part.how is None else replace(audience, relation=part.how))


def _render(part: Datum, form: Form) -> str:
    if isinstance(part.value, int) and part.field is Field.GROWTH:
        return growth_word(part.value) if form is Form.BAND else permille_text(part.value)
    if isinstance(part.value, int):
        return band(part.value) if form is Form.BAND else in_wan(part.value)
    return _MASKS[part.field](part.value) if form is Form.MASKED else part.value


def redact(sentence: Sentence, audience: Audience) -> str | None:
    """The sentence as this audience may read it; None when it holds something that must not be said."""
    words = []
    for part in sentence:
        if isinstance(part, str):
            words.append(part)
        elif (form := _form(part, audience)) is Form.WITHHELD:
            return None
        else:
            words.append(_render(part, form))
    return "".join(words)


def first_shown(sentences: Iterable[Sentence], audience: Audience) -> str:
    """The first sentence that may be said; empty when none may."""
    return next((text for sentence in sentences if (text := redact(sentence, audience)) is not None), "")


def disclosed(sentences: Iterable[Sentence], audience: Audience) -> tuple[str, ...]:
    """What the audience got to see, as `field:form`, for the audit record."""
    said = (sentence for sentence in sentences if redact(sentence, audience) is not None)
    parts = (part for sentence in said for part in sentence if isinstance(part, Datum))
    return tuple(sorted({f"{part.field}:{_form(part, audience)}" for part in parts}))


def title_of(name: str, number: str, audience: Audience) -> str:
    """How a customer is called: 王秀兰 · 客户号 C001, or masked 王*兰 · 客户号 尾号0001, or the reference alone."""
    reference: Sentence = ("客户号 ", Datum(Field.CUSTOMER_NUMBER, number))
    return first_shown([(Datum(Field.NAME, name), " · ", *reference), reference], audience)
