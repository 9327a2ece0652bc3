"""关怀提醒: the morning's digest, a finding with its reason, and what its owner says of it and does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from cards.care import FINDING_QUESTION, MOST_OPTIONS, digest_card, finding_card
from cards.key import Seal
from domain.care.finding import Verdict
from domain.care.rules import MaturityRule, Rule
from domain.care.view import NO_MARKETING, how_it_stands, show_finding
from domain.command import Verb
from domain.customer import CustomerFacts
from domain.daytext import day_text
from domain.ids import FindingId
from domain.policy import Permission
from domain.refusal import Refused
from domain.todo import Todo, TodoState, by_text, cancel, due_today
from handlers import customer, recommending, todo, visit
from handlers.context import Context
from handlers.renewing import once_more
from handlers.reply import Reply, Say, new_task_id, say, show
from handlers.retiring import retired
from handlers.rights import audience, barred
from handlers.verdict import judge
from storage import care, care_candidates, circles, customers, todos
from storage.care import Found
from storage.outbox import Lane

LIST = "findings:mine"
NEWER_BELOW = "请看最新的一张"
PICK_ONE = "请先在下拉里选一条提醒，再点“看原因”。"
UNKNOWN = "没有找到这条提醒。回复「待办」看现在要办的事。"
LEFT_BOOK = "这位客户已不在您名下或辖内，这条提醒不用再处理。"
NO_REASON = "这件待办不是系统提醒的，没有更多原因。"
CHANGED = "这条提醒刚刚有变化，现在是这样："
OUTDATED = "这张卡片已经过时，现在是这样："
ALL_SEEN = "没有还没办的提醒了。回复「待办」看要办的事。"

Pair = tuple[Found, Todo]
"""A finding and the to-do it gave its owner."""


def digest(context: Context) -> Reply:
    """The morning's one card: new findings, what is overdue, what is due today; silence when there is nothing."""
    new = _mine(context, new=True)
    pending = todos.pending_of(context.unit, context.actor.userid)
    counts = (
        ("新提醒 {} 条", len(new)),
        ("逾期 {} 件", sum(one.overdue(context.now) for one in pending)),
        ("今天到期 {} 件", sum(due_today(one, context.now) for one in pending)),
    )
    said = [words.format(count) for words, count in counts if count]
    if not said:
        return ()
    care.announce(context.unit, [found for found, _ in new])
    today = context.now.date()
    card, *older = _listed(context, new, f"今日提醒 · {day_text(today, today)}", said)
    assert isinstance(card, Say)
    return (replace(card, lane=Lane.DIGEST), *older)


def _mine(context: Context, *, new: bool = False) -> list[Pair]:
    """What waits for a word or a deed and was not put off, of customers who are in the actor's scope now."""
    pairs = []
    for found in care.unjudged(context.unit, context.actor.userid, new=new):
        kept = todos.load(context.unit, found.todo_id) if found.todo_id else None
        mine = circles.relation_to(context.unit, context.scope, found.customer_id) is not None
        if mine and kept is not None and kept.state is TodoState.OPEN:
            pairs.append((found, kept))
    return pairs


def _listed(context: Context, pairs: Sequence[Pair], title: str, said: Sequence[str]) -> Reply:
    """A list to open findings from; lists shown before go out of play."""
    lines = [todo.line_of(context, kept, context.now) for _, kept in pairs]
    card = digest_card(title, said, lines, Seal(new_task_id(), 0))
    options = {str(number): found.finding_id for number, (found, _) in enumerate(pairs[:MOST_OPTIONS], 1)}
    return (show(card, subject=LIST, context={"options": options}), *retired(context, LIST, NEWER_BELOW))


def _rest(context: Context) -> Reply:
    """What else waits, after one of them was dealt with."""
    pairs = _mine(context)
    return _listed(context, pairs, f"还有 {len(pairs)} 条提醒", ["选一条看原因"]) if pairs else ()


def look(context: Context) -> Reply:
    """看原因 for the finding that is picked on a list."""
    assert context.card is not None
    number = context.update.answers.get(FINDING_QUESTION, ())
    option = context.card.context.get("options", {}).get(number[0]) if len(number) == 1 else None
    if option is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return (_shown(context, *_load(context, FindingId(option))),)


def why(context: Context) -> Reply:
    """看原因 for the to-do that is picked."""
    picked = todo.picked(context)
    found = care.of_todo(context.unit, picked.todo_id)
    if found is None:
        raise Refused(NO_REASON, reason="not from a finding")
    return (_shown(context, found, picked),)


def _load(context: Context, finding_id: FindingId) -> Pair:
    found = care.load(context.unit, finding_id)
    if found is None or found.owner != context.actor.userid or found.todo_id is None:
        raise Refused(UNKNOWN, reason="unknown finding")
    return found, todo.load(context, found.todo_id)


def _shown(context: Context, found: Found, kept: Todo) -> Say:
    """The finding as it stands: who, why, the recent past, and the buttons that are true now."""
    relation = circles.relation_to(context.unit, context.scope, found.customer_id)
    if relation is None:
        raise Refused(LEFT_BOOK, reason="customer not in scope")
    facts = customers.open_customer(context.unit, context.scope, found.customer_id, context.purpose, "wecom.care").facts
    today, watching = context.now.date(), audience(context, relation)
    notes = _notes(context, found, facts)
    shown = show_finding(found.reason, found.evidence, facts, watching, today, notes)
    card = finding_card(
        shown,
        f"{found.label} · {_stand(context, found, kept)} · 数据截至 {day_text(found.data_day, today)}",
        Seal(new_task_id(), 0),
        pending=kept.pending,
        judged=found.verdict is not None,
        may_visit=Permission.VISIT_LOG in context.house.policy.permissions(context.actor),
        may_recommend=kept.pending
        and isinstance(_rule(context, found), MaturityRule)
        and _may_recommend(context, notes),
    )
    return show(card, subject=f"finding:{found.finding_id}", context={"state": _state(found, kept)})


def _may_recommend(context: Context, notes: Sequence[str]) -> bool:
    """Maturing money needs a new place, which is the next step unless this customer may not be addressed now."""
    allowed = Permission.SUITABILITY_RECOMMEND in context.house.policy.permissions(context.actor)
    return allowed and NO_MARKETING not in notes and barred(context, Verb.SUITABILITY_RECOMMEND) is None


def _stand(context: Context, found: Found, kept: Todo) -> str:
    """Until when it is to be done or that it is over, and what was said of it."""
    if kept.pending:
        due = by_text(kept, context.now)
        stand = due if kept.overdue(context.now) else f"{due}办"
    else:
        stand = "已办完" if kept.state is TodoState.DONE else "已关闭"
    said = found.verdict not in (None, Verdict.DONE)
    return f"{stand} · 已评：{found.verdict}" if said else stand


def _notes(context: Context, found: Found, facts: CustomerFacts) -> list[str]:
    """What to mind now; why nothing may be sold is not said, for the reason may be none of the reader's business."""
    section, rule = context.house.pack.care, _rule(context, found)
    notes = list(how_it_stands(rule, found.episode, facts, context.now.date()))
    if section and rule and rule.marketing:
        quiet = timedelta(days=section.complaint_quiet.value)
        if not care_candidates.may_market(context.unit, found.customer_id, context.actor.userid, quiet):
            notes.append(NO_MARKETING)
    return notes


def _state(found: Found, kept: Todo) -> list[object]:
    """What a card's buttons rely on."""
    return [kept.revision, found.verdict]


def _on_card(context: Context, act: Callable[[Context, Found, Todo], Reply]) -> Reply:
    """Act on the clicked finding, unless it is no longer as the card showed it."""
    assert context.card is not None
    found, kept = _load(context, FindingId(context.card.subject.removeprefix("finding:")))
    if context.card.context.get("state") != _state(found, kept):
        return (*say(CHANGED), _shown(context, found, kept))
    return act(context, found, kept)


def useful(context: Context) -> Reply:
    """有用: kept for the rule's precision; the to-do stays."""
    return _on_card(context, _useful)


def _useful(context: Context, found: Found, kept: Todo) -> Reply:
    older = judge(context, found, Verdict.USEFUL)
    return (*older, *say("记下了：有用。待办还在，办完点“已做”。"), _shown(context, *_load(context, found.finding_id)))


def wrong(context: Context) -> Reply:
    """不准: the to-do is closed, and the rule keeps quiet about this customer for its cooldown."""
    return _on_card(context, _wrong)


def _wrong(context: Context, found: Found, kept: Todo) -> Reply:
    older = judge(context, found, Verdict.WRONG)
    if kept.pending:
        todo.end(context, kept, cancel(kept), "todo.cancelled")
    rule = _rule(context, found)
    days = rule.cooldown.value if rule else 0
    quiet = f"{days} 天内不再为这位客户发同类提醒。" if days else "同一件事不再提醒。"
    return (*older, *say(f"记下了：不准，待办已关闭。{quiet}"), *_rest(context))


def done(context: Context) -> Reply:
    """已做: the to-do is completed."""
    return _on_card(context, lambda context, _, kept: (*todo.finish(context, kept), *_rest(context)))


def later(context: Context) -> Reply:
    """稍后: the same form as for every to-do."""
    return _on_card(context, lambda context, _, kept: todo.put_off(context, kept))


def log_visit(context: Context) -> Reply:
    """记拜访 with the finding's customer."""
    return _on_card(context, lambda context, found, _: visit.log_about(context, found.customer_id))


def recommend(context: Context) -> Reply:
    """推荐产品 for the finding's customer; who looks something up is not through with the finding."""
    return _on_card(context, _recommend)


def _recommend(context: Context, found: Found, kept: Todo) -> Reply:
    return (once_more(context), *recommending.recommend_to(context, found.customer_id))


def show_customer(context: Context) -> Reply:
    """查客户 for the finding's customer."""
    return _on_card(context, _show_customer)


def _show_customer(context: Context, found: Found, kept: Todo) -> Reply:
    return (once_more(context), *customer.summary(context, found.customer_id))


def _rule(context: Context, found: Found) -> Rule | None:
    """The rule as the pack has it now; None once it is gone."""
    section = context.house.pack.care
    return section.rule(found.rule) if section else None


def present(context: Context, subject: str) -> Reply:
    """An old card shows how the finding stands now."""
    return (*say(OUTDATED), _shown(context, *_load(context, FindingId(subject.removeprefix("finding:")))))


def present_list(context: Context, subject: str) -> Reply:
    """An old list shows what still waits."""
    return _rest(context) or say(ALL_SEEN)
