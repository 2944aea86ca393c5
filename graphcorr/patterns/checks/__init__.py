"""What a pattern file may say: one kind of problem in each module, found by folder."""
