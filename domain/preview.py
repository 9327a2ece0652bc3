"""What somebody would see of a customer, field by field with the rule that says so, without a single value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.permission_words import ACTION_WORDS, PERMISSION_WORDS
from domain.policy import Permission, Policy
from domain.purpose import Purpose
from domain.scope import RELATION_WORDS, Relation
from domain.sharing import Field, Form, Setting, Surface, form_for
from domain.staff import Staff

FORM_WORDS = {
    Form.PLAIN: "明文",
    Form.WAN: "以万计",
    Form.BAND: "区间",
    Form.MASKED: "打码",
    Form.WITHHELD: "不给看",
}
SURFACE_WORDS = {
    Surface.WECOM: "企业微信",
    Surface.PAGE: "页面",
    Surface.REVEAL: "验证后",
    Surface.EXPORT: "导出",
    Surface.EXPORT_PLAIN: "审批后导出",
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its form on each surface, and why."""

    field: Field
    label: str
    forms: tuple[tuple[Surface, Form], ...]
    why: str

    def __str__(self) -> str:
        forms = dict(self.forms)
        if forms[Surface.EXPORT_PLAIN] is forms[Surface.EXPORT]:
            del forms[Surface.EXPORT_PLAIN]  # others' word changes nothing
        shown = set(forms.values())
        same = FORM_WORDS[next(iter(shown))]
        each = "，".join(f"{SURFACE_WORDS[surface]}{FORM_WORDS[form]}" for surface, form in forms.items())
        return f"{self.label}：{same if len(shown) == 1 else each}（{self.why}）"


def preview(
    policy: Policy, reader: Staff, relation: Relation, purpose: Purpose, setting: Setting
) -> tuple[FieldView, ...]:
    """Every field the policy speaks of, for somebody in their acting post who may read customers."""
    views = []
    audiences = {surface: policy.audience(reader, relation, purpose, surface, setting) for surface in Surface}
    reads = Permission.CUSTOMER_READ in policy.permissions(reader)
    for field in policy.fields.fields:
        forms = tuple((surface, form_for(field, audience)) for surface, audience in audiences.items())
        why = _why(policy, reader, field, relation, purpose) if reads else "岗位不能查看客户"
        views.append(FieldView(field, policy.fields.label(field), forms, why))
    return tuple(views)


_ON_THE_PAGE = {Form.PLAIN: "明文", Form.WAN: "以万计", Form.BAND: "区间", Form.MASKED: "打码", Form.WITHHELD: "看不到"}


def overview(views: Iterable[FieldView]) -> tuple[tuple[str, str], ...]:
    """The fields by what becomes of them, each group in a line: how they are read, what a second verification opens,
    what WeCom does not carry, what is not exported.
    """
    groups: dict[str, list[str]] = {word: [] for word in (*_ON_THE_PAGE.values(), *_BESIDE)}
    for view in views:
        for word in _groups_of(dict(view.forms)):
            groups[word].append(view.label)
    return tuple((word, "、".join(labels)) for word, labels in groups.items() if labels)


_OPENED, _NOT_SENT, _NOT_EXPORTED, _EXPORTED = "验证后明文", "企微不发", "不能导出", "审批后导出"
_BESIDE = (_OPENED, _NOT_SENT, _NOT_EXPORTED, _EXPORTED)


def _groups_of(forms: Mapping[Surface, Form]) -> Iterator[str]:
    opened = forms[Surface.REVEAL] is Form.PLAIN is not forms[Surface.PAGE]
    seen = forms[Surface.PAGE] is not Form.WITHHELD
    if seen or not opened:
        yield _ON_THE_PAGE[forms[Surface.PAGE]]
    if opened:
        yield _OPENED
    if (seen or opened) and forms[Surface.WECOM] is Form.WITHHELD:
        yield _NOT_SENT
    if (seen or opened) and forms[Surface.EXPORT] is Form.WITHHELD:
        yield _NOT_EXPORTED
    if forms[Surface.EXPORT_PLAIN] is not forms[Surface.EXPORT]:
        yield _EXPORTED


_ABOUT_CUSTOMERS = ("case:file", "consent:", "customer:", "relation:", "suitability:", "tier:ask", "visit:")


def deeds(policy: Policy, reader: Staff, relation: Relation, purpose: Purpose) -> tuple[str, str]:
    """What the reader may do for such a customer, and what the post may do but not for this one; in words."""
    held = [each for each in sorted(policy.permissions(reader)) if each.value.startswith(_ABOUT_CUSTOMERS)]
    stopped = [each for each in held if policy.stop(reader, relation, each, purpose) is not None]
    here = [each for each in held if each not in stopped]
    may, may_not = ("、".join(PERMISSION_WORDS[each] for each in some) for some in (here, stopped))
    return may, may_not


def _why(policy: Policy, reader: Staff, field: Field, relation: Relation, purpose: Purpose) -> str:
    rule = policy.rules.get(reader.post) if reader.post else None
    if rule is None or reader.post is None or purpose not in rule.purposes:
        return f"岗位没有“{purpose}”这个目的"
    if field in rule.hide:
        return "岗位写明不给看（hide）"
    entry = policy.fields.rule(field, reader.post, purpose)
    if entry is None:
        return "没有一条写给这个岗位和目的"
    allowed = [ACTION_WORDS[action] for action, relations in entry.relations.items() if relation in relations]
    return f"第 {entry.number} 条，{RELATION_WORDS[relation]}：{'、'.join(allowed) or '没有写'}"
