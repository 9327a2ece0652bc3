"""Text messages by SMS: one port, four ways behind it, and the channel that empties the outbox into it."""
