"""Alibaba Cloud SMS: SendSms of 2017-05-25 (help.aliyun.com/document_detail/55284.html)."""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from yarl import URL

from bot.outside import Unanswered
from bot.sections import Sms
from bot.sms.acs3 import canonical_query, signed
from bot.sms.cloud import Cloud, Machine, filled, read
from bot.sms.codes import ALIYUN
from bot.sms.port import SmsRefused

BASE, VERSION = "https://dysmsapi.aliyuncs.com", "2017-05-25"


class AliyunProvider(Cloud):
    """The template has two variables, ${number} and ${level}; that of codes has ${code}."""

    def __init__(self, settings: Sms, machine: Machine) -> None:
        super().__init__(settings, BASE, machine)

    async def send(self, id: str, mobile: str, text: str) -> str:
        template, variables = filled(text, self._settings)
        answer = await self._call(
            "SendSms",
            {
                "PhoneNumbers": mobile,
                "SignName": self._settings.sign_name,
                "TemplateCode": template,
                "TemplateParam": orjson.dumps(variables).decode(),
                "OutId": id,
            },
        )
        return str(answer.get("BizId", ""))

    async def look(self) -> None:
        """Ask after our template: only who is let in gets an answer."""
        await self._call("QuerySmsTemplate", {"TemplateCode": self._settings.template_id})

    async def _call(self, action: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        query = canonical_query(parameters)
        named = {"host": self._host, "x-acs-action": action, "x-acs-version": VERSION}
        nonce = secrets.token_hex(16)
        headers = signed(named, query, b"", secret=self._secret, now=self._machine(), nonce=nonce)
        address = URL(f"{self._base.origin()}/?{query}", encoded=True)
        answer = await self._line.call("POST", address, headers, b"")
        content = read(answer)
        code = content.get("Code")
        if code == "OK":
            return content
        refusal = ALIYUN.judge(str(code or ""))
        if answer.status // 100 == 5 and isinstance(refusal, SmsRefused) and not refusal.explanation:
            raise Unanswered(f"HTTP {answer.status}")
        raise refusal
