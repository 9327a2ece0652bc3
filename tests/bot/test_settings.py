"""Settings: what is refused, what is masked, which source wins, and that the page in docs is current."""

import os
from pathlib import Path

import pytest

from bot.settings import SettingsError, explain, keys, load
from tools.settings_page import PAGE, page


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing set on the machine that runs the tests may colour them."""
    for name in [name for name in os.environ if name.upper().startswith("RMBOT_")]:
        monkeypatch.delenv(name)


def refusal(config: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(config, Path("state"))
    return str(caught.value)


def test_starts_with_nothing_set() -> None:
    settings = load(None, Path("state"))
    assert settings.database_url == "sqlite:///state/rmbot.db"
    assert settings.key_file == Path("state/rmbot.key")
    assert (settings.http.port, settings.http.admin_port) == (8780, 8781)
    assert settings.public_url == "http://127.0.0.1:8780"
    assert settings.wecom.api_base == "https://qyapi.weixin.qq.com"


def test_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "rmbot.toml"
    config.write_text('[http]\nport = 1\nhost = "0.0.0.0"\n', "utf-8")
    monkeypatch.setenv("RMBOT_HTTP__PORT", "2")
    settings = load(config, tmp_path)
    assert (settings.http.port, settings.http.host) == (2, "0.0.0.0")
    sources = {row.key: row.source for row in explain(settings)}
    assert sources["RMBOT_HTTP__PORT"] == "环境变量"
    assert sources["RMBOT_HTTP__HOST"] == f"文件 {config}"
    assert sources["RMBOT_HTTP__ADMIN_PORT"] == "默认"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RMBOT_DATABASE__URI", "x", "是不是 RMBOT_DATABASE__URL"),
        ("RMBOT_DATABSE__URL", "x", "是不是 RMBOT_DATABASE__URL"),
        ("RMBOT_NONSENSE", "x", "RMBOT_NONSENSE：没有这个设置项"),
        ("RMBOT_HTTP__PORT", "abc", "RMBOT_HTTP__PORT：应当是整数"),
        ("RMBOT_HTTP__PORT", "70000", "RMBOT_HTTP__PORT：不能大于 65535"),
        ("RMBOT_LIMITS__MEMBER_PER_HOUR", "0", "RMBOT_LIMITS__MEMBER_PER_HOUR：不能小于 1"),
        ("RMBOT_WECOM__AES_KEY", "a" * 42, "RMBOT_WECOM__AES_KEY：应是 43 个"),
        ("RMBOT_WECOM__AES_KEY", "a" * 42 + "=", "RMBOT_WECOM__AES_KEY：应是 43 个"),
        ("RMBOT_WECOM__TOKEN", "a" * 33, "RMBOT_WECOM__TOKEN：最多 32 个"),
        ("RMBOT_WECOM__API_BASE", "qyapi", "RMBOT_WECOM__API_BASE：要写成 http"),
        ("RMBOT_DATABASE__URL", "mysql://x", "RMBOT_DATABASE__URL：要写成 sqlite"),
        ("RMBOT_CHANNEL__SHARE", "all", "RMBOT_CHANNEL__SHARE：只能是这些之一：'full_name'"),
        ("RMBOT_SMS__PROVIDER", "http", "RMBOT_SMS__URL：短信通道为 http 时必填"),
        ("RMBOT_SMS__PROVIDER", "smoke", "RMBOT_SMS__PROVIDER：只能是这些之一：'log'、'http'、'tencent'、'aliyun'"),
        ("RMBOT_SMS__SECRET", "x", "是不是 RMBOT_SMS__SECRET_"),
        (
            "RMBOT_SMS__PROVIDER",
            "tencent",
            "RMBOT_SMS__SECRET_ID、RMBOT_SMS__SECRET_KEY、RMBOT_SMS__SIGN_NAME、RMBOT_SMS__TEMPLATE_ID、RMBOT_SMS__APP_ID：",
        ),
        (
            "RMBOT_SMS__PROVIDER",
            "aliyun",
            "RMBOT_SMS__SECRET_ID、RMBOT_SMS__SECRET_KEY、RMBOT_SMS__SIGN_NAME、RMBOT_SMS__TEMPLATE_ID：短信通道为 aliyun",
        ),
        ("RMBOT_CLOCK__URL", "http://127.0.0.1:1", "RMBOT_CLOCK__URL：可调时钟只能配本机"),
    ],
)
def test_refused_from_environment(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert says in refusal()


CLOUD = {"SECRET_ID": "id", "SECRET_KEY": "hunter2", "SIGN_NAME": "示例银行", "TEMPLATE_ID": "1110", "APP_ID": "1400"}


@pytest.mark.parametrize(("provider", "dispensable"), [("tencent", ()), ("aliyun", ("APP_ID",))])
@pytest.mark.parametrize("left_out", ["", *CLOUD])
def test_a_cloud_needs_its_settings(
    provider: str, dispensable: tuple[str, ...], left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RMBOT_SMS__PROVIDER", provider)
    for name, value in CLOUD.items():
        if name != left_out:
            monkeypatch.setenv(f"RMBOT_SMS__{name}", value)
    if left_out and left_out not in dispensable:
        said = refusal()
        assert f"RMBOT_SMS__{left_out}：短信通道为 {provider} 时必填" in said
        assert "hunter2" not in said
        return
    shown = {row.key: row.value for row in explain(load(None, Path("state")))}
    assert shown["RMBOT_SMS__SECRET_KEY"] == "******"


def test_a_template_of_tencents_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**CLOUD, "PROVIDER": "tencent", "TEMPLATE_ID": "SMS_1110"}.items():
        monkeypatch.setenv(f"RMBOT_SMS__{name}", value)
    assert "RMBOT_SMS__TEMPLATE_ID：腾讯云的模板 ID 是一串数字" in refusal()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[http]\nprot = 1", "[http] 里没有 prot"),
        ("[htpp]\nport = 1", "没有名为 [htpp] 的一节。是不是 http"),
        ("port = 1", "没有名为 [port] 的一节"),
        ("[http]\nport = []", "RMBOT_HTTP__PORT：应当是整数"),
        ("[http", "的末尾读不懂"),
        (None, "读不了设置文件"),
    ],
)
def test_refused_from_file(text: str | None, says: str, tmp_path: Path) -> None:
    config = tmp_path / "rmbot.toml"
    if text is not None:
        config.write_text(text, "utf-8")
    assert says in refusal(config)


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMBOT_HTTP__PORT", "abc")
    monkeypatch.setenv("RMBOT_LOG__LEVEL", "loud")
    assert refusal().count("\n") == 1


def test_refusal_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMBOT_WECOM__AES_KEY", "hunter2")
    assert "hunter2" not in refusal()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMBOT_WECOM__SECRET", "hunter2")
    monkeypatch.setenv("RMBOT_DATABASE__URL", "postgresql+psycopg://rm:hunter2@db/rmbot")
    settings = load(None, Path("state"))
    shown = {row.key: row.value for row in explain(settings)}
    assert shown["RMBOT_WECOM__SECRET"] == "******"
    assert shown["RMBOT_DATABASE__URL"] == "postgresql+psycopg://rm:******@db/rmbot"
    assert "hunter2" not in repr(settings.wecom)


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"])
def test_movable_clock_beside_a_simulator(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMBOT_WECOM__API_BASE", base)
    monkeypatch.setenv("RMBOT_CLOCK__URL", "http://127.0.0.1:1/clock")
    assert load(None, Path("state")).clock.url == "http://127.0.0.1:1/clock"


def test_every_key_is_described() -> None:
    assert [key for _, key, field in keys() if not field.description] == []


def test_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: .venv/bin/python -m tools.settings_page"
