"""The face without a window: every command of labapp."""
