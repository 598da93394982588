"""Speaks to a connected kit and keeps it connected."""
