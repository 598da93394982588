"""Moves bytes in and out of this machine."""
