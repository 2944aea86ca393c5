"""Who is known for what was seen: software and actors ranked with their reasons, and whether that is enough to say so."""
