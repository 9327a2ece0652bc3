"""Other bots, each a script for a Python of its own that has their library and nothing of ours."""
