"""Commands of the recommender: `python -m ml.recommend --help` lists them."""

from __future__ import annotations

import sys

from ml.recommend.cli import main

sys.exit(main())
