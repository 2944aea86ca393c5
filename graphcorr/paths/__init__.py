"""Hops joined into paths."""
