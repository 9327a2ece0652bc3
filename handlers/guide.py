"""帮助, the greeting of the day, and what was probably meant when nothing was understood."""

from cards.command import command_text, entry_card, help_card, help_texts, suggestion_card
from cards.fitting import clean, fit
from cards.key import Seal
from domain.command import match, suggest
from handlers.context import Context
from handlers.reply import Reply, Say, new_task_id, say, show
from handlers.rights import commands_of
from storage import quiet

NO_SUCH = "您能用的命令里没有“{asked}”。"


def help_(context: Context) -> Reply:
    """帮助: everything this person may do, and the same as buttons; 帮助 <命令>: how one is used."""
    commands, asked = commands_of(context), context.argument.strip()
    found = match(asked, commands) if asked else None
    if found is not None:
        return say(command_text(found.command))
    card = show(help_card(commands, Seal(new_task_id(), 0)), subject="help:")
    unknown = say(NO_SUCH.format(asked=fit(clean(asked), 10))) if asked else ()
    return (*unknown, *(Say(text) for text in help_texts(commands)), card)


def greet(context: Context) -> Reply:
    """The first entry of a day shows where to begin, by post; later ones stay quiet."""
    if not quiet.first_today(context.unit, context.actor.userid, context.now.date()):
        return ()
    pack, commands = context.house.pack, commands_of(context)
    hint = pack.texts.fill("greeting_hint", example=commands[0].example)
    card = entry_card(pack.entry_card([context.actor.post or ""]), commands, Seal(new_task_id(), 0), hint)
    return (show(card, subject="help:"),)


def suggest_(context: Context) -> Reply:
    """Words no command matches: the three that were probably meant, as buttons that remember what was said."""
    commands = commands_of(context)
    question = context.house.pack.texts.unknown_input
    likely = suggest(context.argument, commands)
    card = suggestion_card(context.argument, question, likely, Seal(new_task_id(), 0))
    return (show(card, subject="help:", context={"said": context.argument}),)
