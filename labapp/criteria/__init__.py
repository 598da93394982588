"""Timed promises in controlled English, judged exactly on recordings."""
