"""Made-up networks with planted campaigns and their truth, written in the formats that real logs come in."""
