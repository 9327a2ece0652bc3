"""Goes the way WeCom goes: asks our own public address for a sign of life, and for the answer to a signed check."""

import base64
import secrets
from hashlib import sha1

import aiohttp
from wechatpy.work.crypto import PrpCrypto

from bot.clock import HouseClock
from bot.doctor.finding import Finding, bad, good
from bot.settings import Settings

PATIENCE = aiohttp.ClientTimeout(total=8)


async def callback(settings: Settings) -> list[Finding]:
    """Alive under its public address, and able to answer the address check of WeCom's console."""
    base = settings.public_url
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        try:
            async with session.get(f"{base}/livez") as response:
                status = response.status
        except (aiohttp.ClientError, OSError) as error:
            fix = "请先启动 rmbot serve，并检查 RMBOT_HTTP__PUBLIC_URL、反向代理和证书"
            return [bad("对外地址", f"{base} 访问不到（{type(error).__name__}）：{fix}")]
        if status != 200:
            return [bad("对外地址", f"{base}/livez 回答 {status}：请检查 RMBOT_HTTP__PUBLIC_URL 是否指向本服务")]
        return [good("对外地址", f"{base} 能访问"), await _verify(session, settings)]


async def _verify(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    url, echo = f"{settings.public_url}/wecom/callback", secrets.token_hex(8)
    try:
        async with session.get(url, params=await _signed(settings, echo)) as response:
            answered, status = await response.text(), response.status
    except (aiohttp.ClientError, OSError, UnicodeDecodeError) as error:
        return bad("回调", f"{url} 没有答复（{type(error).__name__}）：请看服务的日志")
    if status == 200 and answered == echo:
        return good("回调", f"{url} 通过验证，可以填进后台“接收消息”页")
    fix = "请核对 RMBOT_WECOM__TOKEN、RMBOT_WECOM__AES_KEY、RMBOT_WECOM__CORP_ID 与运行中的服务一致，且反向代理原样转发查询参数"
    return bad("回调", f"{url} 回答 {status}，没有通过验证：{fix}")


async def _signed(settings: Settings, echo: str) -> dict[str, str]:
    """The query of an address check (page 90930)."""
    wecom = settings.wecom
    clock = HouseClock(settings.clock.url or None)
    await clock.start()
    await clock.stop()
    timestamp, nonce = str(int(clock.business().timestamp())), secrets.token_hex(5)
    key = base64.b64decode(wecom.aes_key.get_secret_value() + "=")
    echostr = PrpCrypto(key).encrypt(echo, wecom.corp_id).decode()
    parts = sorted((wecom.token.get_secret_value(), timestamp, nonce, echostr))
    signature = sha1("".join(parts).encode()).hexdigest()
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echostr}
