"""Commands of the mood space: `python -m ml.mood --help` lists them."""

from __future__ import annotations

import sys

from ml.mood.cli import main

sys.exit(main())
