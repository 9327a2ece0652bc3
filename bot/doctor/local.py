"""What can be looked at on this machine: key file, database, fonts."""

import shutil
import stat
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from bot.commands import mishap, reach
from bot.doctor.finding import Finding, bad, good, soon, unknown
from bot.settings import Settings
from storage.checkup import SchemaState, schema_state
from storage.engine import is_sqlite, sqlite_path

CALENDAR_NOTICE = timedelta(days=60)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_file(settings: Settings) -> Finding:
    """The key must be there and nobody else's to read."""
    return _key(settings.key_file, "密钥文件", "首次启动或导入时")


def signing_key(settings: Settings) -> Finding:
    """The same for the key that signs the audit trail."""
    return _key(settings.notary.key_file, "审计签名密钥", "首次启动或签名时")


def _key(path: Path, what: str, when: str) -> Finding:
    if not path.exists():
        return unknown(what, f"{path} 还没有，{when}自动生成；生成后请另行备份")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS:
        return bad(what, f"{path} 的权限是 {mode:04o}，其他账号能读到：请执行 chmod 600 {path}")
    return good(what, f"{path}，权限 {mode:04o}；请确认另有备份")


def database(settings: Settings) -> tuple[Finding, Mapping[str, bool] | None]:
    """Whether the database can be used, and the userids it knows with who works here (None: nobody could be asked)."""
    what = "数据库"
    try:
        url = settings.database_url
        unmade = is_sqlite(url) and not sqlite_path(url).exists()
        if unmade or (not is_sqlite(url) and schema_state(url) is SchemaState.EMPTY):
            return unknown(what, "还是空的，首次启动或导入时建好"), None
        staff = staff_of(settings)
    except Exception as error:
        return bad(what, mishap.explain(error)), None
    return good(what, f"能用，结构是最新的；在职员工 {sum(staff.values())} 人"), staff


def staff_of(settings: Settings) -> Mapping[str, bool]:
    """Every userid of the staff, and whether the person works here; raises what reaching the database raises."""
    said: list[str] = []
    reach.run_errand(settings, "staff.known", said.append)
    return {line.split(" ")[0]: line.endswith(" 1") for line in said}


def calendar(settings: Settings) -> Finding:
    """Deadlines that reach into a year without published holidays are reckoned, not known."""
    what, told = "工作日历", list[str]()
    try:
        reach.run_errand(settings, "calendar.outlook", told.append)
    except Exception as error:
        return bad(what, mishap.explain(error))
    through, today = map(date.fromisoformat, told[0].split())
    if through - today > CALENDAR_NOTICE:
        return good(what, f"已确认到 {through}")
    year = max(through.year + 1, today.year)
    return soon(
        what,
        f"{year} 年的放假安排还没有确认，跨到那一年的时限按较早的一个算："
        "国务院办公厅公布后（通常在 11 月），请执行 rmbot calendar import FILE --confirm",
    )


def feeds(settings: Settings) -> Finding:
    """Data that is late is nobody's fault here, and nobody notices it otherwise."""
    what, told = "数据到位", list[str]()
    try:
        reach.run_errand(settings, "feeds.late", told.append)
    except Exception as error:
        return bad(what, mishap.explain(error))
    if not told:
        return good(what, "各项数据都按时到了（没有导入过的不算）")
    return soon(what, "；".join(told) + "：请向科技部门催要，到了再导入；关怀提醒会等它")


def fonts() -> Finding:
    """Pictures and PDF files need Chinese characters."""
    what, fix = "中文字体", "请安装一种（Debian：apt install fonts-noto-cjk），否则图片和 PDF 里的汉字会显示成方块"
    if shutil.which("fc-list") is None:
        return unknown(what, f"没有 fc-list 命令，看不到装了哪些。{fix}")
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False, timeout=30)
    families = sorted({line.split(",")[0] for line in listed.stdout.splitlines() if line})
    return good(what, "、".join(families[:3])) if families else bad(what, fix)
