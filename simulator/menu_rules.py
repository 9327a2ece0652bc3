"""What menu/create accepts, as tables (wecom-protocol §7, developer page 90231)."""

from collections.abc import Mapping
from typing import Any

from simulator.checks import Fault, Rule, broken, filled, has_scheme, is_, length, misshapen, octets

CLICKS = (
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"
)  # fmt: skip
TYPES = (*CLICKS, "view", "view_miniprogram")
ENTRY = {"type": str, "name": str, "key": str, "url": str, "pagepath": str, "appid": str}
SHAPE: dict[str, Any] = {"button": [{**ENTRY, "sub_button": [{**ENTRY, "sub_button": list}]}]}


def _leaf(entry: Mapping[str, Any]) -> bool:
    return not entry.get("sub_button")


def _leaf_of(*types: str) -> Any:
    return lambda entry: _leaf(entry) and entry.get("type") in types


def _of_type(value: Any, entry: Mapping[str, Any]) -> bool:
    return entry.get("type") in TYPES


RULES: tuple[Rule, ...] = (
    Rule("m", "button", length(1, 3), 40016, True, "一级菜单须有 1–3 个"),
    Rule("m", "button[].name", filled, 41102, True, "缺少菜单名"),
    Rule("m", "button[].name", octets(16), 40018, True, "一级菜单名最长 16 字节"),
    Rule("m", "button[].type", _of_type, 40017, True, "菜单类型不合法", _leaf),
    Rule("m", "button[].key", octets(128), 40019, True, "key 必填，最长 128 字节", _leaf_of(*CLICKS)),
    Rule("m", "button[].url", octets(1024), 40020, True, "url 必填，最长 1024 字节", _leaf_of("view")),
    Rule("m", "button[].url", has_scheme, 40055, True, "url 缺少 http(s)://", _leaf_of("view")),
    Rule("m", "button[].appid", filled, 40017, True, "缺少 appid", _leaf_of("view_miniprogram")),
    Rule("m", "button[].sub_button", length(0, 5), 40023, True, "二级菜单最多 5 个"),
    Rule("m", "button[].sub_button[].sub_button", length(0, 0), 40022, True, "菜单只能有两级"),
    Rule("m", "button[].sub_button[].name", filled, 41102, True, "缺少菜单名"),
    Rule("m", "button[].sub_button[].name", octets(40), 40025, True, "二级菜单名最长 40 字节"),
    Rule("m", "button[].sub_button[].type", _of_type, 40024, True, "菜单类型不合法"),
    Rule("m", "button[].sub_button[].key", octets(128), 40026, True, "key 必填，最长 128 字节", is_("type", *CLICKS)),
    Rule("m", "button[].sub_button[].url", octets(1024), 40027, True, "url 必填，最长 1024 字节", is_("type", "view")),
    Rule("m", "button[].sub_button[].url", has_scheme, 40054, True, "url 缺少 http(s)://", is_("type", "view")),
    Rule("m", "button[].sub_button[].appid", filled, 40024, True, "缺少 appid", is_("type", "view_miniprogram")),
)


def menu_fault(body: Any) -> Fault | None:
    """The first thing wrong with a menu."""
    return misshapen(SHAPE, body) or broken(RULES, "m", body)
