"""Timelines of Hayabusa, which searches event logs by rules."""
