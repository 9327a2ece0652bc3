"""The customer page as its reader, and everybody else, gets to see it: over HTTP, through the real sign-in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.web_place import Browser, Place, open_place, text_of
from tests.storage.import_bank import changed

SECRETS = ("000000197002280028", "19900001001", "第一路1号", "二单元", "谈了续期")


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


async def test_the_reader_signs_in_silently_and_sees_the_customer(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        response = await browser.get(path)
        html = await response.text()
    assert (response.status, str(response.url)) == (200, place.url + path)
    seen = text_of(html)
    for words in ("单样芳", "客户号 C001", "数据截至 11月23日", "基本信息", "资产信息", "风险评级", "服务记录",
                  "0****************8", "199****1001", "样例稳健九十天 50.00 万", "李强样 rm01 2026-11-23 09:00"):  # fmt: skip
        assert words in seen
    assert [secret for secret in SECRETS if secret in html] == []


async def test_the_page_is_on_record_with_what_it_disclosed(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(path)
    opened, read, shown = place.audited()[-3:]
    assert '"action":"session.opened","actor":"rm01"' in opened
    assert '"action":"customer.read","actor":"rm01"' in read
    assert '"surface":"h5.customer"' in read
    assert '"mobile:masked"' in shown
    assert "C001" in shown


async def test_the_leader_of_the_branch_sees_bands_and_a_masked_name(place: Place) -> None:
    path = place.card("zhangwei")
    async with Browser(place, "zhangwei") as browser:
        html = await (await browser.get(path)).text()
    seen = text_of(html)
    assert "单*芳" in seen
    assert "50–100 万" in seen
    assert "教师" not in seen
    assert [secret for secret in (*SECRETS, "单样芳", "C001") if secret in html] == []


async def _answers(place: Place, person: str, *paths: str) -> list[tuple[int, str]]:
    async with Browser(place, person) as browser:
        responses = [await browser.get(path) for path in paths]
        return [(response.status, await response.text()) for response in responses]


async def test_forwarded_unknown_expired_and_foreign_cards_answer_the_same(place: Place) -> None:
    answers = await _answers(
        place,
        "rm02",
        place.card("rm01"),
        "/h5/card/nobody-was-sent-this",
        place.card("rm02", days=-0.01),
        place.card("rm02", subject="customer:C002"),
        place.card("rm02", subject="customer:C999"),
        place.card("rm02", subject="todo:T1"),
    )
    assert {status for status, _ in answers} == {404}
    assert len({html for _, html in answers}) == 1
    assert "请在企业微信里重新查询客户" in answers[0][1]
    refused = [record for record in place.audited() if '"action":"page.refused","actor":"rm02"' in record]
    assert len(refused) == 6


async def test_the_team_opens_its_customer(place: Place) -> None:
    [(status, html)] = await _answers(place, "rm02", place.card("rm02"))
    assert status == 200
    assert "单样芳" in html


async def test_a_card_expires_while_the_session_lives_on(place: Place) -> None:
    path, other = place.card("rm01", days=0.01), place.card("rm01")
    async with Browser(place, "rm01") as browser:
        first = await browser.get(path)
        place.later(minutes=15)
        late = await browser.get(path, follow=False)
        again = await browser.get(other, follow=False)
    assert (first.status, late.status, again.status) == (200, 404, 200)


async def test_who_leaves_the_bank_is_out_at_once(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        before = await browser.get(path)
        place.imports(staff=changed("staff", "S1,zhangwei,19900000002,active", "S1,zhangwei,19900000002,left"))
        after = await browser.get(path, follow=False)
        html = await after.text()
    assert (before.status, after.status) == (200, 403)
    assert "单样芳" not in html
    assert place.sessions() == []


async def test_who_changes_post_loses_the_page_at_once(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        before = await browser.get(path)
        place.imports(staff=changed("staff", "rm01,李强样,客户经理", "rm01,李强样,审计员"))
        after = await browser.get(path, follow=False)
        html = await after.text()
    assert (before.status, after.status) == (200, 403)
    assert "您当前的岗位「审计员」不能做这件事" in html


@pytest.mark.parametrize("person", ["old9", "passerby"])
async def test_leavers_and_strangers_get_no_session(place: Place, person: str) -> None:
    [(status, html)] = await _answers(place, person, place.card(person))
    assert status == 403
    assert "请联系本行业务管理员登记" in html
    assert place.sessions() == []


async def test_a_name_cannot_become_markup(place: Place) -> None:
    place.imports(customers=changed("customers", "单样芳", "<script>样</script>"))
    [(status, html)] = await _answers(place, "rm01", place.card("rm01"))
    assert status == 200
    assert "<script>样" not in html
    assert "&lt;script&gt;样" in html


async def test_the_number_is_one_tap_further_for_who_keeps_or_serves_the_customer(place: Place) -> None:
    for person in ("rm01", "rm02"):
        path = place.card(person)
        async with Browser(place, person) as browser:
            page = await (await browser.get(path)).text()
            call = await (await browser.get(f"{path}/call")).text()
        assert f'href="{path}/call"' in page
        assert "19900001001" not in page
        assert 'href="tel:19900001001"' in call
        assert "19900001001" not in text_of(call)
        assert "199****1001" in text_of(call)
        assert '"action":"customer.dialled"' in place.audited()[-1]


async def test_nobody_else_is_given_the_number(place: Place) -> None:
    path = place.card("zhangwei")
    async with Browser(place, "zhangwei") as browser:
        page = await (await browser.get(path)).text()
        answer = await browser.get(f"{path}/call")
        told = await answer.text()
    assert "拨打电话" not in page
    assert (answer.status, "19900001001" in told) == (404, False)
    assert '"reason":"may not dial"' in place.audited()[-1]


async def test_the_number_asks_wecom_again_who_holds_the_phone(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(path)
        assert (await browser.get(f"{path}/call", follow=False)).status == 200
        place.later(minutes=6)
        assert (await browser.get(path, follow=False)).status == 200
        again = await browser.get(f"{path}/call", follow=False)
        assert (again.status, "/connect/oauth2/authorize" in again.headers["Location"]) == (302, True)
        assert 'href="tel:19900001001"' in await (await browser.get(f"{path}/call")).text()
