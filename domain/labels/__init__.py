"""Labels: in which tier, stage and segments a customer is, why, and by which version of the rules."""
