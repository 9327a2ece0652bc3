"""The sender: order, lanes, limits, and what becomes of a message after each kind of answer; read from WeCom's
ledger.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.retry import AWAY_PAUSES, CERTAIN_WITHIN, CONFIG_PAUSES, WAIT_PAUSES
from domain.conversation import LIVE
from simulator.world import Rates
from storage import outbox, schema, undelivered, wecom
from storage.outbox import Lane, OutKind
from storage.wecom import Allowance
from tests.bot.post import NOW, Post, looks, opened_post, until


@pytest.fixture
async def post(migrated_url: str, tmp_path: Path) -> AsyncIterator[Post]:
    async with opened_post(migrated_url, tmp_path) as opened:
        yield opened


def all_are(post: Post, state: str) -> bool:
    return set(post.states().values()) == {state}


# --- order and limits ---------------------------------------------------------------------------------------------


async def test_each_person_reads_a_lane_in_order(post: Post) -> None:
    people = [f"rm{number:02}" for number in range(1, 6)]
    post.put(*(post.text(f"{to}-{number:02}", to) for number in range(12) for to in people))
    async with post.sender():
        await until(lambda: all_are(post, "sent"))
    for to in people:
        assert post.seen(to) == [f"{to}-{number:02}" for number in range(12)]
    assert len(post.calls("gettoken")) == 1


async def test_a_slow_message_holds_up_its_person_alone(post: Post) -> None:
    post.put(post.text("a1"), post.text("a2"), post.text("b1", "rm02"), post.text("b2", "rm02"))
    await post.world.fails("message/send", "delay", 0.6)
    async with post.sender():
        await until(lambda: all_are(post, "sent"))
    assert sorted(post.seen()) == ["a1", "a2", "b1", "b2"]
    (held_up,) = (call for call in post.calls("message/send") if call.fault)
    assert post.seen()[-1] == held_up.body["text"]["content"][0] + "2"


async def test_answers_go_before_deadlines_before_digests(post: Post) -> None:
    people = [f"rm{number:02}" for number in range(1, 10)]
    order = (Lane.DIGEST, Lane.DEADLINE, Lane.INTERACTIVE)
    post.put(*(post.text(f"{lane.value}-{to}-{n}", to, lane) for lane in order for to in people for n in range(6)))
    claimed: list[str] = []
    while rows := post.database.run(
        lambda unit: wecom.claim(
            unit, token="t", lease_seconds=40, limit=3, allowance=Allowance(1000, 0), busy_microseconds=0
        )
    ):
        claimed += [row.lane for row in rows]
        for row in rows:
            post.database.run(lambda unit, row=row: outbox.settle(unit, row, outbox.SENT))
    assert claimed == [lane.value for lane in reversed(order) for _ in range(54)]


async def test_nobody_gets_more_than_wecom_carries(post: Post) -> None:
    """45 answers and 45 notices to one person: 30 a minute, notices leave room, WeCom drops nothing, none is
    forgotten.
    """
    post.put(*(post.text(f"n{number:02}", lane=Lane.DEADLINE) for number in range(45)))
    async with post.sender():
        await until(lambda: len(post.seen()) == 22)
        await looks()
        assert len(post.seen()) == 22
        post.put(*(post.text(f"a{number:02}") for number in range(45)))
        await until(lambda: len(post.seen()) == 30)
        post.put(post.text("elsewhere", "rm02"))
        await until(lambda: post.states()["elsewhere"] == "sent")
        assert len(post.seen("rm01")) == 30
        for _ in range(3):
            post.sim.world.rates = Rates()
            post.clock.pushed += 61
            before = len(post.seen("rm01"))
            least = min(before + 22, 90)
            await until(lambda least=least: len(post.seen("rm01")) >= least)
            await looks()
            assert len(post.seen("rm01")) <= before + 30
    fates = {delivery.fate for call in post.calls("message/send") for delivery in call.deliveries}
    assert fates == {"delivered"}
    assert [words for words in post.seen("rm01") if words[0] == "a"] == [f"a{number:02}" for number in range(45)]


async def test_full_buckets_do_not_hold_others_up(post: Post) -> None:
    """More persons over their limit than are leased at once: the rest still gets its messages."""
    people = [f"p{number:03}" for number in range(40)]
    post.put(*(post.text(f"{to}-{n}", to) for to in people for n in range(2)), post.text("last", "rm01"))
    claim = {"token": "t", "lease_seconds": 40, "limit": 32, "allowance": Allowance(1, 0), "busy_microseconds": 0}
    taken: list[str] = []
    for _ in range(4):
        rows = post.database.run(lambda unit: wecom.claim(unit, **claim))
        taken += [row.msg_key for row in rows]
        for row in rows:
            post.database.run(lambda unit, row=row: outbox.settle(unit, row, outbox.SENT))
    assert sorted(taken) == sorted([*(f"{to}-0" for to in people), "last"])


async def test_what_may_have_arrived_counts(post: Post) -> None:
    """A message without an answer may be on the phone: the next one must not be the thirty-first."""
    post.put(*(post.text(f"n{number}") for number in range(5)))
    claim = {"lease_seconds": 40, "limit": 9, "allowance": Allowance(1, 0), "busy_microseconds": 0}
    rows = post.database.run(lambda unit: wecom.claim(unit, token="t", **claim))
    assert [row.msg_key for row in rows] == ["n0"]
    post.database.run(lambda unit: outbox.settle(unit, rows[0], outbox.AMBIGUOUS))
    post.clock.pushed += 2
    assert post.database.run(lambda unit: wecom.claim(unit, token="t", **claim)) == []
    post.clock.pushed += 60
    assert [row.msg_key for row in post.database.run(lambda unit: wecom.claim(unit, token="t", **claim))] == ["n1"]


# --- notices wait for a talk --------------------------------------------------------------------------------------


def talk(post: Post, status: str, minutes_ago: float = 0.0) -> None:
    post.database.run(
        lambda unit: unit.execute(
            schema.conversation.insert().values(
                id=status,
                person="rm01",
                form="visit",
                status=status,
                revision=1,
                draft=b"",
                expires_at=NOW + timedelta(minutes=30),
                touched_at=NOW - timedelta(minutes=minutes_ago),
            )
        )
    )


@pytest.mark.parametrize("status", sorted(LIVE))
async def test_notices_wait_while_a_talk_is_open(post: Post, status: str) -> None:
    talk(post, status)
    post.put(post.text("notice", lane=Lane.DEADLINE), post.text("digest", lane=Lane.DIGEST), post.text("answer"))
    post.put(post.text("other", "rm02", Lane.DEADLINE))
    async with post.sender():
        await until(lambda: sorted(post.seen()) == ["answer", "other"])
        await looks()
        assert sorted(post.seen()) == ["answer", "other"]
        gone = schema.conversation.update().values(status="done")
        post.database.run(lambda unit: unit.execute(gone).rowcount)
        await until(lambda: all_are(post, "sent"))


async def test_notices_wait_ten_minutes_at_most(post: Post) -> None:
    """However long the person goes on talking."""
    talk(post, "asking")
    post.put(post.text("notice", lane=Lane.DEADLINE))
    async with post.sender():
        for _ in range(3):
            await looks()
            post.clock.now += timedelta(minutes=3)
            touched = schema.conversation.update().values(touched_at=post.clock.now)
            post.database.run(lambda unit, touched=touched: unit.execute(touched).rowcount)
        await looks()
        assert post.seen() == []
        post.clock.now += timedelta(minutes=2)
        touched = schema.conversation.update().values(touched_at=post.clock.now)
        post.database.run(lambda unit: unit.execute(touched).rowcount)
        await until(lambda: post.seen() == ["notice"])


async def test_a_talk_left_alone_holds_nothing_back(post: Post) -> None:
    talk(post, "asking", minutes_ago=11)
    post.put(post.text("notice", lane=Lane.DEADLINE))
    async with post.sender():
        await until(lambda: post.seen() == ["notice"])


# --- what becomes of a message ------------------------------------------------------------------------------------


@pytest.mark.parametrize("errcode", [-1, 6000, 45035])
async def test_a_busy_system_is_asked_again(post: Post, errcode: int) -> None:
    await post.world.fails("message/send", "errcode", errcode, times=2)
    post.put(post.text("a"))
    async with post.sender():
        await until(lambda: post.row("a").attempts == 1 and post.row("a").state == "new")
        assert post.row("a").first_try is None  # refused, so nothing of it is out there
        post.clock.pushed += 1.1
        await until(lambda: post.row("a").attempts == 2 and post.row("a").state == "new")
        post.clock.pushed += 3.1
        await until(lambda: post.seen() == ["a"])
        await until(lambda: post.row("a").state == "sent")
    assert post.row("a").attempts == 3


@pytest.mark.parametrize(
    ("errcode", "pauses"), [(45009, WAIT_PAUSES), (45033, WAIT_PAUSES), (60020, CONFIG_PAUSES), (48002, CONFIG_PAUSES)]
)
async def test_a_limit_or_a_setting_stops_everything_for_a_while(
    post: Post, errcode: int, pauses: tuple[float, ...]
) -> None:
    await post.world.fails("message/send", "errcode", errcode)
    post.put(post.text("a"))
    async with post.sender():
        await until(lambda: post.row("a").error is not None and post.row("a").state == "new")
        post.put(post.text("b", "rm02"))
        await looks()
        assert len(post.calls("message/send")) == 1
        assert (post.row("a").attempts, post.row("a").first_try) == (0, None)  # not the message's fault
        post.clock.pushed += pauses[0] + 1
        await until(lambda: sorted(post.seen()) == ["a", "b"])


@pytest.mark.parametrize(
    ("path", "kind", "value"),
    [("gettoken", "http", 502), ("message/send", "http", 502), ("message/send", "errcode", -1)],
)
async def test_after_an_outage_nothing_waits_any_longer(post: Post, path: str, kind: str, value: float) -> None:
    """Ten minutes in which every message is tried in vain; they are forgotten seconds after WeCom is back."""
    people = [f"rm{number:02}" for number in range(1, 11)]
    post.put(*(post.text(f"to {to}", to) for to in people))
    await post.world.fails(path, kind, value, times=100_000)
    async with post.sender():
        for _ in range(8):
            before = len(post.calls(path))
            post.clock.pushed += 75
            await until(lambda before=before: len(post.calls(path)) > before and all_are(post, "new"))
        await post.world.request("DELETE", "/faults")
        post.clock.pushed += AWAY_PAUSES[-1] + 1
        await until(lambda: all_are(post, "sent"))
    assert sorted(post.seen()) == [f"to {to}" for to in people]


async def test_a_restart_frees_what_waits(post: Post) -> None:
    """It may be the cure: settings are read anew."""
    await post.world.fails("message/send", "errcode", 45009)
    post.put(post.text("a"))
    async with post.sender():
        await until(lambda: post.row("a").error is not None and post.row("a").state == "new")
    assert post.row("a").due > post.clock.machine() + 30
    async with post.sender():
        await until(lambda: post.seen() == ["a"])


@pytest.mark.parametrize("errcode", [42001, 40014])
async def test_an_old_token_is_replaced_without_a_word(post: Post, errcode: int) -> None:
    await post.world.fails("message/send", "errcode", errcode)
    post.put(post.text("a"))
    async with post.sender():
        await until(lambda: all_are(post, "sent"))
    assert post.seen() == ["a"]
    assert post.row("a").attempts == 1


async def test_a_token_refused_twice_stops_nobody_else(post: Post) -> None:
    await post.world.fails("message/send", "errcode", 42001, times=2)
    post.put(post.text("a"))
    async with post.sender():
        await until(lambda: post.row("a").error is not None and post.row("a").state == "new")
        post.put(post.text("b", "rm02"))
        await until(lambda: "b" in post.seen())
        post.clock.pushed += 2
        await until(lambda: sorted(post.seen()) == ["a", "b"])


@pytest.mark.parametrize(
    ("kind", "value"), [("http", 500), ("http", 502), ("timeout_before", 0.2), ("timeout_after", 0.2)]
)
async def test_without_an_answer_the_same_bytes_go_again(post: Post, kind: str, value: float) -> None:
    """Whether it had arrived or not, the phone shows it once."""
    await post.world.fails("message/send", kind, value, times=2)
    post.put(post.text("a"), post.text("b"))
    async with post.sender():
        for pause in (1.1, 3.1):
            await until(lambda: post.row("a").error is not None and post.row("a").state == "new")
            assert post.row("a").first_try is not None
            post.change("a", error=None)
            post.clock.pushed += pause
        await until(lambda: all_are(post, "sent"))
    assert post.seen() == ["a", "b"]
    sends = post.calls("message/send")
    assert len(sends) == 4
    assert all(call.body == sends[0].body for call in sends[:3])
    assert [call.duplicate for call in sends[:3]] == [False, kind == "timeout_after", kind == "timeout_after"]


@pytest.mark.parametrize(("to", "error"), [("nobody", "errcode 81013"), ("rm11", "unlicenseduser")])
async def test_who_cannot_be_reached_is_not_tried_again(post: Post, to: str, error: str) -> None:
    post.put(post.text("a", to), post.text("b", to), post.text("c"))
    async with post.sender():
        await until(lambda: set(post.states().values()) == {"dead", "sent"} and post.states()["b"] == "dead")
    assert post.states() == {"a": "dead", "b": "dead", "c": "sent"}
    assert post.row("a").error.startswith(error)
    assert len(post.calls("message/send")) == 3


async def test_a_payload_wecom_never_takes_is_dead(post: Post) -> None:
    bad = post.text("a")
    bad["body"]["text"] = {"content": ""}
    post.put(bad, post.text("b"))
    async with post.sender():
        await until(lambda: post.states() == {"a": "dead", "b": "sent"})
    assert post.row("a").errcode == 44004


async def test_silence_of_hours_is_for_an_operator_to_resolve(post: Post) -> None:
    post.put(post.text("a"), post.text("b"), post.text("c", "rm02"))
    post.change("a", first_try=post.clock.machine() - CERTAIN_WITHIN - 60)
    post.change("c", first_try=post.clock.machine() - CERTAIN_WITHIN + 600)
    async with post.sender():
        await until(lambda: post.states() == {"a": "ambiguous", "b": "sent", "c": "sent"})
        assert sorted(post.seen()) == ["b", "c"]
        (shown,) = post.database.read_now(undelivered.ambiguous)
        assert (shown.recipient, shown.lane) == ("rm01", "interactive")
        assert post.database.run(lambda unit: undelivered.resolve(unit, shown.id, resend=True, reason="对方说没收到"))
        assert not post.database.run(lambda unit: undelivered.resolve(unit, shown.id, resend=True, reason="再点一次"))
        await until(lambda: all_are(post, "sent"))
        assert sorted(post.seen()) == ["a", "b", "c"]
    post.change("a", state="ambiguous")
    assert post.database.run(lambda unit: undelivered.resolve(unit, shown.id, resend=False, reason="已收到"))
    assert post.states()["a"] == "sent"


async def test_a_sender_that_died_long_ago_is_not_repeated_blindly(post: Post) -> None:
    """It had leased the message and was never heard of again: within the window the double is swallowed, later not."""
    post.put(post.text("old"), post.text("young", "rm02"))
    for key, hours in (("old", 5.0), ("young", 1.0)):
        began = post.clock.machine() - hours * 3600
        post.change(key, state="leased", lease_token="dead", lease_until=began + 40, first_try=began, attempts=1)
    async with post.sender():
        await until(lambda: post.states() == {"old": "ambiguous", "young": "sent"})
    assert post.seen() == ["young"]


async def test_a_lease_is_kept_until_it_ends(post: Post) -> None:
    post.put(post.text("a"))
    leased = {"state": "leased", "lease_token": "dead", "attempts": 1, "first_try": post.clock.machine()}
    post.change("a", lease_until=post.clock.machine() + 40, **leased)
    async with post.sender():
        await looks()
        assert post.calls("message/send") == []
        post.clock.pushed += 41
        await until(lambda: post.seen() == ["a"])


async def test_who_lost_its_lease_settles_nothing(post: Post) -> None:
    post.put(post.text("a"))
    claim: dict[str, Any] = {"lease_seconds": 1, "limit": 9, "allowance": Allowance(), "busy_microseconds": 0}
    (late,) = post.database.run(lambda unit: wecom.claim(unit, token="late", **claim))
    post.clock.pushed += 2
    (now,) = post.database.run(lambda unit: wecom.claim(unit, token="now", **claim))
    assert not post.database.run(lambda unit: outbox.settle(unit, late, outbox.DEAD))
    assert not post.database.run(lambda unit: outbox.postpone(unit, late, 0.0, "late"))
    assert post.database.run(lambda unit: outbox.settle(unit, now, outbox.SENT))
    assert (now.body, now.attempts) == (late.body, 2)


async def test_what_never_left_is_sent_however_late(post: Post) -> None:
    """The network is away for a day: nothing of it was ever out there, so nothing is left to an operator."""
    post.put(post.text("a"))
    async with post.sender(api_base="http://127.0.0.1:9"):
        await until(lambda: post.row("a").error is not None)
        assert post.row("a").first_try is None
    post.clock.pushed += 86_400
    async with post.sender():
        await until(lambda: post.seen() == ["a"])


# --- card updates and photos --------------------------------------------------------------------------------------


def update(post: Post, key: str) -> dict[str, Any]:
    body = {
        "userids": ["rm01"],
        "agentid": post.sim.world.app.agent_id,
        "response_code": "used-up",
        "button": {"replace_name": "已处理"},
        "fallback": "这张卡片已经处理过了",
    }
    return post.text(key) | {"kind": OutKind.UPDATE, "body": body, "task_id": "t1"}


async def test_a_card_that_takes_no_update_is_answered_in_words(post: Post) -> None:
    post.put(update(post, "u"))
    async with post.sender():
        await until(lambda: post.states() == {"u": "superseded", "u:said": "sent"})
    assert len(post.seen()) == 1
    assert post.seen()[0].startswith("这张卡片已经处理过了〔")


async def test_an_update_without_an_answer_was_probably_ours(post: Post) -> None:
    await post.world.fails("message/update_template_card", "timeout_before", 0.1)
    post.put(update(post, "u"))
    async with post.sender():
        await until(lambda: post.row("u").first_try is not None and post.row("u").state == "new")
        post.clock.pushed += 1.1
        await until(lambda: post.states() == {"u": "sent"})
    assert post.seen() == []


async def test_a_busy_system_does_not_make_an_update_ours(post: Post) -> None:
    await post.world.fails("message/update_template_card", "errcode", -1)
    post.put(update(post, "u"))
    async with post.sender():
        await until(lambda: post.row("u").error is not None)
        post.clock.pushed += 1.1
        await until(lambda: post.states() == {"u": "superseded", "u:said": "sent"})


async def test_a_photo_is_fetched_and_kept_sealed(post: Post) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"pixels" * 100
    media = post.sim.world.media.upload("image", "a.png", picture)
    sealed = post.database.vault.seal("photo", "media_id", "v1-0", media.id)
    insert = schema.photo.insert().values(id="v1-0", owner="v1", sender="rm01", sent_at=post.clock.now, media_id=sealed)
    post.database.run(lambda unit: unit.execute(insert).rowcount)
    fetch = {"kind": OutKind.FETCH, "recipient": "photo:v1-0", "body": {"photo": "v1-0", "media_id": media.id}}
    post.put(post.text("p") | fetch)
    await post.world.fails("media/get", "errcode", 42001)
    async with post.sender():
        await until(lambda: post.states() == {"p": "sent"})
    row = post.database.read_now(lambda unit: unit.row(sa.select(schema.photo)))
    assert row is not None
    assert b"pixels" not in row.content
    assert post.database.vault.open_bytes("photo", "content", "v1-0", row.content) == picture


async def test_a_photo_that_is_gone_is_not_asked_for_again(post: Post) -> None:
    fetch = {"kind": OutKind.FETCH, "recipient": "photo:x", "body": {"photo": "x", "media_id": "expired"}}
    post.put(post.text("p") | fetch)
    async with post.sender():
        await until(lambda: post.states() == {"p": "dead"})
    assert len(post.calls("media/get")) == 1


async def test_payloads_are_sealed_and_bound_to_their_message(post: Post) -> None:
    post.put(post.text("secret-words"), post.text("b", "rm02"), post.text("c", "rm02"))
    assert b"secret-words" not in post.row("secret-words").payload
    post.change("b", payload=post.row("secret-words").payload)
    async with post.sender():
        await until(lambda: post.states() == {"secret-words": "sent", "b": "dead", "c": "sent"})
    assert sorted(post.seen()) == ["c", "secret-words"]


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        (OutKind.FILE, {"file": {"digest": "0" * 64, "name": "nobody kept it.pdf"}}),
        (OutKind.SEND, {"msgtype": "file", "file": {"media_id": "uploaded more than three days ago"}}),
    ],
)
async def test_a_file_that_cannot_be_had_is_said_in_words(post: Post, kind: OutKind, holds: dict[str, Any]) -> None:
    body = {"touser": "rm01", "agentid": post.sim.world.app.agent_id, **holds}
    post.put({**post.text("gone"), "kind": kind, "body": body}, post.text("next"))
    async with post.sender():
        await until(lambda: "有一份文件或图片没有发成" in "".join(post.seen()))
    assert post.states()["gone"] == "dead"
    assert post.states()["next"] == "sent"
