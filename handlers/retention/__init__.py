"""Retention: what is due is reported, agreed to by people, and erased."""
