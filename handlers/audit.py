"""审计: who saw a customer, what a colleague did. Asking is on record in the same commit as the answer, so that no
auditor reads unseen.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from cards.audit import ENTRY_QUESTION, PAGE_SIZE, EntryLine, audit_card, entry_text
from cards.audit_words import action_text, actor_text, surface_text
from cards.key import Seal
from domain.daytext import stamp, whole_day
from domain.edition import edition_text
from domain.moment import parse_moment
from domain.refusal import Refused
from domain.scope import RELATION_WORDS, Relation
from domain.sharing import Field
from domain.unreadable import Unreadable
from handlers.context import Context
from handlers.renewing import once_more
from handlers.reply import Reply, new_task_id, say, show
from storage import audit_search, directory
from storage.audit_search import Entry, Span

SUBJECT = "audit:"
HOW = (
    "发“审计 客户号”看谁看过这位客户，发“审计 企业微信账号”看这个人做过什么；后面可以加日期，例如："
    "审计 C00000001 11月1日 至 11月22日。这里只显示客户号，不显示姓名；您的每次查询也记入审计。"
)
UNKNOWN = "审计记录里没有这个客户号或账号：请核对后重发。这次查询已记入审计。"
NOTHING = "{title}：这段时间没有记录。"
BAD_DAY = "没看懂日期。请写成 11月1日、昨天、上周或 2026-11-01，两个日期之间写“至”，例如：审计 C00000001 11月1日 至 11月22日。"
PICK_ONE = "请先在下拉里选一条记录，再点“详情”。"
PRESENT_LIST = "这张卡片已经过时，现在的记录是这样："
WHO, DID = "who", "did"
SEVERAL = "叫这个名字的同事不止一位，请写账号：{who}。"
_LISTED = 5
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Question:
    """What is asked: of a customer or of an actor, within some days; from which record on backwards."""

    kind: str
    key: str
    since: str = ""
    until: str = ""
    before: int | None = None

    @classmethod
    def of(cls, context: dict[str, Any]) -> Self:
        return cls(**context["question"])

    @property
    def title(self) -> str:
        return f"谁看过 {self.key}" if self.kind == WHO else f"{self.key} 做过什么"

    @property
    def days(self) -> str:
        first, last = (whole_day(date.fromisoformat(day)) if day else "" for day in (self.since, self.until))
        return first if first == last else f"{first}至{last}"

    def span(self, now: datetime) -> Span:
        return Span.of_days(self.since, self.until, now.tzinfo)


def ask(context: Context) -> Reply:
    """审计 <客户号|账号> [日期 [至 日期]]."""
    words = re.split(r"[\s,，至到~]+", context.argument.strip())
    if not words[0]:
        return say(HOW)
    since, until = _days(words[1:], context.now)
    asked = words[0]
    if (number := audit_search.customer_called(context.unit, asked)) is not None:
        return _listed(context, Question(WHO, number, since, until))
    if (actor := _actor(context, asked)) is not None:
        return _listed(context, Question(DID, actor, since, until))
    context.unit.audit("audit.who", "audit:unknown", {"surface": "wecom.audit"})
    return say(UNKNOWN)


def _actor(context: Context, asked: str) -> str | None:
    """Whose doings are asked for: by account, or by the whole name of a colleague, also of one who has left. Raises
    Refused where several are called so.
    """
    actor = asked if ":" in asked else asked.lower()
    if audit_search.knows_actor(context.unit, actor):
        return actor
    called = directory.called(context.unit, asked, gone=True)
    if len(called) > 1:
        raise Refused(SEVERAL.format(who="、".join(called[:_LISTED])), reason="several of that name")
    return called[0] if called else None


def _days(words: list[str], now: datetime) -> tuple[str, str]:
    """The first day and the last one; one day, or one 上周, is that alone."""
    spans = [_span(word, now) for word in words if word]
    if len(spans) > 2:
        raise Refused(BAD_DAY, reason="bad day")
    return (spans[0][0], spans[-1][1]) if spans else ("", "")


def _span(word: str, now: datetime) -> tuple[str, str]:
    """2026-11-01, 11月1日, 昨天, 上周."""
    if _ISO.fullmatch(word):
        with suppress(ValueError):
            return (date.fromisoformat(word).isoformat(),) * 2
    said = parse_moment(word, now, "past")
    if isinstance(said, Unreadable):
        raise Refused(BAD_DAY, reason="bad day")
    return said.start.date().isoformat(), (said.end or said.start).date().isoformat()


def _listed(context: Context, question: Question) -> Reply:
    """A page, and the question on record."""
    subjects = [question.key] if question.kind == WHO else []
    resource = f"customer:{question.key}" if question.kind == WHO else f"staff:{question.key}"
    detail = {"surface": "wecom.audit", "since": question.since, "until": question.until, "before": question.before}
    context.unit.audit(f"audit.{question.kind}", resource, detail, subjects)
    look = audit_search.who_saw if question.kind == WHO else audit_search.what_did
    found = look(context.unit, question.key, question.span(context.now), question.before, PAGE_SIZE + 1)
    if not found:
        return say(NOTHING.format(title=question.title))
    here = found[:PAGE_SIZE]
    lines = [_line(question, entry) for entry in here]
    card = audit_card(
        question.title, question.days or "最新的在前", lines, Seal(new_task_id(), 0),
        older=len(found) > PAGE_SIZE, newest=question.before is not None,
    )  # fmt: skip
    remembered = {"question": vars(question), "last": here[-1].seq, "shown": [entry.seq for entry in here]}
    return (show(card, subject=SUBJECT, context=remembered),)


def _line(question: Question, entry: Entry) -> EntryLine:
    """Who saw a customer is listed by whom, what somebody did by the customer."""
    about = entry.subjects[0] if len(entry.subjects) == 1 else f"{len(entry.subjects)} 位客户" if entry.subjects else ""
    whom = str(entry.detail.get("to") or actor_text(entry.actor)) if question.kind == WHO else about
    return EntryLine(entry.seq, f"{stamp(entry.at)} {whom}".strip(), action_text(entry.action))


def older(context: Context) -> Reply:
    remembered = _remembered(context)
    question = Question.of(remembered)
    return _listed(context, Question(question.kind, question.key, question.since, question.until, remembered["last"]))


def newest(context: Context) -> Reply:
    question = Question.of(_remembered(context))
    return _listed(context, Question(question.kind, question.key, question.since, question.until))


def detail(context: Context) -> Reply:
    """Everything one record says; the list stays for the next."""
    remembered = _remembered(context)
    picked = context.update.answers.get(ENTRY_QUESTION, ())
    if len(picked) != 1 or int(picked[0]) not in remembered["shown"]:
        raise Refused(PICK_ONE, reason="nothing chosen")
    question = Question.of(remembered)
    before = int(picked[0]) + 1
    look = audit_search.who_saw if question.kind == WHO else audit_search.what_did
    (entry,) = look(context.unit, question.key, Span(), before, 1)
    context.unit.audit("audit.looked", f"audit:{entry.seq}", {"surface": "wecom.audit"}, entry.subjects)
    return (once_more(context), *say(_whole(context, entry)))


def _whole(context: Context, entry: Entry) -> str:
    lines = [
        f"第 {entry.seq} 条 {entry.at:%Y-%m-%d %H:%M:%S}",
        f"谁：{actor_text(entry.actor)}" + (f"（{entry.post}）" if entry.post else ""),
        f"做了什么：{entry_text(entry.action, entry.resource, entry.detail)}",
        f"客户：{'、'.join(entry.subjects)}" if entry.subjects else "",
        *(
            f"{label}：{_said(context, name, entry.detail[name])}"
            for name, label in _LABELS.items()
            if entry.detail.get(name)
        ),
    ]
    return "\n".join(line for line in lines if line)


_LABELS = {
    "purpose": "目的", "surface": "在哪里看的", "relation": "与客户的关系", "reader": "看的人", "to": "发给",
    "fields": "显示了哪些资料", "forms": "显示成什么样", "policy": "权限版本", "reason": "原因", "digest": "内容摘要",
}  # fmt: skip


def _said(context: Context, name: str, value: object) -> str:
    """In words, where the record keeps a key."""
    if name == "fields" and isinstance(value, list):
        return "、".join(_field(context, str(each)) for each in value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    if name == "relation" and value in set(Relation):
        return RELATION_WORDS[Relation(str(value))]
    if name == "policy":
        return edition_text("权限包", str(value))
    return surface_text(str(value)) if name == "surface" else str(value)


def _field(context: Context, key: str) -> str:
    return context.house.policy.fields.label(Field(key)) if key in set(Field) else key


def _remembered(context: Context) -> dict[str, Any]:
    assert context.card is not None
    return dict(context.card.context)


def present(context: Context, subject: str) -> Reply:
    """An old card shows how things stand now."""
    return (*say(PRESENT_LIST), *newest(context))
