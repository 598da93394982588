"""The words that every other package speaks: frozen values, no input or output."""
