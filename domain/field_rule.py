"""Which post sees which kind of data of whom, how plainly and where: the fields of a permission (decisions 10, 11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.purpose import Purpose
from domain.scope import Relation
from domain.sharing import Field, Form, Setting, Surface
from domain.staff import Post


class Action(StrEnum):
    """What may be done with a field; what may be done with a thing as a whole is a `Permission`."""

    READ_MASKED = "read_masked"
    READ_PLAIN = "read_plain"
    WRITE = "write"
    EXPORT = "export"
    SHARE_TO_WECOM = "share_to_wecom"


_ORDER = tuple(Setting)
_REVEALED = frozenset({Surface.REVEAL, Surface.EXPORT_PLAIN})
_EXPORTED = frozenset({Surface.EXPORT, Surface.EXPORT_PLAIN})
_NONE: frozenset[Relation] = frozenset()


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One entry of the policy about one field. It holds for `posts` (None: for all) and `purposes` (None: for all);
    `relations` are the customers each action is allowed on. `plain` and `masked` are the two forms of the field;
    one with `reveal` is plain only after a second verification. `channel` is the tightest channel setting under which
    the plain form may leave through WeCom; `number` is its place in the pack.
    """

    field: Field
    label: str
    relations: Mapping[Action, frozenset[Relation]]
    posts: frozenset[Post] | None = None
    purposes: frozenset[Purpose] | None = None
    plain: Form = Form.PLAIN
    masked: Form = Form.WITHHELD
    reveal: bool = False
    channel: Setting = Setting.MASKED
    number: int = 0

    def holds_for(self, post: Post, purpose: Purpose) -> bool:
        return (self.posts is None or post in self.posts) and (self.purposes is None or purpose in self.purposes)

    def allows(self, action: Action, relation: Relation) -> bool:
        return relation in self.relations.get(action, _NONE)

    def form(self, relation: Relation, surface: Surface, setting: Setting) -> Form:
        """How the field appears there."""
        read = self._read(relation, revealed=surface in _REVEALED)
        if surface is Surface.WECOM:
            return self._sent(read, setting) if self.allows(Action.SHARE_TO_WECOM, relation) else Form.WITHHELD
        if surface in _EXPORTED and not self.allows(Action.EXPORT, relation):
            return Form.WITHHELD
        return read

    def _read(self, relation: Relation, *, revealed: bool) -> Form:
        if self.allows(Action.READ_PLAIN, relation) and (revealed or not self.reveal):
            return self.plain
        return self.masked if self.allows(Action.READ_MASKED, relation) else Form.WITHHELD

    def _sent(self, read: Form, setting: Setting) -> Form:
        """The channel's setting narrows what the policy lets leave."""
        if _ORDER.index(setting) <= _ORDER.index(self.channel):
            return read
        return self.masked if setting is Setting.MASKED and read is not Form.WITHHELD else Form.WITHHELD


class FieldRules:
    """All entries; of a field the first one that holds for post and purpose decides, and without one it is withheld."""

    def __init__(self, rules: Iterable[FieldRule] = ()) -> None:
        self._of: dict[Field, list[FieldRule]] = {}
        self._made: dict[object, Mapping[Relation, Mapping[Field, Form]]] = {}
        for rule in rules:
            self._of.setdefault(rule.field, []).append(rule)

    def rule(self, field: Field, post: Post, purpose: Purpose) -> FieldRule | None:
        return next((rule for rule in self._of.get(field, ()) if rule.holds_for(post, purpose)), None)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the policy speaks of, in the order of the pack."""
        return tuple(self._of)

    def label(self, field: Field) -> str:
        """What people call the field."""
        return next((rule.label for rule in self._of.get(field, ())), field.value)

    def forms(
        self, post: Post, purpose: Purpose, surface: Surface, setting: Setting, hidden: frozenset[Field] = frozenset()
    ) -> Mapping[Relation, Mapping[Field, Form]]:
        """Every field's form for who looks, by how they stand to the customer; what is not named is withheld."""
        asked = (post, purpose, surface, setting, hidden)
        if asked not in self._made:
            named = (self.rule(field, post, purpose) for field in self._of if field not in hidden)
            rules = [rule for rule in named if rule is not None]
            self._made[asked] = {
                relation: {rule.field: rule.form(relation, surface, setting) for rule in rules} for relation in Relation
            }
        return self._made[asked]
