"""Every permission and action has one Chinese word, none twice; a grant can be asked for by either."""

import pytest

from domain.field_rule import Action
from domain.granting import read_permission
from domain.permission_words import ACTION_WORDS, PERMISSION_WORDS, permission_words
from domain.policy import Permission
from domain.refusal import Unfit


def test_nothing_is_left_without_a_word_and_no_word_is_used_twice() -> None:
    assert set(PERMISSION_WORDS) == set(Permission)
    assert set(ACTION_WORDS) == set(Action)
    for words in (PERMISSION_WORDS.values(), ACTION_WORDS.values()):
        assert len(set(words)) == len(words)
        assert all(not any(sign.isascii() for sign in word) for word in words)


def test_a_grant_names_it_either_way() -> None:
    for said in ("查找客户", "customer:search", " Customer:Search "):
        assert read_permission(said) is Permission.CUSTOMER_SEARCH
    assert permission_words("customer:search") == "查找客户（customer:search）"
    assert permission_words("gone:now") == "gone:now"
    with pytest.raises(Unfit, match="没有“查客户”这个权限"):
        read_permission("查客户")
