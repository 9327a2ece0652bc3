"""The policy section of a pack: sets of permissions, posts, fields, conflicts and limits as the bank writes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Annotated

from pydantic import Field as Limited

from domain.basis import Basis
from domain.conflict import Conflict
from domain.field_rule import Action, FieldRule, FieldRules
from domain.limit import Limit, LimitKey
from domain.part import Key, Part, Sourced, Words
from domain.policy import Permission, Policy, PostRule
from domain.purpose import Purpose
from domain.scope import Reach, Relation
from domain.sharing import Field, Form, Setting
from domain.staff import Post

Relations = tuple[Relation, ...]
Posts = Annotated[tuple[Words, ...], Limited(min_length=1)]


class PermissionSet(Part):
    """Permissions that go together under one name; a set may name sets before it."""

    key: Key
    label: Words
    allow: tuple[Words, ...] = Limited(min_length=1)


class PostEntry(Part):
    """What these posts may do: permissions and sets of them."""

    posts: Posts
    reach: Reach
    allow: tuple[Words, ...] = Limited(min_length=1)
    deny: tuple[Words, ...] = ()
    hide: tuple[Field, ...] = ()
    purposes: tuple[Purpose, ...] = Limited(min_length=1)


class FieldEntry(Part):
    """What may be done with one field: by these posts (without: by all), for these purposes (without: for all)."""

    field: Field
    label: Words
    posts: Posts | None = None
    purposes: tuple[Purpose, ...] | None = Limited(default=None, min_length=1)
    plain: Form = Form.PLAIN
    masked: Form = Form.WITHHELD
    reveal: bool = False
    channel: Setting = Setting.MASKED
    read_plain: Relations = ()
    read_masked: Relations = ()
    write: Relations = ()
    export: Relations = ()
    share_to_wecom: Relations = ()

    def rule(self, number: int) -> FieldRule:
        """The entry, by its place in the list."""
        return FieldRule(
            field=self.field,
            label=self.label,
            relations={action: frozenset(getattr(self, action.value)) for action in Action},
            posts=frozenset(map(Post, self.posts)) if self.posts else None,
            purposes=frozenset(self.purposes) if self.purposes else None,
            plain=self.plain,
            masked=self.masked,
            reveal=self.reveal,
            channel=self.channel,
            number=number,
        )


class RelationEntry(Part):
    """What alone may be done for customers one stands to that way: permissions and sets of them."""

    relation: Relation
    allow: tuple[Words, ...] = Limited(min_length=1)


class ConflictEntry(Part):
    """Groups of posts of which one person may hold one only."""

    between: Annotated[tuple[Posts, ...], Limited(min_length=2)]
    why: Words


class LimitEntry(Sourced):
    """A number that the program asks for."""

    key: LimitKey
    label: Words
    value: int = Limited(ge=1, le=1_000_000)


class PolicyPart(Part):
    """Who may do what and sees what; `defaults` are the purposes of verbs (or of their first word)."""

    sets: tuple[PermissionSet, ...] = ()
    posts: tuple[PostEntry, ...] = Limited(min_length=1)
    relations: tuple[RelationEntry, ...] = ()
    fields: tuple[FieldEntry, ...] = Limited(min_length=1)
    defaults: Mapping[str, Purpose] = {}
    conflicts: tuple[ConflictEntry, ...] = ()
    limits: tuple[LimitEntry, ...] = Limited(min_length=1)

    def policy(self, name: str, version: int) -> Policy:
        """The rules, ready to be asked; the section has been checked."""
        sets = self.permission_sets()
        return Policy(
            version=f"{name}-{version}",
            rules={Post(post): _rule(entry, sets) for entry in self.posts for post in entry.posts},
            fields=FieldRules(entry.rule(number) for number, entry in enumerate(self.fields, 1)),
            defaults=self.defaults,
            conflicts=tuple(
                Conflict(tuple(frozenset(map(Post, group)) for group in entry.between), entry.why)
                for entry in self.conflicts
            ),
            limits={entry.key: _limit(entry) for entry in self.limits},
            relations={entry.relation: meant(entry.allow, sets) for entry in self.relations},
        )

    def permission_sets(self) -> dict[str, frozenset[Permission]]:
        """What each word of an `allow` stands for, permissions included; unknown words stand for nothing."""
        known = {permission.value: frozenset({permission}) for permission in Permission}
        for each in self.sets:
            known[each.key] = meant(each.allow, known)
        return known

    def named_posts(self) -> Iterator[str]:
        return chain.from_iterable(entry.posts for entry in self.posts)


def meant(words: Iterable[str], known: Mapping[str, Collection[Permission]]) -> frozenset[Permission]:
    """All permissions that the words stand for."""
    return frozenset(chain.from_iterable(known.get(word, ()) for word in words))


def _rule(entry: PostEntry, sets: Mapping[str, frozenset[Permission]]) -> PostRule:
    allow, deny = meant(entry.allow, sets), meant(entry.deny, sets)
    return PostRule(entry.reach, allow, deny, frozenset(entry.hide), entry.purposes)


def _limit(entry: LimitEntry) -> Limit:
    return Limit(entry.label, entry.value, Basis(entry.effective_from, entry.source, entry.verified))
