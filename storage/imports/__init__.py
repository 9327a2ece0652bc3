"""Feed files of the bank, read, checked and loaded (design §5, import format)."""
