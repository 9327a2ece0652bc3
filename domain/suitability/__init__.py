"""Whether a product suits a customer: facts and a table in, a decision with reasons and steps out."""
