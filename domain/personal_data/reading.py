"""The same file as a page that a person can read and print: one self-contained HTML text, nothing in it that runs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.6 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}table{border-collapse:collapse;"
    "width:100%;font-size:14px}th,td{border:1px solid #bbb;padding:4px 8px;text-align:left;vertical-align:top}"
    "th{white-space:nowrap;background:#f3f3f3}"
    "h2{margin-top:2em}p.fed{color:#555;font-size:14px}div{overflow-x:auto}"
)
_REQUEST: Final = {
    "number": "编号", "asker": "谁要求", "channel": "渠道", "identity": "身份核验", "reference": "来函编号",
    "received_at": "收到时间", "due_on": "答复期限",
}  # fmt: skip
_CASES: Final = {"number": "编号", "kind": "种类", "opened_at": "登记时间", "state": "状态", "story": "内容"}
_RELATIONS: Final = {"kind": "关系", "persons": "人数"}
_LABELS: Final = {"about": "标签", "value": "结果", "since": "自", "why": "理由"}
_DECIDED: Final = {
    "number": "编号", "product": "产品", "amount": "金额（元）", "day": "日期", "verdict": "结果", "reasons": "理由",
    "steps": "要办的步骤", "rule_version": "规则版本",
}  # fmt: skip
_REMINDERS: Final = {"about": "事由", "data_day": "数据业务日", "why": "理由"}
_PURPOSES: Final = {"purpose": "目的", "reads": "次数", "first": "最早", "last": "最近"}
_RECIPIENTS: Final = {"who": "谁", "role": "角色", "what": "什么"}
_WITHHELD: Final = {"what": "不提供的", "basis": "依据"}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "verdict": {"ALLOW": "可以", "ALLOW_WITH_STEPS": "办完步骤可以", "BLOCK": "不可以"},
    "counterparty": {"own": "本人", "same_name": "本人在他行", "other": "他人"},
    "direction": {"in": "客户来", "out": "本行去", "both": "双向"},
    "regime": {"bank": "银行", "fund": "基金", "securities": "证券"},
    "origin": {"feed": "业务系统", "visit": "拜访登记"},
    "state": {"saved": "有效", "undone": "已撤销"},
    "source": {"file": "数据文件"},
    "currency": {"CNY": "人民币"},
}
"""What codes of a column mean to a person; the JSON keeps the codes."""
_FED: Final = ("as_of", "source", "arrived_at")
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?[+-]\d\d:\d\d")


def page(document: Mapping[str, Any]) -> str:
    """Every part of the document, in its order; what is empty says so."""
    decisions = document["automated_decisions"]
    parts = [
        _table("请求", _REQUEST, [document["request"]]),
        *(_fed_table(each) for each in document["tables"]),
        _table("案件", _CASES, document["cases"]),
        _table("登记过的关系人", _RELATIONS, document["relations"]),
        _table("客户标签（自动化决策）", _LABELS, decisions["labels"], decisions["right"]),
        _table("适当性判断（自动化决策）", _DECIDED, decisions["suitability"]),
        _table("联系您的事由（自动化决策）", _REMINDERS, decisions["reminders"]),
        _table("为什么目的查看过", _PURPOSES, document["purposes"]),
        _table("信息经过谁的系统", _RECIPIENTS, document["recipients"]),
        _table("不提供的内容", _WITHHELD, document["withheld"]),
    ]
    title = f"个人信息副本 {escape(document['request']['number'])}"
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    made = f"<p>生成时间 {_moment(document['made_at'])}。没有内容的项目不列。机器可读的全文见同一压缩包里的 JSON 文件。</p>"
    body = f"<h1>{title}</h1>{made}{''.join(parts)}"
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>'


def _fed_table(table: Mapping[str, Any]) -> str:
    """Where its rows come from is said once above them, and in a column where it is not the same for all."""
    rows, columns, fed = table["rows"], table["columns"], table["fed"]
    alike = [name for name in _FED if name in columns and len({row[name] for row in rows}) == 1]
    note = "，".join(f"{columns[name]} {_word(name, rows[0][name])}" for name in alike)
    note = note or (f"最近一次：{fed['as_of']}，{_moment(fed['arrived_at'])} 到达" if fed else "")
    return _table(table["title"], {name: label for name, label in columns.items() if name not in alike}, rows, note)


def _table(title: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], note: str = "") -> str:
    said = f"<h2>{escape(title)}</h2>" + (f'<p class="fed">{escape(note)}</p>' if note else "")
    if not rows:
        return f"{said}<p>没有。</p>"
    told = {name: label for name, label in columns.items() if any(_word(name, row.get(name)) for row in rows)}
    if len(rows) == 1:
        body = "".join(_pair(label, _word(name, rows[0].get(name))) for name, label in told.items())
        return f"{said}<table>{body}</table>"
    body = "".join(_row("td", (_word(name, row.get(name)) for name in told)) for row in rows)
    return f"{said}<div><table>{_row('th', told.values())}{body}</table></div>"


def _pair(label: str, text: str) -> str:
    """A single row is read downwards."""
    return f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>"


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _word(name: str, value: Any) -> str:
    """What a cell of the column says."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(map(str, value))
    return _WORDS.get(name, {}).get(str(value)) or _moment(str(value))


def _moment(text: str) -> str:
    """2026-11-26 09:06; whatever is not a moment stays as it is."""
    found = _MOMENT.fullmatch(text)
    return f"{found[1]} {found[2]}" if found else text
