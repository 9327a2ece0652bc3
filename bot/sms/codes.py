"""What to do about each answer of the clouds: their codes by class, as data, and the fix where a person is needed.

Tencent: cloud.tencent.com/document/api/382/52075 and 59177. Alibaba: help.aliyun.com/document_detail/101346.html.
A code stands for all that begin with it and a dot.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.outside import Unanswered
from bot.retry import RetryClass
from bot.sms.port import SmsRefused


@dataclass(frozen=True)
class Codes:
    """`doubtful`: the gateway itself does not know whether the message left."""

    classes: Mapping[RetryClass, Mapping[str, str]]
    doubtful: frozenset[str]

    def judge(self, code: str) -> Exception:
        """What to raise; a code we do not know will not get better by repeating."""
        for name in _widening(code):
            if name in self.doubtful:
                return Unanswered(code)
            for kind, explanations in self.classes.items():
                if name in explanations:
                    return SmsRefused(kind, code, explanations[name])
        return SmsRefused(RetryClass.DEAD, code)


def _widening(code: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`."""
    while code:
        yield code
        code = code.rpartition(".")[0]


_KEYS = "请核对 RMBOT_SMS__SECRET_ID 和 RMBOT_SMS__SECRET_KEY"
_CLOCK = "本机时间不准，请打开 NTP 对时"
_SIGN = "短信签名没有通过审核或写得不对：请核对 RMBOT_SMS__SIGN_NAME"
_TEMPLATE = "短信模板没有通过审核、不存在或变量对不上：请核对 RMBOT_SMS__TEMPLATE_ID"
_APP = "短信应用不对或被停用：请核对 RMBOT_SMS__APP_ID"
_ADDRESS = "本机的出口 IP 被拒绝：请在短信控制台的 IP 白名单里加上"
_MONEY = "短信余额不足或已欠费：请在控制台充值"
_RIGHTS = "密钥没有短信接口的权限：请在控制台授权（发短信，体检时还要查模板）"
_QUOTA = "短信发送量到了控制台设的上限：请调高上限"
_OFTEN = "发得太频繁，稍后再发"
_NUMBER = "手机号不对，或不接收短信"

TENCENT = Codes(
    {
        RetryClass.SOON: {
            "RequestLimitExceeded": _OFTEN,
            "LimitExceeded.DeliveryFrequencyLimit": _OFTEN,
            "LimitExceeded.PhoneNumberThirtySecondLimit": _OFTEN,
            "LimitExceeded.PhoneNumberOneHourLimit": _OFTEN,
            "LimitExceeded.PhoneNumberDailyLimit": _OFTEN,
            "LimitExceeded.PhoneNumberSameContentDailyLimit": _OFTEN,
        },
        RetryClass.WAIT: {"LimitExceeded": _QUOTA},
        RetryClass.CONFIG: {
            "AuthFailure": _KEYS,
            "AuthFailure.SignatureExpire": _CLOCK,
            "AuthFailure.UnauthorizedOperation": _RIGHTS,
            "UnauthorizedOperation": _RIGHTS,
            "UnauthorizedOperation.RequestIpNotInWhitelist": _ADDRESS,
            "UnauthorizedOperation.SdkAppIdIsDisabled": _APP,
            "UnauthorizedOperation.SmsSdkAppIdVerifyFail": _APP,
            "UnauthorizedOperation.ServiceSuspendDueToArrears": _MONEY,
            "IpInBlacklist": _ADDRESS,
            "IpNotInWhitelist": _ADDRESS,
            "InvalidParameterValue.SdkAppIdNotExist": _APP,
            "FailedOperation.InsufficientBalanceInSmsPackage": _MONEY,
            "FailedOperation.SignatureIncorrectOrUnapproved": _SIGN,
            "FailedOperation.TemplateIncorrectOrUnapproved": _TEMPLATE,
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": _TEMPLATE,
            "FailedOperation.TemplateUnapprovedOrNotExist": _TEMPLATE,
        },
        RetryClass.DEAD: {
            "InvalidParameterValue.IncorrectPhoneNumber": _NUMBER,
            "FailedOperation.PhoneNumberInBlacklist": _NUMBER,
        },
    },
    frozenset({"InternalError"}),
)

ALIYUN = Codes(
    {
        RetryClass.SOON: {"Throttling": _OFTEN, "isv.BUSINESS_LIMIT_CONTROL": _OFTEN},
        RetryClass.WAIT: {"isv.DAY_LIMIT_CONTROL": _QUOTA, "isv.MONTH_LIMIT_CONTROL": _QUOTA},
        RetryClass.CONFIG: {
            "InvalidAccessKeyId": _KEYS,
            "SignatureDoesNotMatch": _KEYS,
            "IncompleteSignature": _KEYS,
            "InvalidTimeStamp": _CLOCK,
            "Forbidden": _RIGHTS,
            "isp.RAM_PERMISSION_DENY": _RIGHTS,
            "isv.ACCOUNT_NOT_EXISTS": _KEYS,
            "isv.ACCOUNT_ABNORMAL": _MONEY,
            "isv.AMOUNT_NOT_ENOUGH": _MONEY,
            "isv.OUT_OF_SERVICE": _MONEY,
            "isv.PRODUCT_UN_SUBSCRIPT": _RIGHTS,
            "isv.PRODUCT_UNSUBSCRIBE": _RIGHTS,
            "isv.DENY_IP_RANGE": _ADDRESS,
            "isv.SMS_SIGNATURE_ILLEGAL": _SIGN,
            "isv.SMS_SIGNATURE_SCENE_ILLEGAL": _SIGN,
            "isv.SMS_SIGN_ILLEGAL": _SIGN,
            "isv.SIGN_STATE_ILLEGAL": _SIGN,
            "isv.SMS_TEMPLATE_ILLEGAL": _TEMPLATE,
            "isv.TEMPLATE_MISSING_PARAMETERS": _TEMPLATE,
        },
        RetryClass.DEAD: {"isv.MOBILE_NUMBER_ILLEGAL": _NUMBER, "isv.BLACK_KEY_CONTROL_LIMIT": _NUMBER},
    },
    # A nonce of ours is used once: seen twice, something on the way repeated a request that had been taken.
    frozenset({"isp.SYSTEM_ERROR", "InternalError", "ServiceUnavailable", "SignatureNonceUsed"}),
)
