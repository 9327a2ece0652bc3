"""要签的文件: the papers that go with a decision, in the versions it was made with, to who asked for them today."""

from collections.abc import Sequence

from domain.refusal import Refused
from domain.suitability.papers import Enclosed
from handlers.context import Context
from handlers.renewing import once_more
from handlers.reply import Attach, Reply, say
from handlers.suitability import UNKNOWN, on_card
from storage import circles, decisions
from storage.decisions import Made

NOT_YOURS = "文件只给能看这位客户的人；这位客户不在您的范围里。"
NOT_TODAY = "这是 {day} 的判断，文件只随当天的判断给。请重新发：适当性 客户 产品 金额"
NONE = "这次判断没有可发的文件。"
UNFILLED = "都是空白模板，请由客户本人核对、填写、签署，不要代填。"
ELSEWHERE = "这里没有文件的：{papers}，请按行内规定另办。"


def give(context: Context) -> Reply:
    """The templates as files, one message each; who had which version for which decision is on record."""
    unit, number = context.unit, on_card(context)
    made = decisions.load(unit, number)
    if made is None:
        raise Refused(UNKNOWN, reason="unknown decision")
    if circles.stand(unit, context.scope, made.customer_id) is None:
        raise Refused(NOT_YOURS, reason="customer not in scope")
    if made.question.day != context.now.date():
        raise Refused(NOT_TODAY.format(day=made.question.day), reason="decision of another day")
    papers = made.decision.enclosed
    if not papers:
        raise Refused(NONE, reason="no papers")
    given = [{"paper": each.paper, "version": each.version, "sha256": each.sha256} for each in papers]
    unit.audit("suitability.papers", f"suitability:{number}", {"papers": given}, [made.customer_id])
    files = (Attach(each.sha256, f"{each.title}（第{each.version}版）{number}.pdf") for each in papers)
    return (once_more(context), *say(_listed(made, papers, _missing(context, made, papers))), *files)


def _missing(context: Context, made: Made, papers: Sequence[Enclosed]) -> list[str]:
    """What else is signed and has no file, in the words of the rules of that decision."""
    table = context.house.rulebook.edition(made.decision.rule_version).table
    there = {table.papers[each.paper] for each in papers}
    return [label for label in made.decision.papers if label not in there]


def _listed(made: Made, papers: Sequence[Enclosed], missing: Sequence[str]) -> str:
    rows = [f"{place}. {each.title}（第 {each.version} 版）" for place, each in enumerate(papers, 1)]
    elsewhere = [ELSEWHERE.format(papers="、".join(missing))] if missing else []
    head = f"{made.question.offer.name}（判断 {made.number}）要签的文件，共 {len(papers)} 份："
    return "\n".join([head, *rows, UNFILLED, *elsewhere])
