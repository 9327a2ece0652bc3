"""The interface of the admin port in OpenAPI 3.1: what is listed here is what is served."""

from collections.abc import Mapping
from typing import Any

from bot import __version__
from bot.api import description

ADMIN: Mapping[str, str] = {
    "/livez": "livez",
    "/readyz": "readyz",
    "/metrics": "metrics",
    "/api/v1/openapi.json": "openapi",
}
"""Path → name of the operation."""

_SAYS: Mapping[str, Mapping[str, str]] = {
    "livez": {"summary": "进程是否还在", "200": "在"},
    "readyz": {"summary": "现在能否接收回调", "200": "可以", "503": "还不能，或数据库提交不了"},
    "metrics": {"summary": "运行指标（Prometheus 文本格式）", "200": "指标"},
    "openapi": {"summary": "本文件", "200": "接口说明（OpenAPI 3.1）"},
}
_KINDS = {"openapi": "application/json"}


def document() -> dict[str, Any]:
    here = {path: {"get": _operation(name)} for path, name in ADMIN.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "RM 管家 管理接口", "version": __version__},
        "paths": here | description.paths(),
        "components": description.components(),
    }


def _operation(name: str) -> dict[str, Any]:
    kind = _KINDS.get(name, "text/plain")
    kept = {"schema": {"type": "object" if kind == "application/json" else "string"}}
    answers = {
        status: {"description": text, "content": {kind: kept}}
        for status, text in _SAYS[name].items()
        if status.isdecimal()
    }
    return {"operationId": name, "summary": _SAYS[name]["summary"], "responses": answers}
