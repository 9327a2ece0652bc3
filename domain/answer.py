"""Reading an answer: what a person typed, chose or sent, checked against the field it is meant for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from pydantic import JsonValue

from domain.amount import parse_amount, yuan
from domain.choice import choose, choose_many
from domain.form import PICKED, SKIP_KEY, YES, Answer, Direction, Field, Kind, Option
from domain.given import SKIPPING, Chosen, Given, Picked, Picture, Place, Skip, Text, plain
from domain.moment import parse_moment
from domain.moment_value import due_at, moment_value, starts_at
from domain.normalise import normalise, normalise_note
from domain.unreadable import Unreadable

LEFT_OUT = Answer(value=None, shown="未填")


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why an answer was not taken, and what would be; `field` is empty when no field is meant."""

    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A customer was named; only a search can tell who it is."""

    text: str


Reading = Answer | Rejected | Unresolved


def read_answer(field: Field, given: Given, now: datetime) -> Reading:
    """What `given` means for the field. Nothing is guessed: what is not understood is rejected with what is
    accepted.
    """
    if _skips(field, given):
        return Rejected("这一项必须填。" + accepts(field), field.key) if field.required else LEFT_OUT
    match given:
        case Text(text):
            return _read_text(field, text, now)
        case Chosen(keys):
            return _read_chosen(field, keys, now)
        case Picture(media_id) if field.type is Kind.PHOTO:
            return Answer(value=[media_id], shown="照片 1 张")
        case Place() if field.type is Kind.LOCATION:
            return _read_place(given)
        case Picked(customer, shown) if field.type is Kind.CUSTOMER:
            return Answer(value=customer, shown=shown)
        case _:
            return Rejected(accepts(field), field.key)


def accepts(field: Field) -> str:
    """One Chinese sentence saying what the field takes."""
    return _wanted(field) + ("" if field.required else "不填请回“跳过”。")


def _skips(field: Field, given: Given) -> bool:
    match given:
        case Skip():
            return True
        case Text(text):
            return plain(text) in SKIPPING
        case Chosen(keys):
            return SKIP_KEY in keys or (not keys and not field.required)
        case _:
            return False


def _wanted(field: Field) -> str:
    match field.type:
        case Kind.CHOICE | Kind.FLAG:
            return f"请选一项：{_listing(field.choices)}（点选，或回文字、序号）。"
        case Kind.MULTI_CHOICE:
            return f"可选：{_listing(field.choices)}（多项用顿号隔开）{_many(field)}。"
        case Kind.TEXT:
            return f"请发文字{_length(field)}。"
        case Kind.AMOUNT:
            return f"请写金额{_range(field)}，例如 50万、五十万、1,200.50元。"
        case Kind.MOMENT:
            return f"请写{_SIDE[field.direction]}，例如 {_EXAMPLES[field.direction]}。"
        case Kind.CUSTOMER:
            return "请写客户的姓名、拼音、首字母、手机后四位或客户号。"
        case Kind.PHOTO:
            return f"请发照片，最多 {field.photos} 张。"
        case Kind.LOCATION:
            return "请点输入框旁的“+”，选“位置”发送。"
    assert_never(field.type)


_SIDE = {Direction.PAST: "过去的时间", Direction.FUTURE: "将来的时间", Direction.ANY: "时间"}
_EXAMPLES = {
    Direction.PAST: "昨天下午三点、上周五",
    Direction.FUTURE: "明早九点、下周三、月底前",
    Direction.ANY: "昨天下午三点、明早九点",
}


def _listing(options: Sequence[Option]) -> str:
    texts = "、".join(option.text for option in options[:10])
    return texts + ("……" if len(options) > 10 else "")


def _many(field: Field) -> str:
    return f"，最多 {field.max} 项" if field.max else ""


def _length(field: Field) -> str:
    least = f"，至少 {field.min} 个字" if field.min and field.min > 1 else ""
    return least + (f"，最多 {field.max} 个字" if field.max else "")


def _range(field: Field) -> str:
    low = f"不少于 {field.min} 元" if field.min else ""
    high = f"不超过 {field.max} 元" if field.max else ""
    return f"（{'、'.join(part for part in (low, high) if part)}）" if low or high else ""


def _read_text(field: Field, text: str, now: datetime) -> Reading:
    match field.type:
        case Kind.CHOICE | Kind.FLAG:
            option = choose(text, field.choices)
            return _chosen(field, (option,)) if option else _unclear(field, text)
        case Kind.MULTI_CHOICE:
            options = choose_many(text, field.choices)
            return _chosen(field, options) if options else _unclear(field, text)
        case Kind.TEXT:
            return _read_words(field, text)
        case Kind.AMOUNT:
            return _read_amount(field, text)
        case Kind.MOMENT:
            return _read_moment(field, text, now)
        case Kind.CUSTOMER:
            return Unresolved(normalise(text)) if normalise(text) else Rejected(accepts(field), field.key)
        case Kind.PHOTO | Kind.LOCATION:
            return Rejected(accepts(field), field.key)
    assert_never(field.type)


def _read_chosen(field: Field, keys: tuple[str, ...], now: datetime) -> Reading:
    if field.type not in PICKED:
        return _read_text(field, keys[0], now) if keys else Rejected(accepts(field), field.key)
    options = tuple(option for option in field.choices if option.key in keys)
    if not options or len(options) != len(set(keys)):
        return Rejected("这一项没有选上。" + accepts(field), field.key)
    return _chosen(field, options)


def _chosen(field: Field, options: tuple[Option, ...]) -> Answer | Rejected:
    shown = "、".join(option.text for option in options)
    if field.type is Kind.MULTI_CHOICE:
        if not (field.min or 1) <= len(options) <= (field.max or len(options)):
            return Rejected(f"选了 {len(options)} 项。{accepts(field)}", field.key)
        return Answer(value=[option.key for option in options], shown=shown)
    if len(options) > 1:
        return Rejected("只能选一项。" + accepts(field), field.key)
    key = options[0].key
    return Answer(value=key == YES if field.type is Kind.FLAG else key, shown=shown)


def _unclear(field: Field, text: str) -> Rejected:
    words = normalise(text)
    said = f"没看懂“{words[:20]}{'…' if len(words) > 20 else ''}”。" if words else ""
    return Rejected(said + accepts(field), field.key)


def _read_words(field: Field, text: str) -> Answer | Rejected:
    text = normalise_note(text)
    if len(text) < (field.min or 1):
        return Rejected(f"太短了。{accepts(field)}", field.key)
    if field.max and len(text) > field.max:
        return Rejected(f"写了 {len(text)} 个字，超过了 {field.max} 个字，请缩短后再发。", field.key)
    if field.max_bytes and len(text.encode()) > field.max_bytes:
        return Rejected(
            f"内容太长（{len(text.encode())} 字节，最多 {field.max_bytes} 字节），请缩短后再发。", field.key
        )
    return Answer(value=text, shown=text)


def _read_amount(field: Field, text: str) -> Answer | Rejected:
    fen = parse_amount(text)
    if isinstance(fen, Unreadable):
        return Rejected(f"{fen.reason}。", field.key)
    if field.min is not None and fen < field.min * 100:
        return Rejected(f"金额太小。{accepts(field)}", field.key)
    if field.max is not None and fen > field.max * 100:
        return Rejected(f"金额太大。{accepts(field)}", field.key)
    return Answer(value=fen, shown=yuan(fen))


def _read_moment(field: Field, text: str, now: datetime) -> Answer | Rejected:
    moment = parse_moment(text, now, "past" if field.direction is Direction.PAST else "future")
    if isinstance(moment, Unreadable):
        return Rejected(f"{moment.reason}。", field.key)
    value = moment_value(moment)
    if field.direction is Direction.FUTURE and due_at(value) <= now:
        return Rejected(f"{moment.shown}已经过去了。{accepts(field)}", field.key)
    if field.direction is Direction.PAST and starts_at(value) > now:
        return Rejected(f"{moment.shown}还没有到。{accepts(field)}", field.key)
    return Answer(value=value, shown=moment.shown)


def _read_place(place: Place) -> Answer:
    where: dict[str, JsonValue] = {"lat": place.lat, "lng": place.lng, "label": place.label}
    return Answer(value=where, shown=place.label or f"{place.lat:.5f}, {place.lng:.5f}")
