"""JSON schemas (2020-12) of rows, made from the tables of the import format, so that they cannot say anything else."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.packs import shipped_policy
from storage.imports.column import Column, Type
from storage.imports.format import FileSpec

Schema = dict[str, Any]
_DAY, _AMOUNT = r"^\d{4}-\d{2}-\d{2}$", r"^[+-]?\d{1,15}(\.\d{1,2})?$"
_DIGITS = 10**15  # what JSON's numbers carry exactly
TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number", "exclusiveMinimum": -_DIGITS, "exclusiveMaximum": _DIGITS}
_TYPES: Mapping[Type, Schema] = {
    Type.TEXT: TEXT,
    Type.DAY: {"type": "string", "format": "date", "pattern": _DAY},
    Type.TIME: {"type": "string", "format": "date-time"},
    Type.AMOUNT: {"anyOf": [{"type": "string", "pattern": _AMOUNT}, _NUMBER]},
    Type.NATURAL: {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{1,9}$"}]},
    Type.DECIMAL: {"anyOf": [_NUMBER, {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,12})?$"}]},
    Type.FLAG: {"anyOf": [{"type": "boolean"}, {"enum": ["0", "1", 0, 1]}]},
    Type.LUNAR: {"type": "string", "pattern": r"^L?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)$"},
    Type.MOBILE: {"type": "string", "pattern": r"^\+?[\d -]{5,24}$"},
    Type.NUMBER: {"type": "string", "pattern": r"^[!-~]{1,64}$"},
    Type.USERID: {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$"},
    Type.QUALIFICATIONS: {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
    Type.HOURS: TEXT,
}


def row_schema(spec: FileSpec, required: Iterable[str]) -> Schema:
    """One row: the columns of the format, no other, of which `required` may not be left out."""
    return {
        "type": "object",
        "title": spec.title,
        "additionalProperties": False,
        "required": list(required),
        "properties": {column.name: cell_schema(column) for column in spec.columns},
    }


def cell_schema(column: Column) -> Schema:
    about = column.about + (f"；须存在于 {column.refers}" if column.refers else "")
    schema = _filled(column)
    return {"description": about, **(_or_nothing(schema) if column.empty else schema)}


def _filled(column: Column) -> Schema:
    match column.type:
        case Type.WORD:
            return {"type": "string", "enum": list(column.words)}
        case Type.LIST:
            posts = {"type": "string", "enum": list(shipped_policy().post_rules.posts)}  # the only lists there are
            return {"anyOf": [{"type": "array", "items": posts}, {**TEXT, "description": "以 | 分隔"}]}
        case Type.TEXT | Type.MOBILE:
            return {**_TYPES[column.type], "maxLength": column.limit}
    return dict(_TYPES[column.type])


def _or_nothing(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}, {"const": ""}]}
