"""The command line: versions, places of options, exit codes, and errors that tell in Chinese what to do."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.inside import ENGLISH, Inside, rmbot
from tests.bot.rmbot_process import ROOT, Rmbot
from tests.storage.import_bank import BANK, write_bank

__all__ = ["rmbot"]


@pytest.fixture
def stored(rmbot: Inside, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """On a database that is still empty."""
    monkeypatch.setenv("RMBOT_DATABASE__URL", database_url)
    return rmbot


@pytest.fixture
def apart(tmp_path: Path) -> Rmbot:
    """The command line as a process of its own."""
    return Rmbot(tmp_path / "state", from_nothing=True)


def test_says_its_version_at_once(apart: Rmbot) -> None:
    """Measured in computing time: the clock on the wall says how busy the machine is."""
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = apart("--version")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert (said.code, said.out) == (0, "rmbot 0.1.0\n")
    assert min(seconds) < 0.5


def test_says_its_version_without_the_libraries() -> None:
    heavy = "{'aiohttp', 'sqlalchemy', 'pydantic', 'wechatpy', 'numpy', 'rich'}"
    look = f"import sys, bot.cli; print({heavy} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_help_is_chinese(rmbot: Inside) -> None:
    said = rmbot("import", "--help")
    assert said.code == 0
    assert "用法：rmbot import" in said.out
    assert "选项：" in said.out
    assert "Show this message" not in said.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "用法：rmbot"),
        (("nonsense",), "没有 nonsense 这个命令"),
        (("inbox",), "用法：rmbot inbox"),
        (("inbox", "nonsense"), "没有 nonsense 这个命令"),
        (("migrate", "now"), "多出了 now"),
        (("migrate", "--fast"), "没有 --fast 这个选项"),
        (("--state",), "选项 --state 后面要写值"),
        (("import",), "缺少 DIR"),
        (("import", ".", "--as-of", "昨天"), "--as-of：“昨天”不是日期"),
        (("import", ".", "--max-bad", "-1"), "--max-bad：写成整数"),
        (("import", ".", "--max-bad", "101%"), "--max-bad：写成整数"),
        (("inbox", "requeue", "x", "--reason", "y"), "编号：要写整数"),
        (("inbox", "requeue", "1"), "缺少 --reason"),
        (("inbox", "requeue", "1", "--reason", " "), "--reason：不能为空"),
        (("outbox", "resolve", "1", "--reason", "y"), "缺少 --resend/--arrived"),
        (("sample", "x", "--as-of", "2026-01-01", "--customers", "3"), "--customers：客户数 3 超出范围"),
        (("sample", "x", "--as-of", "2026-01-01", "--preset", "other"), "--preset：“other”不在可选的值里"),
        (("sim", "--port", "99999"), "--port：不能大于 65535"),
        (("sim", "--at", "2026-11-23T09:00:00"), "--at：“2026-11-23T09:00:00”不是带时区的时间"),
        (("calendar",), "用法：rmbot calendar"),
        (("calendar", "show"), "缺少 YEAR"),
        (("calendar", "show", "今年"), "YEAR：要写整数"),
        (("calendar", "show", "1"), "YEAR：不能小于 1900"),
        (("calendar", "import"), "缺少 FILE"),
        (("calendar", "hours", "9-12"), "时段：“9-12”不是时段，应写成 09:00-12:00|13:30-17:30 这样"),
        (("calendar", "hours", "09:00-12:00|11:00-13:00"), "时段：时段要从早到晚写，互不重叠"),
        (("sample", "x", "--as-of", "2026-01-01", "--seed", "-1"), "--seed：不能小于 0"),
        (("sample", "x", "--as-of", "0001-01-01"), "--as-of：请写 1950 到 2100 年之间的日子"),
        (("inbox", "requeue", "9" * 20, "--reason", "y"), "编号：不能大于 9223372036854775807"),
        (("outbox", "resolve", "1", "--resend=3", "--reason", "y"), "选项 --resend 后面不写值"),
        (("bench", "99"), "ROW：没有第 99 行"),
        (("bench", "--seconds", "x"), "--seconds：要写数"),
    ],
)
def test_wrong_usage_is_2(rmbot: Inside, words: tuple[str, ...], says: str) -> None:
    said = rmbot(*words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert not ENGLISH.search(said.err)
    assert not rmbot.state.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("pack", "check", "absent.yaml"), "读写 absent.yaml 失败：没有这个文件或目录"),
        (("card", "preview", "absent.json"), "读写 absent.json 失败：没有这个文件或目录"),
        (("--config", "absent.toml", "config", "show"), "读不了设置文件 absent.toml"),
        (("inbox", "dead"), "这里还没有数据库"),
        (("outbox", "ambiguous"), "这里还没有数据库"),
        (("outbox", "dead"), "这里还没有数据库"),
        (("audit", "verify"), "这里还没有数据库"),
        (("calendar", "show", "2026"), "这里还没有数据库"),
        (("calendar", "import", "notice.csv"), "这里还没有数据库"),
    ],
)
def test_refused_is_1(rmbot: Inside, words: tuple[str, ...], says: str) -> None:
    said = rmbot(*words, "--state", str(rmbot.state))
    assert (said.code, said.out) == (1, "")
    assert says in said.err
    assert "Traceback" not in said.err


def test_all_wrong_settings_are_named_together(apart: Rmbot) -> None:
    said = apart.does("serve")
    assert (said.code, said.out, said.err.count("还没有设置")) == (1, "", 5)
    said = Rmbot(apart.state, {"RMBOT_HTTP__PROT": "1", "RMBOT_NONSENSE__X": "1"}).does("serve")
    assert said.code == 1
    assert "是不是 RMBOT_HTTP__PORT" in said.err
    assert "RMBOT_NONSENSE__X：没有这个设置项" in said.err


@pytest.mark.parametrize("place", ["before", "after", "joined", "between"])
def test_state_may_stand_anywhere(rmbot: Inside, place: str) -> None:
    state = str(rmbot.state)
    lines = {
        "before": ("--state", state, "config", "show"),
        "after": ("config", "show", "--state", state),
        "joined": ("config", "show", f"--state={state}"),
        "between": ("config", "--state", state, "show"),
    }
    config = rmbot.state.parent / "rmbot.toml"
    config.write_text("[http]\nport = 9999\n", "utf-8")
    said = rmbot(*lines[place], "--config", str(config))
    assert said.code == 0
    assert f"RMBOT_HTTP__PORT=9999    # 文件 {config}" in said.out


def test_config_show_hides_secrets(rmbot: Inside) -> None:
    url = "postgresql+psycopg://bot:pass-word@db/bot"
    said = rmbot("config", "show", RMBOT_WECOM__SECRET="very-secret", RMBOT_DATABASE__URL=url)
    assert said.code == 0
    assert "RMBOT_WECOM__SECRET=******    # 环境变量" in said.out
    assert "very-secret" not in said.out
    assert "pass-word" not in said.out


def test_state_is_var_by_default(rmbot: Inside, tmp_path: Path) -> None:
    assert rmbot("migrate").code == 0
    assert (tmp_path / "var" / "rmbot.db").exists()


def test_nobody_else_on_the_machine_reads_what_is_stored(tmp_path: Path) -> None:
    """Amounts and dates are not encrypted (decision 13), so the files themselves are private."""
    state = tmp_path / "fresh"
    assert Rmbot(state).does("migrate").code == 0
    made = [state, *state.iterdir()]
    assert state / "rmbot.db" in made
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []


def test_migrate_twice(stored: Inside) -> None:
    assert [stored.does("migrate").code for _ in range(2)] == [0, 0]
    assert stored.does("audit", "verify").out == "审计链完整：共 0 条\n"


def test_import_without_a_service(stored: Inside, tmp_path: Path) -> None:
    write_bank(tmp_path / "feed")
    dry = stored.does("import", str(tmp_path / "feed"), "--as-of", "2026-11-22", "--dry-run")
    assert dry.code == 0
    assert "试运行：数据库未作改动" in dry.out
    first = stored.does("import", str(tmp_path / "feed"), "--as-of", "2026-11-22")
    assert first.code == 0
    assert "staff.csv 读 5 行：新增 5" in first.out
    again = stored.does("import", str(tmp_path / "feed"))
    assert "staff.csv 读 5 行：新增 0，更新 0，关闭 0，未变 5" in again.out
    records = len(BANK)
    assert stored.does("audit", "verify").out == f"审计链完整：共 {records * 2} 条\n"


def test_refused_import_names_the_place(stored: Inside, tmp_path: Path) -> None:
    write_bank(tmp_path / "feed")
    customers = tmp_path / "feed" / "customers.csv"
    customers.write_text(customers.read_text("utf-8").replace("未知", "不详"), "utf-8")
    said = stored.does("import", str(tmp_path / "feed"))
    assert said.code == 1
    assert "customers.csv 第 5 行 字段 gender：" in said.err
    allowed = stored.does("import", str(tmp_path / "feed"), "--max-bad", "25%")
    assert allowed.code == 0
    assert "customers.csv 读 4 行：新增 3" in allowed.out


def test_exit_codes_of_the_process(apart: Rmbot) -> None:
    assert [apart.does(*words).code for words in (("config", "show"), ("inbox", "dead"), ("nonsense",))] == [0, 1, 2]


def test_nothing_to_find_is_said(stored: Inside) -> None:
    stored.does("migrate")
    assert stored.does("inbox", "dead").out == "共 0 条\n"
    assert stored.does("outbox", "ambiguous").out == "共 0 条\n"
    for words in (
        ("inbox", "requeue", "7", "--reason", "好了"),
        ("outbox", "resolve", "7", "--arrived", "--reason", "好"),
    ):
        said = stored.does(*words)
        assert said.code == 1
        assert "没有编号为 7 的" in said.err


def test_a_database_nobody_answers_for(rmbot: Inside) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    for words in (("audit", "verify"), ("migrate",)):
        said = rmbot.does(*words, RMBOT_DATABASE__URL=url)
        assert said.code == 1
        assert "RMBOT_DATABASE__URL" in said.err
        assert not ENGLISH.search(said.err)


def test_sample_can_be_imported(stored: Inside, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    written = stored(
        "sample", str(bank), "--customers", "50", "--seed", "3", "--as-of", "2026-11-22", "--preset", "bank_base"
    )
    assert written.code == 0
    assert "customers.csv 50 行" in written.out
    assert stored.does("import", str(bank), "--as-of", "2026-11-22").code == 0


def test_pack_check_and_schema(rmbot: Inside, tmp_path: Path) -> None:
    shipped = ROOT / "deploy" / "packs" / "default.yaml"
    assert "合格" in rmbot("pack", "check", str(shipped)).out
    broken = tmp_path / "broken.yaml"
    broken.write_text(shipped.read_text("utf-8").replace("format_version: 1", "format_version: 9"), "utf-8")
    said = rmbot("pack", "check", str(broken))
    assert said.code == 1
    assert f"{broken} 第 " in said.err
    assert json.loads(rmbot("pack", "schema").out)["title"] == "Pack"


def test_pack_check_and_draw_of_a_process(rmbot: Inside) -> None:
    complaint, plain = (str(ROOT / "deploy" / "packs" / f"{name}.yaml") for name in ("complaint", "default"))
    checked = rmbot("pack", "check", complaint).out
    assert "合格" in checked
    assert "待合规确认：核查决定 30 days" in checked
    assert rmbot("pack", "draw", complaint).out.startswith("stateDiagram-v2\n")
    assert rmbot("pack", "draw", plain).code == 1


CARD = {
    "card_type": "text_notice",
    "main_title": {"title": "样例客户 · 到期提醒", "desc": "6 天后到期"},
    "horizontal_content_list": [{"keyname": "金额", "value": "64.37 万"}],
    "card_action": {"type": 1, "url": "https://rm.example.com/h5"},
}


@pytest.mark.parametrize("card", [CARD, {"msgtype": "template_card", "template_card": CARD}])
def test_card_preview_draws(rmbot: Inside, card: dict[str, object]) -> None:
    said = rmbot("card", "preview", "-", given=json.dumps(card).encode())
    assert said.code == 0
    assert "样例客户 · 到期提醒" in said.out
    assert "金额  64.37 万" in said.out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (json.dumps(CARD | {"horizontal_content_list": [{"keyname": "k", "value": "v"}] * 7}).encode(), "最多 6 项"),
        (b'{"card_type": "poster"}', "没有这种卡片: poster"),
        (b"{\n  oops", "第 2 行第 3 列：不是合法的 JSON"),
        (b"[]", "应当是一张卡片"),
        (b"\xff\xfe", "不是 UTF-8 编码"),
        (json.dumps(CARD | {"main_title": 3}).encode(), "main_title: 须是对象"),
        (json.dumps(CARD | {"card_action": {"type": 7}}).encode(), "card_action.type: 只能是 1、2"),
    ],
)
def test_card_preview_names_what_is_wrong(rmbot: Inside, given: bytes, says: str) -> None:
    said = rmbot("card", "preview", "-", given=given)
    assert (said.code, said.out) == (1, "")
    assert says in said.err
