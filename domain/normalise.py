"""One spelling for what people type: width, quotes, spaces and invisible characters are not differences."""

import re
import unicodedata

_QUOTES = str.maketrans("“”„‟‘’‚‛「」『』", "\"\"\"\"''''\"\"''")
_NAME_DOTS = re.compile(r"\s*[·•‧・∙⋅]\s*")
_SPACE_BESIDE_HAN = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_JOINER = "\u200d"


def normalise(text: str) -> str:
    """One line in compatibility form, straight quotes, single spaces, no control or invisible characters."""
    visible = unicodedata.normalize("NFKC", _without_controls(text, keep=""))
    return " ".join(visible.translate(_QUOTES).split())


def normalise_note(text: str) -> str:
    """A note keeps its lines, its punctuation and its emoji; only what cannot be seen is dropped."""
    visible = _without_controls(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n" + _JOINER)
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFC", visible).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def normalise_name(text: str) -> str:
    """A person's name: 王 秀兰 is 王秀兰, and every dot between name parts is the same dot."""
    return _SPACE_BESIDE_HAN.sub("", _NAME_DOTS.sub("·", normalise(text)))


def compact(text: str) -> str:
    """For comparing: normalised, lower case, no spaces at all."""
    return normalise(text).lower().replace(" ", "")


def digits(text: str) -> str:
    """The ASCII digits alone, full-width ones included: ` 138-0000 1234` → `13800001234`."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c in "0123456789")


def _without_controls(text: str, keep: str) -> str:
    return text if text.isprintable() else "".join(_visible(c, keep) for c in text)


def _visible(char: str, keep: str) -> str:
    if char in keep:
        return char
    category = unicodedata.category(char)
    if category == "Cc":
        return " " if char.isspace() else ""
    return "" if category in ("Cf", "Cs") else char
