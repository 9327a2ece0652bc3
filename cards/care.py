"""The morning's digest and a finding's card on a phone. All strings come redacted."""

from collections.abc import Sequence
from typing import Final

from cards.fitting import shown
from cards.key import Seal
from cards.lines import SIDE_BY_SIDE, lay_out, paragraph
from cards.parts import Button, Horizontal, MainTitle, Option, Selection
from cards.todo import TodoLine
from cards.wecom import ButtonInteraction
from domain.care.view import ShownFinding

OPEN: Final = "care.open"
DONE: Final = "care.done"
LATER: Final = "care.later"
VISIT: Final = "care.visit"
USEFUL: Final = "care.useful"
WRONG: Final = "care.wrong"
CUSTOMER: Final = "care.customer"
RECOMMEND: Final = "care.recommend"
FINDING_QUESTION: Final = "finding"
MOST_OPTIONS: Final = 10
_MOST_BUTTONS: Final = 6  # of a card (wecom-protocol §5)


def digest_card(title: str, counts: Sequence[str], lines: Sequence[TodoLine], seal: Seal) -> ButtonInteraction:
    """What waits this morning; new findings are told one by one and can be opened, option ids 1..n in their order."""
    listed = list(enumerate(lines, 1))
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc="，".join(counts)),
        horizontal_content_list=tuple(
            Horizontal(keyname=f"{number}.", value=line.said) for number, line in listed[:SIDE_BY_SIDE]
        ),
        sub_title_text=f"先列 {SIDE_BY_SIDE} 条，全部在“待办”里。" if len(lines) > SIDE_BY_SIDE else None,
        button_selection=_selection(listed[:MOST_OPTIONS]) if lines else None,
        button_list=(
            *([seal.button("看原因", OPEN)] if lines else []),
            seal.button("我的待办", "todo.list", 2 if lines else 1),
        ),
    )


def _selection(listed: Sequence[tuple[int, TodoLine]]) -> Selection:
    options = tuple(Option(id=str(n), text=f"{n}.{shown(f'{line.who} {line.title}')}") for n, line in listed)
    return Selection(question_key=FINDING_QUESTION, title="看哪一条", option_list=options)


def finding_card(
    finding: ShownFinding,
    heading: str,
    seal: Seal,
    *,
    pending: bool,
    judged: bool,
    may_visit: bool = True,
    may_recommend: bool = False,
) -> ButtonInteraction:
    """Why, on which data, how the customer has been lately; and what can be said and done about it, the next step
    before the way to the customer."""
    buttons = (
        *([seal.button("已做", DONE), seal.button("稍后", LATER, 2)] if pending else []),
        *_judging(seal, judged=judged),
        *([seal.button("记拜访", VISIT, 2)] if may_visit else []),
        *([seal.button("推荐产品", RECOMMEND, 2)] if may_recommend else []),
        seal.button("查客户", CUSTOMER, 2),
    )
    laid = lay_out((line.label, line.text) for line in finding.lines)
    recent = [f"近期：{finding.recent}"] if finding.recent else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=shown(finding.title), desc=heading),
        sub_title_text=paragraph([finding.reason, *finding.notes, *laid.below, *recent]),
        horizontal_content_list=laid.horizontal,
        button_list=buttons[:_MOST_BUTTONS],
    )


def _judging(seal: Seal, *, judged: bool) -> list[Button]:
    return [] if judged else [seal.button("有用", USEFUL, 2), seal.button("不准", WRONG, 2)]
