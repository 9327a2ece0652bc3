"""Asking for a change of a command: written down, and handed to everybody else who may confirm it."""

from cards.admin import posts_text, words_text
from domain.approval import Seat, Wish
from domain.command import Command
from domain.command_change import ABOUT, CommandChange, forbidden, present, read_aliases, read_posts
from domain.conversation import Conversation
from domain.overlay import Terms
from domain.policy import Permission
from domain.staff import POSTS
from handlers.admin import picked
from handlers.approval.asking import submit
from handlers.command_approval import COMMAND, command_of
from handlers.context import Context
from handlers.reply import Begin, Reply
from handlers.rights import administrators
from storage import directory


def enable(context: Context) -> Reply:
    return request(context, picked(context), Terms(enabled=True))


def disable(context: Context) -> Reply:
    return request(context, picked(context), Terms(enabled=False))


def aliases(context: Context) -> Reply:
    """改别名: asked with the present ones in sight."""
    command = picked(context)
    note = f"“{command.word}”现在的别名：{words_text(command.aliases)}。"
    return (Begin("command_aliases", subject=_about(command), note=note),)


def aliases_given(context: Context, conversation: Conversation) -> Reply:
    command = _named(context, conversation)
    words = read_aliases(str(conversation.answers["aliases"].value), command.aliases)
    return request(context, command, Terms(aliases=words))


def posts(context: Context) -> Reply:
    """改谁能用: asked with the present posts in sight."""
    command = picked(context)
    return (
        Begin("command_posts", subject=_about(command), note=f"“{command.word}”现在：{posts_text(command.posts)}。"),
    )


def posts_given(context: Context, conversation: Conversation) -> Reply:
    command = _named(context, conversation)
    known = tuple(dict.fromkeys((*POSTS, *directory.posts(context.unit))))
    named = read_posts(str(conversation.answers["posts"].value), command.posts, known)
    return request(context, command, Terms(posts=named))


def _about(command: Command) -> str:
    return f"{ABOUT}{command.key}"


def _named(context: Context, conversation: Conversation) -> Command:
    """The command a form was begun for; a newer pack may no longer have it."""
    return command_of(context, (conversation.subject or "").removeprefix(ABOUT))


def request(context: Context, command: Command, after: Terms) -> Reply:
    """The wish, for everybody else who may confirm; nothing has changed yet."""
    if refusal := forbidden(context.pack, command, after, administrators(context)):
        raise refusal
    change = CommandChange(command=command.key, before=present(command, after), after=after)
    body = change.model_dump_json(exclude_none=True)
    return submit(context, COMMAND, Wish(_about(command), "", (Seat(Permission.COMMAND_CONFIRM),), body))
