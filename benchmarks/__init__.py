"""Measures ratios between things that run side by side on the same machine; no tests."""
