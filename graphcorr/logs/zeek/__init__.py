"""Logs of Zeek, the network monitor: one file a log."""
