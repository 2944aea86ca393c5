"""Who moved from which machine to which, how it is known, and who does that."""

__version__ = "0.1.0"
