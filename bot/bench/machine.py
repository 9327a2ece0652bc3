"""What the figures were measured on: processors, versions, the disk under the databases and how long it takes."""

import os
import platform
import sqlite3
import statistics
import time
from pathlib import Path

SYNCS = 50


def facts(folder: Path, postgres_version: str) -> dict[str, str]:
    """Told in Chinese, in the order of reading."""
    return {
        "处理器": f"{os.cpu_count()} 个，{_processor()}",
        "系统": f"{platform.system()} {platform.machine()}，Python {platform.python_version()}",
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": postgres_version,
        "测前负载": f"{os.getloadavg()[0]:.1f}（一分钟平均；明显大于 0 说明别人也在用这台机器，数字会偏差）",
        "磁盘": f"{file_system(folder)}，一次 fdatasync {sync_milliseconds(folder):.2f} ms（中位数）",
    }


def file_system(folder: Path) -> str:
    """The kind of file system that holds `folder`; empty where the system does not tell."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return platform.system()
    rows = [line.split()[1:3] for line in mounts.read_text().splitlines()]
    holding = [(point, kind) for point, kind in rows if folder.resolve().is_relative_to(point)]
    return max(holding, key=lambda row: len(row[0]))[1]


def sync_milliseconds(folder: Path) -> float:
    """Median of some small writes that wait for the disk."""
    path, took = folder / "sync", []
    keep = getattr(os, "fdatasync", os.fsync)
    with open(path, "wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            started = time.perf_counter()
            keep(file.fileno())
            took.append((time.perf_counter() - started) * 1e3)
    path.unlink()
    return statistics.median(took)


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
