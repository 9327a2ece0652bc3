"""The composition root: what is made from the settings, in which order it starts, and how it stops."""

import asyncio
import secrets
import sys

import structlog
from aiohttp import web

from bot import __version__
from bot.api.api import Api
from bot.api.problem import problems
from bot.callback import Callback
from bot.clock import HouseClock
from bot.envelope import MAX_BYTES, Envelope
from bot.http import Runner, constant_errors
from bot.menu import Menu
from bot.packs import (
    default_pack,
    keep_packs,
    shipped_papers,
    shipped_policy,
    shipped_processes,
    shipped_retention,
    shipped_rules,
)
from bot.sender import Sender
from bot.settings import Settings, SettingsError, chosen
from bot.sms.choice import provider_of
from bot.sms.sender import SmsSender
from bot.sweep import MemberSweep
from bot.token import TokenKeeper
from bot.web.pages import Web
from bot.wecom_client import WecomClient
from bot.worker import InboxWorker
from domain import pinyin
from domain.sharing import Setting
from handlers.context import House
from scheduler.nightly import Nightly
from scheduler.tick import Tick
from storage import command_changes, standings
from storage.migrate import upgrade
from storage.opening import open_database
from storage.start_note import note_start
from storage.unit import Unit
from storage.wecom import Allowance

# seconds; sqlite3 and psycopg wait this long to get the interpreter back (units-of-work.md §3.5)
SWITCH_INTERVAL = 0.0005
SHUTDOWN_SECONDS = 8.0

log = structlog.get_logger("app")


def house_of(settings: Settings) -> House:
    """The definitions this process works with."""
    return House(
        pack=default_pack(),
        policy=shipped_policy(),
        agent_id=settings.wecom.agent_id,
        processes=shipped_processes(),
        rulebook=shipped_rules(),
        papers=shipped_papers(),
        sharing=Setting(settings.channel.share),
        public_url=settings.public_url,
        trail=settings.view.trail,
        retention=shipped_retention(),
        codes=settings.sms.sends_codes,
    )


class App:
    """One running bot: `await start()`, `await stop()`; ports may be 0, the real ones are in `public_port` and
    `admin_port`.
    """

    def __init__(self, settings: Settings) -> None:
        if problems := missing(settings):
            raise SettingsError(problems)
        wecom, limits = settings.wecom, settings.limits
        self.settings = settings
        self.house = house_of(settings)
        self.clock = HouseClock(settings.clock.url or None)
        self.notary = settings.notary
        self.notary.make_ready()
        upgrade(settings.database_url)
        self.database = open_database(settings.database_url, settings.key_file, self.clock, settings.suite)
        tokens = TokenKeeper(f"{wecom.corp_id}:{wecom.agent_id}", self.database, self.clock)
        self.wecom = WecomClient(wecom, tokens)
        allowance = Allowance(limits.member_per_minute, limits.interactive_reserve, limits.member_per_hour)
        menu = Menu(self.wecom, self.database, self.house)
        sweep = MemberSweep(self.wecom, self.database, self.clock, self.house, limits.lookups_per_second)
        self.sender = Sender(
            self.database, self.wecom, self.clock, self.house, allowance, menu, sweep, settings.view.fonts
        )
        sms = provider_of(settings.sms, self.clock.machine)
        self.sms_sender = SmsSender(self.database, sms, self.clock, self.house)
        nightly = Nightly(self.database, self.house, self.notary, settings.audit.tell_post)
        self.tick = Tick(self.database, self.house, cares=settings.care.enabled, nightly=nightly)
        envelope = Envelope(wecom.token.get_secret_value(), wecom.aes_key.get_secret_value(), wecom.corp_id)
        self.callback = Callback(envelope, self.database, self.clock, wecom.agent_id)
        self.web = Web(self.database, self.house, self.clock, self.wecom, settings)
        self.api = Api(self.database, self.clock, settings)
        self._runners: list[Runner] = []
        self.public_port = self.admin_port = 0

    async def start(self) -> None:
        """Ready when this returns: callbacks are kept, handled and answered."""
        sys.setswitchinterval(SWITCH_INTERVAL)
        await asyncio.to_thread(pinyin.dictionary)  # the first look-up does not wait for it
        await self.clock.start()
        self.database.start(InboxWorker(self.house))
        await self.database.do(self._note_start, "start")
        await self.database.do(lambda unit: keep_packs(unit, self.house.processes, self.house.rulebook), "pack.keep")
        await self.database.do(standings.fill, "staff.fill")
        await self.wecom.start()
        await self.sender.start()
        await self.sms_sender.start()
        self.tick.start()
        http = self.settings.http
        self.public_port = await self._listen(self._public(), http.host, http.port)
        self.admin_port = await self._listen(self._admin(), http.admin_host, http.admin_port)
        started = f"start-{secrets.token_hex(8)}"
        await self.database.do(lambda unit: command_changes.renew_menu(unit, started), "menu.renew")
        self.web.ready = True
        log.info("ready", public_port=self.public_port, admin_port=self.admin_port)

    async def stop(self) -> None:
        """No new work, finish what was begun, close; nothing acknowledged depends on it (design decision 4)."""
        self.web.ready = False
        for runner in self._runners:
            await runner.cleanup()
        self.tick.stop()
        await self.sender.stop()
        await self.sms_sender.stop()
        await self.wecom.stop()
        await asyncio.to_thread(self.database.stop)
        await self.clock.stop()
        log.info("stopped")

    def _note_start(self, unit: Unit) -> None:
        note_start(unit, __version__, self.house.policy.version, dict(chosen(self.settings)))

    def _public(self) -> web.Application:
        made = web.Application(middlewares=[constant_errors], client_max_size=MAX_BYTES)
        made.router.add_get("/wecom/callback", self.callback.verify, name="callback.verify", allow_head=False)
        made.router.add_post("/wecom/callback", self.callback.receive, name="callback.receive")
        made.add_routes(self.web.public_routes())
        return made

    def _admin(self) -> web.Application:
        made = web.Application(middlewares=[constant_errors, problems])
        made.add_routes([*self.web.admin_routes(), *self.api.routes()])
        return made

    async def _listen(self, application: web.Application, host: str, port: int) -> int:
        self.web.protect(application)
        # What was sent packed is refused where a body is asked for; nothing is ever unpacked.
        runner = Runner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, auto_decompress=False)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, host, port).start()
        return int(runner.addresses[0][1])


def missing(settings: Settings) -> list[str]:
    """What cannot be guessed and is not set, each with where to find it."""
    wecom = settings.wecom
    wanted = (
        ("CORP_ID", wecom.corp_id, "后台“我的企业”页"),
        ("AGENT_ID", wecom.agent_id, "后台应用详情页"),
        ("SECRET", wecom.secret.get_secret_value(), "后台应用详情页"),
        ("TOKEN", wecom.token.get_secret_value(), "后台“接收消息”页"),
        ("AES_KEY", wecom.aes_key.get_secret_value(), "后台“接收消息”页"),
    )
    return [f"RMBOT_WECOM__{name}：还没有设置，请从{where}取得" for name, value, where in wanted if not value]
