"""Tencent Cloud SMS: SendSms of 2021-01-11 (cloud.tencent.com/document/api/382/55981)."""

from collections.abc import Mapping
from typing import Any

import orjson

from bot.outside import Unanswered
from bot.sections import Sms
from bot.sms.cloud import Cloud, Machine, filled, read
from bot.sms.codes import TENCENT
from bot.sms.tc3 import signed

BASE, VERSION, SERVICE = "https://sms.tencentcloudapi.com", "2021-01-11", "sms"
MAINLAND = 0


class TencentProvider(Cloud):
    """The template has two variables, {1} the number and {2} the level; that of codes has {1} alone."""

    def __init__(self, settings: Sms, machine: Machine) -> None:
        super().__init__(settings, BASE, machine)

    async def send(self, id: str, mobile: str, text: str) -> str:
        settings = self._settings
        template, variables = filled(text, settings)
        response = await self._call(
            "SendSms",
            {
                "PhoneNumberSet": [mobile],
                "SmsSdkAppId": settings.app_id,
                "SignName": settings.sign_name,
                "TemplateId": template,
                "TemplateParamSet": list(variables.values()),
                "SessionContext": id,
            },
        )
        try:
            (status,) = response["SendStatusSet"]
            code, serial = str(status["Code"]), str(status["SerialNo"])
        except (KeyError, TypeError, ValueError):
            raise Unanswered("unreadable status") from None
        if code != "Ok":
            raise TENCENT.judge(code)
        return serial

    async def look(self) -> None:
        """Ask after our template: only who is let in gets an answer."""
        number = int(self._settings.template_id)
        await self._call("DescribeSmsTemplateList", {"International": MAINLAND, "TemplateIdSet": [number]})

    async def _call(self, action: str, content: Mapping[str, Any]) -> dict[str, Any]:
        body = orjson.dumps(content)
        named = {"Content-Type": "application/json; charset=utf-8", "Host": self._host, "X-TC-Action": action}
        headers = signed(named, body, service=SERVICE, secret=self._secret, now=self._machine())
        headers |= {"X-TC-Version": VERSION, "X-TC-Region": self._settings.region}
        response = read(await self._line.call("POST", self._base.with_path("/"), headers, body)).get("Response")
        if not isinstance(response, dict):
            raise Unanswered("no response")
        if "Error" in response:
            raise TENCENT.judge(str(response["Error"].get("Code", "")))
        return response
