"""Asking for a change of a command: written down, and handed to everybody else who may confirm it."""

import secrets

from cards.admin import posts_text, words_text
from domain.command import Command
from domain.command_change import CommandChange, forbidden, present, read_aliases, read_posts
from domain.conversation import Conversation
from domain.ids import ChangeId
from domain.overlay import Terms
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import POSTS
from handlers.admin import picked
from handlers.change_face import card_of, command_of
from handlers.context import Context
from handlers.reply import Begin, Reply
from handlers.rights import administrators, entitled
from storage import command_changes, directory

NOBODY = "没有第二个人可以确认：除您以外，没有在岗的{posts}。什么都没有改，请先让系统管理员登记一位。"


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
    return f"command:{command.key}"


def _named(context: Context, conversation: Conversation) -> Command:
    """The command a form was begun for; a newer pack may no longer have it."""
    return command_of(context, (conversation.subject or "").removeprefix("command:"))


def request(context: Context, command: Command, after: Terms) -> Reply:
    """Write the wish down and hand it to everybody else who may confirm; nothing has changed yet."""
    if refusal := forbidden(context.pack, command, after, administrators(context)):
        raise refusal
    others = [each for each in entitled(context, Permission.COMMAND_CONFIRM) if each.userid != context.actor.userid]
    if not others:
        who = "或".join(context.house.policy.posts_with(Permission.COMMAND_CONFIRM))
        raise Refused(NOBODY.format(posts=who), reason="nobody to confirm")
    change = CommandChange(
        change_id=ChangeId(secrets.token_hex(8)),
        command=command.key,
        before=present(command, after),
        after=after,
        requester=context.actor.userid,
        requested_at=context.now,
    )
    command_changes.add(context.unit, change)
    return (card_of(context, change, others=others), *(card_of(context, change, to=other.userid) for other in others))
