"""Signing in through WeCom: single use, bound to one browser, in time, and nowhere but back to our own page."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from yarl import URL

from tests.bot.web_place import Browser, Place, open_place

EXPIRED = "登录已失效，请从企业微信里的卡片重新打开"


@pytest.fixture
async def place(web_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(web_url, tmp_path) as opened:
        yield opened


async def test_the_browser_is_sent_to_wecom_as_documented(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        address = urlsplit(await browser.sent_off(place.card("rm01")))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    state = query.pop("state")
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{place.sim.url}/connect/oauth2/authorize"
    assert address.fragment == "wechat_redirect"
    assert query == {
        "appid": place.sim.world.app.corp_id,
        "redirect_uri": f"{place.url}/h5/oauth",
        "response_type": "code",
        "scope": "snsapi_base",
        "agentid": str(place.sim.world.app.agent_id),
    }
    assert state.isascii()
    assert state.isalnum()
    assert len(state) == 32


async def test_states_and_tokens_never_repeat(place: Place) -> None:
    path = place.card("rm01")
    states, tokens = set(), set()
    for _ in range(5):
        async with Browser(place, "rm01") as browser:
            states.add(parse_qs(urlsplit(await browser.sent_off(path)).query)["state"][0])
            tokens.add(browser.token)
    assert (len(states), len(tokens)) == (5, 5)


async def test_what_nobody_ended_goes_with_the_next_beginning(place: Place) -> None:
    """Anybody may ask for a page: what that leaves lasts no longer than a sign-in does."""
    path = place.card("rm01")
    for _ in range(3):
        async with Browser(place, "rm01") as browser:
            await browser.sent_off(path)
    assert place.sessions() == [None] * 3
    place.later(minutes=6)
    async with Browser(place, "rm01") as browser:
        await browser.sent_off(path)
    assert place.sessions() == [None]


async def test_a_state_works_once(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        back = await browser.returned(place.card("rm01"))
        first = await browser.get(back, follow=False)
        again = await browser.get(back, follow=False)
        words = await again.text()
    assert (first.status, again.status) == (302, 403)
    assert EXPIRED in words


async def test_a_state_belongs_to_the_browser_that_got_it(place: Place) -> None:
    path = place.card("rm02")
    async with Browser(place, "rm01") as attacker, Browser(place, "rm02") as victim, Browser(place, "rm02") as blank:
        back = await attacker.returned(path)
        await victim.sent_off(path)
        foreign, cookieless = await victim.get(back, follow=False), await blank.get(back, follow=False)
    assert (foreign.status, cookieless.status) == (403, 403)
    assert "rm01" not in place.sessions()


async def test_a_code_works_once(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser, Browser(place, "rm02") as other:
        back = await browser.returned(path)
        await browser.get(back)
        used = parse_qs(urlsplit(back).query)["code"][0]
        state = parse_qs(urlsplit(await other.sent_off(path)).query)["state"][0]
        refused = await other.get(f"/h5/oauth?code={quote(used)}&state={state}", follow=False)
        words = await refused.text()
    assert refused.status == 403
    assert EXPIRED in words


async def test_a_sign_in_lasts_five_minutes(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        back = await browser.returned(place.card("rm01"))
        place.later(minutes=5)
        refused = await browser.get(back, follow=False)
    assert refused.status == 403


async def test_the_token_from_before_is_not_the_token_after(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser, Browser(place, "nobody") as thief:
        back = await browser.returned(path)
        planted = browser.token
        await browser.get(back)
        kept = browser.token
        thief.http.cookie_jar.update_cookies({"rm_session": planted}, URL(place.url))
        answer = await thief.get(path, follow=False)
    assert planted
    assert kept not in ("", planted)
    assert answer.status == 302
    assert answer.headers["Location"].startswith(place.sim.url)


async def test_nothing_in_the_address_leads_elsewhere(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        back = await browser.returned(path + "?target=https://evil.example&next=//evil.example")
        landed = await browser.get(back + "&target=https://evil.example&redirect_uri=//evil.example", follow=False)
    assert landed.status == 302
    assert landed.headers["Location"] == path


@pytest.mark.parametrize("path", ["/h5/card//evil.example", "/h5/card/https:%2F%2Fevil.example", "/h5/card/..%2F..%2F"])
async def test_a_target_is_a_card_or_nothing(place: Place, path: str) -> None:
    async with Browser(place, "rm01") as browser:
        answer = await browser.get(path, follow=False)
    assert answer.status == 404
    assert place.sessions() == []


@pytest.mark.parametrize(
    "query",
    ["", "code=a", "state=b", "code=&state=b", "code=a&state=", "code=a&code=b&state=c", f"code={'a' * 513}&state=b",
     f"code=a&state={'b' * 129}", "code=a&state=%FF"],
)  # fmt: skip
async def test_a_malformed_return_is_refused_in_words(place: Place, query: str) -> None:
    async with Browser(place, "rm01") as browser:
        answer = await browser.get(f"/h5/oauth?{query}", follow=False)
        words = await answer.text()
    assert answer.status in (400, 403)
    assert EXPIRED in words


async def test_a_session_ends_after_thirty_idle_minutes_and_looking_extends_it(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(path)
        statuses = []
        for minutes in (29, 29, 30):
            place.later(minutes=minutes)
            statuses.append((await browser.get(path, follow=False)).status)
    assert statuses == [200, 200, 302]


async def test_a_session_ends_after_twelve_hours_however_busy(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.get(path)
        statuses = []
        for _ in range(29):
            place.later(minutes=25)
            statuses.append((await browser.get(path, follow=False)).status)
    assert statuses == [200] * 28 + [302]


async def test_dead_rows_go_when_somebody_signs_in(place: Place) -> None:
    path = place.card("rm01")
    async with Browser(place, "rm01") as browser:
        await browser.sent_off(path)
        assert place.sessions() == [None]
        place.later(minutes=6)
        await browser.get(path)
    assert place.sessions() == ["rm01"]


async def test_when_wecom_does_not_answer_the_person_is_told(place: Place) -> None:
    async with Browser(place, "rm01") as browser:
        back = await browser.returned(place.card("rm01"))
        await place.sim.close()
        answer = await browser.get(back, follow=False)
        words = await answer.text()
    assert answer.status == 503
    assert "企业微信暂时没有回应" in words


async def test_the_cookie_is_for_our_server_alone(web_url: str, tmp_path: Path) -> None:
    async with open_place(web_url, tmp_path, https=True) as place, Browser(place, "rm01") as browser:
        answer = await browser.get(place.card("rm01"), follow=False)
    parts = answer.headers["Set-Cookie"].split("; ")
    assert parts[0].startswith("__Host-rm_session=")
    assert set(parts[1:]) == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}
