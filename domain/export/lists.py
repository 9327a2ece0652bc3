"""What each list holds: its columns, each a sentence that becomes text only through the redaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from domain.customer import RiskAssessment, age_band
from domain.export.wish import ListKind
from domain.ids import CustomerId, Fen
from domain.scope import Relation
from domain.sharing import Audience, Datum, Field, Sentence, readable, redact
from domain.summary import risk_sentence
from domain.tier import Tier


@dataclass(frozen=True, slots=True)
class Whose:
    """The customer of a row, and how the reader stands to them."""

    customer_id: CustomerId
    name: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class CustomerRow:
    whose: Whose
    mobile: str
    birth_date: date | None
    occupation: str
    place: str
    tier: Tier
    aum: Fen | None
    risk: RiskAssessment | None
    today: date


@dataclass(frozen=True, slots=True)
class VisitRow:
    whose: Whose | None
    at: datetime
    kind: str
    reached: bool
    by: str


@dataclass(frozen=True, slots=True)
class TodoRow:
    """`whose` is None where nobody is meant."""

    whose: Whose | None
    due: str
    title: str
    late: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`whose` is None where the reader may not look at the customer, or there is none; `state` is a key of that
    version of the process, or its words.
    """

    whose: Whose | None
    case_id: str
    version: int
    state: str
    closed: bool
    opened_at: datetime
    moved_at: datetime


Row: TypeAlias = CustomerRow | VisitRow | TodoRow | CaseRow


@dataclass(frozen=True, slots=True)
class Column:
    """`field` decides whether somebody gets the column at all (None: it holds no customer data). A `key` is what
    tables are joined by: no mark is woven into it.
    """

    title: str
    field: Field | None
    cell: Callable[[Any], Sentence]
    key: bool = True

    def shows(self, audience: Audience | None) -> bool:
        """Whether such a reader finds anything in it; None stands for a row that shows no customer."""
        if self.field is None:
            return True
        return audience is not None and readable(self.field, audience)


def _who(of: Callable[[Whose], Sentence]) -> Callable[[Row], Sentence]:
    return lambda row: of(row.whose) if row.whose is not None else ("",)


_NUMBER = Column("客户号", Field.CUSTOMER_NUMBER, _who(lambda who: (Datum(Field.CUSTOMER_NUMBER, who.customer_id),)))
_NAME = Column("姓名", Field.NAME, _who(lambda who: (Datum(Field.NAME, who.name),)), key=False)


def _moment(moment: datetime) -> Sentence:
    return (f"{moment:%Y-%m-%d %H:%M}",)


COLUMNS: Mapping[ListKind, tuple[Column, ...]] = {
    ListKind.CUSTOMERS: (
        _NUMBER,
        _NAME,
        Column("年龄段", Field.PROFILE, lambda row: (Datum(Field.PROFILE, age_band(row.birth_date, row.today)),)),
        Column("机构", Field.PROFILE, lambda row: (Datum(Field.PROFILE, row.place),), key=False),
        Column("分层", Field.TIER, lambda row: (Datum(Field.TIER, row.tier),)),
        Column("AUM", Field.AMOUNT, lambda row: (Datum(Field.AMOUNT, row.aum),) if row.aum is not None else ("",)),
        Column("风险测评", Field.RISK, lambda row: risk_sentence(row.risk, row.today), key=False),
        Column("职业", Field.PERSONAL, lambda row: (Datum(Field.PERSONAL, row.occupation),), key=False),
        Column("手机号", Field.MOBILE, lambda row: (Datum(Field.MOBILE, row.mobile),) if row.mobile else ("",)),
    ),
    ListKind.VISITS: (
        Column("时间", None, lambda row: _moment(row.at)),
        _NUMBER,
        _NAME,
        Column("方式", None, lambda row: (row.kind,), key=False),
        Column("结果", None, lambda row: ("接通" if row.reached else "未接通",), key=False),
        Column("登记人", None, lambda row: (row.by,), key=False),
    ),
    ListKind.TODOS: (
        Column("到期", None, lambda row: (row.due,)),
        _NUMBER,
        _NAME,
        Column("事项", None, lambda row: (row.title,), key=False),
        Column("状态", None, lambda row: ("已逾期" if row.late else "未到期",), key=False),
    ),
    ListKind.COMPLAINTS: (
        Column("案件编号", None, lambda row: (row.case_id,)),
        Column("状态", None, lambda row: (row.state,), key=False),
        _NUMBER,
        _NAME,
        Column("登记时间", None, lambda row: _moment(row.opened_at)),
        Column("最近变动", None, lambda row: _moment(row.moved_at)),
        Column("是否办结", None, lambda row: ("已办结" if row.closed else "在办",), key=False),
    ),
}


def offered(kind: ListKind, audiences: Sequence[Audience]) -> tuple[Column, ...]:
    """The columns in which at least one of the readings shows anything."""
    return tuple(each for each in COLUMNS[kind] if each.shows(None) or any(map(each.shows, audiences)))


def cells(row: Row, columns: Sequence[Column], audience: Audience) -> tuple[str, ...]:
    """A row as this audience may read it; what it may not read is empty."""
    return tuple(redact(column.cell(row), audience) or "" for column in columns)
