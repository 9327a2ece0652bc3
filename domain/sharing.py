"""What leaves through which surface, and the one redaction function all surfaces use (decision 11)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.amount import band, growth_word, in_wan, permille_text
from domain.ids import Fen
from domain.mask import mask_address, mask_id_number, mask_mobile, mask_name
from domain.scope import Relation


class Field(StrEnum):
    """The kinds of customer data a sentence can hold."""

    ADDRESS = "address"
    ADVICE = "advice"
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


NEVER_TO_WECOM = frozenset({Field.ADDRESS, Field.ID_NUMBER, Field.MOBILE, Field.NOTE})
"""Identifiers, full mobiles, addresses and stored notes: no policy can let them through (decision 11)."""


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
    """Where the words appear: in WeCom's chat, on our own signed-in page, there after a second verification, in a file
    that leaves the house, or in one for which others agreed to numbers in full.
    """

    WECOM = "wecom"
    PAGE = "page"
    REVEAL = "reveal"
    EXPORT = "export"
    EXPORT_PLAIN = "export_plain"


@dataclass(frozen=True, slots=True)
class Audience:
    """How plainly whoever looks may read each field, here and now: `forms` by how they stand to a customer, `relation`
    to the one that is shown (others are named beside it). What is not named is withheld. The policy makes it
    (`handlers.rights.audience`).
    """

    relation: Relation
    forms: Mapping[Relation, Mapping[Field, Form]]


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


def nothing(text: str, *fields: Field) -> Sentence:
    """Words for there being none tell as much as the data would: they are for whoever may read these fields."""
    return text, *(Datum(field, "") for field in fields)


def form_for(field: Field, audience: Audience, how: Relation | None = None) -> Form:
    """The form a field takes for this audience; `how` they stand to another customer than the one that is shown."""
    return audience.forms.get(how or audience.relation, {}).get(field, Form.WITHHELD)


def readable(field: Field, audience: Audience) -> bool:
    return form_for(field, audience) is not Form.WITHHELD


def _tail(number: str) -> str:
    """尾号 and at most the last four, never the whole of a short number."""
    return "尾号" + number[max(len(number) - 4, (len(number) + 1) // 2) :]


def former_title(number: str) -> str:
    """How a customer is called whose business with the bank has ended: nobody's reading, so no name."""
    return f"业务关系已结束的客户 · 客户号 {_tail(number)}"


_MASKS: Mapping[Field, Callable[[str], str]] = {
    Field.ADDRESS: mask_address,
    Field.CUSTOMER_NUMBER: _tail,
    Field.ID_NUMBER: mask_id_number,
    Field.MOBILE: mask_mobile,
    Field.NAME: mask_name,
}


MASKED = frozenset(_MASKS)
BANDED = frozenset({Field.AMOUNT, Field.CONTRIBUTION, Field.CREDIT, Field.FLOW, Field.GROWTH})
"""The fields that have a mask, and those whose figures can be told in bands."""


def _render(part: Datum, form: Form) -> str | None:
    """The datum in that form; None where its kind has no such form, for then nothing of it may be said."""
    if isinstance(part.value, int):
        return _figure(part, part.value, form)
    if form in (Form.PLAIN, Form.WAN) or (form is Form.BAND and part.field in BANDED):
        return part.value  # words beside a figure, such as how many
    return _MASKS[part.field](part.value) if form is Form.MASKED and part.field in _MASKS else None


def _figure(part: Datum, value: Fen, form: Form) -> str | None:
    growth = part.field is Field.GROWTH
    if form is Form.BAND:
        return growth_word(value) if growth else band(value)
    if form in (Form.PLAIN, Form.WAN):
        return permille_text(value) if growth else in_wan(value)
    return None


def redact(sentence: Sentence, audience: Audience) -> str | None:
    """The sentence as this audience may read it; None when it holds something that must not be said."""
    words = []
    for part in sentence:
        said = part if isinstance(part, str) else _render(part, form_for(part.field, audience, part.how))
        if said is None:
            return None
        words.append(said)
    return "".join(words)


def first_shown(sentences: Iterable[Sentence], audience: Audience) -> str:
    """The first sentence that may be said; empty when none may."""
    return next((text for sentence in sentences if (text := redact(sentence, audience)) is not None), "")


def disclosed(sentences: Iterable[Sentence], audience: Audience) -> tuple[str, ...]:
    """What the audience got to see, as `field:form`, for the audit record."""
    said = (sentence for sentence in sentences if redact(sentence, audience) is not None)
    parts = (part for sentence in said for part in sentence if isinstance(part, Datum))
    return tuple(sorted({f"{part.field}:{form_for(part.field, audience, part.how)}" for part in parts}))


def title_of(name: str, number: str, audience: Audience) -> str:
    """How a customer is called: 王秀兰 · 客户号 C001, or masked 王*兰 · 客户号 尾号0001, or the reference alone."""
    reference: Sentence = ("客户号 ", Datum(Field.CUSTOMER_NUMBER, number))
    return first_shown([(Datum(Field.NAME, name), " · ", *reference), reference], audience)
