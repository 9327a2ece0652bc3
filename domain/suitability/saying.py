"""A decision as people read it: verdict first, then why and what to do; amounts and classes stay data until shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from domain.sharing import Audience, Datum, Field, Sentence, first_shown, redact
from domain.suitability.deciding import Decision
from domain.suitability.reason import DISCREET, Code, Reason
from domain.suitability.words import Verdict

HEADINGS = {Verdict.ALLOW: "可以", Verdict.ALLOW_WITH_STEPS: "办完以下步骤可以", Verdict.BLOCK: "不可以"}
ASK_COMPLIANCE = "暂不能办理，请联系合规岗。"
NO_QUESTIONNAIRE = "这不是风险测评。测评只能由客户本人在本行 App 或网点完成，任何人不得代答、代填或提示答案。"
UNSAID: Sentence = ("原因请按编号向合规岗核对。",)

_FIELDS = {"most": Field.AMOUNT, "amount": Field.AMOUNT, "level": Field.RISK, "horizon": Field.PROFILE}

_SAYS: Mapping[Code, tuple[str, str]] = {
    Code.NOT_IN_FORCE: ("判断规则 {day} 起才生效，请联系合规岗。", ""),
    Code.KIND_UNKNOWN: ("产品的种类或监管口径不在规则里，请产品岗补正、合规岗补规则。", ""),
    Code.PRODUCTS_LATE: ("产品资料没有按时送到，评级和销售期无法核对，请科技岗核对导入。", ""),
    Code.SALE_UNKNOWN: ("产品没有登记销售期，请产品岗补上。", ""),
    Code.OFF_SALE: ("产品不在销售期，请换一个在售的产品。", ""),
    Code.CURRENCY: ("外币产品不能在这里判断，请到网点柜面办理。", ""),
    Code.SELLER_UNKNOWN: ("没有在职、资格有记录的销售人员，请主管指定或请人事补登资格。", ""),
    Code.UNQUALIFIED: ("销售人员没有“{qualification}”的记录，请换有资格的同事或请人事补登。", ""),
    Code.QUALIFICATION_LAPSED: ("销售人员的“{qualification}”已于 {day} 到期，请续证后由人事更新。", ""),
    Code.AMOUNT_UNKNOWN: ("没有金额，产品也没有登记起购金额，请写上金额或请产品岗补上。", ""),
    Code.NO_ACCOUNT: ("客户还没有开户，请客户先到网点或 App 开户。", ""),
    Code.SANCTIONED: ("客户命中制裁名单。", ""),
    Code.FROZEN: ("客户的账户被冻结。", ""),
    Code.STANDING_UNKNOWN: ("客户是否被冻结或命中名单没有数据，请反洗钱岗核对数据来源。", ""),
    Code.UNDER_REVIEW: ("有人申请冻结客户的个人信息，等待第二个人决定。", ""),
    Code.DATA_LATE: ("客户资料没有按时送到，制裁名单和冻结无法核对，请科技岗核对导入。", ""),
    Code.HALTED: ("产品或机构在停办名单里，或客户没有机构；停办写在适当性规则包的 halts。", ""),
    Code.REVIEW_UNKNOWN: ("没有尽职调查的到期日，请补做尽职调查。", ""),
    Code.REVIEW_LAPSED: ("尽职调查已过期，请补做尽职调查。", ""),
    Code.REVIEW_DUE: ("尽职调查已到期，在 {grace} 天宽限期内。", ""),
    Code.IDENTITY_UNKNOWN: ("没有证件有效期，请客户本人到网点或 App 登记证件。", ""),
    Code.IDENTITY_EXPIRED: ("证件已过期，请客户本人到网点或 App 更新证件。", ""),
    Code.IDENTITY_GRACE: ("证件已过期，在 {grace} 天宽限期内。", ""),
    Code.ASSESSMENTS_UNKNOWN: ("风险测评的数据不全，请科技岗核对导入。", ""),
    Code.NEVER_ASSESSED: ("没有有效的风险测评，请客户本人在 App 或网点测评。", ""),
    Code.ASSESSMENT_EXPIRED: ("风险测评已过有效期，请客户本人在 App 或网点重新测评。", ""),
    Code.ASSESSMENT_OUTGROWN: ("测评之后客户满了 {years} 岁，请客户本人重新测评。", ""),
    Code.FIRST_PURCHASE: ("首次购买这类产品。", ""),
    Code.UNRATED: ("产品没有完整的风险评级（本行和发行人各一个），请产品岗补上。", ""),
    Code.ABOVE_LEVEL: ("产品 {rating} 高于客户的 {level}，不能办理，也不能推介。", ""),
    Code.ABOVE_UNASKED: (
        "产品 {rating} 高于客户的 {level}，不能推介；只有客户自己主动书面要求，才可另走书面警示。", ""
    ),
    Code.ABOVE_ASKED: ("产品 {rating} 高于客户的 {level}，按客户主动书面要求办理。", ""),
    Code.RESTRICTION_UNKNOWN: ("产品是否只卖给合格投资者没有登记，请产品岗补上。", ""),
    Code.NOT_QUALIFIED: ("产品只卖给合格投资者，客户没有认定；客户可交材料请合规岗认定。", ""),
    Code.QUALIFIED: ("产品只卖给合格投资者，客户已认定。", ""),
    Code.AGE_UNKNOWN: ("没有客户的生日，请客户本人到网点补登身份资料。", ""),
    Code.MINOR: ("客户未满 {years} 岁，不能购买。", ""),
    Code.TOO_OLD: ("客户已满 {years} 岁，不能购买 {rating} 以上的产品。", ""),
    Code.ELDERLY: ("客户已满 {years} 岁，购买 {rating} 以上的产品须走特别程序。", ""),
    Code.TERM_UNKNOWN: ("产品没有登记期限，请产品岗补上。", ""),
    Code.HORIZON_UNKNOWN: ("没有客户的投资期限，请客户本人在 App 或网点补充。", ""),
    Code.TOO_LONG: ("产品期限 {term} 天，长于客户的投资期限 {horizon} 天。", ""),
    Code.ASSETS_UNKNOWN: ("客户在本行的资产数据不全，请科技岗核对导入。", ""),
    Code.SINGLE_SHARE: ("买后这一只会超过客户资产的 {percent}%", "，最多再买 {most}"),
    Code.RISKY_SHARE: ("买后 {rating} 以上产品会超过客户资产的 {percent}%", "，最多再买 {most}"),
    Code.LIQUID_UNKNOWN: ("没有客户的流动资产，请客户本人在 App 或网点补充。", ""),
    Code.BEYOND_MEANS: ("一次购买超过客户流动资产的 {percent}%", "，最多买 {most}"),
    Code.LOANS_UNKNOWN: ("没有贷款数据，无法确认不是信贷资金，请科技岗核对导入。", ""),
    Code.LOAN_MONEY: ("扣除近 {days} 天发放的贷款后资金不够，信贷资金不能买理财", "，自有资金最多买 {most}"),
    Code.RISKY: ("产品是 {rating} 以上的高风险产品。", ""),
    Code.LARGE: ("单笔达到大额", "（{amount}起）"),
    Code.FITS: ("产品 {rating}，客户 {level}，各项都符合。", ""),
}  # fmt: skip


_FED: Mapping[Code, str] = {
    Code.PRODUCTS_LATE: "产品",
    Code.ASSESSMENTS_UNKNOWN: "风险测评",
    Code.ASSETS_UNKNOWN: "持仓和账户",
    Code.LOANS_UNKNOWN: "贷款",
}
"""What a feed did not bring, by its name: after some days without any, all of it is missing for one and the same
reason."""


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """Strings only."""

    heading: str
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    papers: tuple[str, ...]


def show_decision(decision: Decision, audience: Audience) -> ShownDecision:
    """The decision as this audience may read it."""
    return ShownDecision(
        heading=HEADINGS[decision.verdict],
        reasons=say_reasons(decision.reasons, audience),
        steps=tuple(f"{step.text}（{step.by}）" for step in decision.steps),
        papers=decision.papers,
    )


def say_reasons(reasons: Iterable[Reason], audience: Audience) -> tuple[str, ...]:
    """Each sentence once, so that two discreet reasons read like one; feeds that are missing together are told
    together."""
    found = tuple(reasons)
    missing = [_FED[each.code] for each in found if each.code in _FED]
    together = f"{'、'.join(missing)}的数据没有按时送到或不全，请科技岗核对导入。" if len(missing) > 1 else ""

    def said(reason: Reason) -> str:
        if reason.code in _FED and together:
            return together
        return _discreetly(reason, audience) if reason.code in DISCREET else _say(reason, audience)

    return tuple(dict.fromkeys(map(said, found)))


def _discreetly(reason: Reason, audience: Audience) -> str:
    """All of them are AML facts to who reads: one that was told apart would tell the others apart."""
    told = _SAYS[reason.code][0].format_map(reason.values)
    return first_shown([(Datum(Field.AML, told),), (ASK_COMPLIANCE,)], audience)


def _say(reason: Reason, audience: Audience) -> str:
    main, more = _SAYS[reason.code]
    said = first_shown([_filled(main, reason.values), UNSAID], audience)
    if not more:
        return said
    return f"{said}{redact(_filled(more, reason.values), audience) or ''}。"


def _filled(template: str, values: Mapping[str, int | str]) -> Sentence:
    parts: list[str | Datum] = []
    for words, name, _, _ in Formatter().parse(template):
        parts += [words] if words else []
        if name is not None:
            parts.append(_datum(name, values[name]))
    return tuple(parts)


def _datum(name: str, value: int | str) -> str | Datum:
    field = _FIELDS.get(name)
    if field is None:
        return str(value)
    return Datum(field, value if field is Field.AMOUNT else str(value))
