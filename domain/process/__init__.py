"""The process engine: what a pack's process means, and the one function that moves a case."""
