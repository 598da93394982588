"""labapp: IoT lab training on real kits and their simulated twins."""

__version__ = "0.1.0"
