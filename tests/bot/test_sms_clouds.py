"""Tencent and Alibaba as the sender sees them, against strict clouds that check every signature on their own."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.outside import Unanswered, Unreached
from bot.retry import RetryClass
from bot.sections import Sms
from bot.sms.choice import provider_of
from bot.sms.codes import ALIYUN, TENCENT
from bot.sms.port import SmsProvider, SmsRefused
from domain.text_message import code
from tests.bot.sms_clouds import DROP, GARBAGE, TEMPLATES, CloudServer, cloud

TEXT = "案件 C26110001 已升级：分行行长 A&B=100%，请登录企业微信查看"
MOBILE = "13900001234"
CODES = {"tencent": TENCENT, "aliyun": ALIYUN}
PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")


@pytest.fixture(params=["tencent", "aliyun"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def server(name: str) -> AsyncIterator[CloudServer]:
    async with cloud(name) as opened:
        yield opened


async def send(name: str, server: CloudServer, text: str = TEXT, mobile: str = MOBILE, **changes: Any) -> str:
    provider = provider_at(name, server, **changes)
    await provider.start()
    try:
        return await provider.send("sms:C26110001.president", mobile, text)
    finally:
        await provider.stop()


def provider_at(name: str, server: CloudServer, *, skew: float = 0.0, **changes: Any) -> SmsProvider:
    settings = Sms.model_validate({"provider": name, **server.settings(), **TEMPLATES[name], **changes})
    return provider_of(settings, lambda: time.time() + skew)


async def refusal(name: str, server: CloudServer, **changes: Any) -> SmsRefused:
    with pytest.raises(SmsRefused) as caught:
        await send(name, server, **changes)
    return caught.value


async def test_number_and_level_arrive_and_nothing_else(name: str, server: CloudServer) -> None:
    assert await send(name, server) == {"tencent": "serial-1", "aliyun": "biz-1"}[name]
    (taken,) = server.taken
    if name == "tencent":
        assert taken["TemplateParamSet"] == ["C26110001", "分行行长 A&B=100%"]
        assert (taken["PhoneNumberSet"], taken["SessionContext"]) == ([MOBILE], "sms:C26110001.president")
    else:
        assert taken["TemplateParam"] == '{"number":"C26110001","level":"分行行长 A&B=100%"}'
        assert (taken["PhoneNumbers"], taken["OutId"]) == (MOBILE, "sms:C26110001.president")


async def test_the_same_message_twice_is_signed_anew(name: str, server: CloudServer) -> None:
    for _ in range(2):
        await send(name, server, mobile="+8613900001234")
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("change", "skew", "says"),
    [
        ({"secret_key": "wrong"}, 0, "RMBOT_SMS__SECRET_KEY"),
        ({"secret_id": "wrong"}, 0, "RMBOT_SMS__SECRET_ID"),
        ({"sign_name": "别的签名"}, 0, "RMBOT_SMS__SIGN_NAME"),
        ({"template_id": "999"}, 0, "RMBOT_SMS__TEMPLATE_ID"),
        ({}, 3600, "NTP"),
        ({}, -3600, "NTP"),
    ],
)
async def test_a_wrong_setting_is_named(
    name: str, server: CloudServer, change: dict[str, str], skew: float, says: str
) -> None:
    refused = await refusal(name, server, skew=skew, **change)
    assert refused.kind is RetryClass.CONFIG
    assert says in str(refused)
    assert server.taken == []


async def test_a_wrong_app_is_named() -> None:
    async with cloud("tencent") as server:
        assert "RMBOT_SMS__APP_ID" in str(await refusal("tencent", server, app_id="1400000000"))


async def test_a_bad_number_is_dead(name: str, server: CloudServer) -> None:
    refused = await refusal(name, server, mobile="01088886666")
    assert (refused.kind, "01088886666" in str(refused)) == (RetryClass.DEAD, False)


async def test_a_code_fills_its_own_template(name: str, server: CloudServer) -> None:
    await send(name, server, text=code("012345", 5), code_template_id={"tencent": "2220", "aliyun": "SMS_2220"}[name])
    (taken,) = server.taken
    assert taken["TemplateParamSet" if name == "tencent" else "TemplateParam"] == (
        ["012345"] if name == "tencent" else '{"code":"012345"}'
    )


async def test_without_a_template_of_its_own_no_code_leaves(name: str, server: CloudServer) -> None:
    refused = await refusal(name, server, text=code("012345", 5))
    assert (refused.kind, server.calls, "012345" in str(refused)) == (RetryClass.DEAD, [], False)
    assert not Sms.model_validate({"provider": name}).sends_codes


async def test_a_text_without_number_and_level_leaves_nothing(name: str, server: CloudServer) -> None:
    refused = await refusal(name, server, text="王秀兰的投诉已升级")
    assert (refused.kind, server.calls) == (RetryClass.DEAD, [])
    assert "王秀兰" not in str(refused)


@pytest.mark.parametrize("end", [DROP, GARBAGE])
async def test_no_usable_answer_leaves_it_open(name: str, server: CloudServer, end: str) -> None:
    server.answers = [end]
    with pytest.raises(Unanswered) as caught:
        await send(name, server)
    assert type(caught.value) is Unanswered
    assert len(server.taken) == 1


async def test_what_cannot_connect_never_left(name: str, server: CloudServer) -> None:
    with pytest.raises(Unreached):
        await send(name, server, url="http://127.0.0.1:9")


async def test_a_dead_proxy_is_known_to_have_passed_nothing_on(name: str, server: CloudServer) -> None:
    with pytest.raises(Unreached):
        await send(name, server, proxy="http://127.0.0.1:9")


EVERY_CODE = [(name, kind, code) for name, codes in CODES.items()
              for kind, named in codes.classes.items() for code in named]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"), [(name, code) for name, codes in CODES.items() for code in sorted(codes.doubtful)],
    indirect=["name"],
)  # fmt: skip
async def test_what_the_cloud_does_not_know_itself_is_open(name: str, code: str, server: CloudServer) -> None:
    for wider in (code, f"{code}.Other"):
        server.answers = [wider]
        with pytest.raises(Unanswered):
            await send(name, server)


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("tencent", "RequestLimitExceeded.UinLimitExceeded", RetryClass.SOON),
        ("tencent", "LimitExceeded.PhoneNumberThirtySecondLimit", RetryClass.SOON),
        ("tencent", "LimitExceeded.AppDailyLimit", RetryClass.WAIT),
        ("tencent", "AuthFailure.TokenFailure", RetryClass.CONFIG),
        ("tencent", "FailedOperation.ContainSensitiveWord", RetryClass.DEAD),
        ("tencent", "FailedOperation.PhoneNumberInBlacklist", RetryClass.DEAD),
        ("aliyun", "Throttling.User", RetryClass.SOON),
        ("aliyun", "isv.BUSINESS_LIMIT_CONTROL", RetryClass.SOON),
        ("aliyun", "isv.DAY_LIMIT_CONTROL", RetryClass.WAIT),
        ("aliyun", "isv.AMOUNT_NOT_ENOUGH", RetryClass.CONFIG),
        ("aliyun", "isv.SMS_TEMPLATE_ILLEGAL", RetryClass.CONFIG),
        ("aliyun", "Forbidden.RAM", RetryClass.CONFIG),
        ("aliyun", "isv.SMS_CONTENT_ILLEGAL", RetryClass.DEAD),
        ("aliyun", "nobody.ever.heard", RetryClass.DEAD),
    ],
    indirect=["name"],
)
async def test_each_code_and_its_family_have_a_class(
    name: str, code: str, kind: RetryClass, server: CloudServer
) -> None:
    server.answers = [code]
    refused = await refusal(name, server)
    assert (refused.kind, refused.code) == (kind, code)
    assert "13800001234" not in str(refused)


async def test_an_unknown_error_of_the_cloud_itself_is_open() -> None:
    async with cloud("aliyun") as server:
        server.answers, server.status = ["Whatever"], 500
        with pytest.raises(Unanswered):
            await send("aliyun", server)


async def test_looking_sends_nothing(name: str, server: CloudServer) -> None:
    provider = provider_at(name, server)
    await provider.start()
    await provider.look()
    await provider.stop()
    assert server.calls == [{"tencent": "DescribeSmsTemplateList", "aliyun": "QuerySmsTemplate"}[name]]
    assert server.taken == []


@pytest.mark.parametrize(("name", "kind", "code"), EVERY_CODE, indirect=["name"])
def test_each_code_stands_on_the_page(name: str, kind: RetryClass, code: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if f"`{code}`" in line]
    named = re.findall(r"RMBOT_\w+|NTP", CODES[name].classes[kind][code])
    assert f"`{kind}`" in row
    assert all(word in row for word in named)


def test_the_page_names_no_code_that_is_gone() -> None:
    section = PAGE.partition("\n## 短信\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    written = [code for row in rows for code in re.findall(r"`([^`]+)`", row.split("|")[1])]
    doubtful = [code for codes in CODES.values() for code in codes.doubtful]
    assert sorted(written) == sorted([*(code for _, _, code in EVERY_CODE), *doubtful])
