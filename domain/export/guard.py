"""Text that a spreadsheet would take for a formula stays text (CWE-1236): whatever begins like one gets a quote."""

import re

_FORMULA = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def guarded(text: str) -> str:
    """Also behind blanks and what nobody sees, and in full width, which input methods write."""
    return f"'{text}" if _FORMULA.match(text) else text
