"""What a handler is given: the unit of work, who acts, what happened, and the house's definitions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from domain.command import Command
from domain.conversation import Conversation
from domain.form import Form, fitting
from domain.ids import UserId
from domain.overlay import InForce
from domain.pack import Pack
from domain.policy import Permission, Policy, Purpose, Scope
from domain.process.library import Library
from domain.retention.table import Edition
from domain.sharing import Setting
from domain.staff import Staff, UnitTree
from domain.suggestion import LIMITS, Limits
from domain.suitability.papers import Paper
from domain.suitability.rulebook import Rulebook
from domain.update import Update
from handlers.reply import Reply
from storage import directory
from storage.card_rows import CardRow
from storage.unit import Unit

HOUSE_ITSELF = UserId("")
"""Who acts when nobody does: the clock."""


@dataclass(frozen=True)
class House:
    """What does not change while the process runs: definitions, policy, where the pages are, and whether a code sent by
    SMS would reach anybody.
    """

    pack: Pack
    policy: Policy
    agent_id: int
    processes: Library = field(default_factory=Library)
    rulebook: Rulebook = field(default_factory=Rulebook)
    papers: Sequence[Paper] = ()
    sharing: Setting = Setting.FULL_NAME
    public_url: str = ""
    silence: timedelta = timedelta(hours=1)
    card_lifetime: timedelta = timedelta(hours=72)
    trail: bool = False
    retention: Edition | None = None
    codes: bool = False

    def form(self, name: str, version: int | None = None) -> Form:
        """A form of the pack, or the form of a process by its dotted name and version; raises KeyError."""
        return self.pack.form(name) if version is None or "." not in name else self.processes.form(name, version)

    def form_of(self, conversation: Conversation) -> Form:
        return self.form(conversation.form, conversation.pack_version)

    def goes_on(self, conversation: Conversation) -> bool:
        """Whether the form is still what it was when somebody began to fill it in."""
        if "." in conversation.form:
            return self.processes.knows(conversation.form, conversation.pack_version)
        return conversation.pack_version == self.pack.version

    @cached_property
    def limits(self) -> Limits:
        """From when on a summary proposes a step: as the pack's care rules have it."""
        limits = self.pack.care.limits() if self.pack.care else LIMITS
        return replace(limits, greetings=self.pack.service.greetings()) if self.pack.service else limits


@dataclass(frozen=True)
class Context:
    """One update in hand. `in_force` is the house's pack with the bank's own changes to its commands, `verb` what is to
    be done, `argument` the words after a command, `card` the row of the card that was clicked, `talk` the conversation
    that was open when the update came, `notes` what to say first, `command` the command that was called,
    `stated` the purpose that was said, `doing` the permission that what is being done needs."""

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
    command: Command | None = None
    stated: Purpose | None = None
    doing: Permission | None = None

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
        """Whom the actor may load to do what is being done."""
        return self.house.policy.scope(self.actor, self.units, self.doing, self.purpose)

    @property
    def purpose(self) -> Purpose:
        """Why customers are read here: as it was said, else as the policy has it for the verb and the post."""
        return self.stated or self.house.policy.purpose(self.actor, self.verb)

    def form(self, name: str, version: int | None = None) -> Form:
        """A form as it is asked of the actor."""
        return fitting(self.house.form(name, version), self.house.policy.purposes(self.actor))

    def form_of(self, conversation: Conversation) -> Form:
        return self.form(conversation.form, conversation.pack_version)

    def to(self, verb: str, argument: str = "", **changes: Any) -> Self:
        """The same update, to be handled as `verb`."""
        return replace(self, verb=verb, argument=argument, **changes)
