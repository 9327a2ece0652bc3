"""What a kind of approval adds to the common way: how it is told, and what follows when it is agreed to."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.approval import Approval, State
from domain.staff import Staff
from handlers.context import Context
from handlers.reply import Reply


def _nothing(_context: Context, _asked: Approval) -> str:
    return ""


def _nobody(_context: Context, _asked: Approval) -> Reply:
    return ()


@dataclass(frozen=True)
class Family:
    """`title` as this reader may read it; `lines` beside who asked and why; `agreed` carries it out in the unit of the
    last word, and may refuse; `closed` follows in the unit in which it ended in any other way. `effect` is said after
    已同意, `unchanged` after 已退回 and 已撤回. `prompt` and `withdraw` replace the usual words on its cards, `warning`
    stands on them by itself. `outlives`: it is a customer's right or a duty of the house, and stands whoever asked.
    """

    name: str
    title: Callable[[Context, Approval, Staff], str]
    lines: Callable[[Context, Approval], list[tuple[str, str]]]
    agreed: Callable[[Context, Approval], Reply]
    effect: Callable[[Context, Approval], str]
    unchanged: str
    prompt: str = ""
    withdraw: str = "撤回"
    warning: Callable[[Context, Approval], str] = _nothing
    closed: Callable[[Context, Approval], Reply] = _nobody
    outlives: bool = False

    def followed(self, context: Context, asked: Approval) -> Reply:
        """What comes of its standing: nothing while it waits."""
        if asked.state is State.WAITING:
            return ()
        return (self.agreed if asked.state is State.AGREED else self.closed)(context, asked)
