"""Whether a text message could be sent now; none is."""

from bot.clock import HouseClock
from bot.doctor.finding import Finding, bad, good, unknown
from bot.outside import Unanswered
from bot.sections import Sms
from bot.sms.choice import provider_of
from bot.sms.port import SmsRefused

WHAT = "短信"


async def gateway(settings: Sms) -> Finding:
    """Reach the gateway and, with a cloud, show our keys and ask after our template."""
    if settings.provider == "log":
        return unknown(WHAT, "通道是 log，只记日志，不会发出：正式使用请设 RMBOT_SMS__PROVIDER")
    provider = provider_of(settings, HouseClock().machine)
    await provider.start()
    try:
        await provider.look()
    except SmsRefused as refusal:
        return bad(WHAT, f"{settings.provider} 不让发：{refusal}")
    except Unanswered as error:
        fix = "请检查网络、RMBOT_SMS__URL、RMBOT_SMS__PROXY 和防火墙"
        return bad(WHAT, f"{settings.provider} 通道没有正常回答（{error}）：{fix}")
    finally:
        await provider.stop()
    codes = "" if settings.sends_codes else "；没有设 RMBOT_SMS__CODE_TEMPLATE_ID，看明文不能用短信验证码"
    return good(WHAT, f"{settings.provider} 通道能连上（没有发短信）{codes}")
