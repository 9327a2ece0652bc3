"""Logs carry ids and never personal data or secrets, whoever writes them."""

import subprocess
import sys

import pytest

from bot.logging import masked
from tests.bot.rmbot_process import ROOT


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("手机 19900001234 打来", "手机 *** 打来"),
        ("order 1990000123456", "order 1990000123456"),
        ("id 110101199003071234 end", "id *** end"),
        ("id 11010119900307123X", "id ***"),
        ("msgid 1234567890123456789", "msgid 1234567890123456789"),
        ("GET /user/get?access_token=abc-D_1&userid=rm01", "GET /user/get?access_token=***&userid=rm01"),
        ("/cb?msg_signature=0a1b&timestamp=1&echostr=x%2By", "/cb?msg_signature=***&timestamp=1&echostr=***"),
        ('{"corpsecret": "s3cret", "x": 1}', '{"corpsecret": "***", "x": 1}'),
        ("postgresql+psycopg://bot:pass@db/bot", "postgresql+psycopg://bot:***@db/bot"),
        ("row 17 done", "row 17 done"),
    ],
)  # fmt: skip
def test_texts_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_values_are_masked_by_name_and_however_deep() -> None:
    event = {"row": 7, "mobile": 19900001234, "inner": [{"name": "样例", "userid": "rm01"}, ("19900001234",)]}
    assert masked(event) == {"row": 7, "mobile": "***", "inner": [{"name": "***", "userid": "rm01"}, ["***"]]}


WRITE = """
import logging, structlog
from bot.logging import configure
from bot.sections import Log
configure(Log(level={level!r}, format={form!r}))
structlog.get_logger("app").info("seen", row=3, text="王秀兰 19900001234")
structlog.get_logger("app").debug("unseen")
logging.getLogger("apscheduler").info("every half second")
try:
    raise ValueError("19900001234 access_token=abc")
except ValueError:
    logging.getLogger("asyncio").exception("lost")
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_everything_goes_through_the_mask_to_standard_error(form: str) -> None:
    program = WRITE.format(level="info", form=form)
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == ""
    assert "seen" in said.stderr
    assert "row" in said.stderr
    assert "ValueError" in said.stderr
    for hidden in ("19900001234", "王秀兰", "abc", "unseen", "half second"):
        assert hidden not in said.stderr
