"""What people and programs read: one file per format, and the words they share."""
