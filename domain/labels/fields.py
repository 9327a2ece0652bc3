"""The names by which label rules know the measures."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from domain.labels.measures import Measures
from domain.language.fields import Dictionary, FieldType, Lookup, Meaning, Value, dictionary
from domain.tier import Tier

TIER = "客户等级"
SECONDS_A_DAY = 86_400
WHOLE = 1000
"""Measured shares are in thousandths."""

_FLAG, _MONEY, _NUMBER = FieldType.FLAG, FieldType.MONEY, FieldType.NUMBER
_DAYS, _SHARE = FieldType.DURATION, FieldType.PERCENT

MEASURED: Mapping[str, tuple[str, FieldType]] = MappingProxyType({
    "已销户": ("closed", _FLAG),
    "开户时间": ("opened_days", _DAYS),
    "曾入金": ("funded", _FLAG),
    "首次入金时间": ("funded_days", _DAYS),
    "沉默时间": ("silent_days", _DAYS),
    "资产": ("aum", _MONEY),
    "一年最高资产": ("peak", _MONEY),
    "九十天跌幅": ("fall", _SHARE),
    "九十天增幅": ("growth", _SHARE),
    "九十天波动": ("swing", _SHARE),
    "产品类": ("kinds", _NUMBER),
    "一年新增产品类": ("new_kinds", _NUMBER),
    "未到期持仓": ("running", _NUMBER),
    "一年投资交易": ("trades", _NUMBER),
    "一年换手": ("turnover", _SHARE),
    "活动期交易占比": ("eventful", _SHARE),
    "平均持有": ("held_days", _DAYS),
    "加权剩余期限": ("left_days", _DAYS),
    "持有满一年占比": ("long_share", _SHARE),
})  # fmt: skip
"""Name, attribute of `Measures`, and what kind of value it is."""

_TIERS = {tier.value: tier.value for tier in Tier}
FIELDS: Dictionary = dictionary(
    Meaning(TIER, FieldType.CHOICE, _TIERS, _TIERS, {tier.value: tier.rank for tier in Tier}),
    *(Meaning(name, kind) for name, (_, kind) in MEASURED.items()),
)


def lookup(measures: Measures, tier: Tier) -> Lookup:
    """How a rule reads one customer."""

    def look(name: str) -> Value | None:
        if name == TIER:
            return tier.value
        attribute, kind = MEASURED[name]
        value: int | bool | None = getattr(measures, attribute)
        if value is None or kind is FieldType.FLAG:
            return value
        return Decimal(value) / WHOLE if kind is FieldType.PERCENT else value * _UNIT.get(kind, 1)

    return look


_UNIT = {FieldType.DURATION: SECONDS_A_DAY}
