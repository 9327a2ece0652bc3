"""Answers of a form as the engine keeps them: plain values, moments as ISO text, photos by reference."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from domain.form import Answer, Direction, Field, Form, Kind, visible
from domain.language.fields import Value
from domain.moment_value import due_at, starts_at


def engine_values(form: Form, answers: Mapping[str, Answer]) -> dict[str, Value]:
    """What was answered, without what was left out."""
    given = ((field, answers[field.key].value) for field in visible(form, answers) if field.key in answers)
    return {field.key: _value(field, value) for field, value in given if value is not None}


def _value(field: Field, value: JsonValue) -> Value:
    if field.type is Kind.MOMENT:
        return (starts_at(value) if field.direction is Direction.PAST else due_at(value)).isoformat()
    if field.type is Kind.LOCATION and isinstance(value, dict):
        return str(value.get("label") or f"{value.get('lat')}, {value.get('lng')}")
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return value if isinstance(value, bool | int) else str(value)


def words(form: Form, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Label and words of each answer, in the form's order, as people read them; photos are only counted, and who the
    customer is stands elsewhere, as each reader may know it.
    """
    known = (field for field in form.fields if field.key in values and field.type is not Kind.CUSTOMER)
    return tuple((field.label, _shown(field, values[field.key])) for field in known)


def _shown(field: Field, value: Value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.type is Kind.PHOTO and isinstance(value, tuple):
        return f"{len(value)} 张"
    if field.type is Kind.AMOUNT and isinstance(value, int):
        return f"{value // 100:,}.{value % 100:02d} 元".replace(".00 元", " 元")
    if field.type is Kind.MOMENT:
        return str(value)[:16].replace("T", " ")
    texts = {option.key: option.text for option in field.choices}
    return "、".join(texts.get(key, key) for key in _keys(value))


def _keys(value: Value) -> Iterable[str]:
    return value if isinstance(value, tuple) else (str(value),)
