"""Refusals: what a person is told when something may not or cannot be done; nothing of the attempt is kept."""


class Refused(Exception):
    """The unit is undone and the person reads `text` (Chinese: what is wrong and what to do next)."""

    def __init__(self, text: str, *, reason: str = "refused") -> None:
        super().__init__(text)
        self.text = text
        self.reason = reason


class Unfit(Refused):
    """One answer of a form does not fit the world: that question is asked again with the reason, the rest is kept."""

    def __init__(self, text: str, *, field: str, reason: str) -> None:
        super().__init__(text, reason=reason)
        self.field = field


class Forbidden(Refused):
    """The person may not do this; recorded with the permission that was missing."""

    def __init__(self, text: str, *, permission: str) -> None:
        super().__init__(text, reason="forbidden")
        self.permission = permission


class Stopped(Refused):
    """What is being done stops at this customer, whatever else is answered: a form about it is over."""


class Stale(Refused):
    """A button that no longer fits the present state; the person is shown the present state instead."""

    def __init__(self, text: str) -> None:
        super().__init__(text, reason="stale")
