"""What a customer gets by the service programmes: who, how often, what; and what is missing for it."""

from collections.abc import Collection, Iterable, Sequence

from domain.service import Programme
from domain.sharing import Datum, Field
from domain.summary import Line


def glance_lines(programmes: Sequence[Programme], roles: Collection[str]) -> tuple[Line, ...]:
    """At a glance: 财富管理，90 天至少联系一次; what comes beside it; which role of the service team nobody fills."""
    missing = dict.fromkeys(role for each in programmes for role in each.team if role not in roles)
    gap = (Line("服务团队", (Datum(Field.TIER, f"还没有{'、'.join(missing)}"),)),) if missing else ()
    basic = [Line("服务方案", (Datum(Field.TIER, _named(each)),)) for each in programmes[:1]]
    beside = "、".join(map(_named, programmes[1:]))
    return (*basic, *((Line("另外", (Datum(Field.TIER, beside),)),) if beside else ()), *gap)


def service_lines(programmes: Iterable[Programme]) -> tuple[Line, ...]:
    """In full: 财富管理，90 天至少联系一次, and below it who serves with what."""
    return tuple(
        Line(
            "服务方案",
            (Datum(Field.TIER, f"{_named(each)}\n· 谁来服务：{each.who}\n· 服务什么：{'、'.join(each.what)}"),),
        )
        for each in programmes
    )


def _named(each: Programme) -> str:
    return f"{each.name}，{each.contact.days} 天至少联系一次" if each.contact else each.name
