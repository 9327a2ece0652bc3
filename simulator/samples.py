"""Built-in sample media, drawn byte by byte so that the repository carries no pictures."""

import struct
import zlib


def picture(width: int = 240, height: int = 160) -> bytes:
    """A small PNG: an obviously artificial gradient."""
    rows = b"".join(
        b"\x00" + bytes(v for x in range(width) for v in (80 + x * 120 // width, 140 + y * 90 // height, 200))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def voice() -> bytes:
    """One second of AMR silence."""
    return b"#!AMR\n" + (b"\x3c" + b"\x00" * 31) * 50


def video() -> bytes:
    """The opening box of an MP4."""
    return struct.pack(">I", 24) + b"ftypisom" + struct.pack(">I", 512) + b"isommp41"
