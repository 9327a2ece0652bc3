"""The signatures of both clouds against the examples they publish, and what must change them.

Tencent: 签名方法 v3 (cloud.tencent.com/document/product/679/47719 and its like for every product) signs one request of
CVM in two editions. Older pages sign `content-type;host` with a key written out; newer ones add `x-tc-action` and
print the secret as 32 asterisks, which are the very key that was signed with. The page's request and both editions
are also in Tencent's own github.com/TencentCloud/signature-process-demo, there without the result.
Alibaba: V3 版本请求体&签名机制 (help.aliyun.com/document_detail/2593177.html), the example with fixed parameters.
"""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.sms import acs3, tc3
from bot.sms.secret import Secret

CVM = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
CVM_NOW = 1551113065
CVM_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Host": "cvm.tencentcloudapi.com"}
ACTION = {"X-TC-Action": "DescribeInstances"}

PUBLISHED_BY_TENCENT = [
    (
        Secret("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
        CVM_HEADERS,
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    ),
    (
        Secret("AKID" + "*" * 32, "*" * 32),
        CVM_HEADERS | ACTION,
        "TC3-HMAC-SHA256 Credential=AKID********************************/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
    ),
]


@pytest.mark.parametrize(("secret", "headers", "authorization"), PUBLISHED_BY_TENCENT, ids=["older", "newer"])
def test_tencent_signs_as_published(secret: Secret, headers: Mapping[str, str], authorization: str) -> None:
    signed = tc3.signed(headers, CVM, service="cvm", secret=secret, now=CVM_NOW + 0.9)
    assert signed == {**headers, "X-TC-Timestamp": "1551113065", "Authorization": authorization}


ECS = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
ECS_HEADERS = {"host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26"}
ECS_NOW = 1698315752.0
ECS_NONCE = "3156853299f313e23d1673dc12e1703d"


def test_alibaba_signs_as_published() -> None:
    secret = Secret("YourAccessKeyId", "YourAccessKeySecret")
    query = acs3.canonical_query(ECS)
    assert query == "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    assert acs3.signed(ECS_HEADERS, query, b"", secret=secret, now=ECS_NOW, nonce=ECS_NONCE) == {
        **ECS_HEADERS,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "Authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [("a b", "a%20b"), ("*~-_.", "%2A~-_."), ("/", "%2F"), ("分行", "%E5%88%86%E8%A1%8C"), ("+&=", "%2B%26%3D")],
)
def test_only_unreserved_signs_stand_for_themselves(value: str, written: str) -> None:
    assert acs3.canonical_query({"b": "1", "a": value}) == f"a={written}&b=1"


def signature(headers: Mapping[str, str]) -> str:
    return headers["Authorization"].rpartition("Signature=")[2]


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@given(WORDS, WORDS, st.binary(max_size=50), st.binary(max_size=50))
def test_another_key_or_body_is_another_signature(key: str, other: str, body: bytes, changed: bytes) -> None:
    assume(key != other)
    assume(body != changed)

    def tencent(key: str, body: bytes, now: float = CVM_NOW) -> str:
        return signature(tc3.signed(CVM_HEADERS, body, service="sms", secret=Secret("id", key), now=now))

    def alibaba(key: str, body: bytes, nonce: str = ECS_NONCE) -> str:
        return signature(acs3.signed(ECS_HEADERS, "", body, secret=Secret("id", key), now=ECS_NOW, nonce=nonce))

    assert len({tencent(key, body), tencent(other, body), tencent(key, changed), tencent(key, body, CVM_NOW + 1)}) == 4
    assert len({alibaba(key, body), alibaba(other, body), alibaba(key, changed), alibaba(key, body, "once")}) == 4


def test_the_day_of_tencents_scope_is_that_of_greenwich() -> None:
    """1551110400 is 2019-02-26 00:00 in Shanghai."""
    signed = tc3.signed(CVM_HEADERS, b"", service="sms", secret=Secret("id", "key"), now=1551110400)
    assert "Credential=id/2019-02-25/sms/tc3_request" in signed["Authorization"]


def test_a_secret_does_not_show_its_key() -> None:
    assert "hunter2" not in repr(Secret("id", "hunter2"))
