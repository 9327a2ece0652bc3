"""Cases: filed, moved on by buttons, forms and timers, looked at; every process of the house goes through here."""
