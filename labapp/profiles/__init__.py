"""Reads the files that describe kits, and is the one door through which YAML comes in."""
