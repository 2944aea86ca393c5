"""What the pattern rows say: one finding per file version that was written and run, with evidence and doubts."""
