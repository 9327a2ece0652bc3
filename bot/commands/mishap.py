"""What a person reads when a command did not work: Chinese, with what to do next, never a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Iterable

from bot.logging import masked
from bot.settings import SettingsError
from domain.refusal import Refused
from storage.checkup import is_database_error
from storage.engine import DatabaseBusy
from storage.vault import VaultError

_REASONS = {
    errno.ENOENT: "没有这个文件或目录，请检查路径",
    errno.EACCES: "没有权限，请检查它的属主和权限",
    errno.EROFS: "磁盘是只读的",
    errno.EISDIR: "这是一个目录，请写文件的路径",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已有同名的文件",
    errno.ENOSPC: "磁盘已满",
}
SPOKEN = (SettingsError, DatabaseBusy, VaultError)


def explain(error: Exception) -> str:
    """The text for standard error; what nobody foresaw is named by its type."""
    if isinstance(error, Refused):
        return error.text
    if isinstance(error, SPOKEN):
        return str(error)
    if is_database_error(error):
        cause = _first_line(str(error.__cause__ or error.args[0]))
        return f"数据库不能用（{cause}）：请检查 RMBOT_DATABASE__URL，以及数据库是否在运行、磁盘是否已满"
    if isinstance(error, OSError) and error.filename is not None:
        return f"读写 {error.filename} 失败：{_REASONS.get(error.errno or 0, error.strerror)}"
    return _unforeseen(error)


def _unforeseen(error: Exception) -> str:
    if os.environ.get("RMBOT_LOG__LEVEL", "").lower() == "debug":
        sys.stderr.write(_safe(traceback.format_exception(error)))
    return f"程序出错（{type(error).__name__}）：设 RMBOT_LOG__LEVEL=debug 再执行一次可看到经过，请连同它一起反馈"


def _first_line(text: str) -> str:
    return _safe(text.strip().splitlines()[:1])


def _safe(lines: Iterable[str]) -> str:
    return str(masked("".join(lines)))
