"""How long each kind of data is kept, and what may be erased when."""
