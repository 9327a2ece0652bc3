"""Chores of the repository: none of this ships in the wheel."""
