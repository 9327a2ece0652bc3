"""One asks, others decide: the same way for everything that needs a second person's word."""
