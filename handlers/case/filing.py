"""投诉 [客户]: the form of the first action of a process, begun with whatever the line already says."""

from domain.form import Answer, Kind
from domain.ids import CaseId
from domain.line import read_line
from domain.process.advance import possible
from domain.process.case import Case
from domain.process.definition import Definition
from domain.process.library import form_name
from domain.process.process import Action
from domain.refusal import Refused
from handlers import customer
from handlers.case.completing import new_matter
from handlers.case.moving import bank_of
from handlers.context import Context
from handlers.reply import Begin, Reply, say
from handlers.rights import barred_from_filing

NOT_YOURS = "您的岗位不登记“{label}”，请转告能登记的同事。发“帮助”看您能做什么。"


def file(context: Context) -> Reply:
    """The command: which process it starts is written in the pack."""
    assert context.command is not None
    assert context.command.process is not None
    definition, action = _first(context, context.command.process)
    name = form_name(definition, "act", action.key)
    line = read_line(context.house.form(name, definition.version), context.argument, context.now)
    began = Begin(
        name,
        line.known,
        subject=str(new_matter(action.key)),
        named=line.customer_text or "",
        version=definition.version,
    )
    return (*(say(line.problem) if line.problem else ()), began)


def file_for(context: Context) -> Reply:
    """The same from a customer's card."""
    process = context.update.verb.rpartition(".")[2]
    if refusal := barred_from_filing(context, process):
        raise refusal
    picked = customer.named(context, customer.on_card(context))
    definition, action = _first(context, process)
    name = form_name(definition, "act", action.key)
    about = (field.key for field in context.house.form(name, definition.version).fields if field.type is Kind.CUSTOMER)
    known = {key: Answer(value=picked.customer, shown=picked.shown) for key in about}
    return (Begin(name, known, subject=str(new_matter(action.key)), version=definition.version),)


def _first(context: Context, process: str) -> tuple[Definition, Action]:
    """The newest version and the action that begins it; raises Refused for a post that may not."""
    definition = context.house.processes.newest(process)
    nothing = Case(CaseId(""), process, definition.version, definition.initial, unit=context.actor.unit_id)
    bank = bank_of(context, definition, nothing)
    actions = possible(definition, nothing, context.actor.userid, bank, context.now)
    if not actions:
        raise Refused(NOT_YOURS.format(label=definition.process.label), reason="post does not file")
    return definition, actions[0]
