"""How full the managers' books are, for who heads them: how many of which tiers, against how many one may keep."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.ids import UserId
from domain.service import Service
from domain.view.labels import few

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Fullness:
    """One manager's book: `share` is the fullest part of it."""

    userid: UserId
    share: float
    parts: tuple[tuple[str, int, int], ...]

    @property
    def text(self) -> str:
        """高净值、超高净值 9/80，富裕 78/300."""
        return "，".join(f"{tiers} {few(count)}/{most}" for tiers, count, most in self.parts)

    @property
    def over(self) -> bool:
        return self.share > 1


def fullest_first(books: Mapping[UserId, Mapping[str, int]], service: Service) -> list[Fullness]:
    """Every book with customers that are limited in number."""
    found = []
    for userid, book in books.items():
        parts = tuple(each for each in service.loads(book) if each[1])
        if parts:
            found.append(Fullness(userid, max(count / most for _, count, most in parts), parts))
    return sorted(found, key=lambda each: (-each.share, each.userid))
