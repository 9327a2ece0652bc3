"""aiogram as a peer: a talk of three steps through feed_raw_update, the state in memory, nothing kept, nothing sent."""

import asyncio
import json
import sys
import time
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message


class Visit(StatesGroup):  # type: ignore[misc]
    customer = State()
    result = State()


async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Visit.customer)


async def answer(message: Message, state: FSMContext) -> None:
    await state.update_data(customer=message.text)
    await state.set_state(Visit.result)


async def cancel(message: Message, state: FSMContext) -> None:
    await state.clear()


def dispatcher() -> Dispatcher:
    router = Router()
    router.message.register(cancel, Command("cancel"), StateFilter(Visit))
    router.message.register(begin, Command("visit"))
    router.message.register(answer, Visit.customer, F.text)
    made = Dispatcher(storage=MemoryStorage())
    made.include_router(router)
    return made


def update(number: int, person: int, text: str) -> dict[str, Any]:
    sender = {"id": person + 1, "is_bot": False, "first_name": "Bench"}
    command = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
    message = {
        "message_id": number, "date": 1_700_000_000, "chat": {"id": person + 1, "type": "private"}, "from": sender,
        "text": text, "entities": command,
    }  # fmt: skip
    return {"update_id": number, "message": message}


async def measure(bot: Bot, dispatch: Dispatcher, amount: int) -> float:
    people = amount // 3
    texts = [(person, text) for text in ("/visit", "测试", "/cancel") for person in range(people)]
    updates = [update(number, *each) for number, each in enumerate(texts, 1)]
    started = time.perf_counter()
    for each in updates:
        await dispatch.feed_raw_update(bot, each)
    return time.perf_counter() - started


async def main() -> None:
    bot, dispatch = Bot("42:BENCH-BENCH-BENCH-BENCH-BENCH-BENCH"), dispatcher()
    for line in sys.stdin:
        seconds = await measure(bot, dispatch, json.loads(line)["amount"])
        sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")
        sys.stdout.flush()
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(main())
