"""Leads a student through a pack and turns recordings into grades."""
