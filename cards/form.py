"""A conversation's question as a card, on the widget a phone has for it."""

from collections.abc import Sequence
from typing import Final

from cards.fitting import shown
from cards.key import Seal, Style
from cards.lines import lay_out, paragraph
from cards.parts import Button, Checkbox, CheckOption, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction, MultipleInteraction, VoteInteraction
from domain.answer import LEFT_OUT, Rejected, accepts
from domain.conversation import Ask, AskConfirm, AskStep
from domain.form import PICKED
from domain.steps import Choices, Widget

ANSWER: Final = "form.answer"
BACK: Final = "form.back"
CANCEL: Final = "form.cancel"
EDIT: Final = "form.edit"
PICK: Final = "form.pick."
RESUME: Final = "form.resume"
SAVE: Final = "form.save"
SKIP: Final = "form.skip"
FIELD_QUESTION: Final = "field"
"""The question of the confirmation's drop-down; its options are field keys."""

_MOST_BUTTONS = 6
_MOST_OPTIONS = 10
_SPENT = {ANSWER: "已选", BACK: "已回上一步", CANCEL: "已取消", EDIT: "修改中", RESUME: "已接着填", SAVE: "已保存"}
_WAY_OUT = "可回“上一步”“取消”"
_SKIP_TOO = "可回“跳过”“上一步”“取消”"

FormCard = ButtonInteraction | MultipleInteraction | VoteInteraction


def picked(verb: str) -> str | None:
    """The option key (or the words) of the button that was clicked; None for any other verb."""
    return verb.removeprefix(PICK) if verb.startswith(PICK) else None


def ask_card(ask: Ask, seal: Seal, problems: Sequence[Rejected] = (), note: str | None = None) -> FormCard:
    """The card that asks; a re-ask says first why the last answer was not taken."""
    said = [*([note] if note else []), *(problem.reason for problem in problems)]
    if isinstance(ask, AskConfirm):
        return _confirm(ask, seal, said)
    if ask.step.widget in (Widget.CHOICE_LISTS, Widget.PAGED):
        return _lists(ask, seal, said)
    if ask.step.widget is Widget.VOTE:
        return _vote(ask, seal, said)
    return _buttons(ask, seal, said)


def put_away_card(title: str, said: str, seal: Seal) -> ButtonInteraction:
    """A form that waited too long: what became of it, and the ways on."""
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(title)),
        sub_title_text=paragraph([said]),
        button_list=(seal.button("继续", RESUME), seal.button("取消", CANCEL, 2)),
    )


def spent_text(verb: str) -> str | None:
    """What a question's card says in place of its buttons after `verb`; None where the button's own words do."""
    return _SPENT.get(verb)


def _progress(ask: AskStep) -> str:
    title = shown(ask.title)
    return f"{title} {ask.number}/{ask.total}" if ask.total > 1 else title


def _confirm(ask: AskConfirm, seal: Seal, said: list[str]) -> ButtonInteraction:
    answered = [(row.label, row.shown) for row in ask.rows if row.shown != LEFT_OUT.shown]
    left = "、".join(row.label for row in ask.rows if row.shown == LEFT_OUT.shown)
    laid = lay_out([*answered, *([("没填", left)] if left else [])])
    options = tuple(Option(id=row.field, text=shown(row.label)) for row in ask.rows[:_MOST_OPTIONS])
    edit = Selection(question_key=FIELD_QUESTION, title="要改哪一项", option_list=options) if options else None
    buttons = [seal.button("保存", SAVE), seal.button("取消", CANCEL, 2)]
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(ask.title), desc="请核对，没问题就保存"),
        sub_title_text=paragraph([*said, *laid.below]),
        horizontal_content_list=laid.horizontal,
        button_selection=edit,
        button_list=(buttons[0], *([seal.button("改这一项", EDIT, 2)] if edit else []), buttons[1]),
    )


def _lists(ask: AskStep, seal: Seal, said: list[str]) -> MultipleInteraction:
    step = ask.step
    alone = len(step.fields) == 1
    hints = [field.hint for field in step.fields if field.hint]
    page = [f"第 {step.page + 1}/{step.pages} 页"] if step.pages > 1 else []
    return MultipleInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(
            title=shown(step.fields[0].asked) if alone else _progress(ask),
            desc=paragraph([*said, *([_progress(ask)] if alone else []), *page, *hints, _WAY_OUT]),
        ),
        select_list=tuple(_selection(choices) for choices in step.lists),
        submit_button=seal.submit("下一步", ANSWER),
    )


def _selection(choices: Choices) -> Selection:
    return Selection(
        question_key=choices.field.key,
        title=choices.field.label,
        selected_id=next(iter(choices.selected), None),
        option_list=tuple(Option(id=entry.key, text=shown(entry.text)) for entry in choices.entries),
    )


def _vote(ask: AskStep, seal: Seal, said: list[str]) -> VoteInteraction:
    [choices] = ask.step.lists
    options = tuple(
        CheckOption(id=entry.key, text=shown(entry.text), is_checked=entry.key in choices.selected)
        for entry in choices.entries
    )
    field = choices.field
    lines = [
        *said,
        _progress(ask),
        *([field.hint] if field.hint else []),
        _SKIP_TOO if ask.step.skippable else _WAY_OUT,
    ]
    return VoteInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(field.asked), desc=paragraph(lines)),
        checkbox=Checkbox(question_key=field.key, mode=1 if ask.step.many else 0, option_list=options),
        submit_button=seal.submit("下一步", ANSWER),
    )


def _buttons(ask: AskStep, seal: Seal, said: list[str]) -> ButtonInteraction:
    field = ask.step.fields[0]
    hints = [field.hint] if field.hint else []
    typed = [] if field.type in PICKED or said or (hints and not field.min) else [accepts(field)]
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(field.asked), desc=_progress(ask)),
        sub_title_text=paragraph([*said, *hints, *typed]),
        button_list=_answers(ask, seal),
    )


def _answers(ask: AskStep, seal: Seal) -> tuple[Button, ...]:
    """Options or ready words first; 跳过 and 取消 always have room, 上一步 where some is left (it can be typed too)."""
    entries = [entry for choices in ask.step.lists for entry in choices.entries]
    buttons = [seal.button(entry.text, f"{PICK}{entry.key}", _style(ask, entry.key)) for entry in entries]
    several = ask.step.widget is Widget.PHOTO and ask.step.fields[0].photos > 1
    leave = [seal.button("没有了" if several else "跳过", SKIP, 2)] if ask.step.skippable else []
    leave += [seal.button("取消", CANCEL, 2)]
    room = len(buttons) + len(leave) < _MOST_BUTTONS and ask.number > 1
    back = [seal.button("上一步", BACK, 2)] if room else []
    return (*buttons, *leave[:-1], *back, leave[-1])


def _style(ask: AskStep, key: str) -> Style:
    marked = {key for choices in ask.step.lists for key in choices.selected}
    return 2 if marked and key not in marked else 1
