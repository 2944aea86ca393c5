"""Damaged logs: nothing falls over, nothing is lost in silence, and what is found only in them is shown."""
