"""What the bank's system holds of one person, given to that person (PIPL 45): which data, in which words, and why not."""
