"""docs/errors.md knows every errcode and every refusal class of the program, and names only what exists."""

import re
from pathlib import Path

import pytest

from bot.cli import app
from bot.commands import usage
from bot.retry import CLASS_OF, EXPLANATIONS, RetryClass, class_of

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
COMMANDS = sorted({match.strip() for match in re.findall(r"rmbot ((?:[a-z]+ ?){1,2})", PAGE)})
EVENTS = sorted(set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", PAGE)) - {"access_token"})
SOURCES = "\n".join(
    path.read_text("utf-8")
    for folder in ("bot", "storage", "handlers", "scheduler", "domain")
    for path in (Path(__file__).parents[2] / folder).rglob("*.py")
)


LARGEST_CODE = 2_100_000
FIRST_CELLS = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
QUOTED = sorted({said for cell in FIRST_CELLS for said in re.findall(r"`(.+?)`", cell) if not said.isascii()})


@pytest.mark.parametrize("kind", [kind for kind in RetryClass if kind is not RetryClass.DEAD])
def test_each_class_lists_its_codes(kind: RetryClass) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("|") and f" `{kind}` |" in line)
    assert {int(code) for code in re.findall(r"(?<=\s)-?\d+(?=\s)", row.split("|")[2])} == {
        code for code, its in CLASS_OF.items() if its is kind
    }


def test_the_class_of_all_others_is_there() -> None:
    assert f"`{RetryClass.DEAD}` | 其余" in PAGE
    known = {code: kind for code in range(-1, LARGEST_CODE) if (kind := class_of(code)) is not RetryClass.DEAD}
    assert known == CLASS_OF


@pytest.mark.parametrize(
    "code", sorted({*EXPLANATIONS, *(code for code, kind in CLASS_OF.items() if kind is RetryClass.CONFIG)})
)
def test_each_code_that_waits_for_a_person_says_the_fix(code: int) -> None:
    (row,) = [line for line in PAGE.splitlines() if re.match(rf"\| [\d、]*\b{code}\b[\d、]* \| ", line)]
    assert len(row.split("|")[2]) > 10


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_the_page_and_the_log_agree(code: int) -> None:
    """The setting or place that the program names is named here too."""
    (row,) = [line for line in PAGE.splitlines() if re.match(rf"\| [\d、]*\b{code}\b[\d、]* \| ", line)]
    for name in re.findall(r"RMBOT_\w+|企业可信IP|接收消息|接口权限", EXPLANATIONS[code]):
        assert name in row


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert usage.run(app, [*command.split(), "--help"]) == 0
    assert "用法：rmbot" in capsys.readouterr().out


@pytest.mark.parametrize("event", EVENTS)
def test_each_log_event_is_written_somewhere(event: str) -> None:
    assert re.search(rf'"{event}"', SOURCES)


@pytest.mark.parametrize("file", sorted(set(re.findall(r"\]\(([a-z-]+\.md)\)", PAGE))))
def test_each_page_it_sends_to_exists(file: str) -> None:
    assert (Path(__file__).parents[2] / "docs" / file).is_file()


@pytest.mark.parametrize("message", QUOTED)
def test_each_message_is_said_by_the_program(message: str) -> None:
    for words in re.split(r"…|（…）|rmbot |： ?", message):
        assert words.strip() in SOURCES, words
