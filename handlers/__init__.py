"""Use cases, one module a feature: load, decide, save, say."""
