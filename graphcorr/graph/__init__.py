"""The property graph: its kinds, and how events become its nodes and edges."""
