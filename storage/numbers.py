"""Customer numbers as people type them: the bank's letters may be large or small, and numbers are whole."""


def written(words: str) -> list[str]:
    """The ways in which the bank may write such a number, as it was typed first."""
    typed = words.strip()
    return list(dict.fromkeys((typed, typed.upper(), typed.lower())))
