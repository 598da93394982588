"""Start labapp: ``python -m labapp``."""

import sys

from labapp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
