"""Live and evidence plots: curves, lanes, events, gaps and violations."""
