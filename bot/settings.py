"""Every setting: environment over a TOML file over defaults that start with no file at all."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.sections import (
    Api,
    Audit,
    Care,
    Channel,
    Clock,
    Crypto,
    Database,
    Http,
    Limits,
    Log,
    Section,
    Sms,
    View,
    Wecom,
    is_loopback,
)
from domain.invalid import words
from storage.ciphers import SUITES, Suite
from storage.notary import Notary

PREFIX = "RMBOT_"


class SettingsError(Exception):
    """Settings that cannot be used; `problems` are Chinese sentences, each naming its key."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep every problem, so that one look at the message repairs all of them."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Settings(BaseSettings):
    """All settings of one process, checked; `origins` says where each one came from."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        case_sensitive=False,
    )

    state: Path = Path("var")
    origins: Mapping[str, str] = Field(default_factory=dict, repr=False)
    database: Database = Database()
    http: Http = Http()
    wecom: Wecom = Wecom()
    sms: Sms = Sms()
    crypto: Crypto = Crypto()
    audit: Audit = Audit()
    clock: Clock = Clock()
    channel: Channel = Channel()
    care: Care = Care()
    view: View = View()
    log: Log = Log()
    limits: Limits = Limits()
    api: Api = Api()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *others: Any, **more: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over counts: it merges the sources and knows where each value is from."""
        return (init_settings,)

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if self.clock.url and not is_loopback(self.wecom.api_base):
            raise ValueError(
                "RMBOT_CLOCK__URL：可调时钟只能配本机的模拟器用。请去掉它，或把 RMBOT_WECOM__API_BASE 指向本机"
            )
        if lacking := "、".join(name_of("sms", key) for key in self.sms.lacking):
            raise ValueError(f"{lacking}：短信通道为 {self.sms.provider} 时必填，请按 docs/settings.md 补上")
        if self.sms.provider == "tencent" and not self.sms.template_id.isdecimal():
            raise ValueError("RMBOT_SMS__TEMPLATE_ID：腾讯云的模板 ID 是一串数字，请从短信控制台原样复制")
        return self

    @property
    def database_url(self) -> str:
        """The database in use: as set, or SQLite in the state folder."""
        return self.database.url or f"sqlite:///{self.state / 'rmbot.db'}"

    @property
    def key_file(self) -> Path:
        """The key file in use: as set, or in the state folder."""
        return self.crypto.key_file or self.state / "rmbot.key"

    @property
    def suite(self) -> Suite:
        """The algorithms in use."""
        return SUITES[self.crypto.suite]

    @property
    def notary(self) -> Notary:
        """Who signs the audit trail."""
        key_file = self.audit.key_file or self.state / "rmbot-audit.key"
        return Notary(key_file, self.audit.checkpoints or self.state / "audit-checkpoints.ndjson")

    @property
    def public_url(self) -> str:
        """Where a phone reaches the public port."""
        return self.http.public_url or f"http://127.0.0.1:{self.http.port}"


class Row(NamedTuple):
    """One line of `rmbot config show`."""

    key: str
    value: str
    source: str
    description: str


def load(config: Path | None, state: Path) -> Settings:
    """Read environment and file; raise SettingsError naming every key that cannot be used."""
    file = _read_file(config)
    environment = {key: value for key, value in os.environ.items() if key.upper().startswith(PREFIX)}
    if problems := [*_unknown_in_file(file, config), *_unknown_in_environment(environment)]:
        raise SettingsError(problems)
    values, origins = _merge(file, EnvSettingsSource(Settings)(), str(config))
    try:
        return Settings(state=state, origins=origins, **values)
    except ValidationError as error:
        raise SettingsError(_problem(detail) for detail in error.errors(include_input=False)) from None


def explain(settings: Settings) -> Iterator[Row]:
    """Each setting with its value (secrets masked), where it came from and what it is for."""
    for section, key, field in keys():
        value = getattr(getattr(settings, section), key)
        name = name_of(section, key)
        yield Row(name, _shown(value), settings.origins.get(name, "默认"), field.description or "")


def keys() -> Iterator[tuple[str, str, FieldInfo]]:
    """Section, key and definition of every setting, in the order of this file."""
    for section, part in Settings.model_fields.items():
        if isinstance(part.default, Section):
            for key, field in type(part.default).model_fields.items():
                yield section, key, field


def chosen(settings: Settings) -> Iterator[tuple[str, str]]:
    """Name and value of each setting that is not the default; secrets too."""
    for section, key, field in keys():
        value = getattr(getattr(settings, section), key)
        if value != field.default:
            yield name_of(section, key), value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def name_of(section: str, key: str) -> str:
    """The name of a setting in the environment."""
    return f"{PREFIX}{section}__{key}".upper()


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "******" if value.get_secret_value() else ""
    return re.sub(r"(?<=://)([^:/@]*):[^@/]*@", r"\1:******@", "" if value is None else str(value))


def _read_file(config: Path | None) -> dict[str, Any]:
    if config is None:
        return {}
    try:
        return tomllib.loads(config.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"读不了设置文件 {config}：请确认它存在、可读、是 UTF-8 编码"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"设置文件 {config}{_where(error)}读不懂：{_TOML}"]) from error


_TOML = "请检查引号、等号和括号，每项写成 名字 = 值，文字加引号，同一节、同一项只写一遍"


def _where(error: tomllib.TOMLDecodeError) -> str:
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    return f" 第 {place[1]} 行第 {place[2]} 列" if place else " 的末尾"


def _unknown_in_file(file: Mapping[str, Any], config: Path | None) -> Iterator[str]:
    known = {name_of(section, key) for section, key, _ in keys()}
    sections = {section for section, _, _ in keys()}
    for section, part in file.items():
        if section in sections and not isinstance(part, dict):
            yield f"{config} 里的 {section} 应当是一节：先写一行 [{section}]，下面每行一项"
            continue
        if section not in sections:
            yield f"{config} 里没有名为 [{section}] 的一节。{_nearest(section, sections)}"
            continue
        for key in part:
            if name_of(section, key) not in known:
                yield f"{config} 的 [{section}] 里没有 {key} 这一项。{_nearest(name_of(section, key), known)}"


def _unknown_in_environment(environment: Iterable[str]) -> Iterator[str]:
    known = {name_of(section, key) for section, key, _ in keys()}
    for name in sorted(environment):
        if name.upper() not in known:
            yield f"环境变量 {name}：没有这个设置项。{_nearest(name.upper(), known)}"


def _nearest(word: str, words: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, sorted(words), n=1)
    return f"是不是 {near[0]}？" if near else "全部设置项见 docs/settings.md"


def _merge(file: dict[str, Any], environment: dict[str, Any], config: str) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {section: dict(part) for section, part in file.items()}
    origins = {name_of(section, key): f"文件 {config}" for section, part in file.items() for key in part}
    for section, part in environment.items():
        values.setdefault(section, {}).update(part)
        origins |= {name_of(section, key): "环境变量" for key in part}
    return values, origins


_SAYS = {"string_type": "应当是文字（加引号）", "literal_error": "只能是这些之一：{expected}"}


def _problem(detail: ErrorDetails) -> str:
    place = "__".join(str(part) for part in detail["loc"][:2]).upper()
    says = words(detail, _SAYS)
    return f"{PREFIX}{place}：{says}" if place else says
