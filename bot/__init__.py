"""The entry points and the wiring: callback, worker, sender, pages, settings, command line."""

__version__ = "0.1.0"
