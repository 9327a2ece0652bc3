"""Commands as buttons and as words: what a person may do, what was probably meant, and the greeting of the day."""

from collections.abc import Sequence
from typing import Final

from cards.fitting import clean, shown
from cards.key import Seal, Style
from cards.lines import paragraph
from cards.message import Text, texts
from cards.parts import Button, MainTitle
from cards.wecom import ButtonInteraction
from domain.command import Command
from domain.pack import EntryCard

MORE: Final = "一项怎么用，发：帮助 {word}"
CONTROLS: Final = "填写中随时可回：取消、上一步、重来、继续；保存后十分钟内可回“撤销”。"
_MOST = 6


def help_texts(commands: Sequence[Command]) -> tuple[Text, ...]:
    """All that this person may do at a glance: what it is called and how it is said."""
    lines = [f"{command.label}：{clean(command.example)}" for command in commands]
    return texts(
        "\n".join(
            [f"您可以这样用（共 {len(commands)} 项）：", *lines, "", MORE.format(word=commands[0].word), CONTROLS]
        )
    )


def command_text(command: Command) -> str:
    """One of them in full."""
    aliases = f"\n也可以说：{'、'.join(command.aliases)}" if command.aliases else ""
    used = f"用法：{clean(command.usage)}\n例如：{clean(command.example)}"
    return f"【{command.label}】{clean(command.help)}\n{used}{aliases}"


def help_card(commands: Sequence[Command], seal: Seal) -> ButtonInteraction:
    """The first commands as buttons; needs at least one command."""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="帮助", desc="点一下，或直接发文字"),
        button_list=_buttons(commands, seal),
    )


def entry_card(entry: EntryCard, commands: Sequence[Command], seal: Seal, hint: str = "") -> ButtonInteraction:
    """The greeting for a post: those of the card's commands that this person may use, in the card's order."""
    by_key = {command.key: command for command in commands}
    offered = [by_key[key] for key in entry.commands if key in by_key]
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(entry.title)),
        sub_title_text=paragraph([entry.text, hint]),
        button_list=_buttons(offered or commands, seal),
    )


def suggestion_card(said: str, question: str, likely: Sequence[Command], seal: Seal) -> ButtonInteraction:
    """Words that no command matches, answered with the likely ones; `question` is the pack's 没看懂…."""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(question), desc=f"“{said}”" if clean(said) else None),
        sub_title_text=paragraph([f"例如：{command.example}" for command in likely[:3]]),
        button_list=_buttons(likely[:3], seal),
    )


def command_buttons(commands: Sequence[Command], seal: Seal, style: Style = 1) -> tuple[Button, ...]:
    """A button for each command; its verb is the command's own event key."""
    return tuple(seal.button(command.label, command.event_key, style) for command in commands)


def _buttons(commands: Sequence[Command], seal: Seal) -> tuple[Button, ...]:
    return command_buttons(commands[:_MOST], seal)
