"""The interface in OpenAPI 3.1, made from the table of its operations and the tables of the import format."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.api import problem
from bot.api.operations import CLOSE, FEEDS, IMPORT, OPERATIONS, PUT, Operation
from bot.api.schemas import TEXT, Schema, row_schema
from bot.api.telling import COUNTS
from storage.imports.column import Type
from storage.imports.format import FileSpec, Kind

_DAY: Schema = {"type": "string", "format": "date"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_REJECTION: Schema = {
    "type": "object",
    "required": ["line", "field", "reason"],
    "properties": {"line": _COUNT, "field": TEXT, "reason": TEXT},
    "additionalProperties": False,
}
_REJECTIONS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/rejection"}, "maxItems": 100}
_IMPORTED = {
    "kind": TEXT,
    "mode": {"enum": [kind.value for kind in Kind]},
    "as_of": _DAY,
    "dry_run": {"type": "boolean"},
    **dict.fromkeys(COUNTS, _COUNT),
    "rejections": _REJECTIONS,
}
_ROW_RESULT = {"kind": TEXT, "as_of": _DAY, "result": {"enum": ["inserted", "updated", "closed", "unchanged"]}}
_FEED = {
    "kind": TEXT,
    "as_of": _DAY,
    "arrived_at": {"type": "string", "format": "date-time"},
    "source": TEXT,
    "version": _COUNT,
    "rows": _COUNT,
    "late": {"type": "boolean"},
}
_PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"enum": [problem.TYPE + kind for kind in problem.KINDS]},
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": TEXT,
    },
}


def _closed(properties: Mapping[str, Any], sometimes: Mapping[str, Any] | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, **(sometimes or {})},
        "additionalProperties": False,
    }


SHAPES: Mapping[str, Schema] = {
    "problem": _PROBLEM,
    "rejection": _REJECTION,
    "imported": _closed(_IMPORTED, {"warnings": _REJECTIONS}),
    "result": _closed(_ROW_RESULT, {"warnings": _REJECTIONS}),
    "feeds": _closed({"feeds": {"type": "array", "items": _closed(_FEED)}}),
}
_ANSWERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    IMPORT: ("imported", ("200",)),
    PUT: ("result", ("200", "201")),
    CLOSE: ("result", ("200",)),
    FEEDS: ("feeds", ("200",)),
}
_SAYS = {
    IMPORT: "整批导入{title}",
    PUT: "写一行{title}：本系统的列整个换成所给的，没给的可缺列算作未知，别的系统的列不动",
    CLOSE: "按业务日关闭一行{title}；不删除，以后再来就恢复",
    FEEDS: "数据到位情况：每种数据的业务日、到达时间、来源、版本、是否迟到",
}
_QUERY: Mapping[str, tuple[str, Schema]] = {
    "as_of": ("业务日，缺省为今天；不能在今天之后", _DAY),
    "mode": ("snapshot 为全量（没有的行关闭），append 只增改；缺省随数据种类", {"enum": [kind.value for kind in Kind]}),
    "dry_run": ("1 为只检查，不改数据库", {"enum": ["0", "1", "true", "false"]}),
    "max_bad": ("允许跳过的坏行：整数或百分比，如 5、0.5%；缺省 0", {"type": "string", "pattern": r"^\d+(\.\d+)?%?$"}),
}
_USED = {IMPORT: ("as_of", "mode", "dry_run", "max_bad"), PUT: ("as_of",), CLOSE: ("as_of",), FEEDS: ()}
_ALWAYS = ("malformed", "unauthorized", "too_many", "failed", "unavailable")
_PROBLEMS = {
    IMPORT: ("forbidden", "too_slow", "conflict", "too_large", "unsupported", "rejected"),
    PUT: ("forbidden", "too_slow", "conflict", "too_large", "unsupported", "rejected"),
    CLOSE: ("forbidden", "not_found", "conflict", "rejected"),
    FEEDS: (),
}


def paths() -> dict[str, dict[str, Any]]:
    """Every path of the interface with its methods."""
    found: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        found.setdefault(operation.path, {})[operation.method.lower()] = described(operation)
    return found


def components() -> dict[str, Any]:
    specs = {operation.spec.name: operation.spec for operation in OPERATIONS if operation.spec}
    rows = {f"{name}.row": row_schema(spec, _required(spec)) for name, spec in specs.items()}
    parts = {f"{name}.columns": row_schema(spec, ()) for name, spec in specs.items() if len(spec.key) == 1}
    key = {"type": "http", "scheme": "bearer", "description": "来源系统的密钥，由 rmbot api keys add 发放"}
    return {"schemas": {**SHAPES, **rows, **parts}, "securitySchemes": {"key": key}}


def described(operation: Operation) -> dict[str, Any]:
    title = operation.spec.title if operation.spec else ""
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": _SAYS[operation.act].format(title=title),
        "security": [{"key": []}],
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation.act),
    }
    return told | ({"requestBody": _body(operation)} if operation.act in (IMPORT, PUT) else {})


def _required(spec: FileSpec) -> list[str]:
    return [column.name for column in spec.columns if not column.optional]


def _parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.act in (PUT, CLOSE):
        yield {"name": operation.key, "in": "path", "required": True, "schema": _key_schema(operation)}
    for name in _USED[operation.act]:
        about, schema = _QUERY[name]
        yield {"name": name, "in": "query", "description": about, "schema": schema}
    if operation.act != FEEDS:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "同一个键、同样的内容再发，得到同一个答复，不会做第二次；保留 24 小时",
            "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
        }


def _key_schema(operation: Operation) -> Schema:
    assert operation.spec is not None
    column = operation.spec.column(operation.key)
    long = {"maxLength": column.limit} if column.type is Type.TEXT else {}
    return {**TEXT, **long, "description": column.about}


def _body(operation: Operation) -> dict[str, Any]:
    assert operation.spec is not None
    name = operation.spec.name
    if operation.act == PUT:
        schema = {"$ref": f"#/components/schemas/{name}.columns"}
        return {"required": True, "content": {"application/json": {"schema": schema}}}
    lines = f"每行一个 JSON 对象，字段与第一行相同，可缺的列可以不写，见 {name}.row"
    named = f"第一行为列名：{'、'.join(column.name for column in operation.spec.columns)}"
    row = {"$ref": f"#/components/schemas/{name}.row"}
    text = {"schema": {**TEXT, "description": lines}, "x-line-schema": row}
    content = {"application/x-ndjson": text, "text/csv": {"schema": {**TEXT, "description": named}}}
    return {"required": True, "content": content}


def _responses(act: str) -> dict[str, Any]:
    shape, statuses = _ANSWERS[act]
    good = {"schema": {"$ref": f"#/components/schemas/{shape}"}}
    answers = {status: {"description": "做完了", "content": {"application/json": good}} for status in statuses}
    bad = {"schema": {"$ref": "#/components/schemas/problem"}}
    titles: dict[str, list[str]] = {}
    for kind in (*_ALWAYS, *_PROBLEMS[act], *(("in_hand", "mismatch") if act != FEEDS else ())):
        titles.setdefault(str(problem.KINDS[kind].status), []).append(problem.KINDS[kind].title)
    refusals = {
        status: {"description": "；".join(said), "content": {problem.CONTENT_TYPE: bad}}
        for status, said in sorted(titles.items())
    }
    return answers | refusals
