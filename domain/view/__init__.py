"""The eight dimensions of the 360° view: what each says of a customer, before anything is withheld."""
