"""Where the parts of a demo listen, and the settings that bind the bot to the simulator and to nothing else."""

import socket
from dataclasses import dataclass

from pydantic import SecretStr

from bot.sections import Clock, Sms, Wecom
from bot.settings import Settings
from domain.refusal import Refused
from simulator.settings import AppConfig

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """Real ports; `moved` says in Chinese which usual ones were taken."""

    sim: int
    public: int
    admin: int
    moved: tuple[str, ...] = ()


def choose_ports(settings: Settings, sim_port: int) -> Ports:
    """The usual ports; a taken one gives way to a free one, unless it was set on purpose."""
    wanted = (
        ("手机页面的端口", sim_port, ""),
        ("对外端口", settings.http.port, "RMBOT_HTTP__PORT"),
        ("管理端口", settings.http.admin_port, "RMBOT_HTTP__ADMIN_PORT"),
    )
    found: list[int] = []
    moved: list[str] = []
    for what, port, key in wanted:
        if port and not _is_free(port) and key in settings.origins:
            raise Refused(f"{what} {port} 已被占用：请停止占用它的程序，或改 {key}")
        found.append(port if port and _is_free(port) else _free_port())
        if port not in (0, found[-1]):
            moved.append(f"{what} {port} 已被占用，改用 {found[-1]}")
    sim, public, admin = found
    return Ports(sim, public, admin, tuple(moved))


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def simulated(given: Settings, ports: Ports) -> Settings:
    """The settings as given, with the simulator as the outside world, whatever was set."""
    world, application = f"http://{HOST}:{ports.sim}", AppConfig()
    wecom = Wecom(
        api_base=world,
        oauth_base=world,
        login_base=world,
        corp_id=application.corp_id,
        agent_id=application.agent_id,
        secret=SecretStr(application.secret),
        token=SecretStr(application.token),
        aes_key=SecretStr(application.aes_key),
    )
    http = given.http.model_copy(update={"port": ports.public, "admin_port": ports.admin, "public_url": ""})
    outside = {"wecom": wecom, "sms": Sms(provider="http", url=f"{world}/sms"), "clock": Clock(url=clock_url(world))}
    return given.model_copy(update={"http": http, **outside})


def clock_url(world: str) -> str:
    """Where the simulator at this address tells the business time."""
    return f"{world}/_sim/v1/clock"
