"""适当性 and 推荐 on a phone: a verdict with its reasons, products to choose from. All strings come redacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cards.fitting import clean, fit, shown
from cards.key import Seal
from cards.lines import lay_out, paragraph
from cards.message import Text, texts
from cards.parts import Button, Checkbox, CheckOption, Horizontal, MainTitle, Option, QuoteArea, Selection
from cards.wecom import ButtonInteraction, VoteInteraction
from domain.suitability.saying import NO_QUESTIONNAIRE, ShownDecision

CHOOSE: Final = "suitability.choose"
REPLAY: Final = "suitability.replay"
PAPERS: Final = "suitability.papers"
CUSTOMER: Final = "suitability.customer"
RECOMMEND: Final = "suitability.suggest"
OPEN: Final = "suitability.open"
PAGE: Final = "suitability.page"
PRODUCT_QUESTION: Final = "product"
MOST_CHOICES: Final = 20
PAGE_SIZE: Final = 6
_OPTION, _VALUE, _ENDLESS = 17, 30, 100_000
ONLY_ALLOWED: Final = "只列判断为“可以”的产品，按起购金额判断；换金额、换产品请发：适当性 客户 产品 金额。"


@dataclass(frozen=True, slots=True)
class DecisionFace:
    """A decision as one person may read it: `facts` are labelled lines."""

    decision: ShownDecision
    product: str
    who: str
    number: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    papers: bool = False
    customer: bool = False
    recommend: bool = False


def decision_card(face: DecisionFace, seal: Seal) -> ButtonInteraction:
    """Verdict first, then why, then what to do."""
    laid = lay_out(face.facts)
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title=f"{face.decision.heading} · {shown(face.product)}", desc=shown(face.who) or None),
        quote_area=QuoteArea(quote_text=NO_QUESTIONNAIRE),
        sub_title_text=paragraph(_lines(face)),
        horizontal_content_list=laid.horizontal,
        button_list=tuple(_buttons(face, seal)),
    )


def decision_texts(face: DecisionFace) -> tuple[Text, ...]:
    """All of it in words, where a card has no room for it."""
    lines = _lines(face)
    if paragraph(lines) == paragraph(lines, _ENDLESS):
        return ()
    return texts("\n".join([f"判断 {face.number}：{face.decision.heading}", *lines]))


def _lines(face: DecisionFace) -> list[str]:
    decision = face.decision
    steps = [f"步骤 {number}：{step}" for number, step in enumerate(decision.steps, 1)]
    papers = [f"办理时要签：{'、'.join(decision.papers)}。"] if decision.papers else []
    return [*decision.reasons, *steps, *papers, *face.notes]


def _buttons(face: DecisionFace, seal: Seal) -> list[Button]:
    return [
        *([seal.button("要签的文件", PAPERS)] if face.papers else []),
        *([seal.button("查客户", CUSTOMER)] if face.customer else []),
        *([seal.button("推荐产品", RECOMMEND, 2)] if face.recommend else []),
        seal.button("重算核对", REPLAY, 2),
    ]


def product_choice(products: Sequence[tuple[str, str]], seal: Seal) -> VoteInteraction:
    """Several products to choose from, each with its rating; option ids 1..n in the order given."""
    listed = products[:MOST_CHOICES]
    cut = len(products) > len(listed)
    count = f"先列出 {len(listed)} 个，请把产品名写全一些" if cut else f"共 {len(listed)} 个"
    options = tuple(
        CheckOption(id=str(n), text=_ending(f"{n}.{shown(name)}", rating, _OPTION))
        for n, (name, rating) in enumerate(listed, 1)
    )
    return VoteInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(title="您问哪个产品？", desc=f"{count}；点选，或回序号，如“1”"),
        checkbox=Checkbox(question_key=PRODUCT_QUESTION, mode=0, option_list=options),
        submit_button=seal.submit("就是这个", CHOOSE),
    )


def _ending(name: str, end: str, room: int) -> str:
    """A name that gives way to what stands after it."""
    return f"{fit(name, room - len(end) - 1)} {end}"


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product that may be recommended, and why it stands there."""

    name: str
    why: str


def recommendation_card(
    who: str, lines: Sequence[ProductLine], seal: Seal, *, page: int = 0, more: bool = False
) -> ButtonInteraction:
    """A page of products, numbered through; one of them can be opened with its whole decision."""
    here = list(enumerate(lines, page * PAGE_SIZE + 1))
    rows = tuple(Horizontal(keyname=f"{n}.", value=_ending(shown(line.name), line.why, _VALUE)) for n, line in here)
    options = tuple(Option(id=str(n), text=fit(clean(f"{n}.{line.name}"), 16)) for n, line in here)
    onward = [seal.button("下一页" if more else "回第一页", PAGE, 2)] if more or page else []
    return ButtonInteraction(
        task_id=seal.task_id,
        main_title=MainTitle(
            title=f"可以推荐 · {shown(who)}", desc=f"第 {page + 1} 页；各种类轮着列，未持有的在前；点选，或回序号"
        ),
        quote_area=QuoteArea(quote_text=f"{ONLY_ALLOWED}{NO_QUESTIONNAIRE}"),
        horizontal_content_list=rows,
        button_selection=Selection(question_key=PRODUCT_QUESTION, title="看哪一个", option_list=options),
        button_list=(seal.button("看判断", OPEN), *onward),
    )
