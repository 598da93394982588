"""What ``lab.py`` does: sets the environment up, starts labapp, runs the checks."""
