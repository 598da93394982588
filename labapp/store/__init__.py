"""Recordings and evidence: what survives a crash, and what shows any change."""
