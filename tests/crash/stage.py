"""The stage of a crash story: a patient WeCom, one database, one or more replicas that are killed all the time."""

import asyncio
import csv
import json
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pypinyin import lazy_pinyin

from simulator.app import Running, SimConfig, start
from simulator.directory import from_folder
from simulator.settings import AppConfig, Settings
from storage.vault import open_vault
from storage.vault_error import VaultError
from tests.crash.lives import Lives, Replica, until
from tests.crash.people import Customer, Expected, Person

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KILLERS, UNREACHED, AWAY = "sup02", "adv01", "D10"
# WeCom here never gives up, so that everything said is acknowledged in the end; and nobody's rate ends the story.
PATIENT = Settings(retries=10_000, retry_delay=0.25, per_minute=10_000, per_hour=100_000)


@dataclass
class Stage:
    """Everything that runs; `books` is what must be true in the end."""

    sim: Running
    lives: Lives
    engine: sa.Engine
    bank: Path
    books: Expected
    people: dict[str, Person]
    master_keys: list[Path]
    weeks_on: int = 0

    def person(self, userid: str) -> Person:
        if userid not in self.people:
            self.people[userid] = Person(self.sim, userid)
        return self.people[userid]

    def look(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement)).all())

    def count(self, statement: str) -> int:
        return int(self.look(f"SELECT count(*) FROM {statement}")[0][0])

    async def settled(self) -> None:
        """No callback on its way, nothing to handle, nothing to send."""
        await until(self._quiet, "everything handled and sent")

    async def _quiet(self) -> bool:
        if self.sim.world.busy:
            return False
        waiting = "inbox WHERE state = 'new'", "outbox WHERE state IN ('new', 'leased')"
        return not await asyncio.to_thread(lambda: sum(self.count(rows) for rows in waiting))

    def records(self, action: str) -> list[dict[str, Any]]:
        """What the audit trail says of it, each time that it was done."""
        found = (json.loads(row[0]) for row in self.look("SELECT body FROM audit ORDER BY seq"))
        return [body for body in found if body["action"] == action]

    def recorded(self, action: str) -> int:
        return len(self.records(action))

    @property
    def key_file(self) -> Path:
        """The newest master key under which the data keys are: what the operator sets after a look at the database."""
        with self.engine.connect() as connection:
            return next(file for file in reversed(self.master_keys) if file.exists() and _fits(connection, file))

    def begin_day(self, day: int) -> None:
        """Mondays and Wednesdays at nine; what was promised for the day after has come due by the next. What comes due
        after weeks moves the days after it on.
        """
        self.sim.world.clock.set(MONDAY + timedelta(weeks=day // 2 + self.weeks_on, days=2 * (day % 2)))

    def advance(self, **amount: float) -> None:
        self.sim.world.clock.advance(timedelta(**amount))


def _fits(connection: sa.Connection, file: Path) -> bool:
    try:
        open_vault(connection, file)
    except VaultError:
        return False
    return True


def opened(url: str) -> sa.Engine:
    """A look from outside, which cannot write."""
    made = sa.make_url(url)
    if made.get_backend_name() == "sqlite":
        return sa.create_engine(f"sqlite:///file:{made.database}?mode=ro&uri=true", poolclass=sa.NullPool)
    return sa.create_engine(url, poolclass=sa.NullPool)


def customers_of(bank: Path, userid: str) -> list[Customer]:
    """The RM's own customers whose names nobody else's sound like."""
    with (bank / "customers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    sounds = Counter(" ".join(lazy_pinyin(row["name"])) for row in rows)
    mine = [row for row in rows if row["rm_userid"] == userid and len(row["name"]) in (2, 3)]
    return [
        Customer(row["customer_id"], row["name"]) for row in mine if sounds[" ".join(lazy_pinyin(row["name"]))] == 1
    ]


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environment(
    sim: Running, url: str, key_file: Path, ports: tuple[int, int], public: int, *, cares: bool
) -> dict[str, str]:
    """The settings of one replica, as an operator would write them."""
    app = sim.world.app
    return {
        "RMBOT_DATABASE__URL": url,
        "RMBOT_CRYPTO__KEY_FILE": str(key_file),
        "RMBOT_HTTP__PORT": str(ports[0]),
        "RMBOT_HTTP__ADMIN_PORT": str(ports[1]),
        "RMBOT_HTTP__PUBLIC_URL": f"http://127.0.0.1:{public}",
        "RMBOT_WECOM__API_BASE": sim.url,
        "RMBOT_WECOM__OAUTH_BASE": sim.url,
        "RMBOT_WECOM__CORP_ID": app.corp_id,
        "RMBOT_WECOM__AGENT_ID": str(app.agent_id),
        "RMBOT_WECOM__SECRET": app.secret,
        "RMBOT_WECOM__TOKEN": app.token,
        "RMBOT_WECOM__AES_KEY": app.aes_key,
        "RMBOT_CARE__ENABLED": str(cares).lower(),
        "RMBOT_SMS__PROVIDER": "http",
        "RMBOT_SMS__URL": f"{sim.url}/sms",
        "RMBOT_CLOCK__URL": f"{sim.url}/_sim/v1/clock",
        "RMBOT_LIMITS__MEMBER_PER_MINUTE": "10000",
        "RMBOT_LIMITS__MEMBER_PER_HOUR": "100000",
        "RMBOT_LIMITS__LOOKUPS_PER_SECOND": "10000",
    }


def deaths_left(engine: sa.Engine, replicas: int) -> Callable[[], bool]:
    """Whether one more death could make an innocent message, or the making of a file, look like a killer; the planted
    ones may die.
    """
    query = sa.text(
        "SELECT coalesce(max(deaths), 0) FROM attempt WHERE dedup_key NOT IN"
        f" (SELECT dedup_key FROM inbox WHERE person = '{KILLERS}')"
    )
    makings = sa.text("SELECT coalesce(max(attempts), 0) FROM made_file WHERE state = 'wanted'")

    def in_peril() -> bool:
        with engine.connect() as connection:
            died = int(connection.execute(query).scalar_one())
            return died > (1 if replicas == 1 else 0) or int(connection.execute(makings).scalar_one()) > 2

    return in_peril


async def balanced(ports: list[int], listen: int) -> asyncio.Server:
    """A load balancer in front of the replicas: the next that answers takes the connection."""
    dice = random.Random(11)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in dice.sample(ports, len(ports)):
            try:
                there = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))
            return
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", listen)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def staged(
    url: str, key_file: Path, bank: Path, folder: Path, choose: Callable[[list[str]], Mapping[str, int]],
    replicas: int = 1, *, cares: bool = False,
) -> AsyncIterator[Stage]:  # fmt: skip
    """`cares`: whether the morning's care runs, which would say more than the stories of single people expect."""
    sim = await start(config=SimConfig(settings=PATIENT, start=MONDAY))
    sim.world.directory = from_folder(bank)
    engine = opened(url)
    public, *ports = free_ports(1 + 2 * replicas)
    pairs = [(ports[2 * number], ports[2 * number + 1]) for number in range(replicas)]
    server = None
    if replicas == 1:
        public = pairs[0][0]
    else:
        server = await balanced([pair[0] for pair in pairs], public)
    sim.world.app = _with_callback(sim, public)
    lives = Lives(folder, 7, deaths_left(engine, replicas))
    made = [
        Replica(f"replica{n}", folder / f"state{n}", environment(sim, url, key_file, pair, public, cares=cares), *pair)
        for n, pair in enumerate(pairs)
    ]
    await lives.start(made, choose)
    try:
        yield Stage(sim, lives, engine, bank, Expected(), {}, [key_file])
    finally:
        await lives.stop()
        if server is not None:
            server.close()
        await sim.close()
        engine.dispose()


def _with_callback(sim: Running, port: int) -> AppConfig:
    return replace(
        sim.world.app, callback_url=f"http://127.0.0.1:{port}/wecom/callback", trusted_domain=f"127.0.0.1:{port}"
    )
