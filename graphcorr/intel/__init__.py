"""Threat intelligence: what is known of techniques, software and actors, and what the user's own records say."""
