"""Windows event logs: one file an event."""
