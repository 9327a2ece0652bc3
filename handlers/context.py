"""What a handler is given: the unit of work, who acts, what happened, and the house's definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from domain.conversation import Conversation
from domain.pack import Pack
from domain.policy import Policy, Scope
from domain.sharing import Setting
from domain.staff import Staff, UnitTree
from domain.update import Update
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
    undo_window: timedelta = timedelta(minutes=10)
    silence: timedelta = timedelta(hours=1)
    card_lifetime: timedelta = timedelta(hours=72)


@dataclass(frozen=True)
class Context:
    """One update in hand. `card` is the row of the card that was clicked, `talk` the conversation that is open."""

    unit: Unit
    house: House
    update: Update
    actor: Staff
    card: CardRow | None = None
    talk: Conversation | None = None
    argument: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.update.now

    @cached_property
    def units(self) -> UnitTree:
        return directory.units(self.unit)

    @cached_property
    def scope(self) -> Scope:
        return self.house.policy.scope(self.actor, self.units)
