"""The plaintext XML of everything a member can do on the phone (wecom-protocol §2)."""

import itertools
import secrets
from collections.abc import Mapping
from typing import Any

from simulator.settings import AppConfig

_message_ids = itertools.count(7_400_000_000_000_000_000 + secrets.randbelow(10**15))


def cdata(text: str) -> str:
    """A CDATA section; the one sequence it cannot hold is split over two."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def element(name: str, value: Any) -> str:
    """One element: numbers bare, text in CDATA, mappings and lists nested."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(element(k, v) for k, v in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(element(name, item) for item in value)
    return f"<{name}>{value if isinstance(value, int | float) else cdata(value)}</{name}>"


def _document(app: AppConfig, userid: str, epoch: int, kind: str, fields: Mapping[str, Any]) -> str:
    head = {"ToUserName": app.corp_id, "FromUserName": userid, "CreateTime": epoch, "MsgType": kind}
    return element("xml", {**head, **fields, "AgentID": app.agent_id})


def message(app: AppConfig, userid: str, epoch: int, kind: str, fields: Mapping[str, Any]) -> str:
    """A message a member wrote; it has a MsgId."""
    return _document(app, userid, epoch, kind, {**fields, "MsgId": next(_message_ids)})


def event(app: AppConfig, userid: str, epoch: int, name: str, fields: Mapping[str, Any]) -> str:
    """Something a member did; it has no MsgId."""
    return _document(app, userid, epoch, "event", {"Event": name, **fields})


def selected_items(selected: Mapping[str, list[str]]) -> dict[str, Any]:
    items = [{"QuestionKey": key, "OptionIds": {"OptionId": list(ids)}} for key, ids in selected.items()]
    return {"SelectedItems": {"SelectedItem": items}} if items else {}
