"""What WeCom's decrypted message says, as the content of an inbox row; wechatpy parses, what it takes on trust is
checked here (docs/decisions/wechatpy.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from xml.parsers import expat

import orjson
from wechatpy.work.events import BaseEvent
from wechatpy.work.parser import parse_message

NO_REVISION = "-1"  # a key that none of our cards ever had
_REVISION_DIGITS = 9
CONTACTS = "change_contact"


class BadEnvelope(Exception):
    """Not something WeCom sends: answered 400 with a constant text."""


class CardEvent(BaseEvent):  # type: ignore[misc]
    """A button or a submit of a template card; wechatpy knows no card events."""

    event = "template_card_event"


class CardMenuEvent(BaseEvent):  # type: ignore[misc]
    """An entry of a card's menu."""

    event = "template_card_menu_event"


@dataclass(frozen=True)
class Opened:
    """A verified callback. `key` is its business identity, `content` what an Update is made of, `agent_id` the
    application it is for: empty on a change of the directory or of a customer contact (page 90238).
    """

    key: str
    cipher_key: str
    person: str
    content: Mapping[str, Any]
    agent_id: str


def read_message(plain: bytes, encrypt: str) -> Opened:
    """What a decrypted message means for us; raises BadEnvelope for anything that is no message."""
    try:
        message = parse_message(plain.decode())
        fields = message._data  # wechatpy keeps what it does not know only here
        person = _person(fields).lower()
        content, agent_id = _content(message.type, fields), _text(fields, "AgentID")
    except (expat.ExpatError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadEnvelope("message") from error
    if not person:
        raise BadEnvelope("sender")
    return Opened(_identity(fields), sha256(encrypt.encode()).hexdigest(), person, content, agent_id)


def _identity(fields: Mapping[str, Any]) -> str:
    """MsgId, or for events a digest of every business field: two clicks in one second are two (page 90238 is too
    coarse).
    """
    if message_id := _text(fields, "MsgId"):
        return f"msg:{message_id}"
    return "event:" + sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _content(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "text":
        return {"kind": "said", "text": _text(fields, "Content")}
    if kind == "image":
        return {"kind": "picture", "media_id": _text(fields, "MediaId")}
    if kind == "location" and "MsgId" in fields:
        return {"kind": "place", "place": _place(fields)}
    if _text(fields, "MsgType") == "event":
        return _event(_text(fields, "Event").lower(), fields)
    return {"kind": "unreadable", "text": _text(fields, "MsgType")}


def _event(event: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    if event in ("template_card_event", "template_card_menu_event"):
        return _click(fields)
    if event == "click":
        return {"kind": "menu", "verb": _text(fields, "EventKey")}
    if event == "enter_agent":
        return {"kind": "entered"}
    if event == "subscribe":
        return {"kind": "joined"}
    if event == "unsubscribe":
        return {"kind": "left"}
    if event == CONTACTS and _is_gone(fields):
        return {"kind": "left"}
    return {"kind": "ignored", "text": event}


def _person(fields: Mapping[str, Any]) -> str:
    """Who it is about: a change in the contacts comes from `sys` and names the member (page 90970)."""
    named = _text(fields, "UserID") if _text(fields, "Event").lower() == CONTACTS else ""
    return named or _text(fields, "FromUserName")


def _is_gone(fields: Mapping[str, Any]) -> bool:
    """Deleted, disabled (2) or left (5), and no move under another name."""
    change = _text(fields, "ChangeType")
    return change == "delete_user" or (change == "update_user" and _text(fields, "Status") in ("2", "5"))


def _click(fields: Mapping[str, Any]) -> dict[str, Any]:
    verb, _, revision = _text(fields, "EventKey").rpartition(".")
    if not (revision.isascii() and revision.isdecimal()) or len(revision) > _REVISION_DIGITS:
        verb, revision = _text(fields, "EventKey"), NO_REVISION
    return {
        "kind": "clicked",
        "verb": verb,
        "revision": int(revision),
        "task_id": _text(fields, "TaskId"),
        "response_code": _text(fields, "ResponseCode"),
        "answers": _answers(fields.get("SelectedItems")),
    }


def _answers(selected: Any) -> dict[str, list[str]]:
    """Question key → option ids; xmltodict gives one element as itself and several as a list."""
    answers = {}
    for item in _several((selected or {}).get("SelectedItem")):
        options = _several((item.get("OptionIds") or {}).get("OptionId"))
        if not all(isinstance(option, str) for option in options):
            raise BadEnvelope("OptionId")
        answers[_text(item, "QuestionKey")] = options
    return answers


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _place(fields: Mapping[str, Any]) -> dict[str, Any]:
    latitude, longitude = float(_text(fields, "Location_X")), float(_text(fields, "Location_Y"))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadEnvelope("location")
    return {"lat": latitude, "lng": longitude, "label": str(fields.get("Label") or "")}


def _text(fields: Mapping[str, Any], name: str) -> str:
    """A field that must be one plain text; a doubled or nested one is refused."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadEnvelope(name)
    return value or ""
