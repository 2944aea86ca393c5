"""Graph engines, one class in one file each; a URL scheme chooses."""
