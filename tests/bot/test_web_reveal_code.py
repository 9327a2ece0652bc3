"""查看明文 by a code to one's own mobile: good once, for minutes, for few tries, wherever it is tried, and never kept."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from storage import schema
from tests.bot.web_place import Browser, Place, open_place, serving, text_of
from tests.storage.import_bank import changed

MOBILE, OWN = "19900001001", "19900000002"
FORM = {"field": "mobile", "purpose": "服务", "way": "sms"}


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


def sent(place: Place) -> list[dict[str, Any]]:
    """The codes on their way, as the gateway would get them."""
    here = sa.select(schema.outbox).where(schema.outbox.c.kind == "code").order_by(schema.outbox.c.id)
    with place.database.reader() as connection:
        rows = connection.execute(here).all()
    vault = place.database.vault
    return [orjson.loads(vault.open_bytes("outbox", "payload", row.msg_key, row.payload)) for row in rows]


def code(place: Place) -> str:
    """The newest code."""
    found = re.search(r"验证码 (\d{6})", sent(place)[-1]["text"])
    assert found
    return found[1]


def wrong(place: Place) -> str:
    return f"{(int(code(place)) + 1) % 10**6:06}"


async def asked(browser: Browser, card: str) -> str:
    """A code was asked for, hours after WeCom vouched; returns the path of its page."""
    await browser.get(card)
    status, path = await browser.post(card + "/reveal", **FORM)
    assert status == 303, path
    return path


async def test_a_code_to_ones_own_mobile_opens_what_was_asked_for(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(card)
        for _ in range(3):
            place.later(minutes=20)  # WeCom's word is old, the session lives
            await browser.get(card, follow=False)
        form = await (await browser.get(card + "/reveal", follow=False)).text()
        path = await asked(browser, card)
        page = await (await browser.get(path, follow=False)).text()
        assert MOBILE not in page
        assert (await browser.post(path, code=code(place))) == (303, path)
        shown = await (await browser.get(path, follow=False)).text()
    assert "短信验证码，发到您的手机 199****0002" in text_of(form)
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page
    assert MOBILE in shown
    (message,) = sent(place)
    assert message["mobile"] == OWN
    assert not [word for word in ("单样芳", "C001", MOBILE) if word in message["text"]]
    (act,) = [record for record in place.audited() if "customer.revealed" in record]
    assert '"verified":"sms"' in act


async def test_it_is_good_once_and_in_its_own_sign_in_alone(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser, Browser(place, "rm01") as elsewhere:
        path = await asked(browser, card)
        await elsewhere.get(card)
        for answer in (await elsewhere.post(path, code=code(place)), await elsewhere.post(path, again="1")):
            assert answer[0] == 403
        assert (await browser.post(path, code=code(place)))[0] == 303
        assert MOBILE not in await (await elsewhere.get(path)).text()
        place.later(seconds=61)
        assert (await browser.post(path, code=code(place)))[0] == 403
        assert (await browser.get(path)).status == 403
        second = await asked(browser, card)
        last = code(place)
        third = await asked(browser, card)
        assert (await browser.post(third, code=last))[0] == 422  # of the other wish
        assert second != third


async def test_few_tries_then_it_is_locked_and_security_hears_of_it(place: Place) -> None:
    left = "old9,周旧样,,S1,zhangwei,,left,"
    place.imports(staff=changed("staff", left, f"{left}\nsec1,任洁样,安全管理员,B1,,,active,"))
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        path = await asked(browser, card)
        said = [await browser.post(path, code=wrong(place)) for _ in range(3)]
        place.later(seconds=61)
        assert (await browser.post(path, again="1")) == (303, path)
        said += [await browser.post(path, code=wrong(place)) for _ in range(2)]
        right = await browser.post(path, code=code(place))
        again = await browser.post(path, again="1")
        looked = await browser.get(path)
        assert (again[0], looked.status, len(sent(place))) == (403, 403, 2)
        assert [text for text in (again[1], await looked.text()) if "已锁定" not in text] == []
    assert [status for status, _ in said] == [422] * 4 + [403]
    assert [word for word in ("还可以试 4 次", "还可以试 3 次") if word not in said[0][1] + said[1][1]] == []
    assert "已锁定" in said[-1][1]
    assert (right[0], f'href="{card}/reveal"' in right[1]) == (403, True)
    with place.database.reader() as connection:
        told = connection.execute(
            sa.select(schema.outbox.c.recipient).where(schema.outbox.c.msg_key.like("reveal:%"))
        ).scalars()
        assert sorted(told) == ["sec1"]
    assert MOBILE not in "".join(text for _, text in said)


async def test_old_unfinished_and_impatient(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        path = await asked(browser, card)
        first = code(place)
        assert "请输入短信里的 6 位数字" in (await browser.post(path, code="12"))[1]
        assert "秒再重新发送" in (await browser.post(path, again="1"))[1]
        place.later(minutes=5)
        assert "验证码已失效" in (await browser.post(path, code=first))[1]
        await browser.post(path, again="1")
        assert (await browser.post(path, code=first))[0] == (303 if first == code(place) else 422)
        assert (await browser.post(path, code=code(place)))[0] == 303
        assert len(sent(place)) == 2


async def test_so_many_codes_an_hour_and_no_more(place: Place) -> None:
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(card)
        answers = [await browser.post(card + "/reveal", **FORM) for _ in range(6)]
        assert [status for status, _ in answers] == [303] * 5 + [422]
        assert "一小时内最多发 5 次" in answers[-1][1]
        place.later(hours=1)
        await asked(browser, card)


async def test_who_has_no_mobile_is_not_offered_a_code(place: Place) -> None:
    place.imports(staff=changed("staff", OWN, ""))
    card = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        assert "短信" not in await (await browser.get(card + "/reveal")).text()
        assert (await browser.post(card + "/reveal", **FORM))[0] == 303
    assert sent(place) == []


async def test_any_replica_judges_it_and_nothing_readable_is_kept(place: Place) -> None:
    """Asked for at one, tried wrongly at a second, rightly at the first again; what is kept is sealed, then empty."""
    card = place.card("rm01")
    async with serving(place) as other, Browser(place, "rm01") as browser:
        path = await asked(browser, card)
        digits = code(place)
        with place.database.reader() as connection:
            (kept,) = connection.execute(sa.select(schema.reveal_code)).all()
        assert digits.encode() not in bytes(kept.code)
        here, place.url = place.url, other
        assert "还可以试 4 次" in (await browser.post(path, code=wrong(place)))[1]
        assert (await browser.post(path, code=digits))[0] == 303
        place.url = here
        assert MOBILE in await (await browser.get(path, follow=False)).text()
    with place.database.reader() as connection:
        (kept,) = connection.execute(sa.select(schema.reveal_code)).all()
    assert kept.code is None
    assert not [record for record in place.audited() if digits in record]
