"""Looks at everything an installation needs, from the settings to the callback, and says how to repair it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from bot import control
from bot import settings as house_settings
from bot.app import missing
from bot.doctor import callback, local, sms, wecom
from bot.doctor.finding import Finding, bad, good
from bot.settings import Settings, SettingsError
from domain.refusal import Refused

WRONG = "有问题：请按上面 ✗ 的说明处理，再执行一次 rmbot doctor"


def examine(config: Path | None, state: Path, say: Callable[[str], None]) -> bool:
    """Say each finding as soon as it is known; whether nothing is wrong. Where this command line lacks the settings of
    WeCom and a service runs, the service looks at itself."""
    try:
        settings = house_settings.load(config, state)
    except SettingsError as error:
        return _tell([bad("设置", problem) for problem in error.problems], say)
    try:
        fine = (missing(settings) and control.call(state, "doctor", {}, say, say)) or asyncio.run(
            examined(settings, say)
        )
    except Refused as refused:
        say(refused.text)
        return False
    if not fine:
        say(WRONG)
    return fine


async def examined(settings: Settings, say: Callable[[str], None], *, whose: str = "") -> bool:
    """Say each finding, and that nothing is wrong where nothing is."""
    fine = True
    async for findings in _findings(settings, whose):
        fine = _tell(findings, say) and fine
    if fine:
        say("全部正常")
    return fine


async def _findings(settings: Settings, whose: str) -> AsyncIterator[list[Finding]]:
    lacking = missing(settings)
    yield [bad("设置", problem) for problem in lacking] or [good("设置", f"齐全{whose}")]
    database, staff = await asyncio.to_thread(local.database, settings)
    inside = () if staff is None else (local.calendar, local.feeds)
    looked = [await asyncio.to_thread(look, settings) for look in inside]
    yield [local.key_file(settings), local.signing_key(settings), database, *looked, local.fonts()]
    yield [await wecom.clock_skew(settings.wecom)]
    yield [await sms.gateway(settings.sms)]
    if not lacking:
        yield await wecom.application(settings.wecom, staff)
        yield await callback.callback(settings)


def _tell(findings: Iterable[Finding], say: Callable[[str], None]) -> bool:
    fine = True
    for finding in findings:
        say(str(finding))
        fine = fine and finding.sign != "✗"
    return fine
