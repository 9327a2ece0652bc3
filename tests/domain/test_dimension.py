"""The dimensions of the drop-down and the facts of the signed-in page."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from domain.customer import Account, AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.dimension import DIMENSIONS, offered, show_dimension
from domain.ids import CustomerId, ProductId
from domain.policy import Relation
from domain.sharing import Setting, Surface
from domain.summary import show_lines
from domain.view.basic import page_lines
from tests.policies import seen_by

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
WAN = 10_000 * 100
FACTS = CustomerFacts(
    Customer(
        CustomerId("C0000123"),
        "王秀兰",
        gender="女",
        birth_date=date(1970, 6, 1),
        id_type="居民身份证",
        id_number="990101197006011234",
        id_expiry=date(2030, 1, 1),
        mobile="19900001234",
        address="上海市浦东新区示例路1号302室",
        occupation="示例教师",
        opened_on=date(2020, 1, 1),
        kyc_risk="较低",
        kyc_due=date(2027, 12, 1),
        contact_preference="微信",
    ),
    business_day=TODAY,
    aum=(AumPoint(date(2026, 1, 5), 700 * WAN),),
    holdings=(Holding("H1", Product(ProductId("P1"), "示例产品", "wealth"), 300 * WAN, matures_on=date(2026, 12, 5)),),
    accounts=(Account("A1", "活期", 100 * WAN),),
    risk=RiskAssessment("C3", date(2026, 6, 1), date(2027, 5, 31)),
    contacts=tuple(Contact(datetime(2026, 11, d, 10, tzinfo=CN), "电话", "拜访", "both", d > 3) for d in range(1, 8)),
    open_todos=2,
    place="浦东",
    rm_name="示例甲",
)
SECRETS = ("990101197006011234", "19900001234", "示例路", "302室")


def texts(key: str, relation: Relation) -> list[tuple[str, str]]:
    found = show_dimension(key, FACTS, seen_by(relation), TODAY)
    assert found is not None
    return [(line.label, line.text) for line in found.lines]


def test_the_drop_down():
    titles = ["基本信息", "资产信息", "交易行为", "负债与信用", "风险评级", "服务记录", "关系", "行为轨迹"]
    assert [dimension.title for dimension in DIMENSIONS] == titles
    assert [dimension.title for dimension in offered(with_trail=False)] == titles[:-1]
    assert show_dimension("trail", FACTS, seen_by(Relation.OWN_BOOK), TODAY) is None
    assert show_dimension("unknown", FACTS, seen_by(Relation.OWN_BOOK), TODAY) is None


def test_basic():
    own = texts("basic", Relation.OWN_BOOK)
    assert ("性别年龄", "女 · 50多岁") in own
    assert ("所属机构", "浦东") in own
    assert ("职业", "示例教师") in own
    assert [line for line in own if line not in texts("basic", Relation.IN_SCOPE)] == [
        ("职业", "示例教师"),
        ("联系偏好", "微信"),
    ]


def test_assets():
    assert ("理财", "300.00 万，占 75%") in texts("assets", Relation.OWN_BOOK)
    assert ("持仓", "示例产品 300.00 万，12天后（12月5日）到期") in texts("assets", Relation.OWN_BOOK)
    assert ("理财", "100–600 万，占 75%") in texts("assets", Relation.IN_SCOPE)


def test_risk():
    own = dict(texts("risk", Relation.OWN_BOOK))
    assert own["风险等级"] == "C3 平衡型，有效至2027年5月31日"


def test_service_shows_the_last_five_and_whether_anyone_was_reached():
    own = texts("service", Relation.OWN_BOOK)
    assert own[-5:] == [
        ("11月7日", "电话 拜访 联系上"),
        ("11月6日", "电话 拜访 联系上"),
        ("11月5日", "电话 拜访 联系上"),
        ("11月4日", "电话 拜访 联系上"),
        ("11月3日", "电话 拜访 未联系上"),
    ]


@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("setting", list(Setting))
def test_the_page_has_everything_and_no_identifier_in_plain(relation, setting):
    lines = show_lines(page_lines(FACTS, TODAY), seen_by(relation, setting, Surface.PAGE))
    said = {line.label: line.text for line in lines}
    assert {"证件号码", "手机", "地址", "姓名", "客户号"} <= set(said)
    assert said["手机"] == "199****1234"
    assert not [secret for secret in SECRETS if secret in " ".join(said.values())]


@pytest.mark.parametrize("relation", list(Relation))
def test_the_page_lines_lose_their_identifiers_in_chat(relation):
    lines = show_lines(page_lines(FACTS, TODAY), seen_by(relation, Setting.FULL_NAME, Surface.WECOM))
    assert not {"证件号码", "手机", "地址"} & {line.label for line in lines}


def test_what_is_unknown_says_so():
    nobody = CustomerFacts(Customer(CustomerId("C1"), "赵示例"), business_day=TODAY)
    lines = show_lines(page_lines(nobody, TODAY), seen_by(Relation.OWN_BOOK, surface=Surface.PAGE))
    said = {line.label: line.text for line in lines}
    assert (said["手机"], said["开户日期"], said["客户经理"]) == ("未登记", "潜在客户，未开户", "未分配")


def test_a_document_without_end_reads_as_such() -> None:
    endless = replace(FACTS, customer=replace(FACTS.customer, id_expiry=date(9999, 12, 31)))
    shown = show_dimension("basic", endless, seen_by(Relation.OWN_BOOK), TODAY)
    assert shown is not None
    assert ("证件有效期", "长期") in [(line.label, line.text) for line in shown.lines]
