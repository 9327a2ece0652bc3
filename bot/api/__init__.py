"""The interface for other systems of the bank, on the admin port: /api/v1."""
