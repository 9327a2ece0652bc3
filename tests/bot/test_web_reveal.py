"""查看明文: for a stated purpose, freshly vouched for, for a minute, on record, and not too often."""

import asyncio
import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from storage import schema
from tests.bot.web_place import Browser, Place, open_place, text_of
from tests.storage.import_bank import changed

MOBILE, ID_NUMBER, ADDRESS = "19900001001", "000000197002280028", "第一路1号"
PLAIN = (MOBILE, ID_NUMBER, ADDRESS)


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


async def _look(browser: Browser, card: str, **form: object) -> str:
    """A granted look; returns the path of its page."""
    assert (await browser.get(card + "/reveal")).status == 200
    status, location = await browser.post(card + "/reveal", **form)
    assert status == 303, location
    return location


async def test_who_keeps_the_customer_sees_what_was_asked_for_and_no_more(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        page = await (await browser.get(card)).text()
        assert f'href="{card}/reveal"' in page
        asked = text_of(await (await browser.get(card + "/reveal")).text())
        shown = await browser.get(await _look(browser, card, field="mobile", purpose="服务", reference="TS-1"))
        html = await shown.text()
    assert [word for word in ("手机号", "证件号码", "地址", "服务", "营销", "投诉", "贷后") if word not in asked] == []
    assert not [secret for secret in PLAIN if secret in asked]
    assert [secret for secret in PLAIN if secret in html] == [MOBILE]
    assert shown.headers["Cache-Control"] == "no-store"
    assert "李强样 rm01 2026-11-23 09:00" in html


async def test_the_act_is_on_record_and_the_value_is_not(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(await _look(browser, card, field=["mobile", "id_number"], purpose="贷后"))
    acts = [record for record in place.audited() if '"action":"customer.revealed"' in record]
    assert len(acts) == 1
    assert '"fields":["id_number","mobile"]' in acts[0]
    assert '"purpose":"贷后"' in acts[0]
    assert not [secret for secret in PLAIN for record in place.audited() if secret in record]


async def test_a_minute_later_it_is_gone(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        path = await _look(browser, card, field="mobile", purpose="服务")
        place.later(seconds=58)
        assert MOBILE in await (await browser.get(path)).text()
        place.later(seconds=3)
        over = await browser.get(path)
        html = await over.text()
    assert over.status == 403
    assert f'href="{card}"' in html
    assert "明文已收起" in text_of(html)
    assert MOBILE not in html


async def test_a_sign_in_of_before_is_not_enough(place: Place) -> None:
    """A phone that was left open: the page still opens, the plain field asks WeCom again."""
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(card + "/reveal")
        place.later(minutes=6)
        assert (await browser.get(card, follow=False)).status == 200
        path = await _look(browser, card, field="mobile", purpose="服务")
        waiting = await browser.get(path, follow=False)
        assert waiting.status == 302
        assert "/connect/oauth2/authorize" in waiting.headers["Location"]
        before = browser.token
        assert MOBILE in await (await browser.get(path)).text()
        assert browser.token != before


async def test_what_is_not_theirs_stays_masked(place: Place) -> None:
    """A head sees the branch's customers; their identifiers in plain only where they keep the customer."""
    card = place.card("zhangwei")
    async with Browser(place, "zhangwei") as browser:
        assert "/reveal" not in await (await browser.get(card)).text()
        asked = await browser.get(card + "/reveal")
        status, said = await browser.post(card + "/reveal", field="mobile", purpose="服务")
    assert (asked.status, status) == (403, 403)
    assert "没有您可以查看的明文" in said


async def test_somebody_elses_look_opens_for_nobody_else(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        path = await _look(browser, card, field="mobile", purpose="服务")
    async with Browser(place, "rm02") as other:
        response = await other.get(path)
        assert MOBILE not in await response.text()
        assert response.status == 403


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "请选择要看的项目。请选择查看的目的。"),
        ({"field": "mobile"}, "请选择查看的目的。"),
        ({"purpose": "服务"}, "请选择要看的项目。"),
        ({"field": "mobile", "purpose": "尽调"}, "请选择查看的目的。"),
        ({"field": "mobile", "purpose": "好奇"}, "请选择查看的目的。"),
        ({"field": "name", "purpose": "服务"}, "请选择要看的项目。"),
    ],
)
async def test_an_incomplete_form_comes_back_with_what_is_missing(
    place: Place, form: dict[str, str], says: str
) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(card + "/reveal")
        status, html = await browser.post(card + "/reveal", reference="TS-1", **form)
    assert status == 422
    assert f'role="alert">{says}<' in html
    assert 'value="TS-1"' in html
    assert re.findall(r'value="([^"]+)" checked', html) == [
        word for word in (form.get("field"), form.get("purpose"), "wecom") if word not in (None, "name", "尽调", "好奇")
    ]
    assert not [record for record in place.audited() if "customer.revealed" in record]


@pytest.mark.parametrize(
    ("origin", "site", "taken"),
    [
        ("ours", None, True),
        ("ours", "same-origin", True),
        ("ours", "cross-site", False),
        ("https://evil.example", None, False),
        ("https://evil.example", "same-origin", False),
        ("null", None, False),
        ("", "same-origin", True),
        ("", "same-site", False),
        ("", None, False),
    ],
)
async def test_another_site_cannot_ask_in_the_readers_name(
    place: Place, origin: str, site: str | None, taken: bool
) -> None:
    """A browser says where a form comes from; what does not say it is refused."""
    card, fields = place.card("rm01"), {"field": "mobile", "purpose": "服务"}
    named = {"Origin": place.public if origin == "ours" else origin, "Sec-Fetch-Site": site}
    async with Browser(place, "rm01") as browser:
        await browser.get(card + "/reveal")
        sent = {name: value for name, value in named.items() if value}
        async with browser.http.post(place.url + card + "/reveal", data=fields, headers=sent) as response:
            assert (response.status == 200) is taken
            assert (MOBILE in await response.text()) is taken
    assert any("customer.revealed" in record for record in place.audited()) is taken


async def test_too_many_looks_are_refused_and_security_hears_of_it_once(place: Place) -> None:
    left = "old9,周旧样,,S1,zhangwei,,left,"
    place.imports(staff=changed("staff", left, f"{left}\nsec1,任洁样,安全管理员,B1,,,active,"))
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(card + "/reveal")
        answers = [await browser.post(card + "/reveal", field="mobile", purpose="服务") for _ in range(22)]
    assert [status for status, _ in answers] == [303] * 20 + [403] * 2
    assert "太频繁" in answers[-1][1]
    with place.database.reader() as connection:
        told = connection.execute(
            sa.select(schema.outbox.c.recipient).where(schema.outbox.c.msg_key.like("reveal:%"))
        ).scalars()
        assert sorted(told) == ["sec1"]


async def test_the_page_forgets_by_itself(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        html = await (await browser.get(await _look(browser, card, field="mobile", purpose="服务"))).text()
    left = re.search(r'http-equiv="refresh" content="(\d+); url=([^"]+)"', html)
    assert left is not None
    assert 50 <= int(left[1]) <= 60
    assert left[2] == card


async def test_two_browsers_have_one_limit(place: Place) -> None:
    """Also where both are at it at the same moment."""
    card = place.card("rm01")
    async with Browser(place, "rm01") as one, Browser(place, "rm01") as other:
        for browser in (one, other):
            await browser.get(card + "/reveal")
        asking = [browser.post(card + "/reveal", field="mobile", purpose="服务") for browser in (one, other) * 12]
        answers = sorted(status for status, _ in await asyncio.gather(*asking))
    assert answers == [303] * 20 + [403] * 4


async def test_nothing_is_plain_for_marketing_of_who_did_not_agree_to_it(place: Place) -> None:
    place.imports(customers=changed("customers", "2027-01-31,1,电话", "2027-01-31,0,电话"))
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        asked = text_of(await (await browser.get(card + "/reveal")).text())
        status, html = await browser.post(card + "/reveal", field="mobile", purpose="营销")
    assert ("营销" in asked, "服务" in asked) == (False, True)
    assert status == 422
    assert MOBILE not in html
    assert not [record for record in place.audited() if "customer.revealed" in record]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"purpose=\xff\xfe", 400),
        ("application/x-www-form-urlencoded; charset=nope", b"purpose=1", 400),
        ("multipart/form-data; boundary=x", b"no boundary", 400),
        ("multipart/form-data", b"none named", 400),
        ("application/x-www-form-urlencoded", b"a" * 2_000_000, 413),
    ],
)
async def test_what_is_no_form_is_refused_and_no_fault_of_ours(
    place: Place, kind: str, body: bytes, status: int
) -> None:
    """Anybody can send it: it is no error of the service, and nothing of it is kept."""
    sent = {"Origin": place.public, "Content-Type": kind}
    address = f"{place.url}{place.card('rm01')}/reveal"
    async with aiohttp.ClientSession() as browser, browser.post(address, data=BytesIO(body), headers=sent) as answer:
        assert answer.status == status
        assert "请回到页面" in await answer.text()
