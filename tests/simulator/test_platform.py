"""Tokens, IP rule, faults, media, menu, directory reads, login."""

import asyncio
import struct
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from simulator import samples

AGENT = "1000002"


async def test_the_token_stays_the_same_within_two_business_hours(app: Any, world: Any) -> None:
    first = app.token
    await world.clock.advance(minutes=119)
    assert (await app.login())["access_token"] == first
    await world.clock.advance(minutes=2)
    assert (await app.text("旧"))["errcode"] == 42001
    assert (await app.login())["access_token"] != first
    assert (await app.text("新"))["errcode"] == 0


async def test_an_invalidated_token_is_another_errcode(app: Any, world: Any) -> None:
    await world.forgets_token()
    assert (await app.text("旧"))["errcode"] == 40014
    await app.login()
    assert (await app.text("新"))["errcode"] == 0


@pytest.mark.parametrize(("token", "errcode"), [("", 41001), ("made-up", 40014)])
async def test_a_bad_token(app: Any, token: str, errcode: int) -> None:
    app.token = token
    assert (await app.get("agent/get", agentid=AGENT))["errcode"] == errcode


async def test_a_wrong_secret_ends_in_a_ban(app: Any, world: Any) -> None:
    await world.settings(gettoken_ban_after=3)
    wrong = [await app.get("gettoken", corpid=app.config.corp_id, corpsecret="wrong") for _ in range(4)]
    assert [a["errcode"] for a in wrong] == [40001, 40001, 40001, 45009]
    assert (await app.login())["errcode"] == 45009


async def test_a_wrong_corporation(app: Any) -> None:
    assert (await app.get("gettoken", corpid="ww_other", corpsecret=app.config.secret))["errcode"] == 40013


async def test_secrets_stay_out_of_the_ledger(app: Any, world: Any) -> None:
    await app.text("x")
    written = str(await world.ledger())
    assert app.config.secret not in written
    assert app.token not in written


async def test_an_untrusted_ip_gets_a_token_and_nothing_else(app: Any, world: Any) -> None:
    await world.app(trusted_ip=False)
    assert (await app.login())["errcode"] == 0
    assert (await app.text("x"))["errcode"] == 60020


@pytest.mark.parametrize("errcode", [-1, 45009, 45033, 42001])
async def test_an_errcode_can_be_ordered(app: Any, world: Any, errcode: int) -> None:
    await world.fails("message/send", "errcode", errcode, times=2)
    assert [(await app.text("x"))["errcode"] for _ in range(3)] == [errcode, errcode, 0]
    assert len(await world.phone("rm01").bubbles()) == 1


async def test_a_server_error_can_be_ordered(app: Any, world: Any) -> None:
    await world.fails("*", "http", 502)
    with pytest.raises(aiohttp.ContentTypeError):
        await app.text("x")
    assert [c["status"] for c in await world.ledger("message/send")] == [502]


@pytest.mark.parametrize(("kind", "bubbles"), [("timeout_after", 1), ("timeout_before", 0)])
async def test_an_answer_can_get_lost_with_or_without_its_effect(app: Any, world: Any, kind: str, bubbles: int) -> None:
    await world.fails("message/send", kind, 0.05)
    with pytest.raises(aiohttp.ClientError):
        await app.text("x")
    assert len(await world.phone("rm01").bubbles()) == bubbles
    await world.idle(quiet=0)


async def test_an_answer_can_be_slow(app: Any, world: Any) -> None:
    await world.fails("message/send", "delay", 0.1)
    started = asyncio.get_running_loop().time()
    assert (await app.text("x"))["errcode"] == 0
    assert asyncio.get_running_loop().time() - started >= 0.1


# type, bytes, errcode (0 = accepted), documented
MEDIA: list[tuple[str, bytes, int, bool]] = [
    ("image", samples.picture(), 0, True),
    ("image", b"\xff\xd8\xff" + b"x" * 10, 0, True),
    ("voice", samples.voice(), 0, True),
    ("video", samples.video(), 0, True),
    ("file", b"123456", 0, True),
    ("file", b"", 44001, True),
    ("file", b"12345", 40006, True),
    ("file", b"x" * (20 * 2**20 + 1), 45001, True),
    ("image", b"\x89PNG\r\n\x1a\n" + b"x" * 10 * 2**20, 45001, True),
    ("voice", b"#!AMR" + b"x" * 2 * 2**20, 45001, True),
    ("image", b"GIF89a....", 40005, True),
    ("voice", b"ID3 an mp3 file", 40005, True),
    ("video", b"not an mp4 file", 40005, True),
    ("picture", b"123456", 40004, True),
]


@pytest.mark.parametrize(
    ("kind", "data", "errcode", "documented"), MEDIA, ids=lambda v: str(v[:12] if isinstance(v, bytes) else v)[:12]
)
async def test_uploading(app: Any, kind: str, data: bytes, errcode: int, documented: bool) -> None:
    answer = await app.upload(kind, data)
    assert answer["errcode"] == errcode, answer
    assert ("media_id" in answer) is (errcode == 0)


async def test_an_uploaded_file_is_sent_shown_and_gone_after_three_days(app: Any, world: Any) -> None:
    media = (await app.upload("file", b"%PDF-1.7", "a.pdf"))["media_id"]
    assert (await app.send("file", {"media_id": media}))["errcode"] == 0
    [bubble] = await world.phone("rm01").bubbles()
    async with app.http.get(app.url + bubble.json["content"]["media_url"]) as shown:
        assert await shown.read() == b"%PDF-1.7"
    assert (await app.send("image", {"media_id": media}))["errcode"] == 40007
    await world.clock.advance(days=3, minutes=1)
    await app.login()
    assert (await app.send("file", {"media_id": media}))["errcode"] == 40007


async def test_a_members_photo_can_be_fetched_in_parts(app: Any, world: Any) -> None:
    await world.phone("rm01").sends_photo()
    media = (await world.phone("rm01").bubbles())[0].json["content"]["media_id"]
    ask = {"access_token": app.token, "media_id": media}
    async with app.http.get(f"{app.url}/cgi-bin/media/get", params=ask) as whole:
        data = await whole.read()
        assert whole.content_type == "image/png"
    assert struct.unpack(">II", data[16:24]) == (240, 160)
    async with app.http.get(f"{app.url}/cgi-bin/media/get", params=ask, headers={"Range": "bytes=4-7"}) as some:
        assert (some.status, await some.read()) == (206, data[4:8])
    assert (await app.get("media/get", media_id="unknown"))["errcode"] == 40007


CLICK = {"type": "click", "name": "待办", "key": "TODO"}
VIEW = {"type": "view", "name": "页面", "url": "https://example.invalid"}
MENUS: list[tuple[Any, int]] = [
    ({"button": []}, 40016),
    ({}, 40016),
    ({"button": [CLICK] * 4}, 40016),
    ({"button": [{**CLICK, "name": "六个汉字以上"}]}, 40018),
    ({"button": [{**CLICK, "name": ""}]}, 41102),
    ({"button": [{**CLICK, "type": "press"}]}, 40017),
    ({"button": [{"name": "空"}]}, 40017),
    ({"button": [{**CLICK, "key": ""}]}, 40019),
    ({"button": [{**CLICK, "key": "k" * 129}]}, 40019),
    ({"button": [{**VIEW, "url": ""}]}, 40020),
    ({"button": [{**VIEW, "url": "https://" + "x" * 1017}]}, 40020),
    ({"button": [{**VIEW, "url": "example.invalid"}]}, 40055),
    ({"button": [{"name": "多", "sub_button": [CLICK] * 6}]}, 40023),
    ({"button": [{"name": "多", "sub_button": [{"name": "深", "sub_button": [CLICK]}]}]}, 40022),
    ({"button": [{"name": "多", "sub_button": [{**CLICK, "name": "长" * 14}]}]}, 40025),
    ({"button": [{"name": "多", "sub_button": [{**CLICK, "type": "press"}]}]}, 40024),
    ({"button": [{"name": "多", "sub_button": [{**CLICK, "key": "k" * 129}]}]}, 40026),
    ({"button": [{"name": "多", "sub_button": [{**VIEW, "url": "x" * 1025}]}]}, 40027),
    ({"button": [{"name": "多", "sub_button": [{**VIEW, "url": "example.invalid"}]}]}, 40054),
    ({"button": [{**CLICK, "name": 5}]}, 40035),
]


@pytest.mark.parametrize(("menu", "errcode"), MENUS)
async def test_a_bad_menu_is_refused(app: Any, menu: Any, errcode: int) -> None:
    answer = await app.post("menu/create", menu, agentid=AGENT)
    assert answer["errcode"] == errcode, answer["errmsg"]
    assert (await app.get("menu/get", agentid=AGENT))["errcode"] == 46003


async def test_a_menu_comes_and_goes(app: Any, world: Any, listener: Any) -> None:
    menu = {"button": [CLICK, {"name": "更多", "sub_button": [VIEW]}]}
    assert (await app.post("menu/create", menu, agentid=AGENT))["errcode"] == 0
    phone = world.phone("rm01")
    assert await phone.opens_menu("待办") == ""
    assert await phone.opens_menu("页面") == "https://example.invalid"
    await world.idle(quiet=0)
    events = [c["xml"] for c in await world.callbacks()]
    assert "<Event><![CDATA[click]]></Event><EventKey><![CDATA[TODO]]></EventKey>" in events[0]
    assert "<Event><![CDATA[view]]></Event><EventKey><![CDATA[https://example.invalid]]></EventKey>" in events[1]
    assert (await app.get("menu/delete", agentid=AGENT))["errcode"] == 0
    assert (await app.get("menu/get", agentid=AGENT))["errcode"] == 46003
    assert (await app.post("menu/create", menu, agentid="7"))["errcode"] == 40056


@pytest.mark.parametrize(("kind", "part"), [
    ("scancode_waitmsg", "<ScanResult><![CDATA[示例二维码]]></ScanResult>"),
    ("pic_sysphoto", "<Count>1</Count>"),
    ("location_select", "<Location_X>31.23</Location_X>"),
])  # fmt: skip
async def test_a_menu_entry_may_gather_more(app: Any, world: Any, listener: Any, kind: str, part: str) -> None:
    entry = {"type": kind, "name": "更多", "key": "K"}
    assert (await app.post("menu/create", {"button": [entry]}, agentid=AGENT))["errcode"] == 0
    await world.phone("rm01").opens_menu("更多")
    [callback] = await world.callbacks()
    assert part in callback["xml"]
    assert "<EventKey><![CDATA[K]]></EventKey>" in callback["xml"]


async def test_members_are_read_without_contact_data(app: Any) -> None:
    member = await app.get("user/get", userid="rm01")
    assert (member["userid"], member["direct_leader"], member["department"]) == ("RM01", ["mgr01"], [2])
    assert not {"mobile", "email", "avatar"} & set(member)
    assert (await app.get("user/get", userid="mgr01"))["is_leader_in_dept"] == [0, 1]


@pytest.mark.parametrize(
    ("query", "errcode"), [({"userid": "nobody"}, 60111), ({}, 40058), ({"userid": "rm02"}, 60011)]
)
async def test_members_that_cannot_be_read(app: Any, world: Any, query: dict[str, str], errcode: int) -> None:
    await world.people({"userid": "rm01", "name": "甲"}, {"userid": "rm02", "name": "乙"}, visible=["rm01"])
    assert (await app.get("user/get", **query))["errcode"] == errcode


async def test_lists_and_departments(app: Any) -> None:
    names = [u["userid"] for u in (await app.get("user/simplelist", department_id="2"))["userlist"]]
    assert names == ["RM01", "rm02", "mgr01", "gone"]
    assert [u["position"] for u in (await app.get("user/list", department_id="1"))["userlist"]] == ["主管"]
    tree = (await app.get("department/list"))["department"]
    assert [(d["id"], d["parentid"], d["department_leader"]) for d in tree] == [(1, 0, []), (2, 1, ["mgr01"])]
    assert (await app.get("department/get", id="2"))["department"]["name"] == "示例支行"
    assert [d["id"] for d in (await app.get("department/simplelist", id="1"))["department_id"]] == [1, 2]
    assert (await app.get("department/get", id="9"))["errcode"] == 60123
    assert (await app.get("user/list", department_id="x"))["errcode"] == 40058


async def test_the_application_describes_itself(app: Any, world: Any) -> None:
    assert (await app.get("agent/get", agentid=AGENT))["allow_partys"] == {"partyid": [1]}
    await world.people({"userid": "rm01", "name": "甲"}, visible=["rm01"])
    assert (await app.get("agent/get", agentid=AGENT))["allow_userinfos"] == {"user": [{"userid": "rm01"}]}
    assert (await app.get("agent/get", agentid="7"))["errcode"] == 301002
    assert "127.0.0.1" in (await app.get("getcallbackip"))["ip_list"]
    assert "127.0.0.1" in (await app.get("get_api_domain_ip"))["ip_list"]
    assert (await app.get("no/such/api"))["errcode"] == 404


LOGIN = {"redirect_uri": "http://bot.example.invalid:8780/h5/back?x=1", "response_type": "code", "scope": "snsapi_base",
         "state": "abc123", "sim_user": "rm01"}  # fmt: skip


async def redirect(app: Any, world: Any, **changes: str) -> aiohttp.ClientResponse:
    await world.app(trusted_domain="bot.example.invalid:8780")
    params = {"appid": app.config.corp_id, **LOGIN, **changes}
    url = f"{app.url}{params.pop('path', '/connect/oauth2/authorize')}"
    async with app.http.get(url, params=params, allow_redirects=False) as reply:
        await reply.read()
        return reply


async def test_login_gives_a_code_for_one_use(app: Any, world: Any) -> None:
    reply = await redirect(app, world)
    target = urlsplit(reply.headers["Location"])
    query = parse_qs(target.query)
    assert (target.netloc, query["x"], query["state"]) == ("bot.example.invalid:8780", ["1"], ["abc123"])
    code = query["code"][0]
    assert (await app.get("auth/getuserinfo", code=code))["userid"] == "RM01"
    assert (await app.get("auth/getuserinfo", code=code))["errcode"] == 40029


async def test_a_login_code_lives_five_business_minutes(app: Any, world: Any) -> None:
    reply = await redirect(app, world)
    code = parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]
    await world.clock.advance(minutes=5)
    assert (await app.get("auth/getuserinfo", code=code))["errcode"] == 40029


@pytest.mark.parametrize(("changes", "status", "words"), [
    ({"appid": "ww_other"}, 400, "40013"),
    ({"redirect_uri": "http://evil.example.invalid/"}, 400, "50001"),
    ({"redirect_uri": "http://bot.example.invalid/"}, 400, "50001"),
    ({"state": "a-b"}, 400, "state"),
    ({"state": "a" * 129}, 400, "state"),
    ({"scope": "everything"}, 400, "scope"),
    ({"response_type": "token"}, 400, "response_type"),
    ({"sim_user": ""}, 200, "以谁的身份登录"),
    ({"sim_user": "nobody"}, 200, "示例·张三"),
    ({"path": "/wwlogin/sso/login", "login_type": "CorpApp", "agentid": AGENT}, 302, ""),
    ({"path": "/wwlogin/sso/login"}, 400, "login_type"),
])  # fmt: skip
async def test_login_is_strict(app: Any, world: Any, changes: dict[str, str], status: int, words: str) -> None:
    reply = await redirect(app, world, **changes)
    assert reply.status == status
    assert words in await reply.text()


async def test_the_phone_opens_pages_in_a_persons_name(app: Any, world: Any) -> None:
    opened = f"{app.url}/_sim/v1/open"
    async with app.http.get(
        opened, params={"sim_user": "rm02", "url": "https://x.invalid/"}, allow_redirects=False
    ) as r:
        assert (r.status, r.headers["Location"], r.cookies["sim_user"].value) == (302, "https://x.invalid/", "rm02")
    async with app.http.get(opened, params={"sim_user": "rm02", "url": "javascript:1"}, allow_redirects=False) as bad:
        assert bad.status == 400
