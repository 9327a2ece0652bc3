"""Looks at everything an installation needs, from the settings to the callback, and says how to repair it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from bot import settings as house_settings
from bot.app import missing
from bot.doctor import callback, local, sms, wecom
from bot.doctor.finding import Finding, bad, good
from bot.settings import Settings, SettingsError


def examine(config: Path | None, state: Path, say: Callable[[str], None]) -> bool:
    """Say each finding as soon as it is known; whether nothing is wrong."""
    try:
        settings = house_settings.load(config, state)
    except SettingsError as error:
        return _tell([bad("设置", problem) for problem in error.problems], say)
    return asyncio.run(_examine(settings, say))


async def _examine(settings: Settings, say: Callable[[str], None]) -> bool:
    fine = True
    async for findings in _findings(settings):
        fine = _tell(findings, say) and fine
    say("全部正常" if fine else "有问题：请按上面 ✗ 的说明处理，再执行一次 rmbot doctor")
    return fine


async def _findings(settings: Settings) -> AsyncIterator[list[Finding]]:
    lacking = missing(settings)
    yield [bad("设置", problem) for problem in lacking] or [good("设置", "齐全")]
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
