"""Measurements of the whole command against plain parsers on the same data, each in a process of its own."""
