"""Checks an audit export without the system that wrote it:

    python3 -I -S verify_audit.py EXPORT PUBLIC_KEY [CHECKPOINTS]

One file, the standard library alone, Python 3.8 or newer. EXPORT is what `rmbot audit export` wrote, PUBLIC_KEY the 64
hexadecimal digits that were handed over at the key ceremony (or a file with them), CHECKPOINTS the file of signed
checkpoints kept outside the bank's system. Exit code 0: nothing was changed; 1: something was, and where; 2: misuse.

An export is lines of JSON: a head, the records, an end. A record's hash is H(previous hash, number as 8 bytes, length
of its body as 8 bytes, body); the end is signed (Ed25519, RFC 8032) over the digest of everything before it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Json = dict[str, Any]
    Point = tuple[int, int, int, int]

EXPORT, CHECKPOINT, END = "rmbot-audit-export", "rmbot-audit-checkpoint", "rmbot-audit-end"
HASH_CHANGE, MOST_SHOWN = b'"action":"audit.hash"', 50
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

# --- Ed25519 (RFC 8032), points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z --------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, z - t, z + t, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    result = NEUTRAL
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def decoded(raw: bytes) -> Point | None:
    """The point of 32 bytes; None where they are none, or not the one way to write it."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
    if y >= P or (v * x * x - u) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def encoded(point: Point) -> bytes:
    scale = pow(point[2], P - 2, P)
    x, y = point[0] * scale % P, point[1] * scale % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = decoded(BASE_Y.to_bytes(32, "little")) or NEUTRAL


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the one of `message` under the public key."""
    point = decoded(key)
    if point is None or len(signature) != 64:
        return False
    number = int.from_bytes(signature[32:], "little")
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], point[2], P - point[3])
    return number < ORDER and encoded(add(times(number, BASE), times(challenge, minus))) == signature[:32]


# --- SM3 (GB/T 32905), where the build of Python does not have it ----------------------------------------------------

WORD = 2**32 - 1
SM3_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def turn(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & WORD


def sm3(data: bytes) -> bytes:
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        return own_sm3(data)


def own_sm3(data: bytes) -> bytes:
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (len(data) * 8).to_bytes(8, "big")
    state = list(SM3_START)
    for at in range(0, len(padded), 64):
        mixed = sm3_block(state, padded[at : at + 64])
        state = [state[word] ^ mixed[word] for word in range(8)]
    return b"".join(word.to_bytes(4, "big") for word in state)


def sm3_block(state: list[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
        w.append(mixed ^ turn(mixed, 15) ^ turn(mixed, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        early = j < 16
        one = turn((turn(a, 12) + e + turn(0x79CC4519 if early else 0x7A879D8A, j)) & WORD, 7)
        ff = a ^ b ^ c if early else a & b | a & c | b & c
        gg = e ^ f ^ g if early else e & f | ~e & WORD & g
        two = ff + d + (one ^ turn(a, 12)) + (w[j] ^ w[j + 4]) & WORD
        three = gg + h + one + w[j] & WORD
        a, b, c, d = two, a, turn(b, 9), c
        e, f, g, h = three ^ turn(three, 9) ^ turn(three, 17), e, turn(f, 19), g
    return [a, b, c, d, e, f, g, h]


HASHES = {"sha256": lambda data: hashlib.sha256(data).digest(), "sm3": sm3}

# --- what is found ---------------------------------------------------------------------------------------------------


class Findings:
    """What does not fit, each with its place, in Chinese and in English."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def add(self, chinese: str, english: str) -> None:
        self.said.append(chinese + " / " + english)


class Broken(Exception):
    """It cannot be followed any further; why was said."""


def canonical(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def parsed(line: bytes, where: tuple[str, str], found: Findings) -> Json:
    """What a line says, which must be written in the one way it can be written."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        found.add(where[0] + "读不懂", where[1] + " cannot be read")
        return {}
    if canonical(value) + b"\n" != line:
        found.add(where[0] + "被改写过", where[1] + " is not as it was written")
    return value


def is_signed(value: Json, key: bytes) -> bool:
    """Everything but the signature is what was signed."""
    rest = {name: said for name, said in value.items() if name != "signature"}
    try:
        signature = bytes.fromhex(value["signature"])
    except MALFORMED:
        return False
    return value["signature"] == signature.hex() and signed(key, canonical(rest), signature)


# --- the records -----------------------------------------------------------------------------------------------------


class Walk:
    """Follows the records; keeps the hashes that checkpoints ask for, and the checkpoints that records tell of."""

    def __init__(self, head: Json, wanted: set[int], found: Findings) -> None:
        self.algorithm, self.before, self.next = HASHES[head["hash"]], bytes.fromhex(head["before"]), head["from"]
        self.first, self.wanted, self.found = self.next, wanted, found
        self.hashes: dict[int, str] = {self.next - 1: head["before"]}
        self.told: dict[int, str] = {}

    @property
    def last(self) -> int:
        return int(self.next) - 1

    def take(self, value: Json) -> None:
        number, body = value["seq"], value["body"].encode("utf-8")
        if number != self.next:
            here = str(self.next)
            self.found.add(
                f"第 {here} 条缺失或被移动：这里是第 {number} 条",
                f"record {here} is missing or moved: here is {number}",
            )
        content = json.loads(body)
        if HASH_CHANGE in body and content["action"] == "audit.hash":
            self.algorithm = HASHES[content["detail"]["to"]]
        self.check(number, body, content, value)
        if content["action"] == "audit.checkpoint":
            self.told[content["detail"]["seq"]] = content["detail"]["hash"]
        if number in self.wanted:
            self.hashes[number] = value["hash"]
        self.before, self.next = bytes.fromhex(value["hash"]), number + 1  # so that one change is told once

    def check(self, number: int, body: bytes, content: Json, value: Json) -> None:
        hashed = self.algorithm(self.before + number.to_bytes(8, "big") + len(body).to_bytes(8, "big") + body).hex()
        if hashed != value["hash"] or content["seq"] != number:
            self.found.add(
                f"第 {number} 条被改动，或不接在前一条之后", f"record {number} was changed, or does not follow"
            )
        subjects = value["subjects"]
        digest = hashlib.sha256("\n".join(subjects).encode("utf-8")).hexdigest()
        if content["subjects"] != {"count": len(subjects), "digest": digest}:
            self.found.add(f"第 {number} 条涉及的客户被改动", f"the subjects of record {number} were changed")


def follow(lines: Iterable[bytes], key: bytes, wanted: set[int], found: Findings) -> tuple[Json, Walk]:
    """From the head to the signed end. Raises Broken where there is no head to begin with."""
    digest, walk, head, ended = hashlib.sha256(), None, {}, False
    for number, line in enumerate(lines, 1):
        where = (f"导出第 {number} 行", f"export line {number}")
        if ended:
            found.add(where[0] + "在结尾之后", where[1] + " stands behind the end")
            break
        value = parsed(line, where, found)
        try:
            if walk is None:
                head, walk = value, Walk(value, wanted, found)
            elif value.get("kind") == END:
                ended = True
                check_end(value, walk, digest.hexdigest(), key, found)
            else:
                walk.take(value)
        except MALFORMED:
            found.add(where[0] + "不成样子", where[1] + " is malformed")
            if walk is None:
                raise Broken from None
        digest.update(line)
    if walk is None:
        found.add("导出是空的", "the export is empty")
        raise Broken
    if not ended:
        found.add(f"导出在第 {walk.last} 条之后被截断", f"the export is cut off behind record {walk.last}")
    return head, walk


def check_end(end: Json, walk: Walk, digest: str, key: bytes, found: Findings) -> None:
    if not is_signed(end, key):
        found.add("结尾的签名不对：不是这把公钥签的，或被改动", "the end is not signed by this key, or was changed")
    if end["seq"] != walk.last or end["hash"] != walk.before.hex():
        found.add(
            f"结尾说到第 {end['seq']} 条，实际到第 {walk.last} 条",
            f"the end names record {end['seq']}, the last is {walk.last}",
        )
    if end["digest"] != digest:
        found.add("导出的内容与签名时不同", "the export is not what was signed")


# --- checkpoints -----------------------------------------------------------------------------------------------------


def checkpoints_of(lines: Iterable[bytes], key: bytes, found: Findings) -> list[Json]:
    """Those that the key signed; all others are findings."""
    good = []
    for number, line in enumerate(lines, 1):
        where = (f"检查点文件第 {number} 行", f"checkpoint line {number}")
        value = parsed(line, where, found)
        if value.get("kind") == CHECKPOINT and is_signed(value, key) and isinstance(value.get("seq"), int):
            good.append(value)
        elif value:
            found.add(where[0] + "不是这把公钥签的，或被改动", where[1] + " is not signed by this key, or was changed")
    return good


def compare(checkpoints: list[Json], head: Json, walk: Walk, found: Findings) -> None:
    for point in checkpoints:
        number = point["seq"]
        if number in walk.hashes and walk.hashes[number] != point["hash"]:
            said = f"与检查点不符：第 {number} 条及以前被整体改写，或检查点属于别的系统"
            found.add(said, f"checkpoint {number} does not fit: the chain was rewritten, or it is of another system")
        if number > walk.last and head.get("whole"):
            found.add(
                f"第 {walk.last + 1} 至 {number} 条被截去：有它们的检查点",
                f"records {walk.last + 1} to {number} were cut off",
            )
    kept = {point["seq"]: point["hash"] for point in checkpoints}
    for number, hashed in walk.told.items():
        if kept.get(number) != hashed:
            found.add(f"检查点文件缺第 {number} 条的检查点", f"the checkpoint of record {number} is missing")


# --- the command -----------------------------------------------------------------------------------------------------


def key_of(given: str) -> bytes:
    """64 hexadecimal digits, or a file with them."""
    try:
        return bytes.fromhex(given)
    except ValueError:
        with open(given, encoding="ascii") as file:
            return bytes.fromhex(file.read().strip())


def lines_of(path: str) -> list[bytes]:
    with open(path, "rb") as file:
        return file.readlines()


def verify(export: Iterable[bytes], key: bytes, checkpoints: Iterable[bytes] | None, found: Findings) -> str:
    """Everything that does not fit goes into `found`; what was looked at, in words."""
    points = [] if checkpoints is None else checkpoints_of(checkpoints, key, found)
    try:
        head, walk = follow(export, key, {point["seq"] for point in points}, found)
    except Broken:
        return ""
    if head.get("kind") != EXPORT:
        found.add("这不是审计导出", "this is no audit export")
    if checkpoints is not None:
        compare(points, head, walk, found)
    first, last, count = walk.first, walk.last, len(points)
    chinese, english = f"第 {first} 至 {last} 条", f"records {first} to {last}"
    if last < first:
        chinese, english = "没有记录", "no records"
    return f"{chinese}，检查点 {count} 个 / {english}, {count} checkpoints"


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3):
        sys.stderr.write("用法 / usage: python3 -I -S verify_audit.py EXPORT PUBLIC_KEY [CHECKPOINTS]\n")
        return 2
    found = Findings()
    try:
        key = key_of(arguments[1])
        checkpoints = lines_of(arguments[2]) if len(arguments) == 3 else None
        with open(arguments[0], "rb") as export:
            seen = verify(export, key, checkpoints, found)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"读不了 / cannot read: {error}\n")
        return 2
    sys.stdout.write(seen + "\n")
    for said in found.said[:MOST_SHOWN]:
        sys.stdout.write("× " + said + "\n")
    changed = f"发现 {len(found.said)} 处不符 / {len(found.said)} findings"
    sys.stdout.write((changed if found.said else "完整，没有发现改动 / whole, nothing was changed") + "\n")
    return 1 if found.said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
