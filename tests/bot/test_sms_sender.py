"""SMS from a reply to the gateway: once for each key, through a channel that WeCom cannot hold up, and never lost
in silence.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.retry import CONFIG_PAUSES, WAIT_PAUSES
from domain.ids import UserId
from domain.text_message import code, escalation
from domain.update import Update, UpdateKind
from handlers.reply import Say, Sms, say
from handlers.speaking import speak
from storage import schema, sms, undelivered
from storage.opening import open_database
from storage.outbox import Lane
from storage.search_keys import name_index
from storage.unit import Unit
from tests.bot.post import NOW, Post, looks, opened_post, until
from tests.bot.sms_clouds import DROP, TEMPLATES, CloudServer, cloud

WANG, LI, BOSS = UserId("rm01"), UserId("rm02"), UserId("rm03")
MOBILES = {WANG: "199 0000-0001", LI: "19900000002", BOSS: "19900000003", UserId("rm04"): None}
TEXT = escalation("C26110001", "分行行长")


@pytest.fixture
async def post(migrated_url: str, tmp_path: Path) -> AsyncIterator[Post]:
    async with opened_post(migrated_url, tmp_path) as opened:
        for person, mobile in MOBILES.items():
            employ(opened, person, mobile, posts="系统管理员" if person == BOSS else "客户经理")
        yield opened


def employ(post: Post, person: str, mobile: str | None, *, posts: str = "客户经理", status: str = "active") -> None:
    def add(unit: Unit) -> None:
        sealed = {"name": unit.vault.seal("staff", "name", person, person),
                  "mobile": unit.vault.seal_optional("staff", "mobile", person, mobile),
                  "name_index": name_index(unit.vault, person)}  # fmt: skip
        plain = {"userid": person, "wecom_userid": person, "posts": posts, "unit_id": "HO", "status": status}
        feed = {"as_of": NOW.date(), "arrived_at": NOW}
        unit.execute(schema.rows_of(schema.staff).insert().values(**plain, **sealed, **feed))

    post.database.run(add)


def text(key: str, to: UserId = WANG) -> Sms:
    return Sms(to=to, key=key, text=TEXT)


def speaking(post: Post, update_key: str, *reply: Any) -> Callable[[Unit], None]:
    """What a handler's unit does with its reply."""
    update = Update(UpdateKind.TIMER, WANG, update_key, NOW)
    return lambda unit: speak(unit, post.house, update, reply)


def said(post: Post, update_key: str, *reply: Any) -> None:
    post.database.run(speaking(post, update_key, *reply))


async def inbox(post: Post) -> list[tuple[str, str, int]]:
    return [(sms["id"], sms["mobile"], sms["copies"]) for sms in await post.world.sms()]


def records(post: Post, action: str) -> list[Any]:
    rows = post.database.read_now(lambda unit: unit.rows(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq)))
    bodies = [orjson.loads(row.body) for row in rows]
    return [(body["resource"], body["detail"]) for body in bodies if body["action"] == action]


def alerts(post: Post) -> list[str]:
    """What waits for the operator."""
    here = sa.select(schema.outbox.c.msg_key).where(schema.outbox.c.recipient == BOSS, schema.outbox.c.kind == "send")
    keys = post.database.read_now(lambda unit: [row.msg_key for row in unit.rows(here.order_by(schema.outbox.c.id))])
    return [orjson.loads(opened(post, key))["text"]["content"] for key in keys]


def opened(post: Post, key: str) -> bytes:
    return post.database.vault.open_bytes("outbox", "payload", key, post.row(key).payload)


# --- kept once ----------------------------------------------------------------------------------------------------


async def test_a_text_message_arrives_with_number_and_level(post: Post) -> None:
    said(post, "u1", text("C26110001.president"))
    async with post.texting():
        await until(lambda: post.states() == {"sms:C26110001.president": "sent"})
    (message,) = await post.world.sms()
    assert (message["id"], message["mobile"], message["text"]) == ("sms:C26110001.president", "19900000001", TEXT)
    assert records(post, "sms.kept") == [("sms:C26110001.president", {"to": "rm01"})]


def code_kept(post: Post, key: str, *, minutes: int = 5) -> None:
    until, said = NOW + timedelta(minutes=minutes), code("012345", 5)
    post.database.run(
        lambda unit: sms.put_code(unit, msg_key=key, to=WANG, mobile="19900000001", text=said, until=until)
    )


async def test_of_a_code_that_left_or_never_will_nothing_stays(post: Post) -> None:
    """Sent, refused, too late: the row stays, its words are gone, and no operator is to tell it on."""
    code_kept(post, "code:late", minutes=0)
    code_kept(post, "code:1")
    async with post.texting():
        await until(lambda: post.states() == {"code:late": "dead", "code:1": "sent"})
        await post.world.fails("sms", "http", 400)
        code_kept(post, "code:2")
        await until(lambda: post.states()["code:2"] == "dead")
    assert [text for _, text, _ in await inbox(post)] == ["19900000001"]
    assert alerts(post) == []
    assert {opened(post, key) for key in post.states()} == {b"{}"}
    assert records(post, "code.dead") == [
        ("code:late", {"to": "rm01", "why": "too late"}),
        ("code:2", {"to": "rm01", "why": "短信网关拒收（HTTP 400）"}),
    ]


async def test_the_same_key_again_is_silently_nothing(post: Post) -> None:
    """Also after it was sent, to somebody else, beside other words, and without undoing what came with it."""
    said(post, "u1", text("c1"))
    async with post.texting():
        await until(lambda: post.states() == {"sms:c1": "sent"})
        said(post, "u2", *say("有一个案件升级了"), text("c1"), text("c1", LI), text("c2"))
        await until(lambda: post.states() == {"sms:c1": "sent", "u2:0": "new", "sms:c2": "sent"})
    assert await inbox(post) == [("sms:c1", "19900000001", 1), ("sms:c2", "19900000001", 1)]
    assert [resource for resource, _ in records(post, "sms.kept")] == ["sms:c1", "sms:c2"]


async def test_an_undone_unit_leaves_its_key_free(post: Post) -> None:
    def fails(unit: Unit) -> None:
        speaking(post, "u1", text("c1"))(unit)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        post.database.run(fails)
    said(post, "u2", text("c1"))
    assert post.states() == {"sms:c1": "new"}


def race(post: Post, url: str, folder: Path, backend: str, keys: list[str]) -> None:
    """Each key from two threads, of two processes where the database takes several, in opposite order."""
    with ExitStack() as stack:
        databases = [post.database]
        if backend == "postgresql":
            databases.append(open_database(url, folder / "key", post.clock))
            databases[1].start(None)
            stack.callback(databases[1].stop)

        def run(side: int) -> None:
            for key in keys[:: 1 - 2 * side]:
                databases[side % len(databases)].run(speaking(post, f"{side}:{key}", text(key), *say(f"{side}")))

        threads = [threading.Thread(target=run, args=(side,)) for side in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


async def test_two_replicas_that_say_the_same_keep_it_once(
    post: Post, migrated_url: str, tmp_path: Path, backend: str
) -> None:
    keys = [f"c{number}" for number in range(40)]
    await asyncio.to_thread(race, post, migrated_url, tmp_path, backend, keys)
    states = post.states()
    assert sorted(key for key in states if key.startswith("sms:")) == sorted(f"sms:{key}" for key in keys)
    assert len(states) == 3 * len(keys)  # what was said beside it stands on both sides
    assert len(records(post, "sms.kept")) == len(keys)


async def test_who_has_no_mobile_is_told_of_to_the_operators(post: Post) -> None:
    for update in ("u1", "u2"):
        said(post, update, *say("卡片照发"), text("c1.level3", UserId("rm04")))
    assert post.states()["u1:0"] == post.states()["u2:0"] == "new"
    assert records(post, "sms.no_mobile") == [("sms:c1.level3", {"to": "rm04", "why": ""})]
    (alert,) = alerts(post)
    assert alert.startswith("给 rm04 的短信没有发出（c1.level3）：没有登记手机号。请另行通知本人")
    async with post.texting():
        await looks()
    assert (post.row("sms:c1.level3").state, await inbox(post)) == ("dead", [])


async def test_nobody_is_texted_who_works_here_no_more(post: Post) -> None:
    employ(post, "gone", "19900000009", status="left")
    said(post, "u1", text("c1", UserId("gone")))
    assert post.row("sms:c1").state == "dead"


async def test_number_and_words_are_sealed(post: Post) -> None:
    said(post, "u1", text("c1"))
    assert orjson.loads(opened(post, "sms:c1")) == {"mobile": "19900000001", "text": TEXT}
    payload = post.row("sms:c1").payload
    assert b"19900000001" not in payload
    assert "已升级".encode() not in payload


# --- nothing of WeCom's holds it up, and the other way round ------------------------------------------------------


async def test_wecom_out_of_reach_does_not_stop_it(post: Post) -> None:
    said(post, "u1", Say(say("卡片")[0].message, to=WANG, lane=Lane.DEADLINE), text("c1"))  # type: ignore[union-attr]
    async with post.sender(api_base="http://127.0.0.1:9"), post.texting():
        await until(lambda: post.states() == {"u1:0": "new", "sms:c1": "sent"} and post.row("u1:0").attempts > 0)


@pytest.mark.parametrize("errcode", [45009, 60020])
async def test_wecoms_hold_does_not_stop_it(post: Post, errcode: int) -> None:
    await post.world.fails("message/send", "errcode", errcode, times=99)
    said(post, "u1", *say("一"))
    async with post.sender(), post.texting():
        await until(lambda: post.row("u1:0").error is not None)
        said(post, "u2", text("c1"))
        await until(lambda: post.states() == {"u1:0": "new", "sms:c1": "sent"})


async def test_a_full_bucket_of_wecoms_does_not_stop_it(post: Post) -> None:
    post.put(*(post.text(f"n{number:02}", lane=Lane.DEADLINE) for number in range(40)))
    async with post.sender():
        await until(lambda: len(post.seen()) == 22)
        said(post, "u1", text("c1"))
        async with post.texting():
            await until(lambda: post.row("sms:c1").state == "sent")
    assert len(post.seen()) < 40


async def test_text_messages_do_not_fill_wecoms_bucket(post: Post) -> None:
    said(post, "u1", *(text(f"c{number}") for number in range(35)))
    async with post.texting(), post.sender():
        await until(lambda: set(post.states().values()) == {"sent"})
        post.put(*(post.text(f"a{number}") for number in range(20)))
        await until(lambda: len(post.seen()) == 20)


async def test_an_open_talk_does_not_hold_it(post: Post) -> None:
    talk = {"id": "t", "person": WANG, "form": "visit", "status": "asking", "revision": 1, "draft": b"",
            "expires_at": NOW + timedelta(minutes=30), "touched_at": NOW}  # fmt: skip
    post.database.run(lambda unit: unit.execute(schema.conversation.insert().values(**talk)).rowcount)
    said(post, "u1", Say(say("通知")[0].message, to=WANG, lane=Lane.DEADLINE), text("c1"))  # type: ignore[union-attr]
    async with post.sender(), post.texting():
        await until(lambda: post.states() == {"u1:0": "new", "sms:c1": "sent"})


async def test_a_silent_gateway_does_not_stop_wecom(post: Post) -> None:
    await post.world.fails("sms", "http", 503, times=99)
    said(post, "u1", text("c1"), Say(say("卡片")[0].message, to=WANG, lane=Lane.DEADLINE))  # type: ignore[union-attr]
    async with post.texting(), post.sender():
        await until(lambda: post.states()["u1:1"] == "sent" and post.row("sms:c1").error == "HTTP 503")


async def test_wecoms_sender_leaves_text_messages_alone(post: Post) -> None:
    said(post, "u1", text("c1"), *say("卡片"))
    async with post.sender():
        await until(lambda: post.states() == {"sms:c1": "new", "u1:1": "sent"})
        await looks()
    assert post.row("sms:c1").attempts == 0


# --- what becomes of it: the bank's gateway -----------------------------------------------------------------------


async def test_a_gateway_that_was_down_gets_it_once(post: Post) -> None:
    await post.world.fails("sms", "http", 502, times=3)
    said(post, "u1", text("c1"))
    async with post.texting():
        for pause in (1.1, 3.1, 9.1):
            await until(lambda: post.row("sms:c1").error is not None and post.row("sms:c1").state == "new")
            post.change("sms:c1", error=None)
            post.clock.pushed += pause
        await until(lambda: post.states() == {"sms:c1": "sent"})
    assert await inbox(post) == [("sms:c1", "19900000001", 1)]
    assert alerts(post) == []


async def test_a_gateway_nobody_reaches_gets_it_a_day_later(post: Post) -> None:
    said(post, "u1", text("c1"))
    async with post.texting(url="http://127.0.0.1:9/sms"):
        await until(lambda: post.row("sms:c1").error is not None and post.row("sms:c1").state == "new")
    assert post.row("sms:c1").first_try is None
    post.clock.pushed += 86_400
    async with post.texting():
        await until(lambda: post.states() == {"sms:c1": "sent"})


@pytest.mark.parametrize(("kind", "copies"), [("timeout_before", 1), ("timeout_after", 2)])
async def test_without_an_answer_the_same_id_goes_again(post: Post, kind: str, copies: int) -> None:
    await post.world.fails("sms", kind, 0.1)
    said(post, "u1", text("c1"))
    async with post.texting():
        await until(lambda: post.row("sms:c1").error is not None and post.row("sms:c1").state == "new")
        post.clock.pushed += 1.1
        await until(lambda: post.states() == {"sms:c1": "sent"})
    assert await inbox(post) == [("sms:c1", "19900000001", copies)]


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_what_the_gateway_never_takes_is_dead_and_told_once(post: Post, status: int) -> None:
    await post.world.fails("sms", "http", status)
    said(post, "u1", text("c1"), text("c2"))
    async with post.texting():
        await until(lambda: post.row("sms:c1").state == "dead" and post.row("sms:c2").state == "sent")
    (alert,) = alerts(post)
    assert alert.startswith(f"给 rm01 的短信没有发出（c1）：短信网关拒收（HTTP {status}）。请另行通知本人")
    assert records(post, "sms.dead") == [("sms:c1", {"to": "rm01", "why": f"短信网关拒收（HTTP {status}）"})]
    assert await inbox(post) == [("sms:c2", "19900000001", 1)]
    said(post, "u2", text("c1"))
    assert len(alerts(post)) == 1


@pytest.mark.parametrize("status", [302, 408, 429, 500])
async def test_what_may_pass_is_asked_again(post: Post, status: int) -> None:
    await post.world.fails("sms", "http", status)
    said(post, "u1", text("c1"))
    async with post.texting():
        await until(lambda: post.row("sms:c1").error == f"HTTP {status}" and post.row("sms:c1").state == "new")
        post.clock.pushed += 1.1
        await until(lambda: post.states() == {"sms:c1": "sent"})


async def test_each_person_gets_theirs_in_order(post: Post) -> None:
    said(post, "u1", *(text(f"{to}-{number}", to) for number in range(6) for to in (WANG, LI)))
    await post.world.fails("sms", "delay", 0.2, times=2)
    async with post.texting():
        await until(lambda: set(post.states().values()) == {"sent"})
    for to in (WANG, LI):
        mine = [id_ for id_, _, _ in await inbox(post) if id_.startswith(f"sms:{to}-")]
        assert mine == [f"sms:{to}-{number}" for number in range(6)]


async def test_a_payload_that_does_not_open_is_dead_and_told(post: Post) -> None:
    said(post, "u1", text("c1"), text("c2", LI))
    post.change("sms:c1", payload=post.row("sms:c2").payload)
    async with post.texting():
        await until(lambda: post.row("sms:c1").state == "dead" and post.row("sms:c2").state == "sent")
    (alert,) = alerts(post)
    assert "密文无法解开" in alert


async def test_without_a_gateway_a_line_is_logged_and_nothing_in_it(post: Post) -> None:
    said(post, "u1", text("c1"))
    with capture_logs() as lines:
        async with post.texting(provider="log"):
            await until(lambda: post.states() == {"sms:c1": "sent"})
    assert [line for line in lines if line["event"] == "sms_only_logged"] == [
        {"event": "sms_only_logged", "id": "sms:c1", "log_level": "info"}
    ]
    assert not [line for line in lines if "19900000001" in str(line) or "已升级" in str(line)]


# --- what becomes of it: a cloud that knows no repeats ------------------------------------------------------------


@pytest.fixture(params=["tencent", "aliyun"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[CloudServer]:
    async with cloud(request.param) as running:
        running.provider = {"provider": request.param, **running.settings(), **TEMPLATES[request.param]}
        yield running


MOBILE_OF_WANG = "13900000001"


@pytest.fixture
async def clouded(post: Post) -> Post:
    """The clouds take mobiles of the mainland only."""
    sealed = post.database.vault.seal("staff", "mobile", WANG, MOBILE_OF_WANG)
    staff = schema.rows_of(schema.staff)
    here = staff.update().where(staff.c.userid == WANG)
    post.database.run(lambda unit: unit.execute(here.values(mobile=sealed)).rowcount)
    return post


async def test_a_cloud_gets_it(clouded: Post, server: CloudServer) -> None:
    said(clouded, "u1", text("c1"))
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.states() == {"sms:c1": "sent"})
    assert len(server.taken) == 1


async def test_no_answer_of_a_cloud_is_for_an_operator(clouded: Post, server: CloudServer) -> None:
    """It was taken and nobody knows: no second try, word to the operator, and his word decides."""
    server.answers = [DROP]
    said(clouded, "u1", text("c1"))
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.row("sms:c1").state == "ambiguous")
        assert clouded.row("sms:c1").attempts == 1
        (alert,) = alerts(clouded)
        assert "不知是否送达（c1）" in alert
        clouded.clock.pushed += 3600
        await looks()
        assert len(server.taken) == 1
        (shown,) = clouded.database.read_now(undelivered.ambiguous)
        resend = {"resend": True, "reason": "本人没有收到"}
        assert clouded.database.run(lambda unit: undelivered.resolve(unit, shown.id, **resend))
        await until(lambda: clouded.row("sms:c1").state == "sent")
    assert len(server.taken) == 2


async def test_what_cannot_have_left_is_sent_later(clouded: Post, server: CloudServer) -> None:
    said(clouded, "u1", text("c1"))
    async with clouded.texting(**server.provider | {"url": "http://127.0.0.1:9"}):
        await until(lambda: clouded.row("sms:c1").error is not None and clouded.row("sms:c1").state == "new")
    clouded.clock.pushed += 1.1
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.states() == {"sms:c1": "sent"})
    assert len(server.taken) == 1


async def test_what_a_dead_process_had_in_hand_is_not_repeated(clouded: Post, server: CloudServer) -> None:
    said(clouded, "u1", text("c1"))
    began = clouded.clock.machine() - 60
    dead = {"state": "leased", "lease_token": "dead", "lease_until": began + 40, "first_try": began, "attempts": 1}
    clouded.change("sms:c1", **dead)
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.row("sms:c1").state == "ambiguous")
    assert server.taken == []


async def test_the_bank_gateway_gets_again_what_a_dead_process_had_in_hand(post: Post) -> None:
    said(post, "u1", text("c1"))
    began = post.clock.machine() - 60
    dead = {"state": "leased", "lease_token": "dead", "lease_until": began + 40, "first_try": began, "attempts": 1}
    post.change("sms:c1", **dead)
    async with post.texting():
        await until(lambda: post.states() == {"sms:c1": "sent"})


BUSY = {"tencent": "RequestLimitExceeded", "aliyun": "Throttling.User"}
FULL = {"tencent": "LimitExceeded.AppDailyLimit", "aliyun": "isv.DAY_LIMIT_CONTROL"}
MISSET = {"tencent": "AuthFailure.SignatureFailure", "aliyun": "SignatureDoesNotMatch"}
BAD = {"tencent": "InvalidParameterValue.IncorrectPhoneNumber", "aliyun": "isv.MOBILE_NUMBER_ILLEGAL"}


async def test_a_busy_cloud_is_asked_again(clouded: Post, server: CloudServer) -> None:
    server.answers = [BUSY[server.provider["provider"]]]
    said(clouded, "u1", text("c1"))
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.row("sms:c1").error is not None and clouded.row("sms:c1").state == "new")
        assert (clouded.row("sms:c1").attempts, clouded.row("sms:c1").first_try) == (1, None)
        clouded.clock.pushed += 1.1
        await until(lambda: clouded.states() == {"sms:c1": "sent"})


@pytest.mark.parametrize(("codes", "seconds"), [(FULL, WAIT_PAUSES[-1]), (MISSET, CONFIG_PAUSES[-1])])
async def test_a_limit_or_a_setting_stops_all_text_messages_for_a_while(
    clouded: Post, server: CloudServer, codes: dict[str, str], seconds: float
) -> None:
    server.answers = [codes[server.provider["provider"]]]
    said(clouded, "u1", text("c1"))
    with capture_logs() as lines:
        async with clouded.texting(**server.provider):
            await until(lambda: clouded.row("sms:c1").error is not None and clouded.row("sms:c1").state == "new")
            said(clouded, "u2", text("c2", BOSS))
            await looks()
            assert len(server.calls) == 1
            assert (clouded.row("sms:c1").attempts, clouded.row("sms:c1").first_try) == (0, None)
            clouded.clock.pushed += seconds + 1
            await until(lambda: set(clouded.states().values()) == {"sent"})
    misset = [line["what_to_do"] for line in lines if line["event"] == "sms_misconfigured"]
    assert misset == (["请核对 RMBOT_SMS__SECRET_ID 和 RMBOT_SMS__SECRET_KEY"] if codes is MISSET else [])


async def test_a_bad_number_is_dead_and_told(clouded: Post, server: CloudServer) -> None:
    server.answers = [BAD[server.provider["provider"]]]
    said(clouded, "u1", text("c1"))
    async with clouded.texting(**server.provider):
        await until(lambda: clouded.row("sms:c1").state == "dead")
    (alert,) = alerts(clouded)
    assert "手机号不对，或不接收短信" in alert
