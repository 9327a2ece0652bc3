"""What libraries find wrong is told in Chinese, with what to do: settings, databases, addresses, files."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands import mishap
from tests.bot.inside import ENGLISH, Inside, rmbot

__all__ = ["rmbot"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("x =\n", "第 1 行第 4 列读不懂：请检查引号、等号和括号"),
        ("[http]\n[http]\n", "第 2 行第 6 列读不懂"),
        ('[log]\nlevel = "loud"', "RMBOT_LOG__LEVEL：只能是这些之一：'debug'、'info'、'warning'、'error'"),
        ("http = 3", "http 应当是一节：先写一行 [http]"),
        ("[http]\nhost = 3", "RMBOT_HTTP__HOST：应当是文字（加引号）"),
        ('[wecom]\nca_file = "absent.pem"', "RMBOT_WECOM__CA_FILE：读不出证书"),
        ('[database]\nurl = "sqlite:///"', "RMBOT_DATABASE__URL：要写成 sqlite:///路径"),
        ('[database]\nurl = "postgresql+psycopg://h:x/db"', "RMBOT_DATABASE__URL：要写成"),
        ('[database]\nurl = "postgresql+psycopg://[::1/db"', "RMBOT_DATABASE__URL：要写成"),
    ],
)
def test_wrong_settings_are_told_in_chinese(rmbot: Inside, tmp_path: Path, written: str, says: str) -> None:
    config = tmp_path / "rmbot.toml"
    config.write_text(written, "utf-8")
    said = rmbot("config", "show", "--config", str(config))
    assert (said.code, said.out) == (1, "")
    assert says in said.err
    assert not ENGLISH.search(said.err)


def test_a_setting_left_empty_in_the_environment_is_not_set(rmbot: Inside) -> None:
    said = rmbot("config", "show", RMBOT_WECOM__CA_FILE="", RMBOT_HTTP__PORT="")
    assert said.code == 0
    assert "RMBOT_HTTP__PORT=8780    # 默认" in said.out


def test_what_is_wrong_with_a_database_is_told_in_chinese(rmbot: Inside, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("certainly no database " * 100, "utf-8")
    for path, says in ((text, "这个文件不是数据库"), (tmp_path, "打不开数据库文件")):
        said = rmbot.does("migrate", RMBOT_DATABASE__URL=f"sqlite:///{path}")
        assert said.code == 1
        assert says in said.err
        assert not ENGLISH.search(said.err)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ('connection failed: FATAL:  password authentication failed for user "bot"', "账号或密码不对"),
        ('connection failed: FATAL:  database "bot" does not exist', "没有这个库"),
        ("[Errno -2] Name or service not known", "找不到这台主机"),
        ("FATAL:  sorry, too many clients already", "连接数已满"),
        ("the server says something new", "OperationalError"),
    ],
)
def test_what_postgresql_says_is_told_in_chinese(error: str, says: str) -> None:
    told = mishap.explain(sa.exc.OperationalError("SELECT 1", {}, Exception(error)))
    assert says in told
    assert not ENGLISH.search(told)


def test_a_host_that_is_none_is_told(rmbot: Inside) -> None:
    app = {"CORP_ID": "w", "AGENT_ID": "1", "SECRET": "s", "TOKEN": "t", "AES_KEY": "a" * 43}
    said = rmbot.does(
        "serve",
        **{f"RMBOT_WECOM__{name}": value for name, value in app.items()},
        RMBOT_HTTP__HOST="no such host",
        RMBOT_HTTP__PORT="0",
        RMBOT_HTTP__ADMIN_PORT="0",
    )
    assert said.code == 1
    assert "不能监听 no such host:0" in said.err
    assert "没有这个地址" in said.err


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("org_units: [", "mapping.yaml 第 1 行第 13 列：括号没有成对"),
        ("\tx: 1", "第 1 行第 1 列：这个符号不能打头：缩进用空格"),
        ("a: b: c", "这里不能再有一个冒号"),
        ('nulls: ["a]', "引号没有成对"),
        ("nulls: *x", "用它们打头的文字要加引号"),
        ("encoding: utf-9", "encoding：“utf-9”不在可用的值里：'utf-8'、'gb18030'"),
        ("files: 3", "files：应当是“键: 值”的结构"),
        ("nulls: x", "nulls：应当是列表"),
        ("- 1", "mapping.yaml：应当是“键: 值”的结构"),
    ],
)
def test_a_mapping_that_cannot_be_read(rmbot: Inside, tmp_path: Path, mapping: str, says: str) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "mapping.yaml").write_text(mapping, "utf-8")
    said = rmbot.does("import", str(tmp_path / "feed"))
    assert said.code == 1
    assert says in said.err
    assert not ENGLISH.search(said.err)


@pytest.mark.parametrize(
    ("pack", "says"),
    [
        ("name: [", "第 1 行第 8 列：YAML 写法不对：括号没有成对"),
        ('name: "\\x"', "双引号里的 \\ 写法不对"),
        ("name: a\n  b: c\n", "YAML 写法不对"),
        ("name: \0", "含有不可见的控制字符"),
        ("name: 3\nversion: x", "（name）：应当是文字"),
    ],
)
def test_a_pack_that_cannot_be_read(rmbot: Inside, tmp_path: Path, pack: str, says: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(pack, "utf-8")
    said = rmbot("pack", "check", str(file))
    assert said.code == 1
    assert says in said.err
    assert not ENGLISH.search(said.err)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('unit_id,name,kind,parent_id\n"x\n', "org_units.csv 第 2 行：无法分列：引号没有成对"),
        ('unit_id,name,kind,parent_id\n"x"y,b,c,d\n', "无法分列：引号后面应当是分隔符"),
        ("unit_id,name,kind,parent_id\n" + "x" * 140_000, "无法分列：有一格超过 128 KB"),
    ],
)
def test_a_table_that_cannot_be_split(rmbot: Inside, tmp_path: Path, content: str, says: str) -> None:
    feed = tmp_path / "feed"
    feed.mkdir()
    for name in ("staff", "customers", "org_units"):
        (feed / f"{name}.csv").write_text(content, "utf-8")
    said = rmbot.does("import", str(feed))
    assert said.code == 1
    assert says in said.err
    assert not ENGLISH.search(said.err)
