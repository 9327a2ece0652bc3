"""管理 on a phone: what one may administer, the commands, and how a change of one is told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from cards.fitting import clean, shown
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE, lay_out, paragraph
from cards.parts import Button, Horizontal, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction
from domain.command import ANYONE, Command
from domain.command_change import EVERYBODY, words_of
from domain.overlay import Terms

COMMANDS: Final = "admin.commands"
WAITING: Final = "admin.waiting"
ENABLE, DISABLE = "command.enable", "command.disable"
ALIASES, POSTS = "command.aliases", "command.posts"
DETAIL, PAGE = "command.detail", "command.page"
STOP, RETURN = "staff.stop", "staff.return"
GRANTS, PREVIEW = "grant.show", "policy.preview"
COMMAND_QUESTION: Final = "command"
PAGE_SIZE: Final = SIDE_BY_SIDE
_FEW = 2


def overview_card(
    lines: Iterable[tuple[str, str]], seal: Seal, *, waiting: bool, stops: bool = False, grants: bool = False
) -> ButtonInteraction:
    """What this person may administer; `waiting`: there is something to decide or to take back; `stops`: somebody may
    be stopped and brought back; `grants`: single people's grants and the preview of what they see.
    """
    laid = lay_out(lines)
    staff = (seal.button("停用同事", STOP, 2), seal.button("恢复同事", RETURN, 2)) if stops else ()
    people = (seal.button("个人授权", GRANTS, 2), seal.button("权限预览", PREVIEW, 2)) if grants else ()
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="管理", desc="也可以直接发：管理 命令，管理 数据"),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=(
            seal.button("命令", COMMANDS),
            *([seal.button("待确认的申请", WAITING)] if waiting else []),
            *staff,
            *people,
        ),
    )


def commands_card(
    commands: Sequence[Command],
    seal: Seal,
    *,
    page: int = 0,
    may_change: bool = True,
    waiting: Collection[str] = (),
    notes: Sequence[str] = (),
) -> ButtonInteraction:
    """A page of all commands, at least one. Option ids are the numbers 1..n of the whole list; `waiting` are the keys
    of those with an open request.
    """
    pages = -(-len(commands) // PAGE_SIZE)
    page %= pages
    first = page * PAGE_SIZE
    here = list(enumerate(commands[first : first + PAGE_SIZE], first + 1))
    onward = [seal.button("下一页" if page + 1 < pages else "回第一页", PAGE, 2)] if pages > 1 else []
    options = tuple(Option(id=str(number), text=f"{number}.{shown(command.word)}") for number, command in here)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="命令", desc=_count(commands, page, pages)),
        sub_title_text=paragraph(notes),
        horizontal_content_list=tuple(_row(command, waiting) for _, command in here),
        button_selection=Selection(question_key=COMMAND_QUESTION, title="哪一个命令", option_list=options),
        button_list=(seal.button("详情", DETAIL), *(_all_changes(seal) if may_change else ()), *onward),
    )


def command_card(command: Command, seal: Seal, *, may_change: bool = True) -> ButtonInteraction:
    """All about one command."""
    laid = lay_out(
        [
            ("状态", state_text(command)),
            ("谁能用", posts_text(command.posts)),
            ("别名", words_text(command.aliases)),
            ("用法", command.usage),
        ]
    )
    toggle = seal.button("停用", DISABLE, 2) if command.enabled else seal.button("启用", ENABLE)
    changes = (toggle, seal.button("改别名", ALIASES, 2), seal.button("改谁能用", POSTS, 2)) if may_change else ()
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(command.word), desc=clean(command.help)),
        sub_title_text=paragraph(laid.below),
        horizontal_content_list=laid.horizontal,
        button_list=(*changes, seal.button("全部命令", COMMANDS, 2)),
    )


def what_text(word: str, after: Terms) -> str:
    """Which change of which command: 停用命令 拜访."""
    if after.enabled is not None:
        return f"{'启用' if after.enabled else '停用'}命令 {word}"
    return f"{'改命令的别名' if after.aliases is not None else '改命令谁能用'} {word}"


def difference(before: Terms, after: Terms) -> list[tuple[str, str]]:
    """What comes and what goes, as labelled lines."""
    if after.enabled is not None:
        return [("现在", "启用" if before.enabled else "停用"), ("改为", "启用" if after.enabled else "停用")]
    text = posts_text if after.posts is not None else "、".join
    return [
        (label, text(words)) for label, words in zip(("加上", "去掉"), words_of(before, after), strict=True) if words
    ]


def posts_text(posts: Sequence[str]) -> str:
    return "、".join(EVERYBODY if post == ANYONE else post for post in posts)


def state_text(command: Command) -> str:
    """Whether it is in service."""
    return "启用" if command.enabled else "停用"


def words_text(words: Sequence[str]) -> str:
    return "、".join(words) or "无"


def _all_changes(seal: Seal) -> tuple[Button, ...]:
    return (
        seal.button("停用", DISABLE, 2),
        seal.button("启用", ENABLE, 2),
        seal.button("改别名", ALIASES, 2),
        seal.button("改谁能用", POSTS, 2),
    )


def _count(commands: Sequence[Command], page: int, pages: int) -> str:
    stopped = sum(not command.enabled for command in commands)
    parts = [
        f"共 {len(commands)} 个",
        f"停用 {stopped} 个" if stopped else "",
        f"第 {page + 1}/{pages} 页" if pages > 1 else "",
    ]
    return "，".join(part for part in parts if part)


def _row(command: Command, waiting: Collection[str]) -> Horizontal:
    posts = posts_text(command.posts) if len(command.posts) <= _FEW else f"{len(command.posts)} 个岗位"
    parts = ("待确认" if command.key in waiting else "", state_text(command), posts, "、".join(command.aliases))
    return Horizontal(keyname=shown(command.word), value=" · ".join(part for part in parts if part))
