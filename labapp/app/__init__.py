"""Puts the parts together: clock, paths, settings, and the desk that a student works at."""
