"""What a request says beside its body: who asks, in which manner, as of which day, under which name."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256

from aiohttp import web

from bot.api.problem import Problem
from bot.packs import shipped_policy
from storage.api_answers import Asked
from storage.api_keys import Caller
from storage.imports.delivery import Delivery
from storage.imports.format import FileSpec, Kind
from storage.imports.rejection import NONE_BAD, parse_max_bad

MODES = tuple(kind.value for kind in Kind)
_NAME = re.compile(r"[\x21-\x7e]{1,128}")
_BEARER = re.compile(r"Bearer ([\x21-\x7e]{1,200})", re.IGNORECASE)
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def token_of(request: web.Request) -> str:
    """The key that the request shows; empty where it shows none."""
    shown = request.headers.getall("Authorization", [])
    found = _BEARER.fullmatch(shown[0]) if len(shown) == 1 else None
    return found[1] if found else ""


def delivery_of(request: web.Request, spec: FileSpec, caller: Caller, now: datetime) -> Delivery:
    """What an import is to do. Raises Problem."""
    query = _query(request, {"mode", "as_of", "dry_run", "max_bad"})
    whole = caller.grant.whole(spec.name)
    mode = query.get("mode", spec.kind.value if whole else Kind.APPEND.value)
    if mode not in MODES:
        raise Problem("malformed", f"mode 应为 {' 或 '.join(MODES)}")
    if mode == Kind.SNAPSHOT and spec.kind is Kind.APPEND:
        raise Problem("malformed", f"{spec.name} 只有追加（append）：它的数据从不关闭")
    if not caller.grant.some(spec.name) or (mode == Kind.SNAPSHOT and not whole):
        raise Problem("forbidden", f"这个密钥只管 {spec.name} 的几列：不能发全量，也不能新建或关闭")
    try:
        max_bad = parse_max_bad(query["max_bad"]) if "max_bad" in query else NONE_BAD
    except ValueError as error:
        raise Problem("malformed", "max_bad 写成整数（如 5）或百分比（如 0.5%）") from error
    as_of, dry_run = _as_of(query, now), _flag(query, "dry_run")
    return Delivery(spec, caller.grant, as_of, now, caller.system, mode == Kind.SNAPSHOT, max_bad, dry_run,
                    shipped_policy().post_rules)  # fmt: skip


def row_delivery_of(request: web.Request, spec: FileSpec, caller: Caller, now: datetime) -> Delivery:
    """What is to be done with one row. Raises Problem."""
    return Delivery(spec, caller.grant, _as_of(_query(request, {"as_of"}), now), now, caller.system,
                    post_rules=shipped_policy().post_rules)  # fmt: skip


def asked_of(request: web.Request, caller: Caller, digest: str, holder: str) -> Asked | None:
    """The request under the name that its system gave it. Raises Problem."""
    given = request.headers.getall("Idempotency-Key", [])
    if not given:
        return None
    if len(given) > 1 or not _NAME.fullmatch(given[0]):
        raise Problem("malformed", "Idempotency-Key 写一个，1 到 128 个可见的英文字符")
    query = "&".join(sorted(f"{name}={value}" for name, value in request.query.items()))
    said = "\n".join((request.method, request.path, query, request.content_type, digest))
    return Asked.of(caller.key_id, given[0], sha256(said.encode()).hexdigest(), holder)


def _query(request: web.Request, names: set[str]) -> Mapping[str, str]:
    query = request.query
    if len(query) != len(set(query)) or set(query) - names:
        raise Problem("malformed", f"参数只有 {'、'.join(sorted(names))}，各写一次")
    return query


def _as_of(query: Mapping[str, str], now: datetime) -> date:
    try:
        as_of = date.fromisoformat(query.get("as_of", now.date().isoformat()))
    except ValueError as error:
        raise Problem("malformed", "as_of 应写成 2026-11-23 这样的日期") from error
    if as_of > now.date():
        raise Problem("rejected", f"as_of 在今天（{now.date()}）之后：请核对；未作改动")
    return as_of


def _flag(query: Mapping[str, str], name: str) -> bool:
    written = query.get(name, "0")
    if written not in _FLAGS:
        raise Problem("malformed", f"{name} 写 1 或 0")
    return _FLAGS[written]
