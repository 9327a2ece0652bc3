"""Word to those who run the bot, where something needs a person."""

from cards.message import texts
from handlers.reply import Say
from storage import directory
from storage.outbox import Lane
from storage.unit import Unit

POST, AT_MOST = "系统管理员", 3


def to_operators(unit: Unit, text: str) -> tuple[Say, ...]:
    """The same words for each of them."""
    return to_post(unit, POST, text)


def to_post(unit: Unit, post: str, text: str) -> tuple[Say, ...]:
    """The same words for each of a few who hold the post."""
    people = directory.holders(unit, post, limit=AT_MOST)
    return tuple(Say(message, to=to, lane=Lane.DEADLINE) for to in people for message in texts(text))
