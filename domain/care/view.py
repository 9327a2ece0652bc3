"""A finding as its owner reads it: why, on which data, how the customer has been lately, and what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.care.rules import Rule, SilenceRule
from domain.customer import BROADCAST, CustomerFacts, last_contact
from domain.daytext import day_text
from domain.sharing import Audience, Sentence, first_shown, redact, title_of
from domain.summary import Line, ShownLine, lines_of, show_lines, summarise
from domain.view.service import contact_line

_LATELY = ("AUM", "近30天", "上次联系")
_CONTACTS = 2
UNSAID: Sentence = ("原因请在客户详情页查看",)
NO_MARKETING = "这位客户暂不宜营销：只谈到期安排，不推介产品。"
HOLDING_CHANGED = "这笔持仓已到期、赎回或改期，联系前请先核对。"


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """Strings only: `lines` are evidence and recent numbers, `recent` the last contacts, `notes` what to mind now."""

    title: str
    as_of: str
    reason: str
    lines: tuple[ShownLine, ...]
    recent: str
    notes: tuple[str, ...]


def show_finding(
    reason: Sentence,
    evidence: Sequence[Line],
    facts: CustomerFacts,
    audience: Audience,
    today: date,
    notes: Sequence[str],
) -> ShownFinding:
    """The finding with the customer's present numbers beside the evidence it was made from."""
    told = {line.label for line in evidence}
    lately = [line for line in lines_of(summarise(facts, today)) if line.label in _LATELY and line.label not in told]
    return ShownFinding(
        title=title_of(facts.customer.name, facts.customer.customer_id, audience),
        as_of=day_text(facts.business_day, today),
        reason=first_shown([reason, UNSAID], audience),
        lines=show_lines((*evidence, *lately), audience),
        recent="；".join(_contacts(facts, audience, today)),
        notes=tuple(notes),
    )


def _contacts(facts: CustomerFacts, audience: Audience, today: date) -> list[str]:
    tried = [contact for contact in facts.contacts if BROADCAST not in (contact.kind, contact.channel)]
    latest = sorted(tried, key=lambda contact: contact.at, reverse=True)[:_CONTACTS]
    lines = [contact_line(contact, today) for contact in latest]
    return [f"{line.label} {text}" for line in lines if (text := redact(line.text, audience)) is not None]


def how_it_stands(rule: Rule | None, episode: str, facts: CustomerFacts, today: date) -> tuple[str, ...]:
    """What is so now and was not when it was found: the customer was reached, the day has come nearer, the holding is
    no longer what it was.
    """
    if rule is None:
        return ()
    if isinstance(rule, SilenceRule):
        contact = last_contact(facts.contacts)
        reached = contact is not None and contact.at.date().isoformat() > episode
        day = day_text(contact.at.date(), today) if contact else ""
        return (f"{day}已经联系上客户，可以点“已做”。",) if reached else ()
    held = next((held for held in facts.holdings if f"{held.holding_id}@{held.matures_on}" == episode), None)
    if held is None or held.matures_on is None or held.matures_on <= today:
        return (HOLDING_CHANGED,)
    return (f"还有 {(held.matures_on - today).days} 天到期。",)
