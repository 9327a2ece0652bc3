"""Staff against WeCom's members, person by person: who is on one side alone, who is disabled there."""

import asyncio
from collections.abc import Sequence

from bot.commands.desk import Desk
from bot.control import Say
from domain.refusal import Refused
from storage.checkup import known_staff


def compare(desk: Desk) -> None:
    """Say every difference; nothing is changed. Raises Refused when WeCom cannot be asked."""
    from bot.app import missing
    from bot.doctor.wecom import compared
    from bot.outside import Unanswered
    from bot.wecom_client import WecomError

    assert desk.settings is not None, "who opens the door brings the settings"
    if lacking := missing(desk.settings):
        raise Refused("\n".join(lacking))
    staff = desk.database.read_now(known_staff)
    try:
        found = asyncio.run(compared(desk.settings.wecom, staff))
    except (WecomError, Unanswered) as error:
        raise Refused(f"企业微信没有正常回答（{error}）：请先用 rmbot doctor 检查") from None
    _list(desk.say, "在职，企业微信里没有或不在应用的可见范围里", found.absent)
    _list(desk.say, "在职，企业微信里已停用", found.disabled)
    _list(desk.say, "看得到应用，员工数据里没有", found.strangers)
    differ = len(found.absent) + len(found.disabled) + len(found.strangers)
    desk.say(f"在职员工 {sum(staff.values())} 人，不一致 {differ} 处")


def _list(say: Say, what: str, people: Sequence[str]) -> None:
    for person in people:
        say(f"{person}  {what}")
