"""What is held of one person, given to that person (PIPL 45): which data, in which words, and what not and why."""
