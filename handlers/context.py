"""What a handler is given: the unit of work, who acts, what happened, and the house's definitions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from domain.conversation import Conversation
from domain.overlay import InForce
from domain.pack import Pack
from domain.policy import Policy, Scope
from domain.sharing import Setting
from domain.staff import Staff, UnitTree
from domain.update import Update
from handlers.reply import Reply
from storage import directory
from storage.card_rows import CardRow
from storage.unit import Unit


@dataclass(frozen=True)
class House:
    """What does not change while the process runs: definitions, policy, and where the pages are."""

    pack: Pack
    policy: Policy
    agent_id: int
    sharing: Setting = Setting.FULL_NAME
    public_url: str = ""
    silence: timedelta = timedelta(hours=1)
    card_lifetime: timedelta = timedelta(hours=72)


@dataclass(frozen=True)
class Context:
    """One update in hand. `in_force` is the house's pack with the bank's own changes to its commands, `verb` what is to
    be done, `argument` the words after a command, `card` the row of the card that was clicked, `talk` the conversation
    that was open when the update came, `notes` what to say first."""

    unit: Unit
    house: House
    update: Update
    actor: Staff
    in_force: InForce
    verb: str = ""
    argument: str = ""
    card: CardRow | None = None
    talk: Conversation | None = None
    notes: Reply = ()

    @property
    def now(self) -> datetime:
        return self.update.now

    @property
    def pack(self) -> Pack:
        return self.in_force.pack

    @cached_property
    def units(self) -> UnitTree:
        return directory.units(self.unit)

    @cached_property
    def scope(self) -> Scope:
        return self.house.policy.scope(self.actor, self.units)

    def to(self, verb: str, argument: str = "", **changes: Any) -> Self:
        """The same update, to be handled as `verb`."""
        return replace(self, verb=verb, argument=argument, **changes)
