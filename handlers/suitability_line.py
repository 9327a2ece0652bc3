"""What the words after 适当性 ask: a decision on record, or a customer, a product and an amount."""

import re
from collections.abc import Mapping

from domain.answer import Rejected, read_answer
from domain.form import Answer
from domain.given import Text
from domain.ids import DecisionId
from domain.line import read_line
from domain.normalise import compact
from domain.refusal import Refused
from domain.scope import ScopeKind
from handlers import customer
from handlers.context import Context
from handlers.reply import Begin, Reply
from handlers.suitability import FORM, look_up

BY_NUMBER = "您的岗位不看客户，只能按编号查判断，请发：适当性 编号，例如 适当性 S261123-K7Q2MZ"
_NUMBER = re.compile(r"s(\d{6})-?([2-9a-hj-np-z]{6})")
AMOUNT_WRONG = "金额“{words}”不行：{reason}。请改好后重新发：适当性 客户 产品 金额"
_UNITS = re.compile(r"[万亿元wW千百]")
_NUMERAL, _UNIT = re.compile(r"[\d.,]+"), re.compile(r"[千百]?[万亿]?[元块]?")
NO_MONEY = "金额要大于 0"
_FIGURES = re.compile(r"[-−+负¥$€£]?[\d.,]+(?:e\d+)?[万亿千百元块w]*(?:[a-z]{3}|[美欧港日英澳]元|英镑|[港日]币)?")
"""What nobody would call a product."""


def ask(context: Context) -> Reply:
    """适当性 <编号>, or <客户> <产品> [金额] with a form for whatever is missing."""
    words = context.argument.strip()
    if number := _NUMBER.fullmatch(compact(words)):
        return look_up(context, DecisionId("S{}-{}".format(*number.groups()).upper()))
    if context.scope.kind is ScopeKind.NONE:
        raise Refused(BY_NUMBER, reason="sees no customer")
    form = context.house.pack.form(FORM)
    line = read_line(form, words, context.now)
    known, named = dict(line.known), line.customer_text or ""
    product = known.pop("product", None)
    if product is None and " " in named and not customer.find(context, named):
        named, _, letters = named.rpartition(" ")  # wxl cslc: nobody is called that, so the last word is the product
        product = Answer(value=letters, shown=letters)
    return (Begin(FORM, {**known, **_product_and_amount(context, product)}, named=named),)


def _product_and_amount(context: Context, product: Answer | None) -> Mapping[str, Answer]:
    """The last word is an amount if it reads as one; alone it must carry a unit, for 001 may be a product. Raises
    Refused for a figure that is no amount.
    """
    words = _joined(str(product.value).split()) if product is not None else []
    if not words or (len(words) == 1 and words[0].isdecimal()):
        return {"product": product} if product is not None else {}
    amount = read_answer(context.house.pack.form(FORM).field("amount"), Text(words[-1]), context.now)
    if isinstance(amount, Rejected) and _FIGURES.fullmatch(compact(words[-1])):
        reason = amount.reason.rstrip("。")
        raise Refused(AMOUNT_WRONG.format(words=words[-1], reason=reason), reason="amount unreadable")
    if isinstance(amount, Answer) and not amount.value:
        raise Refused(AMOUNT_WRONG.format(words=words[-1], reason=NO_MONEY), reason="no money")
    if not isinstance(amount, Answer) or (len(words) == 1 and not _UNITS.search(words[0])):
        return {"product": product} if product is not None else {}
    name = " ".join(words[:-1])
    return {"amount": amount, **({"product": Answer(value=name, shown=name)} if name else {})}


def _joined(words: list[str]) -> list[str]:
    """50 万 is one amount."""
    if len(words) > 1 and _UNIT.fullmatch(words[-1]) and _NUMERAL.fullmatch(words[-2]):
        return [*words[:-2], words[-2] + words[-1]]
    return words
