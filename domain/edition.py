"""How the edition of a pack is said: its key (`policy-3`) is for machines."""


def edition_text(what: str, version: str) -> str:
    """权限包第 3 版; a key without a number stays as it is."""
    number = version.rpartition("-")[2]
    return f"{what}第 {number} 版" if number.isdecimal() else f"{what} {version}"
