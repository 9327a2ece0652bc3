"""Rows in and out; the only home of SQLAlchemy."""
