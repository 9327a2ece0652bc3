"""Lists that leave the house as a file: what they hold, who has to agree, and how a copy is known again."""
