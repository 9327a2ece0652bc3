"""Staff who leave, change their post or come back, and what follows for what they have in hand."""
