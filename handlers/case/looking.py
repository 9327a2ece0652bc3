"""案件: where a case is, who has it, its clocks and its trail; what waits for somebody; a leader's list by state."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from cards.case import CASE_QUESTION, PILE_QUESTION, CaseLine, board_card, list_card
from cards.key import Seal
from domain.ids import CaseId, UserId
from domain.process.case import Case
from domain.process.ledger import span_text
from domain.process.trail import Step, people_of, trail
from domain.refusal import Refused
from handlers import customer
from handlers.called import called
from handlers.case.answering import faces_of, how_it_stands, what_became
from handlers.case.moving import definition_of, version_of
from handlers.case.naming import case_of, thing_of
from handlers.case.pictured import photos_of, way_to
from handlers.case.seeing import numbered, seen, sight_of, takes_part
from handlers.context import Context
from handlers.reply import Reply, new_task_id, say, show
from handlers.retention.hold_words import may_know, told
from storage import case_lists, cases, customer_search, directory
from storage.case_lists import Listed
from storage.retention import holds

LISTS = "cases:"
MINE = "mine"
NOTHING = "现在没有等您办的案件，也没有您能看到的未关闭案件。要查一件，发：案件 编号，或 案件 客户姓名。"
NONE_OF_CUSTOMER = "没有您能看到的案件。请核对客户，或发：案件 编号。"
PICK_ONE = "请先在下拉里选一项，再点按钮。"
_HIDDEN = "（只显示办到哪一步；具体内容只有参与办理的人能看）"


def look(context: Context) -> Reply:
    """案件 <编号|客户>, or what there is."""
    words = context.argument.strip()
    if not words:
        return _overview(context)
    number = numbered(context, words)
    return _of_customer(context, words) if number is None else show_case(context, number)


def show_case(context: Context, case_id: CaseId, heading: str = "") -> Reply:
    """The card of one case, for who may see it."""
    case = seen(context, case_id)
    return (*how_it_stands(context, case, heading), *_held(context, case))


def _held(context: Context, case: Case) -> Reply:
    """What keeps the case, for who may know that something does."""
    laid = holds.reaching_case(context.unit, case.case_id, case.customer) if may_know(context) else []
    return say("\n".join([f"案件 {case.case_id}", *told(context, laid)])) if laid else ()


def opened(context: Context) -> Reply:
    """看案件 on a card about a part of it."""
    assert context.card is not None
    return show_case(context, case_of(context.card.subject))


def _of_customer(context: Context, words: str) -> Reply:
    hits = customer_search.search(context.unit, context.scope, words, context.purpose)
    found = case_lists.of_customers(context.unit, sight_of(context), [hit.customer_id for hit in hits])
    if not found:
        return say(NONE_OF_CUSTOMER)
    return show_case(context, found[0].case_id) if len(found) == 1 else _list(context, f"案件：{words}", found)


def _overview(context: Context) -> Reply:
    """What waits for this person, and for who oversees all that is open, by state and age."""
    sight = sight_of(context)
    waiting = case_lists.awaiting(context.unit, sight)
    if not sight.oversees:
        return _own(context, waiting)
    piles = case_lists.piles(context.unit, sight)
    if not piles:
        return say(NOTHING)
    rows = [("等您办", _pile_text(context, len(waiting), waiting[0].opened_at))] if waiting else []
    named = [(MINE, f"等您办 {len(waiting)} 件")] if waiting else []
    for pile in piles:
        label = version_of(context, pile.process, pile.version).states[pile.state].label
        rows.append((label, _pile_text(context, pile.count, pile.oldest)))
        named.append((f"{pile.process}.{pile.state}", f"{label} {pile.count} 件"))
    return (show(board_card("案件总览", rows, named, Seal(new_task_id(), 0)), subject=LISTS),)


def waiting(context: Context) -> Reply:
    """The cases that wait for this person, as 待办 shows them beside the to-dos; nothing when there are none."""
    found = case_lists.awaiting(context.unit, sight_of(context))
    return _list(context, "等您办的案件", found, MINE) if found else ()


def _pile_text(context: Context, count: int, oldest: datetime) -> str:
    return f"{count} 件，最久 {span_text(context.now - oldest)}"


def _own(context: Context, waiting: Sequence[Listed]) -> Reply:
    known = {each.case_id for each in waiting}
    others = [each for each in case_lists.open_now(context.unit, sight_of(context)) if each.case_id not in known]
    found = [*waiting, *others]
    return _list(context, "未关闭的案件", found) if found else say(NOTHING)


def listed(context: Context) -> Reply:
    """One pile of the overview."""
    picked = context.update.answers.get(PILE_QUESTION, ())
    if len(picked) != 1:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return _pile(context, picked[0])


def _pile(context: Context, key: str, page: int = 0) -> Reply:
    sight, (process, _, state) = sight_of(context), key.partition(".")
    if key == MINE:
        return _list(context, "等您办的案件", case_lists.awaiting(context.unit, sight), key, page)
    found = case_lists.open_in(context.unit, sight, process, state)
    label = context.house.processes.newest(process).states[state].label
    return _list(context, f"案件：{label}", found, key, page)


def next_page(context: Context) -> Reply:
    assert context.card is not None
    held = context.card.context
    found = [CaseId(each) for each in held["options"].values()]
    rows = case_lists.these(context.unit, sight_of(context), found)
    return _list(context, str(held["title"]), rows, str(held["pile"]), int(held["page"]) + 1)


def _list(context: Context, title: str, found: Sequence[Listed], pile: str = "", page: int = 0) -> Reply:
    if not found:
        return say(NOTHING)
    lines = [_line(context, each) for each in found]
    card = list_card(title, lines, Seal(new_task_id(), 0), page=page)
    options = {str(number): each.case_id for number, each in enumerate(found, 1)}
    kept = {"options": options, "title": title, "pile": pile, "page": page}
    return (show(card, subject=LISTS, context=kept),)


def _line(context: Context, each: Listed) -> CaseLine:
    definition = version_of(context, each.process, each.version)
    state = definition.states[each.state].label
    age = span_text(context.now - each.opened_at)
    return CaseLine(each.case_id, f"{state} {age}", called(context, each.customer_id))


def open_listed(context: Context) -> Reply:
    """打开 on a list."""
    assert context.card is not None
    picked = context.update.answers.get(CASE_QUESTION, ())
    case_id = context.card.context.get("options", {}).get(picked[0]) if len(picked) == 1 else None
    if case_id is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return show_case(context, CaseId(case_id))


def show_trail(context: Context) -> Reply:
    """经过: every step that this person may see, and the clocks explained."""
    assert context.card is not None
    case = seen(context, case_of(context.card.subject))
    definition = definition_of(context, case)
    records = cases.records(context.unit, case.case_id)
    steps = [Step(record.event, record.happenings) for record in records]
    names = directory.names(context.unit, [*people_of(steps), *case.roles.values()])
    in_full = takes_part(context, case.case_id)
    faces = faces_of(context, case)
    clocks = faces.viewed(context.actor.userid).clocks
    lines = [f"{definition.process.label} {case.case_id} · {definition.states[case.state].label}"]
    linked = case_lists.these(context.unit, sight_of(context), cases.linked(context.unit, case.case_id))
    lines += [f"关联：{'、'.join(each.case_id for each in linked)}"] if linked else []
    lines += ["", "【时限】", *(faces.explained(clock) for clock in clocks)]
    lines += ["", "【经过】", *([] if in_full else [_HIDDEN])]
    lines += trail(context.house.processes, definition, steps, _by(names), in_full=in_full)
    context.unit.audit("case.read", f"case:{case.case_id}", {"surface": "wecom.trail", "in_full": in_full},
                       [case.customer] if case.customer else [])  # fmt: skip
    shown = how_it_stands(context, case)
    found = photos_of(context.unit, case.case_id, records) if in_full else []
    return (*say("\n".join(lines)), *way_to(context, found, shown), *shown)


def _by(names: Mapping[UserId, str]) -> Callable[[str], str]:
    return lambda person: names.get(UserId(person), person)


def show_customer(context: Context) -> Reply:
    """查客户 on a case's card, which comes again below so that one can go on."""
    assert context.card is not None
    case = seen(context, case_of(context.card.subject))
    if case.customer is None:
        raise Refused("这个案件没有对应的本行客户。", reason="no customer")
    return (*customer.summary(context, case.customer), *how_it_stands(context, case))


def present(context: Context, subject: str) -> Reply:
    """How things stand with a case whose old card was clicked."""
    case = seen(context, case_of(subject))
    return (*say(what_became(context, case, thing_of(subject))), *how_it_stands(context, case))


def present_lists(context: Context, _subject: str) -> Reply:
    return _overview(context)
