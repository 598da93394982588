"""The far end of the wire: simulated kits that speak the same bytes as the real ones."""
