"""The people and products of the hand-written cases, and strategies that vary them."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.packs import SHIPPED
from domain.pack import load_pack
from domain.suitability.facts import Assessed, Client, Offer, Question, Seller
from domain.suitability.rulebook import Edition

CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("cases.yaml"))
HALTS = """halts:
    - {units: [U2], from_day: 2026-11-01, until_day: 2026-11-30, why: 网点备案}
    - {kinds: [fund], products: [P0001], from_day: 2026-03-01, until_day: 2026-03-31, why: 产品变更}
"""
SHIPPED_TEXT = (SHIPPED / "suitability.yaml").read_text("utf-8")
TEXT = (
    SHIPPED_TEXT.replace("halts: []", HALTS)
    .replace("identity_grace: {value: 0", "identity_grace: {value: 90")
    .replace("review_grace: {value: 0", "review_grace: {value: 30")
)
"""The shipped table, with something halted in it, and time of grace for documents and reviews."""
PACK = load_pack(TEXT)
assert PACK.suitability is not None
EDITION = Edition(PACK.version, PACK.suitability)
TABLE = EDITION.table
AS_SHIPPED = load_pack(SHIPPED_TEXT).suitability
assert AS_SHIPPED is not None
DAY = date(2026, 11, 23)
SELLER = Seller(active=True, qualifications=dict.fromkeys(("wealth", "fund", "insurance"), date(2027, 12, 31)))

_PERSON = {
    "opened_on": date(2015, 1, 1), "born": date(1985, 6, 15), "id_expiry": date(2030, 12, 31),
    "kyc_due": date(2027, 6, 30), "frozen": False, "sanctioned": False, "investor_class": "普通", "horizon": 730,
    "liquid": 5_000_000, "assets": 4_000_000, "risky": 0, "recent_loans": 0, "holds": ["wealth"], "unit": "U1",
    "under_review": False,
}  # fmt: skip
_TEST = ("bank", "C3", date(2026, 6, 1), date(2027, 5, 31), "网点")
_PRODUCT = {
    "regime": "NFRA7", "rating": "R2", "issuer": "R2", "minimum": 1, "term": 180, "from": date(2020, 1, 1),
    "until": date.max, "qualified_only": False, "currency": "CNY", "timely": True,
}  # fmt: skip


def client(name: str, day: date = DAY) -> Client:
    """As the core systems knew them on that day."""
    told = CASES["customers"][name]
    one = [told.get(key, usual) for key, usual in zip(_NAMES, _TEST, strict=True)]
    tests = told.get("tests", [one])
    own = {key: value for key, value in told.items() if key not in (*_NAMES, "tests")}
    facts = _PERSON | {"data_day": day} | own
    money = {key: _fen(facts.pop(key)) for key in ("liquid", "assets", "risky", "recent_loans")}
    taken = None if tests is None else tuple(Assessed(**dict(zip(_FIELDS, each, strict=True))) for each in tests)
    return Client(assessments=taken, horizon_days=facts.pop("horizon"), **facts, **money)


_FIELDS = ("regime", "level", "assessed_on", "valid_until", "channel")
_NAMES = ("source", "level", "assessed_on", "valid_until", "channel")


def offer(name: str) -> Offer:
    told = _PRODUCT | CASES["products"][name]
    return Offer(
        product_id="P0001", name=name, kind=told["kind"], regime=told["regime"], rating=told["rating"],
        issuer_rating=told["issuer"], minimum=_fen(told["minimum"]), term_days=told["term"], sale_from=told["from"],
        sale_until=told["until"], qualified_only=told["qualified_only"], currency=told["currency"], held=0,
        timely=told["timely"],
    )  # fmt: skip


def _fen(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100


def question(customer: str = "常人", product: str = "理财R2", amount: int = 200_000, day: date = DAY) -> Question:
    return Question(client=client(customer, day), offer=offer(product), seller=SELLER, amount=amount * 100, day=day)


def varied(part: Any, **changes: Any) -> Any:
    """The same value with other facts."""
    return part.model_copy(update=changes)


# --- what may come out of a core system ------------------------------------------------------------------------------

_days = st.dates(date(1930, 1, 1), date(2035, 12, 31)) | st.sampled_from(
    [date.min, date.max, DAY, date(2026, 11, 22), date(2026, 8, 25), date(2026, 8, 24), date(2026, 10, 24)]
)
_money = st.integers(0, 10**10) | st.sampled_from([0, 1, 100_000_000, 10**15, -5])
_words = st.sampled_from(["bank", "fund", "securities", "else"])


def unknown(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def near(usual: Any, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what lets a decision go on, so that every check is reached."""
    return st.just(usual) | st.just(usual) | st.just(usual) | unknown(values)


levels = st.sampled_from(["C1", "C2", "C3", "C4", "C5"])
ratings = st.sampled_from(["R1", "R2", "R3", "R4", "R5"])
tests_taken = st.builds(
    Assessed,
    regime=near("bank", _words),
    level=levels | unknown(st.just("C9")),
    assessed_on=near(date(2026, 6, 1), _days),
    valid_until=near(date(2027, 6, 1), _days),
    channel=st.sampled_from(["网点", "手机银行", None]),
)
clients = st.builds(
    Client,
    opened_on=near(date(2015, 1, 1), _days),
    born=near(date(1985, 6, 15), _days | st.sampled_from([date(1961, 9, 1), date(1950, 1, 1), date(1940, 1, 1)])),
    id_expiry=near(date(2030, 12, 31), _days),
    kyc_due=near(date(2027, 6, 30), _days),
    frozen=near(False, st.booleans()),
    sanctioned=near(False, st.booleans()),
    under_review=near(False, st.booleans()),
    data_day=near(DAY, _days),
    unit=st.sampled_from(["U1", "U1", "U1", "U1", "U1", "U2", None]),
    assessments=st.lists(tests_taken, max_size=3).map(tuple) | st.none(),
    investor_class=st.sampled_from(["普通", "专业", None]),
    horizon_days=near(730, st.integers(0, 4_000)),
    liquid=near(500_000_000, _money),
    assets=near(400_000_000, _money),
    risky=near(0, _money),
    recent_loans=near(0, _money),
    holds=st.sampled_from([None, (), ("wealth",), ("fund", "wealth")]),
)
offers = st.builds(
    Offer,
    product_id=st.just("P0001"),
    kind=st.sampled_from(["deposit", "wealth", "fund", "insurance", "trust", "metal", "bond", "wealth", "fund"])
    | unknown(st.just("else")),
    regime=st.sampled_from(["NFRA7", "CSRC", "INSURANCE", "NONE", "NFRA7", "CSRC"]) | unknown(st.just("else")),
    rating=ratings | unknown(st.just("PR3")),
    issuer_rating=ratings | unknown(st.just("PR3")),
    minimum=near(100, _money),
    term_days=near(180, st.integers(0, 4_000)),
    sale_from=near(date(2020, 1, 1), _days),
    sale_until=near(date.max, _days),
    qualified_only=near(False, st.booleans()),
    timely=near(True, st.booleans()),
    currency=near("CNY", st.just("USD")),
    held=near(0, _money),
)
sellers = (
    st.just(SELLER)
    | st.just(SELLER)
    | st.builds(
        Seller,
        active=unknown(st.booleans()),
        qualifications=unknown(st.dictionaries(st.sampled_from(["wealth", "fund", "insurance"]), _days)),
    )
)
questions = st.builds(
    Question,
    client=clients,
    offer=offers,
    seller=sellers,
    amount=near(20_000_000, _money),
    day=st.just(DAY) | st.just(DAY) | st.dates(),
    written=st.booleans(),
)
