"""A mask shows which one it is, never what it is, and never fails."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import mask


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        (mask.mask_name, "张三", "张*"),
        (mask.mask_name, "王秀兰", "王*兰"),
        (mask.mask_name, "欧阳建华", "欧**华"),
        (mask.mask_name, "欧 阳 建 华", "欧**华"),
        (mask.mask_name, "王", "*"),
        (mask.mask_name, "", ""),
        (mask.mask_mobile, "13800005678", "138****5678"),
        (mask.mask_mobile, "+86 138-0000-5678", "138****5678"),
        (mask.mask_mobile, "１３８００００５６７８", "138****5678"),
        (mask.mask_mobile, "12345", "****"),
        (mask.mask_id_number, "310101199001010006", "3****************6"),
        (mask.mask_id_number, "31010", "****"),
        (mask.mask_id_number_for_check, "310101199001010006", "310***********0006"),
        (mask.mask_passport, "E12345678", "E******78"),
        (mask.mask_account, "6222020000001234", "622202******1234"),
        (mask.mask_account, "6222 0200 0000 1234", "622202******1234"),
        (mask.mask_account, "12345678", "****5678"),
        (mask.mask_account, "1234", "****"),
        (mask.mask_account_in_list, "6222020000001234", "****1234"),
        (mask.mask_account_in_list, "1234567", "****"),
        (mask.mask_address, "上海市浦东新区世纪大道100号", "上海市浦东新区****"),
        (mask.mask_address, "浙江省杭州市西湖区文三路1号", "浙江省杭州市西湖区****"),
        (mask.mask_address, "江苏省苏州市昆山市玉山镇1号", "江苏省苏州市昆山市****"),
        (mask.mask_address, "杭州市文三路阳光小区3栋", "杭州市****"),
        (mask.mask_address, "世纪大道100号", "****"),
        (mask.mask_email, "zhang@x.com", "z***@x.com"),
        (mask.mask_email, "z@x.com", "***@x.com"),
        (mask.mask_email, "zhangsan", "***"),
        (mask.mask_email, "", ""),
    ],
)
def test_mask(of: Callable[[str], str], text: str, expected: str) -> None:
    assert of(text) == expected


ALL = (
    mask.mask_name, mask.mask_mobile, mask.mask_id_number, mask.mask_id_number_for_check, mask.mask_passport,
    mask.mask_account, mask.mask_account_in_list, mask.mask_address, mask.mask_email,
)  # fmt: skip


@pytest.mark.parametrize("of", ALL)
@given(
    text=st.text(max_size=40).filter(lambda t: "*" not in t and "＊" not in t and "﹡" not in t and len(t.strip()) >= 2)
)
def test_no_mask_gives_the_original_back(of: Callable[[str], str], text: str) -> None:
    assert of(text) != text


@pytest.mark.parametrize(
    "of", [mask.mask_mobile, mask.mask_id_number_for_check, mask.mask_account, mask.mask_account_in_list]
)
@given(number=st.text(alphabet="123456789", min_size=1, max_size=25))
def test_at_least_four_digits_of_a_number_stay_hidden(of: Callable[[str], str], number: str) -> None:
    shown = sum(c != "*" for c in of(number))
    assert shown <= max(0, len(number) - 4)
