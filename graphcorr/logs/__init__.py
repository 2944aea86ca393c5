"""What logs mean: one file per log type, and the pure function that turns records into a batch of events."""
