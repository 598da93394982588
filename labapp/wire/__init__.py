"""Turns bytes into frames and frames into values, and back; no thread, no clock, no port."""
