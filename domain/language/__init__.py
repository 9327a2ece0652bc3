"""The rule language: tokens, a small typed tree, and why a rule holds, in Chinese."""
