"""What an operator of the simulated world can set: the application's credentials and the behaviour switches."""

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar


class BadSetting(Exception):
    """A setting that does not exist or has an impossible value; the text is for people."""


@dataclass(frozen=True)
class AppConfig:
    """The one application of the simulated corporation, as the admin console knows it."""

    corp_id: str = "ww0simulated0corp0"
    agent_id: int = 1000002
    name: str = "RM 管家"
    secret: str = "simulated-secret-of-the-rm-application-0001"
    token: str = "SimulatedToken0001"
    aes_key: str = "SimulatedEncodingAesKey0000000000000000001A"
    callback_url: str = ""
    trusted_domain: str = ""
    trusted_ip: bool = True
    has_callback: bool = True


@dataclass(frozen=True)
class Settings:
    """Switches of the world; `docs/simulator.md` §2 explains each."""

    weather: str = "bad"
    retries: int = 3
    retry_delay: float = 0.5
    ack_limit: float = 5.0
    per_minute: int = 30
    per_hour: int = 1000
    duplicate_answer: str = "bare"
    gettoken_ban_after: int = 2000
    retries_visible: bool = True
    fetch_child: bool = True


T = TypeVar("T", AppConfig, Settings)
WORDS = {"weather": ("calm", "bad"), "retries": (2, 3), "duplicate_answer": ("bare", "same")}


def changed(values: T, changes: dict[str, Any]) -> T:
    """A copy with `changes`, each checked for name, type and word."""
    known = {field.name: getattr(values, field.name) for field in fields(values)}
    for name, value in changes.items():
        if name not in known:
            raise BadSetting(f"没有“{name}”这个设置")
        if not _fits(known[name], value) or value not in WORDS.get(name, (value,)):
            raise BadSetting(f"“{name}”不能是 {value!r}")
    return replace(values, **changes)


def _fits(old: Any, new: Any) -> bool:
    if isinstance(old, float):
        return isinstance(new, int | float) and not isinstance(new, bool)
    return type(old) is type(new)
