"""查 on a phone: the summary of a customer, one dimension of it, and the choice among several hits. All strings come
redacted.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from cards.fitting import clean, fit, shown
from cards.key import Seal, link
from cards.lines import lay_out, paragraph
from cards.message import Text, texts
from cards.parts import Checkbox, CheckOption, MainTitle, Option, Selection
from cards.wecom import ButtonInteraction, VoteInteraction
from domain.dimension import ShownDimension
from domain.summary import ShownSummary

VISIT: Final = "customer.visit"
LOOK: Final = "customer.look"
CHOOSE: Final = "customer.choose"
FILE: Final = "case.file_for."
DIMENSION_QUESTION: Final = "dimension"
PICTURE: Final = ("picture", "图（发到聊天）")
"""Key and words of the last entry of the drop-down: the charts as a picture."""
CUSTOMER_QUESTION: Final = "customer"
MOST_CHOICES: Final = 20

_TIER, _TODOS = "客户分层", "未结待办"
_TITLE, _SHARED, _OPTION, _SHORTEST_NAME = 36, 80, 17, 3
_MOST_FILED = 3
_QUESTION = "您要找哪一位？"


def summary_card(
    summary: ShownSummary,
    dimensions: Iterable[tuple[str, str]],
    seal: Seal,
    *,
    may_visit: bool = True,
    files: Iterable[tuple[str, str]] = (),
    page: str | None = None,
) -> ButtonInteraction:
    """A customer at a glance. `dimensions` are key and title of the drop-down, `files` process and words of what can
    be filed, `page` the signed-in page's address.
    """
    title, desc = _heading(summary)
    laid = lay_out((line.label, line.text) for line in summary.lines if line.label not in (_TIER, _TODOS))
    todos = [f"{line.label}：{line.text}" for line in summary.lines if line.label == _TODOS]
    reason = f"（{summary.reason}）" if summary.reason else ""
    advice = [f"建议：{summary.action}{reason}"] if summary.action else []
    options = tuple(Option(id=key, text=name) for key, name in (*dimensions, PICTURE))
    visit = [seal.button("记拜访", VISIT)] if may_visit else []
    filing = [seal.button(words, f"{FILE}{process}", 2) for process, words in files][:_MOST_FILED]
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=title, desc=desc),
        sub_title_text=paragraph([*([summary.late] if summary.late else []), *laid.below, *todos, *advice]),
        horizontal_content_list=laid.horizontal,
        button_selection=Selection(question_key=DIMENSION_QUESTION, title="想看什么", option_list=options),
        button_list=(*visit, seal.button("查看", LOOK, 2), *filing, *([link("详情", page)] if page else [])),
    )


def _heading(summary: ShownSummary) -> tuple[str, str]:
    """The tier beside the name, or before the date where the name leaves no room."""
    name, as_of = shown(summary.title), f"数据截至 {summary.as_of}"
    tier = next((line.text for line in summary.lines if line.label == _TIER), "")
    whole = f"{name} · {tier}"
    if tier and len(whole) <= _TITLE:
        return whole, as_of
    return name, f"{tier} · {as_of}" if tier else as_of


def dimension_texts(dimension: ShownDimension, title: str, as_of: str) -> tuple[Text, ...]:
    """One dimension, line by line, and where it comes from."""
    lines = [f"{line.label}：{clean(line.text)}" for line in dimension.lines]
    return texts(
        "\n".join(
            [
                f"{clean(title)} · {dimension.title}（数据截至 {as_of}）",
                *(lines or ["暂无可以显示的内容"]),
                f"（{dimension.source}）",
            ]
        )
    )


def choice_card(
    candidates: Sequence[Sequence[str]],
    seal: Seal,
    *,
    verb: str = CHOOSE,
    common: Sequence[str] = (),
    more: bool = False,
) -> VoteInteraction:
    """Several hits to choose from, option ids 1..n in the order given; `more` says that not all are listed."""
    listed = candidates[:MOST_CHOICES]
    cut = more or len(candidates) > MOST_CHOICES
    count = f"先列出 {len(listed)} 位，请加上更多信息缩小范围" if cut else f"共 {len(listed)} 位"
    shared = f"{fit(clean(' · '.join(common)), _SHARED)}，" if common else ""
    options = tuple(CheckOption(id=str(n), text=_numbered(n, words)) for n, words in enumerate(listed, 1))
    return VoteInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=_QUESTION, desc=f"{shared}{count}；点选，或回序号，如“1”"),
        checkbox=Checkbox(question_key=CUSTOMER_QUESTION, mode=0, option_list=options),
        submit_button=seal.submit("就是这位", verb),
    )


def _numbered(number: int, words: Sequence[str]) -> str:
    """1.尉迟… 浦东 50多岁 高净值: when all does not fit, spaces and then the first word give way to the rest."""
    first, *rest = map(clean, words) if words else ("",)
    whole = " ".join([f"{number}.{shown(first)}", *rest])
    if len(whole) <= _OPTION:
        return whole
    after = f" {''.join(rest)}" if rest else ""
    return f"{number}.{fit(shown(first), max(_OPTION - len(f'{number}.{after}'), _SHORTEST_NAME))}{after}"
