"""分层: all labels of one customer, why and since when, and what they were; for a head, how many have which."""

from cards.key import Seal
from cards.labels import label_texts, labels_card
from domain.command import Verb
from domain.conversation import Conversation
from domain.customer import CustomerFacts
from domain.daytext import day_text
from domain.ids import CustomerId
from domain.labels.label import Kind
from domain.line import read_line
from domain.moment import find_moment
from domain.moment_value import starts_at
from domain.policy import Permission
from domain.scope import ScopeKind
from domain.service import Programme
from domain.sharing import title_of
from domain.summary import Line, show_lines
from domain.view.books import MOST_TOLD, fullest_first
from domain.view.labels import counts_text, label_lines, reason_lines, tier_reason
from domain.view.service_programme import glance_lines, service_lines
from handlers import label_of_day, label_round
from handlers.context import Context
from handlers.customer import on_card, page_address
from handlers.renewing import once_more
from handlers.reply import Begin, Reply, Say, new_task_id, say
from handlers.reply import show as show_card
from handlers.rights import audience, barred, stops
from storage import book_counts, customers, directory, label_counts, label_runs, labels
from storage.label_counts import Counts

FORM = "labels"
TITLE = "客户标签"
SOURCE = "来源：本行标签规则，每天数据到齐后算一次"
NONE_YET = "还没有客户标签：{when}。分层暂按近三个月的日均 AUM 显示。"
SOON = "数据刚到，系统正在算，过一两分钟再看"
ONCE_THERE = "{late}的数据还没有到齐，到齐后几分钟内算好"
HINT = "看一位客户：分层 <客户>"
NOT_YET_PAST = "只能看今天和以前的标签。请写过去的一天，例如：分层 王秀兰 10月1日；看今天的不用写日期。"


def show(context: Context) -> Reply:
    """分层 <客户> [日期]; alone, the counts of the own book or of the units one looks after."""
    words = context.argument.strip()
    if not words:
        return _counts(context)
    line = read_line(context.house.pack.form(FORM), words, context.now)
    if not line.known and find_moment(line.left, context.now, "future"):
        return say(NOT_YET_PAST)
    return (Begin(FORM, line.known, named=(line.customer_text or "") if line.known else words),)


def asked_for(context: Context, conversation: Conversation) -> Reply:
    customer_id = CustomerId(str(conversation.answers["customer"].value))
    said = conversation.answers.get("day")
    day = starts_at(said.value).date() if said is not None and said.value is not None else context.now.date()
    return of(context, customer_id) if day >= context.now.date() else label_of_day.of(context, customer_id, day)


def of(context: Context, customer_id: CustomerId) -> Reply:
    """The labels at a glance, redacted for this reader; the read is on record."""
    opened = customers.open_customer(context.unit, context.scope, customer_id, context.purpose, "wecom.labels")
    facts, today = opened.facts, context.now.date()
    if not facts.labels:
        return _not_yet(context)
    programmes, roles = _programmes(context, facts), {member.role for member in facts.team}
    glance = (*label_lines(facts.labels, today), *glance_lines(programmes, roles))
    lines = (*glance, *tier_reason(facts.labels), *_late(context))
    watching, task_id = audience(context, opened.relation), new_task_id()
    card = labels_card(
        title_of(facts.customer.name, customer_id, watching),
        _as_of(context),
        show_lines(lines, watching),
        Seal(task_id, 0),
        may_visit=not stops(context, opened.relation, Permission.VISIT_LOG) and barred(context, Verb.VISIT_LOG) is None,
        page=page_address(context, task_id),
    )
    return (show_card(card, subject=f"customer:{customer_id}"),)


def explain(context: Context) -> Reply:
    """为什么: the reasons with their numbers, what was before, and the service programmes; the card stays."""
    customer_id, today = on_card(context), context.now.date()
    opened = customers.open_customer(context.unit, context.scope, customer_id, context.purpose, "wecom.labels")
    facts, watching = opened.facts, audience(context, opened.relation)
    had = labels.history_of(context.unit, customer_id)
    lines = (*reason_lines(facts.labels, had, today), *service_lines(_programmes(context, facts)), *_late(context))
    heading = f"{title_of(facts.customer.name, customer_id, watching)} · {TITLE}（数据截至 {_as_of(context)}）"
    told = label_texts(heading, show_lines(lines, watching), SOURCE)
    return (once_more(context), *(Say(text) for text in told))


def _not_yet(context: Context) -> Reply:
    """When there will be labels, and what they wait for."""
    late = label_round.readiness(context.unit, context.now.date()).late
    return say(NONE_YET.format(when=ONCE_THERE.format(late="、".join(late)) if late else SOON))


def _programmes(context: Context, facts: CustomerFacts) -> tuple[Programme, ...]:
    """What fits the customer as labelled."""
    service, said = context.house.pack.service, {each.kind: each.value for each in facts.labels}
    if service is None or facts.tier is None or not said:
        return ()
    return service.of(facts.tier, said[Kind.STAGE], said[Kind.SEGMENTS].split("、"))


def _late(context: Context) -> tuple[Line, ...]:
    """Yesterday's labels say that they are of yesterday."""
    head = label_runs.head(context.unit)
    if head is None or head.day >= context.now.date():
        return ()
    return (Line("请注意", (f"当天的数据还没有到齐，这是{day_text(head.day, context.now.date())}的标签",)),)


def _as_of(context: Context) -> str:
    head = label_runs.head(context.unit)
    return day_text(head.data_day, context.now.date()) if head else ""


def _counts(context: Context) -> Reply:
    if label_runs.head(context.unit) is None:
        return _not_yet(context)
    found = _of_scope(context)
    late = "".join(str(part) for line in _late(context) for part in line.text)
    blocks = [f"{kind}：\n{counts_text(found[kind])}" for kind in Kind]
    books = _books(context)
    heading = f"{TITLE}（数据截至 {_as_of(context)}）"
    return say("\n\n".join([heading, *([late] if late else []), *blocks, *(["\n".join(books)] if books else []), HINT]))


def _books(context: Context) -> list[str]:
    """For a head, the managers' books against how many one may keep, the fullest first."""
    service, scope = context.house.pack.service, context.scope
    if service is None or scope.kind is ScopeKind.OWN_BOOK:
        return []
    books = book_counts.of_units(context.unit, None if scope.kind is ScopeKind.ALL else scope.units)
    full = fullest_first(books, service)
    told = full[:MOST_TOLD]
    names = directory.names(context.unit, [each.userid for each in told])
    lines = [f"{names[each.userid]}：{each.text}{'（超过上限）' if each.over else ''}" for each in told]
    rest = full[MOST_TOLD:]
    beyond = f"（超过上限的 {over} 位）" if (over := sum(each.over for each in rest)) else ""
    more = [f"另有 {len(rest)} 位客户经理，没有这么满{beyond}"] if rest else []
    return ["管户（现有/上限，满的在前）：", *lines, *more] if told else []


def _of_scope(context: Context) -> Counts:
    scope = context.scope
    if scope.kind is ScopeKind.OWN_BOOK:
        return label_counts.of_book(context.unit, context.actor.userid)
    return label_counts.of_units(context.unit, None if scope.kind is ScopeKind.ALL else scope.units)
