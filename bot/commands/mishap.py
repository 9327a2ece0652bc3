"""What a person reads when a command did not work: Chinese, with what to do next, never a traceback."""

import errno
import os
import re
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
    errno.EPERM: "没有权限，请检查它的属主和权限",
    errno.EROFS: "磁盘是只读的",
    errno.EISDIR: "这是一个目录，请写文件的路径",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EEXIST: "已有同名的文件",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EIO: "磁盘读写出错，请检查磁盘",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "符号链接绕成了圈",
    errno.EMFILE: "打开的文件太多，请调高 ulimit -n",
    errno.EBUSY: "正被占用",
}
# What SQLite and PostgreSQL say, by what one can do about it.
_DATABASE = (
    (r"unable to open", "打不开数据库文件，请检查路径和权限"),
    (r"not a database", "这个文件不是数据库，请检查路径"),
    (r"malformed", "数据库文件已损坏，请从备份恢复"),
    (r"disk is full|No space left", "磁盘已满"),
    (r"disk I/O", "磁盘读写出错，请检查磁盘"),
    (r"readonly|read-only", "数据库是只读的，请检查权限"),
    (r"is locked|lock timeout", "数据库正忙，请稍后再试"),
    (r"no such table|does not exist.*relation|relation .* does not exist", "缺少表，请先执行 rmbot migrate"),
    (r"Connection refused|No such file or directory", "没有在监听，请确认数据库已启动"),
    (r"authentication failed|no password supplied|role .* does not exist", "账号或密码不对"),
    (r"database .* does not exist", "没有这个库，请先建库"),
    (r"resolve|not known|No address", "找不到这台主机"),
    (r"timeout|timed out", "等了太久没有回答"),
    (r"too many (clients|connections)|connection slots", "连接数已满"),
    (r"starting up|shutting down", "数据库正在启动或停止，请稍后再试"),
    (r"permission denied", "账号没有权限"),
    (r"closed the connection|terminating|connection .*lost", "连接断了，请稍后再试"),
)
SPOKEN = (SettingsError, DatabaseBusy, VaultError)


def explain(error: Exception) -> str:
    """The text for standard error; what nobody foresaw is named by its type."""
    return foreseen(error) or _unforeseen(error)


def foreseen(error: Exception) -> str | None:
    """What happened and what to do, of what can be expected to happen."""
    if isinstance(error, Refused):
        return error.text
    if isinstance(error, SPOKEN):
        return str(error)
    if is_database_error(error):
        return f"数据库不能用（{_cause(error)}）：请检查 RMBOT_DATABASE__URL，以及数据库是否在运行、磁盘是否已满"
    if isinstance(error, OSError) and error.filename is not None:
        number = error.errno or 0
        return f"读写 {error.filename} 失败：{_REASONS.get(number, errno.errorcode.get(number, '原因不明'))}"
    return None


def _unforeseen(error: Exception) -> str:
    if os.environ.get("RMBOT_LOG__LEVEL", "").lower() == "debug":
        sys.stderr.write(_safe(traceback.format_exception(error)))
    return f"程序出错（{type(error).__name__}）：设 RMBOT_LOG__LEVEL=debug 再执行一次可看到经过，请连同它一起反馈"


def _cause(error: Exception) -> str:
    told = str(error.__cause__ or error.args[0])
    known = next((said for sign, said in _DATABASE if re.search(sign, told, re.IGNORECASE)), None)
    return known or type(error.__cause__ or error).__name__


def _safe(lines: Iterable[str]) -> str:
    return str(masked("".join(lines)))
