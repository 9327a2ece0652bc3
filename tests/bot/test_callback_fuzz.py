"""Mutated envelopes: whatever comes, the answer is one of four constant ones, nothing leaks, nothing grows."""

import asyncio
import random
import resource
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.bot.gate import Gate, click, envelope, layout, opened_gate, padded, query, raw, sealed, text

ANSWERS = {200: "", 400: "bad request", 403: "forbidden", 413: "too large"}
FEW, MANY = 4_000, 200_000
PIECES = [b"<", b">", b"&", b"]]>", b"<![CDATA[", b"\x00", b"\xff", b"<a>", b"</xml>", b"<xml>", b"<Encrypt>",
          b"<!DOCTYPE x>", "张".encode(), b"&#0;", b"&#65;", b"=", b"\r\n", b"\xef\xbb\xbf", b"<?x?>", b"9" * 400,
          b"<MsgType>event</MsgType>"]  # fmt: skip

Request = tuple[bytes, dict[str, str]]


class Mutants:
    """Requests one mutation or more away from a good one, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._messages = [text(number=1).encode(), click().encode()]

    def next(self) -> Request:
        return self._dice.choice((self._outer, self._cipher, self._plain, self._inner, self._inner, self._parameters))()

    def _spoil(self, data: bytes) -> bytes:
        for _ in range(self._dice.choice((1, 1, 1, 2, 5))):
            place = self._dice.randrange(len(data) + 1)
            to = min(len(data), place + self._dice.choice((0, 1, 4, 40)))
            piece = self._dice.choice(
                [b"", self._dice.randbytes(1), self._dice.choice(PIECES), data[place : place + 50]]
            )
            data = data[:place] + piece + data[to:]
        return data

    def _message(self) -> bytes:
        return self._dice.choice(self._messages)

    def _outer(self) -> Request:
        encrypt = sealed(self._message().decode())
        return self._spoil(envelope(encrypt)), query(encrypt)

    def _cipher(self) -> Request:
        encrypt = self._spoil(sealed(self._message().decode()).encode()).decode(errors="replace")
        return envelope(encrypt), query(encrypt)

    def _plain(self) -> Request:
        """Rightly signed, the layout spoilt."""
        plain = self._spoil(padded(layout(self._message())))
        encrypt = raw(plain[: len(plain) // 16 * 16])
        return envelope(encrypt), query(encrypt)

    def _inner(self) -> Request:
        """Rightly signed and laid out, the message spoilt: what a broken sender with our key would send."""
        encrypt = raw(padded(layout(self._spoil(self._message()))))
        return envelope(encrypt), query(encrypt)

    def _parameters(self) -> Request:
        encrypt = sealed(self._message().decode())
        parameters = query(encrypt)
        name = self._dice.choice(list(parameters))
        return envelope(encrypt), parameters | {name: self._spoil(parameters[name].encode()).decode(errors="replace")}


async def storm(gate: Gate, mutants: Mutants, count: int, at_once: int = 8) -> Counter[int]:
    """Send that many; what was answered how often. Fails at the first answer that is none of the four."""
    answered: Counter[int] = Counter()

    async def send(share: int) -> None:
        for _ in range(share):
            body, parameters = mutants.next()
            status, words = await gate.post(body, parameters)
            assert ANSWERS.get(status) == words, (status, words, body, parameters)
            answered[status] += 1

    await asyncio.gather(*(send(count // at_once) for _ in range(at_once)))
    return answered


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=[pytest.mark.full, pytest.mark.timeout(3_000)])])
async def test_mutated_envelopes(
    migrated_url: str, tmp_path: Path, count: int, backend: str, capfd: pytest.CaptureFixture[str]
) -> None:
    mutants = Mutants(seed=20261123)
    share = count // (2 if count == FEW else 1)  # the few are shared by the two databases
    async with opened_gate(migrated_url, tmp_path) as gate:
        warm = await storm(gate, mutants, share // 4)
        before, began = megabytes(), time.monotonic()
        answered = warm + await storm(gate, mutants, share - share // 4)
        assert megabytes() - before < 40, f"{megabytes() - before:.0f} MB in {time.monotonic() - began:.0f} s"
        assert answered.total() >= share - 16
        assert set(answered) >= {200, 400, 403}
        assert len(await gate.kept()) <= answered[200]
        assert await gate.send(text(number=77)) == (200, "")
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said
    assert "王秀兰" not in said
