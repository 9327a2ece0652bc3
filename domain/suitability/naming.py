"""Finding a product by number, by name or a part of it, or by the letters its name is read with."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from domain.normalise import compact
from domain.pinyin import matches, readings


class Named(Protocol):
    """What has a number and a name."""

    @property
    def product_id(self) -> str: ...

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


def find_products(text: str, products: Iterable[N]) -> list[N]:
    """The nearest hits alone, in the order given: number or whole name, then how a name or number begins, then a part
    of a name, then letters."""
    typed, shelf = compact(text), list(products)
    if not typed:
        return []
    ranked = [(rank, each) for each in shelf if (rank := _rank(typed, each)) is not None]
    if not ranked and typed.isascii():
        ranked = [(0, each) for each in shelf if matches(typed, readings(each.name)) is not None]
    nearest = min((rank for rank, _ in ranked), default=0)
    return [each for rank, each in ranked if rank == nearest]


def _rank(typed: str, product: Named) -> int | None:
    number, name = compact(product.product_id), compact(product.name)
    if typed in (number, name):
        return 0
    if name.startswith(typed) or number.startswith(typed):
        return 1
    return 2 if typed in name else None
