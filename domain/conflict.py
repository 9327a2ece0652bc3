"""What posts there are, and which one person must not hold together: whoever works neither approves nor audits it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from domain.staff import POSTS, Post


@dataclass(frozen=True, slots=True)
class Conflict:
    """Of these groups of posts a person may hold posts of one only; `why` is told."""

    between: tuple[frozenset[Post], ...]
    why: str

    def broken(self, posts: Collection[Post]) -> tuple[Post, Post] | None:
        """Two posts of different groups among these; None when all is well."""
        found = [next((post for post in posts if post in group), None) for group in self.between]
        held = [post for post in found if post is not None]
        return (held[0], held[1]) if len(held) > 1 else None


def conflict_text(conflicts: Iterable[Conflict], posts: Collection[Post]) -> str | None:
    """Why somebody may not hold these posts together, in Chinese; None when they may."""
    for conflict in conflicts:
        if pair := conflict.broken(posts):
            return f"「{pair[0]}」和「{pair[1]}」不能由同一个人兼任：{conflict.why}"
    return None


@dataclass(frozen=True, slots=True)
class PostRules:
    """The posts of a bank, those it added among them, and their conflicts."""

    posts: tuple[Post, ...] = POSTS
    conflicts: tuple[Conflict, ...] = ()

    def problem(self, held: Collection[Post]) -> str | None:
        """Why nobody may hold these posts, in Chinese; None when all is well."""
        strange = next((post for post in held if post not in self.posts), None)
        if strange is not None:
            return f"“{strange}”不在规定用词内，应为 {'、'.join(self.posts)} 之一"
        return conflict_text(self.conflicts, held)


USUAL = PostRules()
