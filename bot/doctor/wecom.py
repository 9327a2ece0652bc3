"""What WeCom says about us: its clock, whether the secret is right, and whom the application may see."""

from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.clock import HouseClock
from bot.doctor.finding import Finding, bad, good, soon, unknown
from bot.members import Compared, compare, visible
from bot.outside import Unanswered
from bot.sections import Wecom
from bot.token import Fetch, TokenKeeper
from bot.wecom_client import WecomClient, WecomError

PATIENCE = aiohttp.ClientTimeout(total=8)
SKEW_SECONDS = 60.0  # callbacks are refused beyond 300 s; a healthy machine is within one
NAMED = 10
_FIXES = {
    40001: "Secret 不对或应用已停用：请从后台应用详情页重新复制 RMBOT_WECOM__SECRET",
    40013: "企业 ID 不对：请从后台“我的企业”页重新复制 RMBOT_WECOM__CORP_ID",
    40091: "Secret 不属于这个企业：请核对 RMBOT_WECOM__CORP_ID 与 RMBOT_WECOM__SECRET",
    45009: "调用太频繁，被企业微信暂时限制：请一小时后再试",
    60020: "本机的出口 IP 不在企业可信 IP 里：请在后台应用详情页“企业可信IP”里加上它，约一分钟后生效",
    301002: "AgentId 不是这个应用的：请从后台应用详情页核对 RMBOT_WECOM__AGENT_ID",
}


class _Fresh(TokenKeeper):
    """A token for this examination alone, kept nowhere."""

    def __init__(self) -> None:
        self._token = ""
        self._ask: Fetch | None = None

    def bind(self, fetch: Fetch) -> None:
        self._ask = fetch

    async def get(self, stale: str | None = None) -> str:
        assert self._ask is not None
        if not self._token or self._token == stale:
            self._token, _ = await self._ask()
        return self._token


async def clock_skew(wecom: Wecom) -> Finding:
    """Compare this machine's clock with the Date that the server puts on every answer."""
    what = "时钟"
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(wecom.api_base, proxy=wecom.proxy or None, allow_redirects=False) as response,
        ):
            told = parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (aiohttp.ClientError, OSError, KeyError, ValueError):
        return unknown(what, f"连不上 {wecom.api_base}，无从比较")
    skew = HouseClock().machine() - told
    if abs(skew) > SKEW_SECONDS:
        return bad(
            what,
            f"本机与企业微信相差 {skew:+.0f} 秒，超过 300 秒的回调会被拒绝：请打开 NTP 对时（timedatectl set-ntp true）",
        )
    return good(what, f"与企业微信相差 {abs(skew):.0f} 秒以内")


async def application(wecom: Wecom, staff: Mapping[str, bool] | None) -> list[Finding]:
    """The token, and, with it, the visible range."""
    client = WecomClient(wecom, _Fresh())
    await client.start()
    try:
        agent = await client.call("GET", "agent/get", params={"agentid": str(wecom.agent_id)})
        found = [good("access_token", "能取到"), good("应用", f"{agent.get('name', '')}（{wecom.agent_id}）")]
        return [*found, *await _visible(client, agent, staff)]
    except WecomError as error:
        return [bad("企业微信", _FIXES.get(error.errcode, f"接口返回 {error.errcode}，请对照 docs/errors.md"))]
    except Unanswered as error:
        return [bad("企业微信", f"连不上 {wecom.api_base}（{error}）：请检查网络、RMBOT_WECOM__PROXY 和防火墙")]
    finally:
        await client.stop()


async def _visible(client: WecomClient, agent: dict[str, Any], staff: Mapping[str, bool] | None) -> list[Finding]:
    what = "可见范围"
    if not staff:
        return [unknown(what, "还没有员工数据：请先用 rmbot import 导入，再看谁不在应用的可见范围里")]
    if agent.get("allow_tags", {}).get("tagid"):
        return [unknown(what, "按标签设置，无法逐人核对：请在后台应用详情页确认员工都在内")]
    found = compare(staff, await visible(client, agent))
    return [_in_range(what, found, sum(staff.values())), *_otherwise(found)]


def _in_range(what: str, found: Compared, at_work: int) -> Finding:
    if not found.absent:
        return good(what, f"{at_work} 名在职员工都在内")
    who = f"{len(found.absent)} 名在职员工收不到消息（{_named(found.absent)}）"
    return bad(what, f"{who}：请在后台应用详情页把他们加进可见范围")


def _otherwise(found: Compared) -> Iterator[Finding]:
    """What else differs between the two sides; nothing where they agree."""
    if found.disabled:
        who = f"{len(found.disabled)} 名在职员工在企业微信里已停用（{_named(found.disabled)}）"
        yield bad("成员", f"{who}：已离职的用 rmbot staff leave 停用，其余请在企业微信里恢复")
    if found.strangers:
        who = f"{len(found.strangers)} 个成员看得到应用，员工数据里没有（{_named(found.strangers)}）"
        yield soon("成员", f"{who}：请补进员工数据，或从可见范围里去掉；全部见 rmbot staff compare")


def _named(people: Sequence[str]) -> str:
    return "、".join(people[:NAMED]) + ("等" if len(people) > NAMED else "")


async def compared(wecom: Wecom, staff: Mapping[str, bool]) -> Compared:
    """Staff against everybody in the visible range; raises WecomError or Unanswered."""
    client = WecomClient(wecom, _Fresh())
    await client.start()
    try:
        agent = await client.call("GET", "agent/get", params={"agentid": str(wecom.agent_id)})
        return compare(staff, await visible(client, agent))
    finally:
        await client.stop()
