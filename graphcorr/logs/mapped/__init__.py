"""Records of any product, as a mapping of the user's names their columns: one file a kind of thing that happened."""
