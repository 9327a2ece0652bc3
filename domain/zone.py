"""The zone in which the bank lives and its rules are meant; without summer time since 1991."""

from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
