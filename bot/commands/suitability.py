"""A suitability decision on the command line: decided once more from what was stored with it."""

from bot.commands.desk import Desk
from domain.ids import DecisionId
from domain.pack import load_pack
from domain.policy import Relation
from domain.refusal import Refused
from domain.sharing import Audience, Field, Form
from domain.suitability.deciding import decide
from domain.suitability.rulebook import NAME, Rulebook
from domain.suitability.saying import show_decision
from storage import decisions, pack_versions
from storage.decisions import Made
from storage.unit import Unit

# Who runs the house is neither in sales nor in compliance.
_OPERATOR = {Relation.IN_SCOPE: {Field.AMOUNT: Form.BAND, Field.RISK: Form.PLAIN, Field.PROFILE: Form.PLAIN}}


def replay(desk: Desk, number: str) -> None:
    """The stored facts under the rules of that day; Refused when they no longer give what was decided."""
    made, rulebook = desk.change(lambda unit: _load(unit, DecisionId(number.upper())), "suitability.replay")
    edition = rulebook.edition(made.decision.rule_version)
    again = decide(made.question, edition.table, edition.version)
    shown = show_decision(again, Audience(Relation.IN_SCOPE, _OPERATOR))
    desk.say(f"{made.number}  {made.question.day}  {made.question.offer.product_id}  {again.verdict}  {shown.heading}")
    papers = (f"{each.title}（第 {each.version} 版）sha256 {each.sha256}" for each in again.enclosed)
    for line in (*shown.reasons, *shown.steps, *papers):
        desk.say(f"  {line}")
    if again != made.decision:
        raise Refused(f"{made.number} 重算不一致：请保全数据库，并通知合规岗")
    desk.say(f"按第 {edition.version} 版规则重算：结论、理由、步骤、文件都一致")


def _load(unit: Unit, number: DecisionId) -> tuple[Made, Rulebook]:
    """The decision, and every version of the rules that anything rests on. The look is on record."""
    made = decisions.load(unit, number)
    if made is None:
        raise Refused(f"没有编号为 {number} 的判断：请核对编号，例如 S261123-K7Q2MZ")
    unit.audit("suitability.read", f"suitability:{number}", {"surface": "cli"}, [made.customer_id])
    return made, Rulebook(load_pack(body) for body in pack_versions.bodies(unit, NAME))
