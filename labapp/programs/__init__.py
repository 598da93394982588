"""Students' programs, Python or rules: run apart from the app, bounded, against any bench."""
