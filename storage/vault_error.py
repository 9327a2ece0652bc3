"""The one error of keys and sealed cells."""


class VaultError(Exception):
    """A key or a cell that cannot be trusted; the message is Chinese and says what to do."""
