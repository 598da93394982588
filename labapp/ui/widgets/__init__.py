"""The small parts that every screen is built from."""
