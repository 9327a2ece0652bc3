"""The stand-alone verifier: it runs on a bare Python, passes what is whole, and finds every change at its place."""

import ast
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot import verify_audit
from bot.verify_audit import Findings, own_sm3, signed, verify
from storage import checkpoints, schema
from storage.audit_export import export
from storage.chain import FIRST_HASH, GENESIS, hash_from, link
from storage.ciphers import GM, INTL, Sm3, Suite
from storage.database import Database
from storage.notary import Notary
from storage.opening import open_database
from storage.start_note import note_start
from storage.unit import Unit
from tests.conftest import BACKENDS
from tests.databases import migrate
from tests.storage.deeds import NOW, Clocks

SOURCE = Path(verify_audit.__file__)
AUDIT = schema.audit.c
COUNT = 12
# RFC 8032, section 7.1: secret key, public key, message, signature
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("_secret", "public", "message", "signature"), VECTORS)
def test_the_published_signatures(_secret: str, public: str, message: str, signature: str) -> None:
    key, said, sign = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert signed(key, said, sign)
    assert not signed(key, said + b"x", sign)
    higher = int.from_bytes(sign[32:], "little") + verify_audit.ORDER
    assert not signed(key, said, sign[:32] + higher.to_bytes(32, "little"))  # the same signature, written another way
    assert not signed(bytes.fromhex(VECTORS[0][1] if public != VECTORS[0][1] else VECTORS[1][1]), said, sign)


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), place=st.integers(0, 511))
def test_signatures_of_another_library(seed: bytes, message: bytes, place: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert signed(key, message, signature)
    changed = bytearray(signature)
    changed[place // 8] ^= 1 << place % 8
    assert not signed(key, message, bytes(changed))


@pytest.mark.parametrize("key", [b"", b"\xff" * 32, b"\x02" + bytes(31), bytes(31) + b"\x80"])
def test_what_is_no_key_signs_nothing(key: bytes) -> None:
    assert not signed(key, b"", bytes(64))


@given(data=st.binary(max_size=300))
def test_the_own_sm3_is_the_published_one(data: bytes) -> None:
    assert own_sm3(data) == Sm3(data).digest()


# --- an export and its checkpoints --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What an auditor is handed, as bytes."""

    export: bytes
    key: bytes
    checkpoints: bytes | None

    def findings(self) -> list[str]:
        found = Findings()
        points = None if self.checkpoints is None else self.checkpoints.splitlines(keepends=True)
        verify(BytesIO(self.export), self.key, points, found)
        return found.said


@contextmanager
def running(url: str, folder: Path, suite: Suite = INTL) -> Iterator[Database]:
    """Twelve records, a start of a process and a checkpoint behind the eighth."""
    made = open_database(url, folder / "key", Clocks(), suite)
    made.start(None)
    for number in range(COUNT):
        made.run(lambda unit, n=number: read(unit, n))
        if number == 7:
            made.run(lambda unit: note_start(unit, "1.0", "policy-1", {"RMBOT_HTTP__PORT": "1"}))
            sign(made, notary_in(folder))
    yield made
    made.stop()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with running(migrated_url, tmp_path) as made:
        yield made


PLACES = {f"{kind}-{suite.name}": (kind, suite) for kind in BACKENDS for suite in (INTL, GM)}


@pytest.fixture(scope="module", params=PLACES.values(), ids=PLACES.keys())
def any_proof(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    """Of each database in each suite, made once; whoever changes it changes a copy."""
    kind, suite = request.param
    folder = tmp_path_factory.mktemp("proof")
    databases = request.getfixturevalue("postgres_databases") if kind == "postgresql" else None
    if databases is None:
        (folder / "rmbot.db").write_bytes(request.getfixturevalue("migrated_sqlite"))
    url = databases.copy(migrate) if databases else f"sqlite:///{folder / 'rmbot.db'}"
    with running(url, folder, suite) as made:
        yield proof_of(made, folder)
    if databases:
        databases.drop(url)


def read(unit: Unit, number: int) -> None:
    unit.actor = f"rm0{number % 3}"
    unit.acting[unit.actor] = "客户经理"
    unit.audit(
        "customer.read", f"customer:C{number}", {"purpose": "服务", "n\u2028": "é\u0001\"'😀"}, [f"C{number}", "C0"]
    )


def sign(database: Database, notary: Notary) -> None:
    signed = checkpoints.sign_head(database, notary)
    assert signed is not None
    database.run(lambda unit: checkpoints.record(unit, signed, notary))


def notary_in(folder: Path) -> Notary:
    return Notary(folder / "audit.key", folder / "off-box" / "checkpoints")


def proof_of(database: Database, folder: Path, name: str = "export", **days: object) -> Proof:
    notary = notary_in(folder)
    export(database, notary, folder / name, days.get("begin"), days.get("end"))  # type: ignore[arg-type]
    return Proof((folder / name).read_bytes(), bytes.fromhex(notary.public_key), notary.checkpoints.read_bytes())


def test_what_is_whole_passes(any_proof: Proof) -> None:
    assert any_proof.findings() == []
    assert replace(any_proof, checkpoints=None).findings() == []


def test_a_part_passes_and_begins_where_it_says(database: Database, tmp_path: Path) -> None:
    database.clocks.now = NOW.replace(day=25)  # type: ignore[attr-defined]
    database.run(lambda unit: read(unit, 50))
    database.run(lambda unit: read(unit, 51))
    part = proof_of(database, tmp_path, begin=NOW.replace(day=24))
    assert part.findings() == []
    assert [orjson.loads(line).get("seq") for line in part.export.splitlines()[1:3]] == [COUNT + 3, COUNT + 4]
    assert part.export.count(b"\n") == 4
    before = proof_of(database, tmp_path, "before", end=NOW.replace(day=24))
    assert before.findings() == []
    nothing = proof_of(database, tmp_path, "nothing", begin=NOW.replace(day=28))
    assert nothing.findings() == []


Change = Callable[[list[bytes]], list[bytes]]


def _edited(lines: list[bytes]) -> list[bytes]:
    lines[5] = lines[5].replace("服务".encode(), "营销".encode())
    return lines


def _other_subject(lines: list[bytes]) -> list[bytes]:
    lines[5] = lines[5].replace(b'"subjects":["C0","C4"]', b'"subjects":["C0","C9"]')
    return lines


CHANGES: dict[str, tuple[Change, str]] = {
    "edited": (_edited, "第 5 条被改动"),
    "another customer": (_other_subject, "第 5 条涉及的客户被改动"),
    "deleted": (lambda lines: lines[:5] + lines[6:], "第 5 条缺失"),
    "swapped": (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], "第 5 条缺失或被移动：这里是第 6 条"),
    "doubled": (lambda lines: [*lines[:6], *lines[5:]], "第 6 条缺失或被移动：这里是第 5 条"),
    "cut off": (lambda lines: lines[:8], "导出在第 7 条之后被截断"),
    "cut off and closed": (lambda lines: [*lines[:8], lines[-1]], "实际到第 7 条"),
    "the first gone": (lambda lines: [lines[0], *lines[2:]], "第 1 条缺失"),
    "something behind": (lambda lines: [*lines, lines[5]], "在结尾之后"),
    "nothing left": (lambda lines: [], "导出是空的"),
    "a line too deep to read": (lambda lines: [*lines[:5], b"[" * 100_000 + b"\n", *lines[5:]], "第 6 行读不懂"),
    "no head": (lambda lines: lines[1:], "不成样子"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_where_it_is(any_proof: Proof, what: str) -> None:
    change, said = CHANGES[what]
    changed = replace(any_proof, export=b"".join(change(any_proof.export.splitlines(keepends=True))))
    assert any(said in finding for finding in changed.findings()), changed.findings()


def rewrite(database: Database, until: int | None = None) -> None:
    """Somebody with the database in hand writes the whole chain anew, hashes, head and all."""

    def anew(unit: Unit) -> None:
        seq, tip, algorithm = 0, GENESIS, FIRST_HASH
        for row in unit.rows(sa.select(schema.audit).order_by(AUDIT.seq)):
            body = row.body.replace(b'"actor":"rm01"', b'"actor":"rm02"')
            algorithm = hash_from(body, algorithm)
            hashed = link(tip, row.seq, body, algorithm)
            at = AUDIT.seq == row.seq
            unit.execute(schema.audit.update().where(at).values(body=body, prev=tip, hash=hashed))
            seq, tip = row.seq, hashed
            if row.seq == until:
                break
        unit.execute(schema.audit.delete().where(AUDIT.seq > seq))
        unit.execute(schema.audit_head.update().values(seq=seq, hash=tip))

    database.run(anew)


def test_a_chain_written_anew_does_not_fit_the_checkpoints(database: Database, tmp_path: Path) -> None:
    rewrite(database)
    proof = proof_of(database, tmp_path)
    assert [finding.partition("：")[0] for finding in proof.findings()] == ["与检查点不符"]


def test_a_chain_cut_off_before_the_export_does_not_fit_the_checkpoints(database: Database, tmp_path: Path) -> None:
    rewrite(database, until=6)
    assert any("被截去：有它们的检查点" in finding for finding in proof_of(database, tmp_path).findings())


def test_foreign_and_changed_checkpoints(database: Database, tmp_path: Path) -> None:
    proof = proof_of(database, tmp_path)
    stranger = Notary(tmp_path / "other.key", tmp_path / "other")
    (line,) = (proof.checkpoints or b"").splitlines(keepends=True)
    said = orjson.loads(line)
    foreign = stranger.signed({name: said[name] for name in said if name not in ("key", "signature")})
    for points, found in (
        (line + foreign, "检查点文件第 2 行不是这把公钥签的"),
        (line.replace(b'"seq":', b'"seq":1'), "检查点文件第 1 行不是这把公钥签的"),
        (b"", "的检查点"),
        (line.replace(b",", b", ", 1), "检查点文件第 1 行被改写过"),
    ):
        changed = replace(proof, checkpoints=points)
        assert any(found in finding for finding in changed.findings()), found
    other = replace(proof, key=bytes.fromhex(stranger.public_key))
    assert any("结尾的签名不对" in finding for finding in other.findings())


@pytest.fixture(scope="module")
def kept_proof(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> Proof:
    """One for many small changes."""
    folder = tmp_path_factory.mktemp("proof")
    (folder / "rmbot.db").write_bytes(migrated_sqlite)
    with running(f"sqlite:///{folder / 'rmbot.db'}", folder) as made:
        return proof_of(made, folder)


@given(data=st.data())
def test_any_single_byte_of_the_export_counts(kept_proof: Proof, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(kept_proof.export) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != kept_proof.export[place]))
    changed = kept_proof.export[:place] + bytes([byte]) + kept_proof.export[place + 1 :]
    assert Proof(changed, kept_proof.key, None).findings() != []


@given(data=st.data())
def test_any_single_byte_of_a_checkpoint_counts(kept_proof: Proof, data: st.DataObject) -> None:
    points = kept_proof.checkpoints or b""
    place = data.draw(st.integers(0, len(points) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != points[place]))
    changed = points[:place] + bytes([byte]) + points[place + 1 :]
    assert Proof(kept_proof.export, kept_proof.key, changed).findings() != []


@given(data=st.data())
def test_any_other_order_counts(kept_proof: Proof, data: st.DataObject) -> None:
    lines = kept_proof.export.splitlines(keepends=True)
    order = data.draw(st.permutations(range(len(lines))).filter(lambda order: order != sorted(order)))
    changed = b"".join(lines[at] for at in order)
    assert Proof(changed, kept_proof.key, None).findings() != []


# --- on its own -----------------------------------------------------------------------------------------------------


def alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As an auditor runs it: no site packages, nothing of ours in reach."""
    program = folder / "verify_audit.py"
    program.write_bytes(SOURCE.read_bytes())
    command = [sys.executable, "-I", "-S", str(program), *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, timeout=60)


def test_it_runs_on_a_bare_python(database: Database, tmp_path: Path) -> None:
    proof_of(database, tmp_path)
    key, points = notary_in(tmp_path).public_key, tmp_path / "off-box" / "checkpoints"
    (tmp_path / "key.pub").write_text(key + "\n")
    for given_key in (key, str(tmp_path / "key.pub")):
        ended = alone(tmp_path, str(tmp_path / "export"), given_key, str(points))
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "完整，没有发现改动 / whole" in ended.stdout
        assert "检查点 1 个 / records 1 to" in ended.stdout
    changed = (tmp_path / "export").read_bytes().replace(b"rm01", b"rm02", 1)
    (tmp_path / "changed").write_bytes(changed)
    ended = alone(tmp_path, str(tmp_path / "changed"), key)
    assert ended.returncode == 1
    assert "× 第 2 条被改动" in ended.stdout
    assert "record 2 was changed" in ended.stdout
    assert alone(tmp_path).returncode == 2
    assert alone(tmp_path, str(tmp_path / "nothing"), key).returncode == 2
    assert alone(tmp_path, str(tmp_path / "export"), "zz").returncode == 2


def test_it_needs_nothing_but_the_standard_library_of_python_3_8() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 8))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in ([each.name for each in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert modules <= {"__future__", "collections", "hashlib", "json", "sys", "typing"}
    younger = {"removeprefix", "removesuffix", "batched", "pairwise"}  # of 3.9 and later
    assert not younger & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert hashlib.sha256(SOURCE.read_bytes()).digest()
