"""Rows in and out: unit of work, inbox, outbox, timers, audit, encryption, feeds."""
