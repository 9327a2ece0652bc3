"""The access token: one fetch for all who wait, of all replicas; a refusal is not repeated by everybody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.outside import Unreached
from bot.wecom_client import WecomClient, WecomError
from storage import tokens
from storage.opening import open_database
from tests.bot.post import Post, opened_post


@pytest.fixture
async def post(migrated_url: str, tmp_path: Path) -> AsyncIterator[Post]:
    async with opened_post(migrated_url, tmp_path) as opened:
        yield opened


async def ask(client: WecomClient, times: int) -> list[object]:
    calls = (client.call("GET", "agent/get", params={"agentid": "1000002"}) for _ in range(times))
    return await asyncio.gather(*calls, return_exceptions=True)


def failed(answers: list[object]) -> list[object]:
    return [answer for answer in answers if isinstance(answer, Exception)]


async def test_fifty_who_start_cold_fetch_once(post: Post) -> None:
    async with post.client() as client:
        assert failed(await ask(client, 50)) == []
        assert failed(await ask(client, 50)) == []
    assert len(post.calls("gettoken")) == 1


async def test_the_next_process_takes_the_token_that_is_there(post: Post) -> None:
    for _ in range(3):
        async with post.client() as client:
            assert failed(await ask(client, 5)) == []
    assert len(post.calls("gettoken")) == 1


async def test_two_replicas_fetch_once(post: Post, migrated_url: str, tmp_path: Path, backend: str) -> None:
    """Two keepers that know nothing of each other but the database."""
    other = open_database(migrated_url, tmp_path / "key", post.clock) if backend == "postgresql" else post.database
    if other is not post.database:
        other.start(None)
    async with post.client(post.keeper()) as one, post.client(post.keeper(other)) as two:
        for _ in range(3):
            answers = await asyncio.gather(ask(one, 25), ask(two, 25))
            assert failed(answers[0] + answers[1]) == []
    if other is not post.database:
        other.stop()
    assert len(post.calls("gettoken")) == 1


@pytest.mark.parametrize("errcode", [42001, 40014])
async def test_a_refused_token_is_replaced_once_by_all(post: Post, errcode: int) -> None:
    async with post.client() as client:
        await ask(client, 1)
        await post.world.forgets_token()
        assert failed(await ask(client, 30)) == []
        assert len(post.calls("gettoken")) == 2
        # WeCom refuses a token and hands the very same one out again: nobody loops.
        await post.world.fails("agent/get", "errcode", errcode, times=5)
        assert failed(await ask(client, 5)) == []
    assert len(post.calls("gettoken")) <= 2 + 5


async def test_a_token_refused_twice_is_an_error(post: Post) -> None:
    async with post.client() as client:
        await post.world.fails("agent/get", "errcode", 40014, times=100)
        answers = await ask(client, 4)
    assert [answer.errcode for answer in answers if isinstance(answer, WecomError)] == [40014] * 4
    assert len(post.calls("gettoken")) <= 1 + 4


async def test_a_wrong_secret_is_tried_once_by_all_who_wait(post: Post) -> None:
    async with post.client(secret=type(post.settings.secret)("wrong")) as client:
        for _ in range(3):
            answers = await ask(client, 40)
            assert [answer.errcode for answer in answers if isinstance(answer, WecomError)] == [40001] * 40
        assert len(post.calls("gettoken")) == 1
        post.clock.pushed += 60
        await ask(client, 40)
        assert len(post.calls("gettoken")) == 2
    async with post.client() as repaired:
        assert failed(await ask(repaired, 5)) == []


async def test_a_token_about_to_end_is_replaced_before(post: Post) -> None:
    async with post.client() as client:
        await ask(client, 1)
        post.clock.pushed += 7200 - 400
        await ask(client, 3)
        assert len(post.calls("gettoken")) == 1
        post.clock.pushed += 200
        await ask(client, 3)
        assert len(post.calls("gettoken")) == 2


async def test_a_token_with_little_left_is_used_for_what_is_left(post: Post) -> None:
    """WeCom gives the same token again near its end: each answer must not cost a fetch."""
    post.sim.world.tokens.issue()
    await post.world.clock.advance(seconds=7200 - 100)
    async with post.client() as client:
        for _ in range(20):
            assert failed(await ask(client, 2)) == []
    assert len(post.calls("gettoken")) == 1


async def test_a_replica_that_died_while_fetching_is_waited_for_and_no_longer(post: Post) -> None:
    post.database.run(lambda unit: tokens.lease(unit, "corp:1", "dead", 15.0))
    async with post.client() as client:
        waiting = asyncio.create_task(ask(client, 3))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        assert post.calls("gettoken") == []
        post.clock.pushed += 16
        assert failed(await waiting) == []
    assert len(post.calls("gettoken")) == 1


async def test_what_never_reached_wecom_is_known_not_to_have_happened(post: Post) -> None:
    async with post.client(api_base="http://127.0.0.1:9") as client:
        answers = await ask(client, 30)
    assert {type(answer) for answer in answers} == {Unreached}


async def test_the_token_is_sealed_at_rest(post: Post) -> None:
    async with post.client() as client:
        await ask(client, 1)
    kept = post.database.read_now(lambda unit: tokens.read(unit, "corp:1"))
    assert kept is not None
    secret = kept.value.encode()
    from storage import schema

    row = post.database.read_now(lambda unit: unit.row(schema.token.select()))
    assert row is not None
    assert secret not in row.value
