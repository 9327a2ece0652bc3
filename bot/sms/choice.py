"""Which gateway the settings name."""

from bot.sections import Sms
from bot.sms.aliyun import AliyunProvider
from bot.sms.cloud import Machine
from bot.sms.gateway import GatewayProvider
from bot.sms.log import LogProvider
from bot.sms.port import SmsProvider
from bot.sms.tencent import TencentProvider


def provider_of(settings: Sms, machine: Machine) -> SmsProvider:
    """The gateway in use; `machine` tells the seconds since 1970, for signatures."""
    match settings.provider:
        case "http":
            return GatewayProvider(settings)
        case "tencent":
            return TencentProvider(settings, machine)
        case "aliyun":
            return AliyunProvider(settings, machine)
        case "log":
            return LogProvider()
