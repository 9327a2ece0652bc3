"""The bot as a service to be measured: its settings, the running process, and when it is ready."""

import signal
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from bot.bench.child import Child, ChildFailed
from bot.bench.stage import Stage, free_port
from bot.sections import Crypto, Database, Wecom
from bot.settings import Settings

# The application that the simulated WeCom knows when nobody tells it another one (docs/simulator.md).
CORP_ID, AGENT_ID = "ww0simulated0corp0", 1000002
SECRET = "simulated-secret-of-the-rm-application-0001"
TOKEN, AES_KEY = "SimulatedToken0001", "SimulatedEncodingAesKey0000000000000000001A"
START_LIMIT, STOP_LIMIT = 30.0, 30.0


def settings_for(url: str, key_file: Path) -> Settings:
    """Settings of a bot inside a measuring process."""
    wecom = Wecom(
        corp_id=CORP_ID, agent_id=AGENT_ID, secret=SecretStr(SECRET), token=SecretStr(TOKEN), aes_key=SecretStr(AES_KEY)
    )
    return Settings(database=Database(url=url), crypto=Crypto(key_file=key_file), wecom=wecom)


def environment_for(url: str, key_file: Path, api: str, public: int, admin: int) -> Mapping[str, str]:
    """The same for `rmbot serve` as a process of its own."""
    return {
        "RMBOT_DATABASE__URL": url,
        "RMBOT_CRYPTO__KEY_FILE": str(key_file),
        "RMBOT_HTTP__PORT": str(public),
        "RMBOT_HTTP__ADMIN_PORT": str(admin),
        "RMBOT_WECOM__API_BASE": api,
        "RMBOT_WECOM__OAUTH_BASE": api,
        "RMBOT_WECOM__LOGIN_BASE": api,
        "RMBOT_WECOM__CORP_ID": CORP_ID,
        "RMBOT_WECOM__AGENT_ID": str(AGENT_ID),
        "RMBOT_WECOM__SECRET": SECRET,
        "RMBOT_WECOM__TOKEN": TOKEN,
        "RMBOT_WECOM__AES_KEY": AES_KEY,
    }


class Service:
    """`rmbot serve`, started and ended as an operator would."""

    def __init__(self, stage: Stage, url: str, api: str) -> None:
        self._stage = stage
        port, admin = free_port(), free_port()
        self.callback = f"http://127.0.0.1:{port}/wecom/callback"
        self._ready = f"http://127.0.0.1:{admin}/readyz"
        self._state = stage.folder / f"state{port}"
        self._environment = environment_for(url, stage.key_file, api, port, admin)
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.end()

    def again(self) -> Self:
        """The same service once more, on the same ports."""
        self._start()
        return self

    def stop_after(self, seconds: float) -> float:
        """Wait, then SIGTERM; seconds until the process is gone."""
        time.sleep(seconds)
        started = time.monotonic()
        self._child.process.send_signal(signal.SIGTERM)
        self._child.process.wait(STOP_LIMIT)
        took = time.monotonic() - started
        self._child.end()
        return took

    def _start(self) -> None:
        started = time.monotonic()
        arguments = ("bot.cli", "serve", "--state", str(self._state))
        self._child: Child = self._stage.child(*arguments, environment={**self._environment, **self._stage.compiled})
        while not self._is_ready():
            if self._child.process.poll() is not None or time.monotonic() > started + START_LIMIT:
                self._child.end()
                raise ChildFailed(f"rmbot serve 没有就绪，见 {self._stage.log}")
            time.sleep(0.01)
        self.seconds_to_ready = time.monotonic() - started

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self._ready, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
