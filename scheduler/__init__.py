"""The clock's entry point: which job runs when."""
