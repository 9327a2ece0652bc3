"""What of the house's rows is due, what a legal hold keeps, and how the rest is erased."""
