"""A form of a case is through: a new case is filed, an action done, a proposal sent back, a task answered."""

from collections.abc import Callable, Mapping

from domain.conversation import Conversation
from domain.form import Form, Kind
from domain.ids import CaseId, CustomerId, UnitId
from domain.language.fields import Value
from domain.normalise import normalise
from domain.process.answers import engine_values
from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.event import Act, Finish, Vote
from domain.process.library import REASON
from domain.refusal import Refused, Unfit
from handlers.case.answering import moved_on, told_why
from handlers.case.moving import Moved, Unmoved, definition_of, load, move, version_of
from handlers.case.naming import Matter
from handlers.case.seeing import numbered, sight_of
from handlers.colleague import one_called
from handlers.context import Context
from handlers.reply import Reply, say
from storage import case_lists, cases, customers, directory, photos
from storage.case_facts import ALIKE_DAYS
from storage.circles import stand

GONE = "这位客户已不在您名下或辖内，这次没有登记。如有疑问，请联系您的主管。"
KEEPS_OUT = "{name}要回避这件事，不能由他来办。请换一位。"
OUTSIDE = "行外"
NO_STAFF = "本行没有叫“{words}”的在职员工，还没有登记。写错了请重新写姓名或账号；确实是行外人员，请写成：行外 {words}"
OUTSIDER = "“{words}”按行外人员登记，没有人因此回避。写错了请撤回这一件，重新登记。"
NO_OTHER = "没有找到案件“{words}”，或者就是这一件。请写另一件的编号。"
YOUR_WORDS = "您刚才填的没有用上，原文如下，需要时可以复制："
_MENDABLE = frozenset({"reason", "tasks"})


def completed(context: Context, conversation: Conversation) -> Reply:
    """What the form was for."""
    matter = Matter.read(conversation.subject or "")
    form = context.house.form_of(conversation)
    values = engine_values(form, conversation.answers)
    reason = str(values.pop(REASON, ""))
    if not matter.case_id:
        return _file(context, conversation, form, matter, values)
    case = load(context, matter.case_id)
    _check_people(context, form, case, values)
    other = _other_case(context, case, matter, values)
    values = _photos_kept(context, form, case, values)
    moved = move(context, case, _EVENTS[matter.kind](context, matter, values, reason), matter.shown)
    if isinstance(moved, Moved):
        if other is not None:
            cases.link(context.unit, case.case_id, other)
        return moved_on(context, moved, _done(moved.definition, matter))
    return _not_taken(context, moved, conversation, matter)


def _not_taken(context: Context, unmoved: Unmoved, conversation: Conversation, matter: Matter) -> Reply:
    """A refusal that another answer could mend leaves the form open; else the words go back to who wrote them."""
    reason = unmoved.refusal.reason
    if reason in _MENDABLE or (reason == "guard" and matter.thing in unmoved.definition.judged_later):
        raise Refused(unmoved.refusal.text, reason=unmoved.refusal.reason)
    words = "\n".join(answer.shown for answer in conversation.answers.values() if answer.value is not None)
    return (*told_why(context, unmoved), *(say(f"{YOUR_WORDS}\n{words}") if words else ()))


def _file(
    context: Context, conversation: Conversation, form: Form, matter: Matter, values: Mapping[str, Value]
) -> Reply:
    process = conversation.form.partition(".")[0]
    definition = version_of(context, process, conversation.pack_version)
    customer = _customer(form, values)
    if customer is not None and stand(context.unit, context.scope, customer) is None:
        return say(GONE)
    outsiders = _outsiders(context, definition, values)
    case_id = cases.number(context.unit, definition.process.letter)
    place = customers.unit_of(context.unit, customer) if customer else None
    new = Case(
        case_id,
        process,
        definition.version,
        definition.initial,
        customer=customer,
        unit=UnitId(place or context.actor.unit_id),
    )
    values = _photos_kept(context, form, new, values)
    moved = move(context, new, Act(matter.thing, context.actor.userid, 0, values))
    if not isinstance(moved, Moved):
        raise Refused(moved.refusal.text, reason=moved.refusal.reason)
    _link_alike(context, moved)
    filed = moved_on(context, moved, _done(definition, matter), heading=f"已登记，编号 {case_id}")
    return (*outsiders, *filed)


def _outsiders(context: Context, definition: Definition, values: Mapping[str, Value]) -> Reply:
    """Who should keep out is one member of staff, or said to be none: then whoever wrote it reads that nobody does."""
    named = {key: str(values[key]) for key in sorted(definition.answers_for_recusal) if values.get(key)}
    outside = {key: words for key, words in named.items() if normalise(words).startswith(OUTSIDE)}
    for key, words in named.items():
        if key not in outside:
            one_called(context, key, words, NO_STAFF)
    return tuple(part for words in outside.values() for part in say(OUTSIDER.format(words=words)))


def _link_alike(context: Context, moved: Moved) -> None:
    """A second complaint about the same thing is linked to the first, and both show it to who may see the other."""
    case, bank = moved.case, moved.bank
    if case.customer is None or not bank.alike:
        return
    since = context.now - ALIKE_DAYS
    for other in cases.alike_before(context.unit, case.process, case.customer, bank.alike, since, hidden=True):
        cases.link(context.unit, case.case_id, other)


def _customer(form: Form, values: Mapping[str, Value]) -> CustomerId | None:
    key = next((field.key for field in form.fields if field.type is Kind.CUSTOMER), None)
    return CustomerId(str(values[key])) if key is not None and key in values else None


def _photos_kept(context: Context, form: Form, case: Case, values: Mapping[str, Value]) -> dict[str, Value]:
    """Photos are fetched soon and kept under references of ours: WeCom forgets them after three days."""
    kept, owner = dict(values), f"{case.case_id}.{case.revision + 1}"
    for field in form.fields:
        sent = values.get(field.key)
        if field.type is Kind.PHOTO and isinstance(sent, tuple):
            kept[field.key] = photos.add(context.unit, f"{owner}.{field.key}", context.actor.userid, sent)
    return kept


def _check_people(context: Context, form: Form, case: Case, values: Mapping[str, Value]) -> None:
    """Somebody to whom a role is to be given must be one member of staff who need not keep out of it."""
    chosen = definition_of(context, case).answers_for_roles
    for field in form.fields:
        words = values.get(field.key)
        if field.key not in chosen or not words:
            continue
        person = one_called(context, field.key, str(words))
        if person in case.excluded:
            name = directory.names(context.unit, [person])[person]
            raise Unfit(KEEPS_OUT.format(name=name), field=field.key, reason="has to keep out")


def _other_case(context: Context, case: Case, matter: Matter, values: Mapping[str, Value]) -> CaseId | None:
    """The case that this one is to be linked with: one that whoever links can see."""
    field = definition_of(context, case).actions[matter.thing].links if matter.kind == "act" else None
    if field is None or field not in values:
        return None
    other = numbered(context, str(values[field]))
    if other is None or other == case.case_id or not case_lists.may_see(context.unit, sight_of(context), other):
        raise Unfit(NO_OTHER.format(words=values[field]), field=field, reason="no such case")
    return other


def _done(definition: Definition, matter: Matter) -> str:
    if matter.kind == "act":
        return f"已{definition.actions[matter.thing].label}"
    return "已退回" if matter.kind == "reject" else "已答复"


_EventOf = Callable[[Context, Matter, Mapping[str, Value], str], Act | Vote | Finish]
_EVENTS: Mapping[str, _EventOf] = {
    "act": lambda context, matter, values, reason: Act(
        matter.thing, context.actor.userid, matter.revision, values, reason
    ),
    "reject": lambda context, matter, _values, reason: Vote(
        matter.thing, context.actor.userid, matter.revision, agree=False, reason=reason
    ),
    "finish": lambda context, matter, values, _reason: Finish(
        matter.thing, context.actor.userid, matter.revision, values
    ),
}


def new_matter(action: str) -> Matter:
    """What the form of a case that is not there yet is about."""
    return Matter(CaseId(""), 0, "act", action)
