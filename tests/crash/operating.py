"""What people at a keyboard and other systems do: the same again until it is done, whoever died in between."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import orjson

from bot import control
from domain.refusal import Refused
from storage.imports.progress import nobody
from tests.crash.lives import until
from tests.crash.people import PATIENCE
from tests.crash.stage import Stage


async def opened(look: Callable[[], Awaitable[bool]], what: str) -> None:
    """People reload a page that did not open."""

    async def again() -> bool:
        try:
            return await look()
        except aiohttp.ClientError:
            return False

    await until(again, what, PATIENCE)


async def errand(stage: Stage, command: str, **arguments: Any) -> None:
    """What an operator types, typed again when the service went away in between."""
    gone = False

    async def done() -> bool:
        nonlocal gone
        stage.books.typed[command] += 1
        replica = next(iter(stage.lives.replicas.values()))
        given = {**arguments, "actor": "cli:operator"}
        try:
            return await asyncio.to_thread(control.call, replica.state, command, given, nobody, nobody)
        except (control.ServiceGone, OSError):
            gone = True
            return False
        except Refused:
            assert gone, "refused although it was never asked before"
            return True

    await until(done, command, PATIENCE)


async def typed(
    stage: Stage, command: str, done: str, before: Callable[[], None] = lambda: None, **arguments: Any
) -> list[str]:
    """What must say that it is done, typed until it does, whatever it refuses in between; what it said."""
    said: list[str] = []
    given = {**arguments, "actor": "cli:operator"}

    async def says_so() -> bool:
        said.clear()
        before()
        stage.books.typed[command] += 1
        replica = next(iter(stage.lives.replicas.values()))
        try:
            await asyncio.to_thread(control.call, replica.state, command, given, said.append, nobody)
        except (control.ServiceGone, OSError):
            return False
        except Refused as refused:
            said.append(refused.text)
            return False
        return any(done in line for line in said)

    await until(says_so, lambda: f"{command} says {done}; it said: {said}", PATIENCE)
    stage.books.answered[command] += 1
    return said


async def another_system(stage: Stage, day: int) -> None:
    """It delivers over the interface, and asks again under the same name until it is answered."""
    number = len(stage.books.delivered)
    key = await _key(stage)
    loan = f"loans/L9{number:05}"
    row = {"customer_id": "C00000001", "kind": "样例", "principal": 1, "balance": number, "rate": None, "opened_on": None,
           "matures_on": None, "next_due_on": None, "next_due_amount": None, "days_overdue": 0,
           "application_state": None}  # fmt: skip
    many = b"\n".join(orjson.dumps(row | {"loan_id": f"L8{number:05}{each}"}) for each in range(3))
    asked = partial(_asks, stage, key)
    results = [
        (await asked("PUT", loan, orjson.dumps(row), "application/json"))["result"],
        (await asked("DELETE", loan, b"", ""))["result"],
        (await asked("POST", "imports/loans?mode=append", many, "application/x-ndjson"))["inserted"],
        (await asked("POST", "imports/loans", b"", "text/csv"))["status"],
        (await asked("POST", "imports/loans", b"x", "text/csv"))["status"],
        (await asked("PUT", loan, b"x", "application/json"))["status"],
        len((await asked("GET", "feeds", b"", ""))["feeds"]) > 3,
    ]
    assert results == ["inserted", "closed", 3, 422, 422, 400, True]
    stage.books.delivered.append(number)
    stage.books.recorded.update({"api.put": 1, "api.close": 1, "api.import": 3})
    await errand(stage, "api.keys.revoke", key=key.split("_")[1], reason="换了")
    stage.books.recorded["api_key.revoked"] += 1


async def _key(stage: Stage) -> str:
    """A key of which the operator saw the token; one that was made while nobody looked is of no use."""
    said: list[str] = []

    async def made() -> bool:
        said.clear()
        replica = next(iter(stage.lives.replicas.values()))
        given = {"system": "贷款系统", "kinds": ["loans"], "days": 30, "actor": "cli:operator"}
        try:
            await asyncio.to_thread(control.call, replica.state, "api.keys.add", given, said.append, nobody)
        except (control.ServiceGone, OSError):
            return False
        return bool(said)

    await until(made, "a key", PATIENCE)
    return said[0]


async def _asks(stage: Stage, key: str, method: str, path: str, body: bytes, kind: str) -> Any:
    """What is answered in the end; a system asks again whatever it does not hear and whatever may yet be done."""
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": secrets.token_hex(8)}
    headers |= {"Content-Type": kind} if kind else {}
    heard: list[Any] = []

    async def answered() -> bool:
        replica = next(iter(stage.lives.replicas.values()))
        url = f"http://127.0.0.1:{replica.admin_port}/api/v1/{path}"
        request = partial(aiohttp.request, method, url, data=body or None, headers=headers)
        async with request() as answer:
            if answer.status in (409, 503):
                return False
            heard.append(await answer.json(content_type=None))
        return True

    await opened(answered, f"{method} {path}")
    return heard[-1]
