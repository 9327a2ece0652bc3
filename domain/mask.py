"""What is left of an identifier when a person may know which one it is but not what it is (JR/T 0171 display rules)."""

import re
from typing import Final

from domain.normalise import digits, normalise, normalise_name

HIDDEN: Final = "****"
_LEAST_HIDDEN: Final = 4
_PLACE: Final = r"[^\W\d_省市区县旗盟路街巷弄道号村镇乡栋楼室幢苑园里小社]"
_DISTRICT: Final = re.compile(
    rf"(?P<province>{_PLACE}{{2,8}}(?:省|自治区|特别行政区))?"
    rf"(?P<city>{_PLACE}{{1,8}}(?:市|自治州|盟|地区))?"
    rf"(?P<district>{_PLACE}{{1,8}}(?:区|自治县|县|旗|市))?"
)


def mask_name(name: str) -> str:
    """张三 → 张*, 王秀兰 → 王*兰, 欧阳建华 → 欧**华; one character says too much and is hidden."""
    text = normalise_name(name)
    if len(text) <= 2:
        return text[:1] + "*" if len(text) == 2 else "*" * len(text)
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_mobile(mobile: str) -> str:
    """138****5678, whatever country code, spaces or dashes it was stored with."""
    number = digits(mobile)
    return _ends(number[2:] if len(number) == 13 and number.startswith("86") else number, 3, 4)


def mask_id_number(number: str) -> str:
    """For display: the first and the last character."""
    return _ends(_solid(number), 1, 1)


def mask_id_number_for_check(number: str) -> str:
    """For checking against a document at the counter: three and four."""
    return _ends(_solid(number), 3, 4)


def mask_passport(number: str) -> str:
    """Passports and the permits of Hong Kong, Macao and Taiwan: one and two."""
    return _ends(_solid(number), 1, 2)


def mask_account(number: str) -> str:
    """A card or account number: the public issuer part and the last four; a short one only its last four."""
    text = _solid(number)
    return _ends(text, 6, 4) if len(text) >= 10 + _LEAST_HIDDEN else _ends(text, 0, 4)


def mask_account_in_list(number: str) -> str:
    """In lists the last four are enough."""
    text = _solid(number)
    return HIDDEN + text[-4:] if len(text) >= 4 + _LEAST_HIDDEN else HIDDEN if text else ""


def mask_address(address: str) -> str:
    """上海市浦东新区****: down to the district, and nothing when the district cannot be told from a street."""
    text = _solid(address)
    match = _DISTRICT.match(text)
    return (match[0] if match else "") + HIDDEN if text else ""


def mask_email(email: str) -> str:
    """z***@x.com: the first letter and the domain."""
    text = _solid(email)
    local, at, domain = text.rpartition("@")
    if not at or not domain:
        return "***" if text else ""
    return f"{local[:1] if len(local) > 1 else ''}***@{domain}"


def _solid(text: str) -> str:
    return normalise(text).replace(" ", "")


def _ends(text: str, head: int, tail: int) -> str:
    """Both ends if at least four characters stay hidden between them, otherwise nothing but stars."""
    hidden = len(text) - head - tail
    if hidden < _LEAST_HIDDEN:
        return HIDDEN if text else ""
    return f"{text[:head]}{'*' * hidden}{text[len(text) - tail :]}"
