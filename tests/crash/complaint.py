"""A complaint from filing to closing in two days, as eight people of one branch live through it."""

from dataclasses import dataclass

from simulator.reading import button_with
from simulator.timeline import Bubble
from tests.crash.branch import name_of, number_of
from tests.crash.people import Expected, Person, words_of
from tests.crash.stage import Stage

LOST = ("已于", "已经过时", "已经有了新的进展", "失效")
EVENTS = (
    ("act", "cs09"), ("fired", None), ("act", "rm09"), ("act", "rm09"), ("act", "rm09"), ("vote", "a judge"),
    ("act", "rm09"), ("vote", "sub09"), ("undo", "sub09"), ("vote", "sub09"), ("fired", None), ("act", "rm09"),
    ("act", "rm09"), ("act", "rm09"),
)  # fmt: skip
"""Filed, half of the time used, accepted, talked to the customer, more time asked for and given, proposed, agreed,
taken back, agreed, a day old, decided, told, confirmed."""


@dataclass
class Complaint:
    """What is done and must be answered, in the order of the day; `books` are told what must be there in the end."""

    stage: Stage
    day: int
    judge: str = ""

    def who(self, userid: str) -> Person:
        return self.stage.person(userid)

    @property
    def books(self) -> Expected:
        return self.stage.books

    async def is_filed(self) -> None:
        """By an agent, on the form; the RM has it and the supervisor a copy."""
        cs, name = self.who("cs09"), name_of(self.day)
        card = await cs.says(f"投诉 {name} 说理财到期没有人提醒", "办理渠道")
        answers = {"性质": "投诉", "来源": "客户本人", "办理渠道": "营业现场"}
        card = await cs.chooses(card, answers, "下一步", "关于哪类业务")
        card = await cs.chooses(card, {"关于哪类业务？": "自营理财"}, "下一步", "为什么不满意")
        card = await cs.chooses(card, {"为什么不满意？": "服务态度及质量"}, "下一步", "涉及客户经理")
        no = {"涉及客户经理": "否", "五人以上群诉": "否", "资金或信息安全": "否"}
        card = await cs.chooses(card, no, "下一步", "请核对")
        await cs.presses(card, "保存", "已登记，编号")
        self._filled("cs09", "complaint.act.file")
        await self.who("rm09").hears("新的投诉请您处理")
        await self.who("sup09").hears("抄送：新的投诉")

    async def is_accepted(self) -> None:
        """Half of its time later; then the customer is called."""
        rm = self.who("rm09")
        card = await rm.hears("受理确认的时间已经过半")
        self.books.fired["case.fire.ack"] += 1
        card = await rm.presses(card, "受理", "已受理")
        await self.who("cs09").hears("您登记的案件已受理")
        await rm.presses(card, "联系客户", "怎么联系的")
        await self._answers(
            rm, "complaint.act.contact", ("电话", "谈了什么"), ("已致歉", "请核对"), ("保存", "已联系客户")
        )

    async def is_given_time(self) -> None:
        """Two may decide and press at the same moment: one decides, the other hears who did."""
        rm, judges = self.who("rm09"), [self.who(userid) for userid in ("judge09a", "judge09b")]
        await rm.chooses(rm.heard[-1], {"其他操作": "申请延期"}, "办所选", "为什么要延期")
        await self._answers(rm, "complaint.act.extend1", ("情况复杂", "请核对"), ("保存", "已申请延期"))
        cards = [await judge.hears("申请法定期限延至 30 日") for judge in judges]
        await self._press_together(judges, cards)
        await rm.hears("延期已批准")

    async def _press_together(self, judges: list[Person], cards: list[Bubble]) -> None:
        for judge, card in zip(judges, cards, strict=True):
            key = button_with(card.state.card if card.state else {}, "同意")
            assert key is not None
            judge.pressed.append(card)
            judge.phone.press(card, key[1], {})
        await self.stage.settled()
        tails = {judge.userid: judge.heard[len(judge.expected) :] for judge in judges}
        won = [userid for userid, tail in tails.items() if len(tail) == 1 and "已同意" in words_of(tail[0])]
        assert len(won) == 1, {userid: [words_of(each) for each in tail] for userid, tail in tails.items()}
        self.judge = won[0]
        for judge in judges:
            judge.expected += ["已同意"] if judge.userid == self.judge else _told_of_it(tails[judge.userid])

    async def is_proposed(self) -> None:
        """The supervisor is away; who stands in agrees, takes it back, and agrees again."""
        sup, sub, rm = self.who("sup09"), self.who("sub09"), self.who("rm09")
        await sup.says("委托 代办九", "从什么时候开始")
        steps = (("跳过", "到什么时候为止"), ("三天后", "请核对"), ("保存", "已委托"))
        await self._answers(sup, "stand_in", *steps)
        await sub.hears("委托您代办")
        await rm.presses(rm.heard[-1], "提交方案", "打算怎么处理")
        steps = (("赔付并道歉", "要赔付多少钱"), ("1000元", "请核对"), ("保存", "已提交方案"))
        await self._answers(rm, "complaint.act.propose", *steps)
        card = await sub.hears("请审批处理方案")
        await sub.presses(card, "同意", "已同意")
        await rm.hears("方案已同意")
        _, card = await sub.says_and_hears("撤销", ["已撤销", "请审批处理方案"])
        await rm.hears("刚才的决定已撤销")
        await sub.presses(card, "同意", "已同意")
        await rm.hears("方案已同意")
        card = await sup.says("委托", "代办九")
        await sup.presses(card, "结束委托", "委托已结束")
        await sub.hears("已结束对您的委托")

    async def is_a_day_old(self) -> None:
        """The branch president has a card, and a text message."""
        await self.who("boss09").hears("超过 24 小时没有关闭")
        self.books.fired["case.fire.vip"] += 1

    async def is_closed(self) -> None:
        rm = self.who("rm09")
        await rm.presses(rm.heard[-1], "处理决定", "是谁的责任")
        steps = (("有责", "处理决定是什么"), ("赔付", "根本原因"), ("跳过", "请核对"), ("保存", "已处理决定"))
        await self._answers(rm, "complaint.act.decide", *steps)
        await rm.presses(rm.heard[-1], "告知", "怎么告知的")
        await self._answers(
            rm, "complaint.act.inform", ("电话", "告知了什么"), ("已说明", "请核对"), ("保存", "已告知")
        )
        await rm.presses(rm.heard[-1], "客户确认", "客户满意吗")
        await self._answers(rm, "complaint.act.confirm", ("满意", "请核对"), ("保存", "已客户确认"))
        await self.who("cs09").hears("客户已确认，案件关闭")
        await self.who("sup09").hears("客户已确认，案件关闭")
        self._closed()

    async def _answers(self, person: Person, form: str, *steps: tuple[str, str]) -> None:
        for said, heard in steps:
            await person.says(said, heard)
        self._filled(person.userid, form)

    def _filled(self, person: str, form: str) -> None:
        self.books.talks[person, form, "done"] += 1

    def _closed(self) -> None:
        self.books.complaints[number_of(self.day)] = [
            (kind, self.judge if actor == "a judge" else actor) for kind, actor in EVENTS
        ]
        done = sum(kind == "act" for kind, _ in EVENTS)
        self.books.recorded.update({"case.done": done, "case.voted": 3, "case.decided": 3, "case.undone": 1,
                                    "case.escalated": 2, "sms.kept": 1})  # fmt: skip


def _told_of_it(tail: list[Bubble]) -> list[str]:
    """Too late: the case as it is, why, and, where the card could not be redrawn yet, who decided; in any order."""
    words = [words_of(bubble) for bubble in tail]
    faces = [text for text in words if "template_card" in text]
    why = [text for text in words if any(word in text for word in LOST)]
    who = [text for text in words if "已同意。" in text]
    assert (len(faces), len(why)) == (1, 1), words
    assert len(words) == 2 + len(who) <= 3, words
    return words
