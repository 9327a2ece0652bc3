"""A colleague's book and the work that hangs on it go to a successor, once a superior agrees."""
