"""JSON shapes: how different collectors write the same event as one JSON object. One shape per file, named ``SHAPE``."""
