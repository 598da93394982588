"""Exercises: reads project packs, checks them, and binds their criteria to a kit."""
