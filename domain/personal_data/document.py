"""The file that a person gets: one JSON document, of the schema in docs/personal-data.schema.json."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from domain.labels.label import Kind, Label
from domain.personal_data.withheld import GROUNDS
from domain.scope import Relation
from domain.sharing import Audience, Field, Form, redact

FORMAT: Final = "rmbot-personal-data/1"
PERSON: Final = Audience(
    Relation.OWN_BOOK, {Relation.OWN_BOOK: {field: Form.PLAIN for field in Field if field is not Field.AML}}
)
"""Whose data it is reads all of it but what the law on money laundering keeps."""
RECIPIENTS: Final = (
    ("企业微信（腾讯）", "受托处理", "本行员工在企业微信里查询、办理时发出的消息，内容以本行的发送规则为限"),
    ("短信通道", "受托处理", "发给本行员工的案件编号和验证码，不含客户的信息"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind, with the words for their columns and where they come from."""

    key: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    fed: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a product."""

    number: str
    product: str
    amount: int | None
    day: date
    verdict: str
    rule_version: int
    reasons: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case about the customer: how it stands, and what it is about, as it was registered."""

    number: str
    kind: str
    opened_at: datetime
    state: str
    story: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the care rules found: of what kind, on which day's data, and why."""

    about: str
    data_day: date
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """All that is given."""

    request: Mapping[str, Any]
    made_at: datetime
    tables: Sequence[Table]
    cases: Sequence[ToldCase]
    relations: Mapping[str, int]
    labels: Mapping[Kind, Sequence[Label]]
    decided: Sequence[Decided]
    reminders: Sequence[Reminder]
    purposes: Sequence[Mapping[str, Any]]


def document(held: Held) -> dict[str, Any]:
    """The whole file; plain values only, so that any JSON writer can write it."""
    return {
        "format": FORMAT,
        "made_at": _iso(held.made_at),
        "request": _plain(held.request),
        "tables": [_table(each) for each in held.tables],
        "cases": [_plain(asdict(each)) for each in held.cases],
        "relations": [{"kind": kind, "persons": count} for kind, count in sorted(held.relations.items())],
        "automated_decisions": {
            "labels": [_label(each) for labels in held.labels.values() for each in labels],
            "suitability": [_plain(_decided(each)) for each in held.decided],
            "reminders": [{"about": e.about, "data_day": e.data_day.isoformat(), "why": e.why} for e in held.reminders],
            "right": "您可以要求对作出的决定予以说明，并有权拒绝仅通过自动化决策的方式作出决定（个人信息保护法第二十四条）。",
        },
        "purposes": [_plain(each) for each in held.purposes],
        "recipients": [{"who": who, "role": role, "what": what} for who, role, what in RECIPIENTS],
        "withheld": [{"what": each.what, "basis": each.basis.source} for each in GROUNDS.values()],
    }


def counted(held: Held) -> str:
    """How much it holds, naming nobody."""
    rows = sum(len(each.rows) for each in held.tables)
    return f"{sum(bool(each.rows) for each in held.tables)} 类 {rows} 条"


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "fed": dict(table.fed) if table.fed else None,
        "columns": dict(table.columns),
        "rows": [_plain(row) for row in table.rows],
    }


def _label(label: Label) -> dict[str, Any]:
    why = redact(label.why, PERSON)
    return {"about": label.kind.value, "value": label.value, "since": label.since.isoformat(), "why": why or ""}


def _decided(made: Decided) -> dict[str, Any]:
    return {
        "number": made.number,
        "product": made.product,
        "amount": None if made.amount is None else f"{made.amount // 100}.{made.amount % 100:02}",
        "day": made.day,
        "verdict": made.verdict,
        "rule_version": made.rule_version,
        "reasons": list(made.reasons),
        "steps": list(made.steps),
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _iso(value) if isinstance(value, date) else value for key, value in values.items()}


def _iso(value: date) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
