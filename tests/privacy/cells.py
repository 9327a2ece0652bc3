"""Every cell of the permission matrix, counted and compared with the model; `modules` may be mutated ones."""

import itertools
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

from domain.grant import GrantKind, Held
from domain.ids import UnitId, UserId
from domain.staff import Post, Staff, Unit, UnitKind, UnitTree
from tests.privacy import model

SETTINGS = ("full_name", "masked", "reference")
SURFACES = ("wecom", "page", "reveal", "export", "export_plain")
PURPOSES = ["服务", "营销", "尽调", "投诉", "贷后", "审计", "监管"]
RELATIONS = (*model.NEAR, *model.FAR, *model.GUESTS, *model.ALONE)
FIELDS = (
    "address", "advice", "aml", "amount", "collections", "contribution", "credit", "customer_number", "flow", "growth",
    "id_number", "mobile", "name", "note", "personal", "product", "profile", "relation", "risk", "share", "tier",
    "trail",
)  # fmt: skip
UNKNOWN = "没有的岗"
PLACES = {"PD1": (True, True), "PD": (True, True), "XH": (False, True), "BJ": (False, False), "": (False, False)}
TREE = UnitTree.of(
    Unit(UnitId(name), name, kind, UnitId(above) if above else None)
    for name, kind, above in [
        ("HO", UnitKind.HEAD_OFFICE, ""), ("SH", UnitKind.BRANCH, "HO"), ("PD", UnitKind.SUB_BRANCH, "SH"),
        ("PD1", UnitKind.OUTLET, "PD"), ("XH", UnitKind.SUB_BRANCH, "SH"), ("BJ", UnitKind.BRANCH, "HO"),
    ]
)  # fmt: skip
ME = UserId("me")


_form = cache(model.form)


def member(post: str, *grants: Held) -> Staff:
    return Staff(ME, "示例甲", (Post(post),), UnitId("PD1"), grants=grants)


def forms(modules: SimpleNamespace) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Post, relation, field, surface, setting, purpose: what is shown, what should be."""
    sharing, scope, purpose_module = modules.sharing, modules.scope, modules.purpose
    for post, how, purpose, surface, setting in itertools.product(
        (*model.POSTS, UNKNOWN), RELATIONS, PURPOSES, SURFACES, SETTINGS
    ):
        audience = modules.POLICY.audience(
            member(post), scope.Relation(how), purpose_module.Purpose(purpose), sharing.Surface(surface),
            sharing.Setting(setting),
        )  # fmt: skip
        for field in FIELDS:
            shown = sharing.form_for(sharing.Field(field), audience).value
            yield (
                (post, how, field, surface, setting, purpose),
                shown,
                model.form(post, field, how, surface, setting, purpose),
            )


def rows(modules: SimpleNamespace) -> Iterator[tuple[tuple[Any, ...], str | None, str | None]]:
    """Post, keeper, team, place, lent unit, open case, grant: how one stands, how one should."""
    lent = Held(GrantKind.UNIT, "BJ")
    no_yes = (False, True)
    for post, own, team, place, lends, in_case, given, broken in itertools.product(
        (*model.POSTS, UNKNOWN), no_yes, no_yes, PLACES, no_yes, no_yes, no_yes, no_yes
    ):
        scope = modules.POLICY.scope(member(post, *([lent] if lends else [])), TREE)
        found = scope.relation(
            ME if own else UserId("other"), [ME] if team else [UserId("third")], UnitId(place) if place else None,
            in_case=in_case, given=given, broken=broken,
        )  # fmt: skip
        sub_branch, branch = PLACES[place]
        wanted = model.relation(
            post, own=own, team=team, within=model.reaches(post, same_sub_branch=sub_branch, same_branch=branch),
            lent_unit=lends and place == "BJ", in_case=in_case, given=given, broken=broken,
        )  # fmt: skip
        yield (post, own, team, place, lends, in_case, given, broken), found and found.value, wanted
        yield (post, lends, "statement"), scope.kind.value, model.statement(post, lends)


def permissions(modules: SimpleNamespace) -> Iterator[tuple[tuple[str, ...], object, object]]:
    """Post, permission, what one person has besides: whether it is allowed; and by which purposes one may look."""
    every = [permission.value for permission in modules.policy.Permission]
    for post, word in itertools.product((*model.POSTS, UNKNOWN), every):
        permission, mine = modules.policy.Permission(word), model.allowed(post, word)
        yield (post, word), modules.POLICY.check(member(post), permission) is None, mine
        yield (post, word, "post"), modules.POLICY.grants(post, permission), mine
        denied = member(post, Held(GrantKind.DENY, word), Held(GrantKind.PERMISSION, word))
        yield (post, word, "denied"), permission in modules.POLICY.permissions(denied), False
        yield (post, word, "refused"), modules.POLICY.check(denied, permission) is None, False
        extra = permission in modules.POLICY.permissions(member(post, Held(GrantKind.PERMISSION, word)))
        yield (post, word, "extra"), extra, mine or (post != UNKNOWN and not withheld(post, word))
    for post, purpose in itertools.product(model.POSTS, PURPOSES):
        refusal = modules.POLICY.check(
            member(post), modules.policy.Permission("help:read"), modules.purpose.Purpose(purpose)
        )
        yield (post, purpose), refusal is None, purpose in model.purposes(post)
        used = modules.POLICY.purpose(member(post), "customer.query").value
        usual = "服务" if "服务" in model.purposes(post) else None
        yield (post, "usual"), used in model.purposes(post) and usual in (None, used), True


def deeds(modules: SimpleNamespace) -> Iterator[tuple[tuple[str, ...], object, object]]:
    """Post, permission, relation, purpose: whether it is done for such a customer, and whether for a frozen one."""
    every = [permission.value for permission in modules.policy.Permission]
    for post, word, purpose in itertools.product((*model.POSTS, UNKNOWN), every, PURPOSES):
        doing, why = modules.policy.Permission(word), modules.purpose.Purpose(purpose)
        scope = modules.POLICY.scope(member(post), TREE, doing, why)
        for how in RELATIONS:
            going = modules.scope.Relation(how) not in scope.shut
            yield (post, word, how, purpose), going, model.done(post, word, how, purpose)
        yield (post, word, "frozen"), not scope.rests, model.done_with_frozen(word)
    idle = modules.POLICY.scope(member("客户经理"), TREE)
    yield ("idle",), (dict(idle.shut), idle.rests), ({}, False)
    looking = modules.POLICY.scope(member("客户经理"), TREE, modules.policy.Permission("visit:log")).looking
    yield ("looking",), (dict(looking.shut), looking.rests), ({}, False)


def withheld(post: str, word: str) -> bool:
    """What no grant can give: customers and visits to who runs the system, visits to who controls."""
    keeps_out = post in model.SYSTEM and word.startswith(("customer:", "visit:"))
    return keeps_out or (post in model.WHOLE and post != "催收岗" and word == "visit:log")


def words(modules: SimpleNamespace) -> Iterator[tuple[tuple[str, ...], str | None, str | None]]:
    """Relation and field to the very words; third persons are read as one stands to them."""
    sharing, scope = modules.sharing, modules.scope
    samples = {"name": "王秀兰", "customer_number": "C0000123", "mobile": "19900001234", "amount": 1_234_567_890,
               "growth": 70, "profile": "某支行"}  # fmt: skip
    said = {
        ("name", "plain"): "王秀兰", ("name", "masked"): "王*兰", ("customer_number", "plain"): "C0000123",
        ("customer_number", "masked"): "尾号0123", ("mobile", "masked"): "199****1234",
        ("mobile", "plain"): "19900001234", ("amount", "wan"): "1,234.57 万", ("amount", "band"): "1000–5000 万",
        ("growth", "plain"): "+7.0%", ("growth", "band"): "明显", ("profile", "plain"): "某支行",
    }  # fmt: skip
    for how, other, surface, field in itertools.product(RELATIONS, (None, *RELATIONS), SURFACES, samples):
        surfaces, purpose = sharing.Surface(surface), modules.purpose.Purpose("服务")
        audience = modules.POLICY.audience(member("主管"), scope.Relation(how), purpose, surfaces)
        third = scope.Relation(other) if other else None
        datum = sharing.Datum(sharing.Field(field), samples[field], third)
        shown = model.form("主管", field, other or how, surface, "full_name", "服务")
        expected = said.get((field, shown))
        yield (how, other or "", surface, field), sharing.redact(("：", datum), audience), expected and f"：{expected}"
    band = sharing.Audience(scope.Relation("own_book"), {scope.Relation("own_book"): {
        sharing.Field(field): sharing.Form("band") for field in FIELDS}})  # fmt: skip
    for field in ("name", "mobile", "personal", "note"):
        yield ("unfit", field), sharing.redact((sharing.Datum(sharing.Field(field), "机密"),), band), None
    yield (
        ("nothing",),
        sharing.redact((sharing.Datum(sharing.Field("name"), "x"),), sharing.Audience("own_book", {})),
        None,
    )


def conflicts(modules: SimpleNamespace) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """Pairs of posts: whether one person may hold both."""
    trade, system = [model.BOOK, ["合规岗"], ["审计员"]], [["业务管理员"], ["系统管理员"], ["安全管理员"], ["审计员"]]
    for pair in itertools.combinations(model.POSTS, 2):
        apart = any(sum(bool(set(pair) & set(group)) for group in groups) > 1 for groups in (trade, system))
        found = modules.conflict.conflict_text(modules.POLICY.conflicts, [Post(each) for each in pair])
        yield pair, found is not None, apart


def all_cells(modules: SimpleNamespace) -> Iterator[tuple[tuple[Any, ...], object, object]]:
    for part in (permissions, conflicts, rows, deeds, words, forms):
        yield from part(modules)
