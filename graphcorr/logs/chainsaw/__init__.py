"""Detections of Chainsaw, which searches event logs by rules."""
