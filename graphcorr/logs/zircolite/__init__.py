"""Results of Zircolite, which searches event logs by rules."""
