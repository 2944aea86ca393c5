"""The calls by subject: every module here has ``CALLS``."""
