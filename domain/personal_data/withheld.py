"""Why something that is held is not given, each with its law. The list goes to everybody as a whole, so that what
stands in it says nothing of who reads it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.basis import Basis


class Why(StrEnum):
    """The grounds."""

    AML = "aml"
    OTHERS = "others"
    CASES = "cases"
    ELSEWHERE = "elsewhere"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Ground:
    """What is kept back, and by which law."""

    what: str
    basis: Basis


def _ground(what: str, source: str, *, verified: bool = False) -> Ground:
    return Ground(what, Basis(effective_from=date(2025, 1, 1), source=source, verified=verified))


GROUNDS: dict[Why, Ground] = {
    Why.AML: _ground(
        "反洗钱等法律规定应当保密的信息（不论有没有）",
        "个人信息保护法第四十五条第一款、第十八条第一款；反洗钱法关于保密的规定",
    ),
    Why.OTHERS: _ground(
        "其他个人的资料，包括本行员工；关系人只给种类和人数",
        "个人信息保护法第四十五条只及于本人的个人信息",
    ),
    Why.CASES: _ground(
        "举报事项，和案件里的内部意见；办理情况由投诉管理岗按编号答复",
        "个人信息保护法第四十五条第一款、第十八条第一款；银行保险机构消费者投诉处理管理办法",
    ),
    Why.ELSEWHERE: _ground("已在本文件其他部分给出的内容", "个人信息保护法第四十五条"),
    Why.SYSTEM: _ground("系统为存取、查找、排队而设的编号和密文，不含另外的个人信息", "个人信息保护法第四条"),
}
