"""The words used everywhere: records, events and their kinds, findings, the report."""
