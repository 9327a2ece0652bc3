"""隐私 and 登记同意: what a customer agreed to, what their data was read for, and whether it is frozen."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from domain.consent import KIND_WORDS, Consent, ConsentKind
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.ids import CustomerId
from domain.moment_value import starts_at
from domain.personal_data.request import STATE_WORDS
from domain.policy import Permission
from domain.purpose import GUARDED
from domain.refusal import Unfit
from domain.sharing import title_of
from handlers.context import Context
from handlers.reply import Begin, Reply, say
from handlers.retention.hold_words import may_know, told
from handlers.retention.kept_words import kept_lines
from handlers.rights import audience
from storage import audit_search, consents, customers, directory, restrictions, subject_requests
from storage.audit_search import Span
from storage.retention import holds

SHOW, RECORD = "privacy", "consent"
SHOWN, READS, WINDOW = 8, 500, timedelta(days=90)
NOT_SAID = "没有登记过"
FUTURE = "日期不能晚于今天，请重新写。"


def show(context: Context) -> Reply:
    """隐私 <客户>."""
    return (Begin(SHOW, named=context.argument.strip()),)


def asked_for(context: Context, conversation: Conversation) -> Reply:
    return _register(context, CustomerId(str(conversation.answers["customer"].value)))


def record(context: Context) -> Reply:
    """登记同意 <客户>: the form asks for the rest."""
    return (Begin(RECORD, named=context.argument.strip()),)


def save(context: Context, conversation: Conversation) -> Reply:
    """One more row of the register."""
    given = {key: answer.value for key, answer in conversation.answers.items()}
    customer_id, day = CustomerId(str(given["customer"])), starts_at(given["day"]).date()
    customers.name_for(context.unit, context.scope, customer_id)
    if day > context.now.date():
        raise Unfit(FUTURE, field="day", reason="in the future")
    consents.add(
        context.unit,
        Consent(
            consent_id=secrets.token_hex(8),
            customer_id=customer_id,
            kind=ConsentKind(str(given["kind"])),
            agreed=given["wish"] == "agreed",
            day=day,
            channel=conversation.answers["channel"].shown,
            evidence=str(given["evidence"]),
            fed=consents.fed(context.unit, customer_id),
            recorded_by=context.actor.userid,
            recorded_at=context.now,
        ),
    )
    return (*say("已登记。"), *_register(context, customer_id))


def _register(context: Context, customer_id: CustomerId) -> Reply:
    name, relation = customers.name_for(context.unit, context.scope, customer_id)
    title = title_of(name, customer_id, audience(context, relation))
    said = consents.of(context.unit, customer_id, READS)
    lines = [f"{title} · 隐私", *_standing(context, customer_id, said), *_history(context, said)]
    lines += [_reads(context, customer_id), _frozen(context, customer_id), *_requests(context, customer_id)]
    laid = holds.reaching(context.unit, customer_id) if may_know(context) else []
    lines += told(context, laid) or (["保全：没有"] if may_know(context) else [])
    lines += kept_lines(context, customer_id, held=bool(laid))
    context.unit.audit("privacy.shown", f"customer:{customer_id}", {"purpose": context.purpose.value}, [customer_id])
    return say("\n".join(lines))


def _standing(context: Context, customer_id: CustomerId, said: Sequence[Consent]) -> list[str]:
    """What holds now, a line a kind."""
    words = {True: "同意", False: "不同意"}
    lines = [f"营销：{words[consents.willing(context.unit, customer_id)]}"]
    for kind in (ConsentKind.SHARING, ConsentKind.TRAIL):
        last = next((each for each in said if each.kind is kind), None)
        lines.append(f"{KIND_WORDS[kind]}：{words[last.agreed] if last else NOT_SAID}")
    return lines


def _history(context: Context, said: Sequence[Consent]) -> list[str]:
    names = directory.names(context.unit, {each.recorded_by for each in said})
    lines = [
        f"· {day_text(each.day, context.now.date())} {'同意' if each.agreed else '撤回'}{KIND_WORDS[each.kind]}，"
        f"{each.channel}，{names[each.recorded_by]}登记"
        for each in said[:SHOWN]
    ]
    return ["登记记录：", *lines] if lines else []


_LOOKED = frozenset({"customer.read", "export.read"})


def _reads(context: Context, customer_id: CustomerId) -> str:
    """What the last reads were for, in numbers."""
    span = Span(begin=context.now - WINDOW)
    entries = audit_search.who_saw(context.unit, customer_id, span, None, READS)
    whole = Permission.PERSON_FREEZE in context.house.policy.permissions(context.actor)
    hidden = frozenset() if whole else GUARDED
    counted = Counter(
        str(each.detail["purpose"])
        for each in entries
        if each.action in _LOOKED and each.detail.get("purpose") not in hidden
    )
    words = "、".join(f"{purpose} {count} 次" for purpose, count in counted.most_common())
    return f"近 {WINDOW.days} 天查看：{words or '没有'}"


def _requests(context: Context, customer_id: CustomerId) -> list[str]:
    """What the customer still waits for, a line a request."""
    today = context.now.date()
    return [
        f"个人信息请求：{each.number}（{each.asker}），{day_text(each.due_on, today)}前答复，{STATE_WORDS[each.state]}"
        for each in subject_requests.open_of(context.unit, customer_id)
    ]


def _frozen(context: Context, customer_id: CustomerId) -> str:
    by = restrictions.holds(context.unit, customer_id)
    if by is None:
        return "冻结：没有"
    return f"冻结：已冻结，除保存外停止一切处理，请联系{restrictions.to_ask(context.unit, by)}"
