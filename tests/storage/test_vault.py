"""The vault: sealed cells open only where they were sealed, with the key they were sealed with."""

import base64
import os
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import schema
from storage.ciphers import AES
from storage.engine import is_sqlite, postgres, sqlite_writer
from storage.keyring import Ring, cell_key
from storage.opening import open_database
from storage.vault import Vault, VaultError, open_vault
from tests.storage.deeds import Clocks, opened


def vault_of(url: str, key_file: Path) -> Vault:
    """Opened and closed as a process would."""
    engine = sqlite_writer(url) if is_sqlite(url) else postgres(url, pool=1)
    try:
        with engine.begin() as connection:
            return open_vault(connection, key_file)
    finally:
        engine.dispose()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "rmbot.key"


@pytest.fixture
def vault(migrated_url: str, key_file: Path) -> Vault:
    return vault_of(migrated_url, key_file)


CELL = ("customer", "name", "C001")


def test_a_cell_opens_where_it_was_sealed(vault: Vault) -> None:
    cell = vault.seal(*CELL, "示例·王秀兰")
    assert vault.open(*CELL, cell) == "示例·王秀兰"
    assert "示例".encode() not in cell
    assert vault.seal(*CELL, "示例·王秀兰") != cell
    assert vault.open_optional(*CELL, vault.seal_optional(*CELL, None)) is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("staff", "name", "C001"),
        ("customer", "address", "C001"),
        ("customer", "name", "C002"),
        ("customer", "name", ""),
    ],
)
def test_a_cell_moved_elsewhere_does_not_open(vault: Vault, elsewhere: tuple[str, str, str]) -> None:
    with pytest.raises(VaultError, match="被改动或被移到"):
        vault.open(*elsewhere, vault.seal(*CELL, "x"))


def test_no_boundary_of_where_a_cell_belongs_can_be_moved() -> None:
    """Table, column and row are joined by a bar; only the last may hold one."""
    names = [name for table in schema.metadata.tables.values() for name in (table.name, *table.columns.keys())]
    assert [name for name in names if "|" in name] == []


def test_no_bit_of_a_cell_can_be_changed(vault: Vault) -> None:
    cell = vault.seal(*CELL, "x")
    for place in range(len(cell) * 8):
        changed = bytearray(cell)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(VaultError):
            vault.open(*CELL, bytes(changed))


def test_no_part_of_a_cell_can_be_left_out(vault: Vault) -> None:
    cell = vault.seal(*CELL, "words")
    for size in range(len(cell)):
        with pytest.raises(VaultError):
            vault.open(*CELL, cell[:size])
    with pytest.raises(VaultError):
        vault.open(*CELL, cell + b"\x00")


@settings(max_examples=50, deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs"])), picture=st.binary())
def test_whatever_is_sealed_comes_back(words: str, picture: bytes) -> None:
    made = Vault(Ring(1, {1: cell_key(1, AES, b"k" * 32)}, ()))
    assert made.open(*CELL, made.seal(*CELL, words)) == words
    assert made.open_bytes(*CELL, made.seal_bytes(*CELL, picture)) == picture


def test_a_blind_index_allows_equality_within_its_column_alone(vault: Vault) -> None:
    index = vault.index("mobile_index", "19900000001")
    assert index == vault.index("mobile_index", "19900000001")
    assert len(index) == 16
    others = [vault.index("mobile_index", "19900000002"), vault.index("id_number_index", "19900000001")]
    assert index not in others
    assert b"19900000001" not in index


def test_the_next_process_opens_the_cells_of_the_last(vault: Vault, migrated_url: str, key_file: Path) -> None:
    again = vault_of(migrated_url, key_file)
    assert again.open(*CELL, vault.seal(*CELL, "x")) == "x"
    assert again.index("a", "b") == vault.index("a", "b")


def test_two_databases_share_no_index(migrated_url: str, vault: Vault, tmp_path: Path, migrated_sqlite: bytes) -> None:
    (tmp_path / "other.db").write_bytes(migrated_sqlite)
    other = vault_of(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "keys" / "rmbot.key")
    assert other.index("a", "b") != vault.index("a", "b")
    with pytest.raises(VaultError):
        other.open(*CELL, vault.seal(*CELL, "x"))


# --- the key file -------------------------------------------------------------------------------------------------


def test_the_key_file_is_made_for_its_owner_alone(vault: Vault, key_file: Path) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert len(base64.b64decode(key_file.read_text())) == 32
    assert [path.name for path in key_file.parent.iterdir()] == ["rmbot.key"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(vault: Vault, migrated_url: str, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"):
        vault_of(migrated_url, key_file)


def test_a_missing_key_beside_data_is_refused_and_not_replaced(vault: Vault, migrated_url: str, key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(VaultError, match="找不到密钥文件"):
        vault_of(migrated_url, key_file)
    assert not key_file.exists()


def test_the_key_of_another_database_is_refused(vault: Vault, migrated_url: str, key_file: Path) -> None:
    key_file.write_text(base64.b64encode(os.urandom(32)).decode())
    with pytest.raises(VaultError, match="不匹配"):
        vault_of(migrated_url, key_file)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe", base64.b64encode(b"k" * 31), "密钥".encode() * 9])
def test_a_damaged_key_is_refused(vault: Vault, migrated_url: str, key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    with pytest.raises(VaultError, match="已损坏"):
        vault_of(migrated_url, key_file)


def test_swapped_data_keys_are_refused(vault: Vault, migrated_url: str, key_file: Path) -> None:
    engine = sqlite_writer(migrated_url) if is_sqlite(migrated_url) else postgres(migrated_url, pool=1)
    with engine.begin() as connection:
        columns = schema.data_key.c
        wrapped = [row.wrapped for row in connection.execute(sa.select(columns.wrapped).order_by(columns.kid))]
        for kid, other in ((1, wrapped[1]), (2, wrapped[0])):
            connection.execute(schema.data_key.update().where(columns.kid == kid).values(wrapped=other))
    engine.dispose()
    with pytest.raises(VaultError, match="不匹配"):
        vault_of(migrated_url, key_file)


def test_those_who_start_together_agree_on_one_key(tmp_path: Path, migrated_sqlite: bytes) -> None:
    """Databases of their own, one key file: whoever comes second takes the first one's key, whole."""
    key_file = tmp_path / "rmbot.key"
    urls = []
    for number in range(12):
        (tmp_path / f"{number}.db").write_bytes(migrated_sqlite)
        urls.append(f"sqlite:///{tmp_path / f'{number}.db'}")
    barrier, errors = threading.Barrier(12), []

    def begin(url: str) -> None:
        barrier.wait()
        try:
            vault_of(url, key_file)
        except VaultError as error:
            errors.append(error)

    threads = [threading.Thread(target=begin, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for url in urls:
        vault_of(url, key_file)
    assert sorted(path.name for path in tmp_path.iterdir() if "key" in path.name) == ["rmbot.key"]


def test_a_database_refused_for_its_key_is_let_go(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path):
        pass
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(VaultError):
        open_database(migrated_url, tmp_path / "key", Clocks())
    (tmp_path / "key").chmod(0o600)
    with opened(migrated_url, tmp_path) as database:
        assert database.run(lambda unit: 1) == 1
