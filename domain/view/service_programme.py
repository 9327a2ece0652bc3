"""What a customer gets by the service programmes: who, how often, what; and what is missing for it."""

from collections.abc import Collection, Iterable

from domain.service import Programme
from domain.sharing import Datum, Field
from domain.summary import Line


def service_lines(programmes: Iterable[Programme], roles: Collection[str]) -> tuple[Line, ...]:
    """服务方案：私人银行 · 专属客户经理和投资顾问，30 天至少联系一次：…；the team's gap is said beside it."""
    return tuple(Line("服务方案", (Datum(Field.TIER, _told(each, roles)),)) for each in programmes)


def _told(each: Programme, roles: Collection[str]) -> str:
    often = f"，{each.contact.days} 天至少联系一次" if each.contact else ""
    missing = [role for role in each.team if role not in roles]
    gap = f"（服务团队还没有{'、'.join(missing)}）" if missing else ""
    return f"{each.name} · {each.who}{often}：{'、'.join(each.what)}{gap}"
