"""服务记录: contacts and whether they counted, what is to be done, complaints, how content the customer was."""

from datetime import date

from domain.customer import Contact, CustomerFacts, last_contact
from domain.daytext import day_text
from domain.profile import OwnCase, PastComplaint
from domain.sharing import Sentence
from domain.summary import Line, contact_sentence

_MOST = 5


def service(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    latest = sorted(facts.contacts, key=lambda contact: contact.at, reverse=True)
    return (
        Line("上次联系", contact_sentence(last_contact(facts.contacts), today)),
        Line("未结待办", (f"{facts.open_todos} 件",)),
        Line("满意度", _content(latest, today)),
        *(Line("案件", _case(each, today)) for each in facts.cases[:_MOST]),
        *_complaints(facts.complaints, today),
        *(contact_line(contact, today) for contact in latest[:_MOST]),
    )


def contact_line(contact: Contact, today: date) -> Line:
    """One contact under its day, and whether it counted."""
    result = "联系上" if contact.counts else "未联系上"
    content = f"，评价 {contact.satisfaction}" if contact.satisfaction else ""
    return Line(day_text(contact.at.date(), today), (f"{contact.channel} {contact.kind} {result}{content}",))


def _content(latest: list[Contact], today: date) -> Sentence:
    said = next((contact for contact in latest if contact.satisfaction), None)
    return ("没有评价",) if said is None else (f"{said.satisfaction}（{day_text(said.at.date(), today)}）",)


def _case(case: OwnCase, today: date) -> Sentence:
    return (f"{case.case_id} {day_text(case.opened_at.date(), today)}登记，{'已办结' if case.closed else '办理中'}",)


def _complaints(past: tuple[PastComplaint, ...], today: date) -> tuple[Line, ...]:
    """From before this system: how many, and the latest."""
    if not past:
        return (Line("历史投诉", ("没有",)),)
    latest, unsettled = past[0], sum(each.closed_at is None for each in past)
    end = latest.outcome or "已办结" if latest.closed_at else "没有办结"
    still = f"，{unsettled} 件没有办结" if unsettled else ""
    return (Line("历史投诉", (f"{len(past)} 件{still}；最近 {day_text(latest.received_at.date(), today)}，{end}",)),)
