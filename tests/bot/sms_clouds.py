"""Two strict SMS clouds on this machine: they check every header and signature by themselves and keep what they took.

Nothing here is shared with bot.sms: the signatures are worked out again from what came over the wire.
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

SECRET_ID, SECRET_KEY = "AKIDexample", "secret-of-the-example"
DROP, GARBAGE = "drop", "garbage"
Json = dict[str, Any]


@dataclass
class CloudServer:
    """`answers`: codes to refuse with, DROP or GARBAGE after taking the message; an empty list takes everything."""

    url: str = ""
    answers: list[str] = field(default_factory=list)
    taken: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    status: int = 200
    provider: Json = field(default_factory=dict)

    def settings(self, **changes: Any) -> Json:
        return {"url": self.url, "secret_id": SECRET_ID, "secret_key": SECRET_KEY, "sign_name": "示例银行", **changes}


@dataclass
class Problem(Exception):
    code: str
    text: str = ""


def insist(held: object, code: str, text: str = "") -> None:
    if not held:
        raise Problem(code, text)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), "sha256").digest()


# --- Tencent ------------------------------------------------------------------------------------------------------

TC3 = re.compile(r"TC3-HMAC-SHA256 Credential=([^/]+)/([\d-]{10})/(\w+)/tc3_request, SignedHeaders=([a-z;-]+), "
                 r"Signature=([0-9a-f]{64})")  # fmt: skip


def check_tc3(request: web.Request, body: bytes) -> None:
    head = TC3.fullmatch(request.headers.get("Authorization", ""))
    insist(head, "AuthFailure.InvalidAuthorization")
    assert head
    who, day, service, names, signature = head.groups()
    stamp = request.headers.get("X-TC-Timestamp", "")
    insist(abs(time.time() - int(stamp)) < 300, "AuthFailure.SignatureExpire")
    insist(day == time.strftime("%Y-%m-%d", time.gmtime(int(stamp))), "AuthFailure.SignatureFailure", "day")
    insist(who == SECRET_ID, "AuthFailure.SecretIdNotFound")
    signed = names.split(";")
    insist(signed == sorted(signed) and {"content-type", "host"} <= set(signed), "AuthFailure.SignatureFailure", names)
    text = f"POST\n{request.path}\n{request.query_string}\n"
    for name in signed:
        text += f"{name}:{request.headers[name].lower()}\n"
    text += f"\n{names}\n{digest(body)}"
    work = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/tc3_request\n{digest(text.encode())}"
    chain = mac(mac(mac(b"TC3" + SECRET_KEY.encode(), day), service), "tc3_request")
    insist(mac(chain, work).hex() == signature, "AuthFailure.SignatureFailure", text)
    insist(service == "sms" and request.path == "/", "InvalidAction")


def check_tencent_message(message: Json) -> None:
    wanted = {"PhoneNumberSet", "SmsSdkAppId", "SignName", "TemplateId", "TemplateParamSet", "SessionContext"}
    insist(set(message) == wanted, "UnknownParameter")
    (mobile,) = message["PhoneNumberSet"]
    insist(re.fullmatch(r"(\+86)?1\d{10}", mobile), "InvalidParameterValue.IncorrectPhoneNumber")
    insist(message["SmsSdkAppId"] == "1400006666", "InvalidParameterValue.SdkAppIdNotExist")
    insist(message["SignName"] == "示例银行", "FailedOperation.SignatureIncorrectOrUnapproved")
    insist(message["TemplateId"] in ("1110", "2220"), "FailedOperation.TemplateUnapprovedOrNotExist")
    values = message["TemplateParamSet"]
    many = {"1110": 2, "2220": 1}[message["TemplateId"]]
    insist(len(values) == many and all(isinstance(value, str) for value in values), "InvalidParameterValue")
    insist(len(message["SessionContext"].encode()) < 512, "InvalidParameterValue")


async def tencent(server: CloudServer, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    try:
        check_tc3(request, body)
        insist(request.headers["Content-Type"] == "application/json; charset=utf-8", "InvalidRequest")
        insist(request.headers.get("X-TC-Version") == "2021-01-11", "NoSuchVersion")
        insist(request.headers.get("X-TC-Region") == "ap-guangzhou", "UnsupportedRegion")
        action, content = request.headers.get("X-TC-Action", ""), json.loads(body)
        server.calls.append(action)
        if action == "DescribeSmsTemplateList":
            insist(content == {"International": 0, "TemplateIdSet": [1110]}, "InvalidParameter")
            return _refused_or(server, {"DescribeTemplateStatusSet": []}, _tencent_error)
        insist(action == "SendSms", "InvalidAction")
        check_tencent_message(content)
    except Problem as problem:
        return _tencent_error(problem.code)
    code = server.answers.pop(0) if server.answers else "Ok"
    if code in ("Ok", DROP, GARBAGE):
        server.taken.append(content)
    if code in (DROP, GARBAGE):
        return await _broken(request, code)
    if code.startswith(("AuthFailure", "RequestLimitExceeded", "InternalError")):
        return _tencent_error(code)
    status = {"SerialNo": "serial-1" if code == "Ok" else "", "PhoneNumber": content["PhoneNumberSet"][0], "Fee": 1,
              "SessionContext": content["SessionContext"], "Code": code, "Message": code, "IsoCode": "CN"}  # fmt: skip
    return web.json_response({"Response": {"SendStatusSet": [status], "RequestId": "r"}})


def _tencent_error(code: str) -> web.Response:
    return web.json_response({"Response": {"Error": {"Code": code, "Message": "13800001234"}, "RequestId": "r"}})


# --- Alibaba ------------------------------------------------------------------------------------------------------

ACS3 = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})")
UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def percent(text: str) -> str:
    return "".join(chr(b) if chr(b) in UNRESERVED else f"%{b:02X}" for b in text.encode())


def check_acs3(server: CloudServer, request: web.Request, body: bytes) -> dict[str, str]:
    head = ACS3.fullmatch(request.headers.get("Authorization", ""))
    insist(head, "IncompleteSignature")
    assert head
    who, names, signature = head.groups()
    insist(who == SECRET_ID, "InvalidAccessKeyId.NotFound")
    carried = {name.lower() for name in request.headers if name.lower().startswith("x-acs-")}
    insist(names.split(";") == sorted({"host"} | carried), "SignatureDoesNotMatch", names)
    insist(len(carried) == 5, "IncompleteSignature", str(carried))
    at = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    insist(abs(time.time() - at.timestamp()) < 900, "InvalidTimeStamp.Expired")
    nonce = request.headers["x-acs-signature-nonce"]
    insist(nonce not in server.nonces, "SignatureNonceUsed")
    server.nonces.add(nonce)
    insist(request.headers["x-acs-content-sha256"] == digest(body), "SignatureDoesNotMatch", "body")
    query = dict(parse_qsl(request.query_string, keep_blank_values=True, strict_parsing=True))
    asked = "&".join(f"{percent(name)}={percent(query[name])}" for name in sorted(query))
    insist(request.raw_path == f"/?{asked}", "SignatureDoesNotMatch", request.raw_path)
    lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names.split(";"))
    text = f"POST\n/\n{asked}\n{lines}\n{names}\n{digest(body)}"
    expected = mac(SECRET_KEY.encode(), f"ACS3-HMAC-SHA256\n{digest(text.encode())}").hex()
    insist(expected == signature, "SignatureDoesNotMatch", text)
    return query


def check_alibaba_message(message: dict[str, str]) -> None:
    insist(set(message) == {"PhoneNumbers", "SignName", "TemplateCode", "TemplateParam", "OutId"}, "InvalidParameter")
    insist(re.fullmatch(r"(\+86)?1\d{10}", message["PhoneNumbers"]), "isv.MOBILE_NUMBER_ILLEGAL")
    insist(message["SignName"] == "示例银行", "isv.SMS_SIGNATURE_ILLEGAL")
    variables = {"SMS_1110": {"number", "level"}, "SMS_2220": {"code"}}.get(message["TemplateCode"])
    insist(variables, "isv.SMS_TEMPLATE_ILLEGAL")
    insist(set(json.loads(message["TemplateParam"])) == variables, "isv.TEMPLATE_MISSING_PARAMETERS")


async def alibaba(server: CloudServer, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    try:
        query = check_acs3(server, request, body)
        insist(request.headers["x-acs-version"] == "2017-05-25", "InvalidVersion")
        action = request.headers["x-acs-action"]
        server.calls.append(action)
        if action == "QuerySmsTemplate":
            insist(query == {"TemplateCode": "SMS_1110"}, "InvalidParameter")
            return _refused_or(server, {"Code": "OK", "TemplateStatus": 1}, _alibaba_error)
        insist(action == "SendSms", "InvalidAction.NotFound")
        check_alibaba_message(query)
    except Problem as problem:
        return _alibaba_error(problem.code, 400)
    code = server.answers.pop(0) if server.answers else "OK"
    if code in ("OK", DROP, GARBAGE):
        server.taken.append(query)
    if code in (DROP, GARBAGE):
        return await _broken(request, code)
    if code == "OK":
        return web.json_response({"Code": "OK", "Message": "OK", "BizId": "biz-1", "RequestId": "r"})
    return _alibaba_error(code, server.status)


def _alibaba_error(code: str, status: int = 400) -> web.Response:
    return web.json_response({"Code": code, "Message": "13800001234", "RequestId": "r"}, status=status)


# --- both ---------------------------------------------------------------------------------------------------------


def _refused_or(server: CloudServer, content: Json, refusal: Callable[[str], web.Response]) -> web.Response:
    if server.answers:
        return refusal(server.answers.pop(0))
    return web.json_response({**content, "Response": content} if "Code" not in content else content)


async def _broken(request: web.Request, how: str) -> web.StreamResponse:
    if how == GARBAGE:
        return web.Response(text="<html>bad gateway</html>", status=502)
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


CLOUDS = {"tencent": tencent, "aliyun": alibaba}
TEMPLATES = {"tencent": {"template_id": "1110", "app_id": "1400006666"}, "aliyun": {"template_id": "SMS_1110"}}


@asynccontextmanager
async def cloud(name: str) -> AsyncIterator[CloudServer]:
    """A cloud that listens."""
    server = CloudServer()
    app = web.Application()
    app.router.add_post("/", partial(CLOUDS[name], server))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
