"""The subject of row 3, a process of its own: sealed messages in, units of work committed, seconds out."""

import json
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import parse_qsl

import orjson

from bot.app import SWITCH_INTERVAL, house_of
from bot.bench.service import settings_for
from bot.clock import HouseClock
from bot.envelope import Envelope, ciphertext, signed
from bot.inner_message import read_message
from bot.settings import Settings
from bot.worker import InboxWorker
from storage import inbox
from storage.database import Database
from storage.inbox import Received
from storage.opening import open_database

IN_FLIGHT = 256
LOOK_AGAIN = 0.002  # seconds; a reader's look costs the writer nothing


class Intake:
    """What the callback does with a request, without the HTTP."""

    def __init__(self, settings: Settings, database: Database) -> None:
        wecom = settings.wecom
        self._envelope = Envelope(wecom.token.get_secret_value(), wecom.aes_key.get_secret_value(), wecom.corp_id)
        self._database, self._clock = database, HouseClock()

    def take(self, query: str, body: str) -> Future[None]:
        encrypt = ciphertext(body.encode())
        opened = read_message(self._envelope.open(signed(dict(parse_qsl(query)), encrypt)), encrypt)
        content = orjson.dumps(opened.content).decode()
        kind, now = str(opened.content["kind"]), self._clock.business()
        return self._database.receive(Received(opened.key, opened.cipher_key, opened.person, kind, content, now))

    def take_all(self, sealed: list[tuple[str, str]]) -> float:
        """Seconds from the first message to the commit of the last unit."""
        clock = self._clock
        started = clock.machine()
        on_their_way: list[Future[None]] = []
        for number, (query, body) in enumerate(sealed):
            on_their_way.append(self.take(query, body))
            if number >= IN_FLIGHT:
                on_their_way[number - IN_FLIGHT].result()
        on_their_way[-1].result()
        while self._database.read_now(lambda unit: inbox.backlog(unit.connection)):
            time.sleep(LOOK_AGAIN)
        return clock.machine() - started


def main(url: str, key_file: Path) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)
    settings = settings_for(url, key_file)
    database = open_database(url, key_file, HouseClock())
    database.start(InboxWorker(house_of(settings)))
    intake = Intake(settings, database)
    for line in sys.stdin:
        seconds = intake.take_all(json.loads(line)["sealed"])
        print(json.dumps({"seconds": seconds}), flush=True)  # noqa: T201 - the answer to who asked
    database.stop()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
