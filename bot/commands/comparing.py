"""Staff against WeCom's members, person by person: who is on one side alone, who is disabled there."""

import asyncio
from collections.abc import Sequence

from bot.app import missing
from bot.control import Say
from bot.doctor.local import staff_of
from bot.doctor.wecom import compared
from bot.outside import Unanswered
from bot.settings import Settings
from bot.wecom_client import WecomError
from domain.refusal import Refused


def compare(settings: Settings, say: Say) -> None:
    """Say every difference; nothing is changed. Raises Refused when WeCom cannot be asked."""
    if lacking := missing(settings):
        raise Refused("\n".join(lacking))
    staff = staff_of(settings)
    try:
        found = asyncio.run(compared(settings.wecom, staff))
    except (WecomError, Unanswered) as error:
        raise Refused(f"企业微信没有正常回答（{error}）：请先用 rmbot doctor 检查") from None
    _list(say, "在职，企业微信里没有或不在应用的可见范围里", found.absent)
    _list(say, "在职，企业微信里已停用", found.disabled)
    _list(say, "看得到应用，员工数据里没有", found.strangers)
    differ = len(found.absent) + len(found.disabled) + len(found.strangers)
    say(f"在职员工 {sum(staff.values())} 人，不一致 {differ} 处")


def _list(say: Say, what: str, people: Sequence[str]) -> None:
    for person in people:
        say(f"{person}  {what}")
